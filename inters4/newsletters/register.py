"""What newsletters adds elsewhere: the kind « numéro », files in `content/`, « Cité dans »."""

from collections.abc import Container, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.content.citing import known_ids
from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import (
    ContentItem,
    ContentKind,
    DocumentKind,
    Earlier,
    Fragment,
    Hooks,
    MenuEntry,
)
from inters4.core.i18n import _, ngettext
from inters4.newsletters.documents import confirm, every_id, load_document
from inters4.newsletters.exports import issues, newsletters
from inters4.newsletters.exports.citations import cite
from inters4.newsletters.forms import read_issue, read_newsletter
from inters4.newsletters.models import KIND
from inters4.newsletters.queries import (
    count_bearing,
    holder_of_number,
    ids_under,
    issues_citing,
    lock_issues,
    lock_newsletters,
    newsletter_ids,
)
from inters4.newsletters.services import carry_themes, index_again, save_issue, save_newsletter
from inters4.practices.models import Practice
from inters4.practices.queries import practice_ids
from inters4.veille.models import Summary
from inters4.veille.queries.summaries import summary_ids
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services import TERM_CHANGED, Bearer, bearers

_NUMBERS = "issue numbers"
_CITED_IN = "newsletters/_cited_in.html"


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_document_kind(
        DocumentKind(
            kind=KIND,
            label=lambda: _("Infolettre"),
            plural=lambda: _("Numéros d’infolettre"),
            icon="newspaper",
            load=load_document,
            every_id=every_id,
            confirm=confirm,
            url=lambda _id, fields: f"/infolettres/{fields['newsletter']}/{fields['number']}",
            cite=cite,
            under_theme=ids_under,
        )
    )
    hooks.on(TERM_CHANGED, index_again)
    bearers.add(
        Bearer(
            "issues",
            lambda count: ngettext(
                "%(num)s numéro d’infolettre", "%(num)s numéros d’infolettre", count
            ),
            count_bearing,
            carry_themes,
            frozenset({"newsletters.themes"}),
        )
    )
    hooks.add_menu(MenuEntry(lambda: _("Infolettres"), "newsletters.index", "/infolettres", 30))
    hooks.add_fragment("practice.after", Fragment(_CITED_IN, _citing_practice))
    hooks.add_fragment("summary.after", Fragment(_CITED_IN, _citing_summary))
    hooks.add_content_kind(
        ContentKind(
            name="newsletter",
            place=newsletters.FOLDER,
            order=50,
            read=_read_newsletter,
            lock=lock_newsletters,
            current=newsletters.newsletter_texts,
            export=newsletters.export_newsletters,
        )
    )
    hooks.add_content_kind(
        ContentKind(
            name="issue",
            place=issues.FOLDER,
            order=60,
            read=_read_issue,
            lock=lock_issues,
            current=issues.issue_texts,
            export=issues.export_issues,
        )
    )


def _citing_practice(
    session: Session, viewer: Viewer, *, practice: Practice
) -> Mapping[str, Any] | None:
    found = issues_citing(session, viewer=viewer, practice_id=practice.id)
    return {"issues": found} if found else None


def _citing_summary(
    session: Session, viewer: Viewer, *, summary: Summary
) -> Mapping[str, Any] | None:
    found = issues_citing(session, viewer=viewer, summary_id=summary.id)
    return {"issues": found} if found else None


def _known(session: Session, earlier: Earlier) -> Mapping[str, Container[str]]:
    held = {
        "themes": vocabulary(session).citable("themes"),
        "newsletters": newsletter_ids(session),
        "practices": practice_ids(session),
        "summaries": summary_ids(session),
    }
    return known_ids(held, earlier)


def _read_newsletter(
    session: Session, document: FrontMatter, earlier: Earlier
) -> Sequence[ContentItem]:
    file = read_newsletter(document, known=_known(session, earlier))
    return [
        ContentItem(
            id=file.values["id"],
            line=document.lines["id"],
            text=newsletters.write_file(file),
            apply=partial(save_newsletter, session, file),
            gives=(("newsletters", file.values["id"]),),
        )
    ]


def _read_issue(session: Session, document: FrontMatter, earlier: Earlier) -> Sequence[ContentItem]:
    numbers = earlier.get(_NUMBERS, {})
    file = read_issue(
        document,
        known=_known(session, earlier),
        holder_of_number=lambda newsletter, number: (
            numbers.get(f"{newsletter}/{number}") or holder_of_number(session, newsletter, number)
        ),
    )
    values = file.values
    return [
        ContentItem(
            id=values["id"],
            line=document.lines["id"],
            text=issues.write_file(file),
            apply=partial(save_issue, session, file),
            gives=((_NUMBERS, f"{values['newsletter']}/{values['number']}"),),
        )
    ]
