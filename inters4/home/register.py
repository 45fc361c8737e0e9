"""What home adds elsewhere: its pages in `content/`, in the menu and at the foot of every page."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy.orm import Session

from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import ContentItem, ContentKind, Earlier, Hooks, MenuEntry
from inters4.core.i18n import _
from inters4.home.exports.pages import FOLDER, export_pages, page_texts, write_page
from inters4.home.forms.pages import read_page
from inters4.home.queries.pages import lock_pages
from inters4.home.services.pages import save_page


def register(hooks: Hooks) -> None:
    """Called once, at start."""
    hooks.add_content_kind(
        ContentKind(
            name="page",
            place=FOLDER,
            order=90,
            read=_read,
            lock=lock_pages,
            current=page_texts,
            export=export_pages,
        )
    )
    hooks.add_menu(MenuEntry(lambda: _("À propos"), "home.about", "/a-propos", 90))
    for order, (label, endpoint) in enumerate(
        (
            (lambda: _("À propos"), "home.about"),
            (lambda: _("Aide à la recherche"), "home.search_help"),
            (lambda: _("Confidentialité"), "home.privacy"),
            (lambda: _("Accessibilité"), "home.accessibility"),
            (lambda: _("Nous joindre"), "home.contact"),
        )
    ):
        hooks.add_footer(MenuEntry(label, endpoint, "", 10 * order))


def _read(
    session: Session,
    document: FrontMatter,
    earlier: Earlier,  # noqa: ARG001 - cites no other file
) -> Sequence[ContentItem]:
    values, body = read_page(document)
    return [
        ContentItem(
            id=values["id"],
            line=document.lines["id"],
            text=write_page(values, body),
            apply=partial(save_page, session, values, body),
        )
    ]
