"""What a broker who goes leaves and takes: the work stays, under no name."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.members.models import RoleGrant
from inters4.veille.exports.own_data import sorting_by, summaries_by, watching_of
from inters4.veille.models import (
    DiscardReason,
    Finding,
    FindingAct,
    FindingRule,
    FindingState,
    FindingVerdict,
    Opinion,
    RuleAct,
    Source,
    Summary,
    SummaryReview,
    SummaryState,
    SummaryStep,
    Watch,
    WatchMember,
)
from inters4.veille.services.claiming import claim, release
from inters4.veille.services.erasing import forget_broker
from inters4.veille.services.sorting import discard, keep
from inters4.veille.services.standing import load_findings
from inters4.veille.services.undoing import undo
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_source, make_watch


@pytest.fixture
def broker(session: Session) -> Viewer:
    """Someone who has a hand in everything."""
    make_vocabulary(session)
    found = make_viewer(session, role=Role.BROKER)
    assert found.member_id
    number = found.member_id
    watch = make_watch(session, created_by_id=number)
    twice = make_watch(session, "À deux", is_sorted_twice=True)
    session.add(WatchMember(watch_id=watch.id, member_id=number))
    make_source(session, watch, added_by_id=number)
    session.add(
        FindingRule(
            watch_id=watch.id,
            name="Une règle",
            pattern="essai",
            act=RuleAct.KEEP,
            made_by_id=number,
        )
    )
    held = make_finding(session, watch, "Tenue")
    keep(session, [held], by=found)
    claim(session, [held], by=found)
    gone = make_finding(session, watch, "Écartée")
    discard(session, [gone], by=found, reason=DiscardReason.QUALITY, note="Sans groupe témoin.")
    keep(session, [make_finding(session, twice, "Avis")], by=found)
    summary = make_summary(session)
    summary.writer_id = summary.publisher_id = number
    session.add(
        SummaryReview(
            summary_id=summary.id,
            reviewer_id=number,
            opinion=Opinion.READY,
            comments="Clair.",
            answered_at=now(),
        )
    )
    session.add(SummaryStep(summary_id=summary.id, after=SummaryState.PUBLISHED, by_id=number))
    session.flush()
    return found


def test_what_they_held_goes_back_to_the_team(session: Session, broker: Viewer) -> None:
    assert broker.member_id
    forget_broker(session, broker.member_id)
    session.expire_all()

    held = session.scalars(select(Finding).where(Finding.title == "Tenue")).one()
    assert (held.state, held.owner_id, held.claimed_at) == (FindingState.KEPT, None, None)


def test_what_they_did_stays_without_their_name(session: Session, broker: Viewer) -> None:
    assert broker.member_id
    forget_broker(session, broker.member_id)
    session.expire_all()

    for column in (
        Finding.decided_by_id,
        FindingAct.by_id,
        FindingRule.made_by_id,
        Source.added_by_id,
        Watch.created_by_id,
        Summary.writer_id,
        Summary.publisher_id,
        SummaryReview.reviewer_id,
        SummaryStep.by_id,
    ):
        assert set(session.scalars(select(column))) == {None}, column
    assert session.scalars(select(FindingVerdict)).all() == []
    assert session.scalars(select(WatchMember)).all() == []
    gone = session.scalars(select(Finding).where(Finding.title == "Écartée")).one()
    assert gone.note == "Sans groupe témoin."


def test_undoing_gives_nothing_to_someone_who_is_gone(session: Session, broker: Viewer) -> None:
    assert broker.member_id
    other = make_viewer(session, role=Role.COORDINATION)
    number = session.scalars(select(Finding.id).where(Finding.title == "Tenue")).one()
    (held,) = load_findings(session, [number])
    done = release(session, [held], by=other)
    forget_broker(session, broker.member_id)
    session.execute(delete(RoleGrant).where(RoleGrant.member_id == broker.member_id))
    session.expire_all()

    undo(session, done.id, by=other)

    assert (held.state, held.owner_id) == (FindingState.KEPT, None)


def test_their_data_says_all_that_they_did(session: Session, broker: Viewer) -> None:
    assert broker.member_id
    watching = list(watching_of(session, broker.member_id))
    sorting = list(sorting_by(session, broker.member_id))
    summaries = list(summaries_by(session, broker.member_id))

    assert [next(iter(one)) for one in watching] == ["watch", "watch", "source", "rule"]
    assert {"holds", "decided", "finding"} <= {key for one in sorting for key in one}
    assert [one["act"] for one in sorting if "act" in one] == [
        "keep",
        "claim",
        "discard",
        "verdict",
    ]
    assert [one["verdict"] for one in sorting if "verdict" in one] == ["keep"]
    assert any(one.get("note") == "Sans groupe témoin." for one in sorting)
    assert (summaries[0]["wrote"], summaries[0]["published"]) == (True, True)
    assert summaries[1]["comments"] == "Clair."
    assert summaries[2]["state"] == "published"


def test_somebody_else_takes_nothing_of_theirs(session: Session, broker: Viewer) -> None:
    other = make_viewer(session, role=Role.BROKER).member_id
    assert other

    for export in (watching_of, sorting_by, summaries_by):
        assert list(export(session, other)) == []
