"""Summaries in the hands of the team: a whole draft, brought where a case needs it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.veille.models import Opinion, Summary, SummaryState
from inters4.veille.queries.summaries import load_summary
from inters4.veille.services.correcting import propose_correction, publish_correction
from inters4.veille.services.drafting import Typed, marks_of, stored_fields, write_draft
from inters4.veille.services.life import check_team
from inters4.veille.services.publishing import archive, publish, replace, retract
from inters4.veille.services.reviewing import ask_review, give_opinion
from inters4.veille.services.writing import begin_summary_from_nothing
from tests.builders.kept import kept
from tests.builders.members import make_viewer
from tests.builders.veille import PARAGRAPH

TITLE = "Accompagner à domicile aide à y rester"
REASON = "La limite était mal dite."
WHOLE: dict[str, Typed] = {
    "title": TITLE,
    "hook": "Une façon d’accompagner, comparée à une autre.",
    "limit": "Petit échantillon.",
    "context": "Une piste pour le soutien à domicile.",
    "themes": ["telesante.teleconsultation"],
    "design": "gris",
    "evidence_strength": "suggestive",
    "authors": ["Essai, A.", "Exemple, C."],
    "journal": "Une revue",
    "year": "2024",
    "url": "https://exemple.ca/article",
    "article_language": "en",
    "paragraph": PARAGRAPH,
}


@dataclass(frozen=True, slots=True)
class Team:
    """Two brokers, a coordinator, and someone who is none of them."""

    writer: Viewer
    reviewer: Viewer
    coordination: Viewer
    stranger: Viewer


def make_team(session: Session) -> Team:
    """Everyone active."""
    return kept(session, "team", lambda: _make_team(session))


def _make_team(session: Session) -> Team:
    return Team(
        make_viewer(session, role=Role.BROKER, name="Ariane Essai"),
        make_viewer(session, role=Role.BROKER, name="Basile Exemple"),
        make_viewer(session, role=Role.COORDINATION, name="Camille Modèle"),
        make_viewer(session, name="Dominique Fictif"),
    )


def make_draft(
    session: Session, team: Team, title: str = "Following people at home", **typed: Typed
) -> Summary:
    """A draft of the writer that lacks nothing; the vocabulary is there."""
    return kept(
        session,
        ("draft", team, title, repr(sorted(typed.items()))),
        lambda: _make_draft(session, team, title, **typed),
        brief=lambda summary: summary.id,
        recall=lambda number: load_summary(session, number) or session.get_one(Summary, number),
    )


def _make_draft(session: Session, team: Team, title: str, **typed: Typed) -> Summary:
    summary = begin_summary_from_nothing(session, title=title, by=team.writer)
    write(session, summary, team.writer, **{**WHOLE, **typed})
    return load_summary(session, summary.id) or summary


def write(session: Session, summary: Summary, by: Viewer, **typed: Typed) -> tuple[str, ...]:
    """What `by` types now, having seen the draft as it is."""
    return write_draft(session, summary, typed, seen=marks_of(stored_fields(summary)), by=by)


def correct(session: Session, team: Team, summary: Summary, by: Viewer, **typed: Typed) -> None:
    """A correction that `by` writes and that the coordination publishes."""
    propose(session, summary, by, **typed)
    publish_correction(session, summary, by=team.coordination)


def propose(session: Session, summary: Summary, by: Viewer, **typed: Typed) -> None:
    """A correction that waits for its second reader."""
    propose_correction(
        session,
        summary,
        typed,
        seen=marks_of(stored_fields(summary)),
        reason=REASON,
        by=by,
    )
    load_summary(session, summary.id)


def bring_to(session: Session, team: Team, summary: Summary, state: SummaryState) -> Summary:
    """The draft taken through its life."""
    if state is SummaryState.DRAFT:
        return summary
    ask_review(session, summary, check_team(team.reviewer), by=team.writer)
    if state is SummaryState.IN_REVIEW:
        return summary
    give_opinion(session, summary, Opinion.READY, by=team.reviewer)
    if state is SummaryState.READY:
        return summary
    publish(session, summary, by=team.coordination)
    match state:
        case SummaryState.RETRACTED:
            retract(session, summary, reason="Données fausses.", by=team.reviewer)
        case SummaryState.ARCHIVED:
            archive(session, summary, reason="Trop ancien.", by=team.reviewer)
        case SummaryState.REPLACED:
            other = make_draft(session, team, title="Another article")
            bring_to(session, team, other, SummaryState.PUBLISHED)
            replace(session, summary, other.slug, reason="Une mise à jour.", by=team.reviewer)
        case _:
            pass
    return summary
