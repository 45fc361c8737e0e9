"""What search adds elsewhere: the index follows, documents are kept, sent and set side by side."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog
from flask import g, has_request_context
from sqlalchemy.orm import Session

from indexer import IndexUnavailable
from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks, MenuEntry
from inters4.core.i18n import _, foreign
from inters4.core.jobs import jobs
from inters4.core.outbox import DOCUMENTS_QUEUED, Searchable
from inters4.core.vitals import vitals
from inters4.members.models import Organisation
from inters4.members.services.erasure import SCRUB_JOB
from inters4.practices.models import without_citations
from inters4.search.forms.browser import kept_now, place_of_browser
from inters4.search.jobs.following import nudge_after_commit
from inters4.search.jobs.forgetting import FORGET_SECONDS, scrub
from inters4.search.services.cards import origin_mark
from inters4.search.services.health import index_section
from inters4.search.services.keeping import erase_kept, export_kept, list_title
from inters4.search.services.near import summaries_near, threads_near
from inters4.search.services.similar import find_similar
from inters4.search.services.surroundings import of_organisation
from inters4.veille.models import Finding, Summary

log = structlog.get_logger(__name__)
_Context = Callable[..., Mapping[str, Any] | None]


def register(hooks: Hooks) -> None:
    """Called once, at start; importing the jobs registers them."""
    hooks.on(DOCUMENTS_QUEUED, nudge_after_commit)
    jobs.periodic(SCRUB_JOB, every=FORGET_SECONDS)(scrub)
    vitals.add("index", index_section, order=20)
    hooks.add_menu(MenuEntry(_menu_label, "search.kept", "/ma-liste", 80))
    hooks.add_footer(MenuEntry(lambda: _("Thèmes"), "search.themes", "", 2))
    hooks.on_member_erased(erase_kept)
    hooks.add_member_export("kept_documents", export_kept)
    for kind, told in _TOLD.items():
        hooks.add_fragment(
            f"{kind}.actions", Fragment("search/_actions.html", _actions(told), order=50)
        )
        hooks.add_fragment(f"{kind}.after", Fragment("search/_similar.html", _similar, order=50))
    hooks.add_fragment("veille.finding", Fragment("search/_near_summaries.html", _near_finding))
    hooks.add_fragment("veille.writing", Fragment("search/_near_summaries.html", _near_draft))
    hooks.add_fragment("community.similar", Fragment("search/_near_threads.html", _near_threads))
    hooks.add_fragment("organisation.main", Fragment("search/_organisation.html", _organisation))


_TOLD: Mapping[str, tuple[str, ...]] = {
    "practice": ("problem", "solution", "result"),
    "summary": ("hook", "limit", "context"),
    "issue": ("description",),
}
"""Pages that offer to keep and send what they show: what a message says of it, line by line."""


def _actions(told: Iterable[str]) -> _Context:
    def context(session: Session, _viewer: Viewer, **shown: Any) -> Mapping[str, Any] | None:
        document = _document(shown)
        if document is None:
            return None
        reference = document.document_ref
        mark = origin_mark(reference.kind, {"origin": getattr(document, "origin", "")})
        lines = [without_citations(getattr(document, name, "") or "") for name in told]
        return {
            "key": reference.key,
            "title": getattr(document, "title", ""),
            "language": foreign(getattr(document, "language", "")),
            "lines": [line for line in lines if line],
            "mark": f"{mark[0].upper()}{mark[1:]}." if mark else "",
            "kept": reference.key in kept_now(session),
        }

    return context


def _similar(session: Session, viewer: Viewer, **shown: Any) -> Mapping[str, Any] | None:
    document = _document(shown)
    if document is None:
        return None
    try:
        cards = find_similar(session, document.document_ref.key, viewer=viewer)
    except IndexUnavailable:
        log.warning("similar_without_index")
        return None
    return {"cards": cards} if cards else None


def _near_finding(
    session: Session, viewer: Viewer, *, finding: Finding, told: frozenset[str]
) -> Mapping[str, Any] | None:
    """What is published already near a finding of the desk."""
    return _near(session, finding.title, finding.language, viewer, told)


def _near_draft(
    session: Session, viewer: Viewer, *, summary: Summary, told: frozenset[str]
) -> Mapping[str, Any] | None:
    """What is published already near the article of a summary being written."""
    but = told | {summary.document_ref.key}
    return _near(session, summary.article_title, summary.article_language, viewer, but)


def _near(
    session: Session, title: str, language: str, viewer: Viewer, told: frozenset[str]
) -> Mapping[str, Any] | None:
    try:
        cards = summaries_near(session, title, language=language, viewer=viewer, but=told)
    except IndexUnavailable:
        log.warning("near_without_index")
        return None
    return {"cards": cards} if cards else None


def _near_threads(session: Session, viewer: Viewer, *, title: str) -> Mapping[str, Any] | None:
    """Threads that may already say what someone is about to ask."""
    try:
        cards = threads_near(session, title, viewer=viewer)
    except IndexUnavailable:
        log.warning("near_without_index")
        return None
    return {"cards": cards} if cards else None


def _organisation(
    session: Session, viewer: Viewer, *, organisation: Organisation
) -> Mapping[str, Any] | None:
    try:
        around = of_organisation(session, organisation, viewer=viewer, place=place_of_browser())
    except IndexUnavailable:
        log.warning("organisation_without_index")
        around = None
    return {"around": around, "kept": frozenset(kept_now(session))}


def _document(shown: Mapping[str, Any]) -> Searchable | None:
    """What the page shows, whatever its slot calls it."""
    return next((value for value in shown.values() if isinstance(value, Searchable)), None)


def _menu_label() -> str:
    """A page of error is drawn once its session is closed: it counts what the browser keeps."""
    if not has_request_context():
        return list_title(0)
    session: Session | None = g.get("session")
    is_open = session is not None and session.in_transaction()
    return list_title(len(kept_now(session if is_open else None)))
