"""What veille adds elsewhere: the kind « résumé », a menu entry, files, a place on the sheets."""

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
    RetentionRule,
)
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.practices.models import Practice
from inters4.practices.queries import practice_ids
from inters4.veille.documents import confirm, every_id, load_document, named
from inters4.veille.exports import desk_notices, files, own_data, source_notices, summary_notices
from inters4.veille.exports.citations import cite
from inters4.veille.exports.figures import FIGURES
from inters4.veille.exports.summary_notices import task_word
from inters4.veille.forms.files import read_summary
from inters4.veille.jobs import POLL_JOB, POLL_SECONDS, poll_due
from inters4.veille.models import (
    KIND,
    UNDO_KEPT_DAYS,
    UNSORTED_KEPT_DAYS,
)
from inters4.veille.queries.desk import awaiting_of, count_in_progress
from inters4.veille.queries.summaries import (
    SLUGS,
    ids_named_by,
    is_team,
    lock_summaries,
    summaries_of_practice,
    summary_ids,
)
from inters4.veille.queries.writing import tasks_of
from inters4.veille.services.bearing import every_bearer
from inters4.veille.services.erasing import forget_broker
from inters4.veille.services.forgetting import purge_findings
from inters4.veille.services.summaries import index_again, save_summary
from inters4.veille.services.undoing import forget_acts
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services import TERM_CHANGED, bearers

_ADDRESSES = "summary addresses"


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_document_kind(
        DocumentKind(
            kind=KIND,
            label=lambda: _("Résumé d’article"),
            plural=lambda: _("Résumés d’articles"),
            icon="file-text",
            load=load_document,
            every_id=every_id,
            confirm=confirm,
            url=lambda _id, fields: f"/veille/resumes/{fields['slug']}",
            cite=cite,
            under_theme=lambda session, theme: ids_named_by(session, scheme="themes", term=theme),
            named=named,
        )
    )
    hooks.add_figures(FIGURES)
    for told in (*source_notices.KINDS, *summary_notices.KINDS):
        hooks.add_notice_kind(told)
    jobs.periodic(POLL_JOB, every=POLL_SECONDS)(poll_due)
    hooks.add_retention(
        RetentionRule(
            name="findings",
            reason=lambda: _(
                "Trouvailles que personne n’a triées; leurs identifiants restent, pour qu’elles "
                "ne reviennent pas."
            ),
            days=UNSORTED_KEPT_DAYS,
            purge=purge_findings,
        )
    )
    hooks.on(TERM_CHANGED, index_again)
    for bearer in every_bearer():
        bearers.add(bearer)
    hooks.add_feed(MenuEntry(lambda: _("Résumés d’articles"), "veille.atom", "", 20))
    hooks.add_menu(MenuEntry(lambda: _("Veille"), "veille.index", "/veille", 20))
    hooks.add_fragment("practice.after", Fragment("veille/on_practice.html", _on_practice))
    hooks.add_fragment(
        "account-menu", Fragment("veille/_account_link.html", _link_of_the_team, order=110)
    )
    hooks.add_fragment("account.board", Fragment("veille/_board.html", _on_board, order=30))
    _register_desk(hooks)
    hooks.on_member_erased(forget_broker)
    hooks.add_member_export("watching", own_data.watching_of)
    hooks.add_member_export("sorting", own_data.sorting_by)
    hooks.add_member_export("summaries", own_data.summaries_by)
    hooks.add_content_kind(
        ContentKind(
            name="summary",
            place=files.FOLDER,
            order=40,
            read=_read_summary,
            lock=lock_summaries,
            current=files.summary_texts,
            export=files.export_summaries,
        )
    )


def _register_desk(hooks: Hooks) -> None:
    for told in desk_notices.KINDS:
        hooks.add_notice_kind(told)
    hooks.add_retention(
        RetentionRule(
            name="finding_acts",
            reason=lambda: _("Gestes du bureau de veille : qui a trié quoi, pour l’annuler."),
            days=UNDO_KEPT_DAYS,
            purge=forget_acts,
        )
    )


def _link_of_the_team(_session: Session | None, viewer: Viewer) -> Mapping[str, Any] | None:
    return {} if is_team(viewer) else None


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    if viewer.member_id is None or not is_team(viewer):
        return None
    count, desk = count_in_progress(session), awaiting_of(session, viewer)
    tasks = [
        (task_word(task), slug, title) for task, slug, title in tasks_of(session, viewer.member_id)
    ]
    return {"count": count, "tasks": tasks, "desk": desk} if count or tasks or desk else None


def _on_practice(
    session: Session, _viewer: Viewer, *, practice: Practice
) -> Mapping[str, Any] | None:
    """The summaries that inform a sheet, nothing when there is none."""
    found = summaries_of_practice(session, practice.id)
    return {"summaries": found, "words": vocabulary(session)} if found else None


def _known(session: Session, earlier: Earlier) -> Mapping[str, Container[str]]:
    held = vocabulary(session).every_id()
    held |= {"practices": practice_ids(session), "summaries": summary_ids(session)}
    return known_ids(held, earlier)


def _read_summary(
    session: Session, document: FrontMatter, earlier: Earlier
) -> Sequence[ContentItem]:
    addresses = earlier.get(_ADDRESSES, {})
    file = read_summary(
        document,
        known=_known(session, earlier),
        owner_of_slug=lambda slug: addresses.get(slug) or SLUGS.owner_of(session, slug),
    )
    return [
        ContentItem(
            id=file.values["id"],
            line=document.lines["id"],
            text=files.write_file(file),
            apply=partial(save_summary, session, file),
            gives=(("summaries", file.values["id"]), (_ADDRESSES, file.values["slug"])),
        )
    ]
