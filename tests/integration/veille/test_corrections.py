"""A summary that readers have is corrected: one person writes it, another publishes it."""

from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.hooks import hooks
from inters4.core.notices import Noticed
from inters4.notices.models import Notice
from inters4.veille.exports.own_data import summaries_by
from inters4.veille.exports.summary_notices import KINDS
from inters4.veille.models import (
    Opinion,
    Summary,
    SummaryCorrection,
    SummaryReview,
    SummaryState,
    SummaryStep,
)
from inters4.veille.queries.summaries import load_summary
from inters4.veille.queries.writing import Task, tasks_of, waiting_correction
from inters4.veille.services.bearing import count_in_corrections, every_bearer
from inters4.veille.services.correcting import (
    drop_correction,
    propose_correction,
    publish_correction,
    return_correction,
)
from inters4.veille.services.drafting import StaleFields, Typed, marks_of, stored_fields
from inters4.veille.services.erasing import forget_broker
from inters4.veille.services.life import check_team
from inters4.veille.services.publishing import retract
from inters4.veille.services.requirements import Incomplete
from inters4.veille.services.summaries import SUMMARY_CORRECTED
from tests.builders.summaries import (
    REASON,
    Team,
    bring_to,
    correct,
    make_draft,
    make_team,
    propose,
)
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def team(session: Session) -> Team:
    make_vocabulary(session)
    return make_team(session)


@pytest.fixture
def summary(session: Session, team: Team) -> Summary:
    return bring_to(session, team, make_draft(session, team), SummaryState.PUBLISHED)


def tasks(session: Session, who: Viewer) -> list[Task]:
    return [task for task, _slug, _title in tasks_of(session, check_team(who))]


def told(session: Session, who: Viewer) -> list[tuple[str, bool]]:
    """What a person's notices of corrections say, and whether each is over."""
    found = []
    for kind in KINDS:
        rows = session.scalars(
            select(Notice).where(
                Notice.kind == kind.name,
                Notice.member_id == who.member_id,
                Notice.subject.startswith("correction-"),
            )
        )
        notices = [Noticed(row.id, row.member_id, row.subject, row.facts) for row in rows]
        found += [
            (one.title.partition("\u00a0:")[0], one.is_over)
            for one in kind.tell(session, notices).values()
        ]
    return sorted(found)


def test_readers_see_nothing_of_a_correction_that_nobody_else_has_read(
    session: Session, team: Team, summary: Summary
) -> None:
    before = stored_fields(summary)

    propose(session, summary, team.writer, limit="Un seul hôpital.", themes=["telesante"])

    session.expire_all()
    found = load_summary(session, summary.id)
    assert found is not None
    assert stored_fields(found) == before
    assert (found.state, found.state_reason) == (SummaryState.PUBLISHED, "")


def test_a_correction_that_another_person_publishes_is_told_to_readers(
    session: Session, team: Team, summary: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def note(_session: Session, *, summary: Summary) -> None:
        heard.append(summary.id)

    monkeypatch.setitem(hooks.events, SUMMARY_CORRECTED, [note])
    propose(session, summary, team.writer, limit="Un seul hôpital.")

    publish_correction(session, summary, by=team.coordination)

    assert (summary.state, summary.limit) == (SummaryState.CORRECTED, "Un seul hôpital.")
    assert (summary.state_reason, summary.state_since is None) == (REASON, False)
    assert heard == [summary.id]
    step = session.scalars(select(SummaryStep).order_by(SummaryStep.id.desc())).first()
    assert step is not None
    assert (step.after, step.by_id) == (SummaryState.CORRECTED, team.writer.member_id)
    review = session.scalars(select(SummaryReview).order_by(SummaryReview.id.desc())).first()
    assert review is not None
    assert (review.reviewer_id, review.opinion) == (team.coordination.member_id, Opinion.READY)
    assert waiting_correction(session, summary.id) is None


def test_whoever_wrote_a_word_of_it_does_not_publish_the_correction(
    session: Session, team: Team, summary: Summary
) -> None:
    propose(session, summary, team.reviewer, limit="Un seul hôpital.")

    for writer in (team.writer, team.reviewer):
        with pytest.raises(NotAllowed):
            publish_correction(session, summary, by=writer)
        with pytest.raises(NotAllowed):
            return_correction(session, summary, comments="Non.", by=writer)
    with pytest.raises(NotFound):
        publish_correction(session, summary, by=team.stranger)


def test_whoever_corrected_it_once_publishes_no_later_correction(
    session: Session, team: Team, summary: Summary
) -> None:
    correct(session, team, summary, team.reviewer, limit="Un seul hôpital.")
    propose(session, summary, team.writer, limit="Deux hôpitaux.")

    with pytest.raises(NotAllowed):
        publish_correction(session, summary, by=team.reviewer)
    publish_correction(session, summary, by=team.coordination)

    assert summary.limit == "Deux hôpitaux."


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"limit": "Autre."}, ""),
        ({"limit": "Autre."}, "a" * 601),
        ({"limit": "Petit échantillon."}, "Rien."),
        ({"hook": ""}, "Une erreur."),
    ],
)
def test_a_correction_changes_something_says_why_and_breaks_no_rule(
    session: Session,
    team: Team,
    summary: Summary,
    typed: Mapping[str, Typed],
    reason: str,
) -> None:
    with pytest.raises(Incomplete if reason == "Une erreur." else DomainError):
        propose_correction(
            session,
            summary,
            typed,
            seen=marks_of(stored_fields(summary)),
            reason=reason,
            by=team.reviewer,
        )


def test_one_correction_waits_at_a_time_and_is_written_again_by_its_writer(
    session: Session, team: Team, summary: Summary
) -> None:
    propose(session, summary, team.writer, limit="Un seul hôpital.")

    with pytest.raises(Conflict):
        propose(session, summary, team.reviewer, limit="Trois hôpitaux.")
    propose(session, summary, team.writer, limit="Deux hôpitaux.", country="Norvège")

    (waiting,) = session.scalars(select(SummaryCorrection))
    assert waiting.typed == {"limit": "Deux hôpitaux.", "country": "Norvège"}


def test_what_changed_since_is_not_written_over(
    session: Session, team: Team, summary: Summary
) -> None:
    propose(session, summary, team.writer, limit="Un seul hôpital.")
    summary.limit = "Une autre limite."

    with pytest.raises(StaleFields):
        publish_correction(session, summary, by=team.coordination)


def test_a_term_that_moves_is_carried_by_the_corrections_that_name_it(
    session: Session, team: Team, summary: Summary
) -> None:
    propose(session, summary, team.writer, themes=["telesante.teleconsultation", "telesante"])
    before = stored_fields(summary)["themes"]
    assert count_in_corrections(session, "themes", ["telesante.teleconsultation"]) == 1
    assert count_in_corrections(session, "populations", ["telesante.teleconsultation"]) == 0

    for bearer in every_bearer():
        bearer.carry(session, "themes", {"telesante.teleconsultation": "telesante"})
        bearer.carry(session, "themes", dict.fromkeys(before, "domicile"))

    assert count_in_corrections(session, "themes", ["telesante.teleconsultation"]) == 0
    publish_correction(session, summary, by=team.coordination)
    assert stored_fields(summary)["themes"] == ["telesante"]


def test_a_correction_given_back_waits_for_its_writer_with_the_remarks(
    session: Session, team: Team, summary: Summary
) -> None:
    propose(session, summary, team.writer, limit="Un seul hôpital.")
    assert (tasks(session, team.coordination), tasks(session, team.writer)) == ([Task.CHECK], [])
    assert told(session, team.coordination) == [("Correction à lire", False)]

    with pytest.raises(DomainError):
        return_correction(session, summary, comments=" ", by=team.coordination)
    return_correction(session, summary, comments="Lequel?", by=team.coordination)

    assert (tasks(session, team.coordination), tasks(session, team.writer)) == ([], [Task.AMEND])
    assert told(session, team.coordination) == [("Correction à lire", True)]
    assert told(session, team.writer) == [("Correction à reprendre", False)]
    with pytest.raises(Conflict):
        publish_correction(session, summary, by=team.coordination)
    propose(session, summary, team.writer, limit="Un seul hôpital, à Lévis.")
    assert told(session, team.writer) == [("Correction à reprendre", True)]
    publish_correction(session, summary, by=team.coordination)
    assert summary.limit == "Un seul hôpital, à Lévis."


def test_a_correction_goes_when_it_is_dropped_or_when_readers_lose_the_summary(
    session: Session, team: Team, summary: Summary
) -> None:
    propose(session, summary, team.writer, limit="Un seul hôpital.")
    drop_correction(session, summary, by=team.reviewer)
    with pytest.raises(Conflict):
        drop_correction(session, summary, by=team.reviewer)
    propose(session, summary, team.writer, limit="Un seul hôpital.")

    retract(session, summary, reason="Données fausses.", by=team.reviewer)

    assert waiting_correction(session, summary.id) is None
    with pytest.raises(Conflict):
        propose(session, summary, team.writer, limit="Deux hôpitaux.")


def test_a_correction_stays_without_the_name_of_whoever_is_erased(
    session: Session, team: Team, summary: Summary
) -> None:
    propose(session, summary, team.reviewer, limit="Un seul hôpital.")
    mine: Sequence[Mapping[str, object]] = list(summaries_by(session, check_team(team.reviewer)))
    assert [one["correction"] for one in mine if "correction" in one] == [
        {"limit": "Un seul hôpital."}
    ]

    forget_broker(session, check_team(team.reviewer))

    waiting = waiting_correction(session, summary.id)
    assert waiting is not None
    assert waiting.by_id is None
    publish_correction(session, summary, by=team.coordination)
    assert summary.limit == "Un seul hôpital."
