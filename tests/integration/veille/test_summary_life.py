"""The life of a summary: the table of docs/veille.md tried in full, then each act by itself."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.hooks import hooks
from inters4.veille.models import (
    FindingState,
    Opinion,
    Origin,
    Summary,
    SummaryReview,
    SummaryState,
    SummaryStep,
)
from inters4.veille.queries.summaries import SLUGS, load_summary, visible_to
from inters4.veille.queries.writing import find_to_write
from inters4.veille.services.drafting import Typed, stored_fields
from inters4.veille.services.life import WAYS, Hands, Move, check_team, may_move
from inters4.veille.services.publishing import (
    abandon,
    archive,
    publish,
    replace,
    retract,
)
from inters4.veille.services.requirements import Incomplete
from inters4.veille.services.reviewing import ask_review, candidates, give_opinion, take_back
from inters4.veille.services.summaries import (
    SUMMARY_REPLACED,
    SUMMARY_RETRACTED,
)
from inters4.veille.services.writing import begin_summary
from tests.builders.findings import make_finding
from tests.builders.summaries import (
    TITLE,
    WHOLE,
    Team,
    bring_to,
    make_draft,
    make_team,
    write,
)
from tests.builders.veille import PARAGRAPH, make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_watch

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "veille.md"
WHOSE = {
    "the team": {"writer", "reviewer", "colleague", "coordination"},
    "whoever was asked": {"reviewer"},
    "the team, but its writers": {"reviewer", "colleague", "coordination"},
}


@pytest.fixture
def team(session: Session) -> Team:
    make_vocabulary(session)
    return make_team(session)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    move: Move
    sources: frozenset[SummaryState]
    target: SummaryState
    whose: frozenset[str]
    has_reason: bool


def table() -> Iterator[Row]:
    """The lines of « The life of a summary »."""
    section = DOCUMENT.read_text(encoding="utf-8").partition("## The life of a summary")[2]
    for line in re.findall(r"^\| (.+) \|$", section.partition("\n## ")[0], re.MULTILINE)[1:]:
        move, sources, target, whose, reason = (cell.strip() for cell in line.split(" | "))
        yield Row(
            Move(move),
            frozenset(SummaryState(name) for name in sources.split(", ")),
            SummaryState(target),
            frozenset(WHOSE[whose]),
            reason == "yes",
        )


def steps(session: Session, summary: Summary) -> list[tuple[str | None, str]]:
    rows = session.scalars(
        select(SummaryStep).where(SummaryStep.summary_id == summary.id).order_by(SummaryStep.id)
    )
    return [(row.before, row.after) for row in rows]


# ---- the table ----


def test_the_table_holds_every_move_and_where_it_leads() -> None:
    rows = list(table())

    assert {row.move: (row.sources, row.target) for row in rows} == {
        move: (way.sources, way.target) for move, way in WAYS.items()
    }


def test_every_move_from_every_state_is_only_of_those_that_the_table_names(
    session: Session, team: Team
) -> None:
    people = {
        "writer": team.writer,
        "reviewer": team.reviewer,
        "colleague": make_team(session).writer,
        "coordination": team.coordination,
        "stranger": team.stranger,
        "visitor": Viewer(),
    }
    summary = make_draft(session, team)
    bring_to(session, team, summary, SummaryState.PUBLISHED)
    hands = Hands(frozenset({check_team(team.writer)}), check_team(team.reviewer))
    rows, tried = {row.move: row for row in table()}, 0

    for state in SummaryState:
        summary.state = state
        for move in Move:
            row = rows[move]
            found = {
                role
                for role, person in people.items()
                if may_move(summary, move, by=person, hands=hands)
            }
            assert found == (row.whose if state in row.sources else set()), (state, move)
            tried += 1
    assert tried == len(SummaryState) * len(Move)


def test_what_was_never_published_is_not_retracted(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    abandon(session, summary, reason="Double.", by=team.writer)

    with pytest.raises(NotAllowed):
        retract(session, summary, reason="Faux.", by=team.reviewer)


# ---- written, reviewed, published ----


def test_a_summary_goes_from_its_writer_to_readers_by_other_hands(
    session: Session, team: Team
) -> None:
    summary = make_draft(session, team)

    bring_to(session, team, summary, SummaryState.PUBLISHED)

    assert summary.is_readable
    assert (summary.writer_id, summary.reviewer_id, summary.publisher_id) == (
        team.writer.member_id,
        team.reviewer.member_id,
        team.coordination.member_id,
    )
    assert summary.reviewed_at is not None
    assert summary.published_at is not None
    assert steps(session, summary) == [
        (None, "draft"),
        ("draft", "in-review"),
        ("in-review", "ready"),
        ("ready", "published"),
    ]
    actions = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject == f"resume:{summary.id}")
        .order_by(AuditEntry.id)
    )
    assert list(actions) == ["veille.begin", "veille.ask", "veille.approve", "veille.publish"]


def test_a_published_summary_is_found_under_its_own_title(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    former = summary.slug

    bring_to(session, team, summary, SummaryState.PUBLISHED)

    assert summary.slug == "accompagner-a-domicile-aide-a-y-rester"
    assert SLUGS.present(session, former, visible_to(Viewer())) == summary.slug


def test_whoever_wrote_in_a_summary_is_never_asked_to_review_it(
    session: Session, team: Team
) -> None:
    summary = make_draft(session, team)
    write(session, summary, team.reviewer, context="Une autre phrase.")

    names = {person.id for person in candidates(session, summary)}

    assert names == {team.coordination.member_id}
    for writer in (team.writer, team.reviewer):
        with pytest.raises(DomainError) as refusal:
            ask_review(session, summary, check_team(writer), by=team.writer)
        assert refusal.value.about == "personne"


def test_only_whoever_is_asked_gives_an_opinion(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    bring_to(session, team, summary, SummaryState.IN_REVIEW)

    for other in (team.writer, team.coordination):
        with pytest.raises(NotAllowed):
            give_opinion(session, summary, Opinion.READY, by=other)
    with pytest.raises(NotFound):
        give_opinion(session, summary, Opinion.READY, by=team.stranger)


def test_a_draft_that_lacks_something_is_not_shown_for_review(session: Session, team: Team) -> None:
    summary = make_draft(session, team, hook="", paragraph="Trop court.", doi="abc")

    with pytest.raises(Incomplete) as refusal:
        ask_review(session, summary, check_team(team.reviewer), by=team.writer)

    assert {lack.field for lack in refusal.value.lacks} == {"hook", "paragraph", "doi"}


def test_the_title_of_a_foreign_article_is_not_that_of_the_summary(
    session: Session, team: Team
) -> None:
    summary = make_draft(session, team, title="Following people at home")
    write(session, summary, team.writer, title="Following people at home")

    with pytest.raises(Incomplete) as refusal:
        ask_review(session, summary, check_team(team.reviewer), by=team.writer)

    assert [lack.field for lack in refusal.value.lacks] == ["title"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"hook": "a" * 141}, "hook"),
        ({"paragraph": "mot " * 79}, "paragraph"),
        ({"paragraph": "mot " * 151}, "paragraph"),
        ({"paragraph": "anticonstitutionnellement " * 50}, "paragraph"),
        ({"paragraph": f"{PARAGRAPH}\n\nUn autre paragraphe."}, "paragraph"),
        ({"limit": ""}, "limit"),
        ({"context": ""}, "context"),
        ({"themes": []}, "themes"),
        ({"authors": []}, "authors"),
        ({"url": ""}, "url"),
        ({"design": ""}, "design"),
        ({"evidence_strength": ""}, "evidence_strength"),
        ({"appraisal_result": "Élevée"}, "appraisal_tool"),
        ({"pmid": "douze"}, "pmid"),
        ({"missing": ["Le pays"]}, "missing"),
    ],
)
def test_each_rule_holds_a_draft_back(
    session: Session, team: Team, typed: dict[str, Typed], field: str
) -> None:
    summary = make_draft(session, team)
    write(session, summary, team.writer, **typed)

    with pytest.raises(Incomplete) as refusal:
        ask_review(session, summary, check_team(team.reviewer), by=team.writer)

    assert {lack.field for lack in refusal.value.lacks} == {field}


def test_what_is_sent_back_says_why_and_comes_back_changed(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    bring_to(session, team, summary, SummaryState.IN_REVIEW)

    with pytest.raises(DomainError):
        give_opinion(session, summary, Opinion.REWORK, by=team.reviewer)
    give_opinion(session, summary, Opinion.REWORK, comments="La limite manque.", by=team.reviewer)
    write(session, summary, team.writer, limit="Un seul hôpital.")
    bring_to(session, team, summary, SummaryState.READY)

    asked = session.scalars(select(SummaryReview).order_by(SummaryReview.id)).all()
    assert [one.opinion for one in asked] == [Opinion.REWORK, Opinion.READY]
    assert asked[0].comments == "La limite manque."


def test_what_is_taken_back_must_be_read_again(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    bring_to(session, team, summary, SummaryState.READY)

    take_back(session, summary, by=team.writer)

    assert (summary.state, summary.reviewer_id) == (SummaryState.DRAFT, None)
    with pytest.raises(Conflict):
        publish(session, summary, by=team.coordination)


def test_a_review_taken_back_waits_for_nobody(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    bring_to(session, team, summary, SummaryState.IN_REVIEW)

    take_back(session, summary, by=team.writer)

    assert session.scalars(select(SummaryReview)).one().withdrawn_at is not None
    with pytest.raises(Conflict):
        give_opinion(session, summary, Opinion.READY, by=team.reviewer)


def test_an_opinion_whose_author_is_erased_publishes_nothing(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    bring_to(session, team, summary, SummaryState.READY)
    summary.reviewer_id = None

    with pytest.raises(NotAllowed):
        publish(session, summary, by=team.coordination)


def test_a_starter_draft_is_answered_for_by_whoever_shows_it(session: Session, team: Team) -> None:
    starter = make_summary(session, state=SummaryState.DRAFT, published_at=None)

    bring_to(session, team, starter, SummaryState.PUBLISHED)

    assert starter.writer_id == team.writer.member_id
    assert starter.origin is Origin.WRITTEN


# ---- afterwards ----


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The events emitted, by name, with the summary that each is about."""
    found: list[tuple[str, str]] = []

    def listen(name: str) -> None:
        def note(_session: Session, *, summary: Summary) -> None:
            found.append((name, summary.id))

        monkeypatch.setitem(hooks.events, name, [note])

    for name in (SUMMARY_REPLACED, SUMMARY_RETRACTED):
        listen(name)
    return found


def test_a_replaced_summary_leads_to_the_other(
    session: Session, team: Team, heard: Sequence[tuple[str, str]]
) -> None:
    summary = make_draft(session, team)

    bring_to(session, team, summary, SummaryState.REPLACED)

    other = load_summary(session, summary.replaced_by)
    assert other is not None
    assert other.is_readable
    assert list(heard) == [(SUMMARY_REPLACED, summary.id)]


def test_only_a_summary_that_everyone_reads_replaces_another(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    bring_to(session, team, summary, SummaryState.PUBLISHED)
    draft = make_draft(session, team, title="Another article")

    for successor in ("", "inconnu", summary.slug, draft.slug):
        with pytest.raises(DomainError) as refusal:
            replace(session, summary, successor, reason="Mieux.", by=team.reviewer)
        assert refusal.value.about == "remplacant"


def test_a_retraction_is_told_with_its_reason(
    session: Session, team: Team, heard: Sequence[tuple[str, str]]
) -> None:
    summary = make_draft(session, team)

    bring_to(session, team, summary, SummaryState.RETRACTED)

    assert summary.is_tombstone
    assert summary.state_reason == "Données fausses."
    assert list(heard) == [(SUMMARY_RETRACTED, summary.id)]


def test_every_move_after_publication_needs_a_reason(session: Session, team: Team) -> None:
    summary = make_draft(session, team)
    bring_to(session, team, summary, SummaryState.PUBLISHED)

    for act in (retract, archive):
        with pytest.raises(DomainError) as refusal:
            act(session, summary, reason="  ", by=team.reviewer)
        assert refusal.value.about == "raison"
        with pytest.raises(DomainError):
            act(session, summary, reason="a" * 601, by=team.reviewer)


def test_a_draft_given_up_gives_its_finding_back(session: Session, team: Team) -> None:
    finding = make_finding(session, make_watch(session))
    summary = begin_summary(session, finding, by=team.writer)

    abandon(session, summary, reason="Hors sujet.", by=team.writer)

    assert (finding.state, finding.summary_id) == (FindingState.ASSIGNED, None)
    assert not summary.is_tombstone
    assert begin_summary(session, finding, by=team.writer).id != summary.id


# ---- two people at once ----


@pytest.mark.usefixtures("database")
def test_two_people_who_decide_at_once_decide_once() -> None:
    with db.writing() as session:
        make_vocabulary(session)
        team = make_team(session)
        slug = bring_to(session, team, make_draft(session, team), SummaryState.READY).slug

    def decide(act: str) -> bool:
        with db.writing() as session:
            summary = find_to_write(session, slug, viewer=team.coordination, is_locked=True)
            if summary is None:
                return False
            try:
                if act == "publish":
                    publish(session, summary, by=team.coordination)
                else:
                    take_back(session, summary, by=team.writer)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(decide, ["publish", "take-back"]))

    assert sum(done) == 1


def test_the_words_of_the_cast_are_whole(session: Session, team: Team) -> None:
    summary = make_draft(session, team)

    assert summary.title == TITLE
    assert {name for name in WHOLE if not stored_fields(summary)[name]} == set()
