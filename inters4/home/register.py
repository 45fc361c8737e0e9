"""What home adds elsewhere: pages in `content/`, menus, mails about questions, retention."""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.content.citing import known_ids
from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import (
    ContentItem,
    ContentKind,
    Earlier,
    Fragment,
    Hooks,
    MenuEntry,
    RetentionRule,
)
from inters4.core.i18n import _
from inters4.core.mail import MailKind, kinds
from inters4.core.outbox import Searchable
from inters4.home.exports import letters
from inters4.home.exports.figures import FIGURES
from inters4.home.exports.notices import KINDS
from inters4.home.exports.own_data import questions_of
from inters4.home.exports.pages import FOLDER, export_pages, page_texts, write_page
from inters4.home.forms.pages import read_page
from inters4.home.models import KEPT_DAYS, UNWANTED_KEPT_DAYS
from inters4.home.queries.pages import lock_pages, owner_of_slug, page_ids
from inters4.home.queries.questions import count_awaiting, is_of_the_team, questions_from
from inters4.home.queries.sequels import asked_after
from inters4.home.services import keeping
from inters4.home.services.asking import purge_question_attempts
from inters4.home.services.pages import save_page
from inters4.newsletters.queries.sequels import sequels
from inters4.practices.queries.readership import asked

_ADDRESSES = "page addresses"


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
            (lambda: _("Le courtage"), "home.brokering"),
            (lambda: _("Aide à la recherche"), "home.search_help"),
            (lambda: _("Poser une question"), "home.question"),
            (lambda: _("Confidentialité"), "home.privacy"),
            (lambda: _("Accessibilité"), "home.accessibility"),
            (lambda: _("Nous joindre"), "home.contact"),
        )
    ):
        hooks.add_footer(MenuEntry(label, endpoint, "", 10 * order))
    _register_questions(hooks)


def _register_questions(hooks: Hooks) -> None:
    kinds.add(MailKind(letters.RECEIVED, letters.received))
    kinds.add(MailKind(letters.NOTICE, letters.notice))
    kinds.add(MailKind(letters.ANSWER, letters.answer))
    for told in KINDS:
        hooks.add_notice_kind(told)
    for kind in ("practice", "summary", "issue"):
        hooks.add_fragment(
            f"{kind}.actions", Fragment("home/_ask.html", _where_it_was_read, order=60)
        )
    asked.counted_by(questions_from)
    sequels.told_by(asked_after)
    hooks.add_figures(FIGURES)
    hooks.add_member_export("questions", questions_of)
    hooks.on_member_erased(keeping.forget_member)
    hooks.on("members.address_changed", keeping.follow_address)
    hooks.add_fragment("account-menu", Fragment("home/_account_link.html", _link_of_the_team))
    hooks.add_fragment("account.board", Fragment("home/_board.html", _on_board, order=20))
    hooks.add_retention(
        RetentionRule(
            name="questions",
            reason=lambda: _(
                "Questions fermées, ou sans suite : le nom, l’adresse et l’organisation de la "
                "personne sont effacés; le texte reste."
            ),
            days=KEPT_DAYS,
            purge=keeping.forget_askers,
        )
    )
    hooks.add_retention(
        RetentionRule(
            name="unwanted_questions",
            reason=lambda: _("Questions indésirables : effacées en entier."),
            days=UNWANTED_KEPT_DAYS,
            purge=keeping.delete_unwanted,
        )
    )
    hooks.add_retention(
        RetentionRule(
            name="question_attempts",
            reason=lambda: _(
                "Envois de questions, avec une empreinte de l’adresse Internet et de l’adresse de "
                "courriel : ils empêchent d’écrire en série à d’autres personnes par le portail."
            ),
            days=2,
            purge=purge_question_attempts,
        )
    )


def _link_of_the_team(_session: Session | None, viewer: Viewer) -> Mapping[str, object] | None:
    return {} if is_of_the_team(viewer) else None


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, object] | None:
    """Nothing for whoever is not of the team, or when nothing waits."""
    if not is_of_the_team(viewer):
        return None
    awaiting = count_awaiting(session, viewer=viewer)
    return {"awaiting": awaiting} if awaiting.open or awaiting.mine else None


def _where_it_was_read(
    _session: Session | None, viewer: Viewer, **shown: Searchable
) -> Mapping[str, object]:
    """The page that shows the document is the page of origin of the question.

    Whoever is signed in chooses between a space of the communities and the brokering team; a
    visitor asks the team at once, and that page leads to the spaces too.
    """
    document = next(iter(shown.values()))
    return {
        "is_discussed": "summary" in shown,
        "key": document.document_ref.key if viewer.is_signed_in else "",
    }


def _read(session: Session, document: FrontMatter, earlier: Earlier) -> Sequence[ContentItem]:
    taken = earlier.get(_ADDRESSES, {})

    def owner_of(slug: str) -> str | None:
        """Its page, unless an earlier file just gave that page another address."""
        held = owner_of_slug(session, slug)
        return taken.get(slug) or (None if held in taken.values() else held)

    values, body = read_page(
        document,
        known=known_ids({"pages": page_ids(session)}, earlier),
        owner_of_slug=owner_of,
    )
    return [
        ContentItem(
            id=values["id"],
            line=document.lines["id"],
            text=write_page(values, body),
            apply=partial(save_page, session, values, body),
            gives=(("pages", values["id"]), (_ADDRESSES, values["slug"])),
        )
    ]
