"""Two people sort apart; a third settles what they disagree on."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.errors import Conflict
from inters4.veille.models import DiscardReason, Finding, FindingState, Verdict
from inters4.veille.queries.doubles import disputed, sorted_apart
from inters4.veille.services.sorting import discard, keep, put_off, reopen
from inters4.veille.services.standing import load_findings
from inters4.veille.services.undoing import undo
from inters4.veille.services.writing import begin_summary
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer
from tests.builders.watches import make_watch

QUALITY = DiscardReason.QUALITY


@dataclass(frozen=True, slots=True)
class Trio:
    finding: Finding
    first: Viewer
    second: Viewer
    third: Viewer


def state_of(finding: Finding) -> FindingState:
    return finding.state


@pytest.fixture
def trio(session: Session) -> Trio:
    watch = make_watch(session, is_sorted_twice=True)
    people = (make_viewer(session, role=Role.BROKER, name=f"Personne {n}") for n in "ABC")
    return Trio(make_finding(session, watch), *people)


def test_one_verdict_changes_nothing_and_shows_nothing(session: Session, trio: Trio) -> None:
    keep(session, [trio.finding], by=trio.first)

    assert state_of(trio.finding) is FindingState.NEW
    mine = sorted_apart(session, trio.finding, viewer=trio.first)
    assert mine.mine is not None
    assert mine.mine.verdict is Verdict.KEEP
    theirs = sorted_apart(session, trio.finding, viewer=trio.second)
    assert (theirs.mine, theirs.shown, theirs.count) == (None, [], 1)


def test_two_who_agree_decide(session: Session, trio: Trio) -> None:
    discard(session, [trio.finding], by=trio.first, reason=QUALITY, note="Sans groupe témoin.")
    discard(session, [trio.finding], by=trio.second, reason=QUALITY)

    assert (trio.finding.state, trio.finding.reason) == (FindingState.DISCARDED, QUALITY)
    assert trio.finding.note == "Sans groupe témoin."
    assert len(sorted_apart(session, trio.finding, viewer=trio.first).shown) == 2


def test_a_third_settles_what_two_disagree_on(session: Session, trio: Trio) -> None:
    keep(session, [trio.finding], by=trio.first)
    discard(session, [trio.finding], by=trio.second, reason=QUALITY)
    assert state_of(trio.finding) is FindingState.NEW
    assert sorted_apart(session, trio.finding, viewer=trio.third).is_split
    for one in (trio.first, trio.second):
        with pytest.raises(Conflict, match="troisième personne"):
            keep(session, [trio.finding], by=one)

    keep(session, [trio.finding], by=trio.third)

    assert state_of(trio.finding) is FindingState.KEPT
    assert not sorted_apart(session, trio.finding, viewer=trio.third).is_split


def test_a_verdict_changes_freely_until_another_speaks(session: Session, trio: Trio) -> None:
    keep(session, [trio.finding], by=trio.first)
    put_off(session, [trio.finding], by=trio.first)

    put_off(session, [trio.finding], by=trio.second)

    assert state_of(trio.finding) is FindingState.LATER


def test_a_verdict_is_undone_until_another_speaks(session: Session, trio: Trio) -> None:
    done = keep(session, [trio.finding], by=trio.first)
    undo(session, done.id, by=trio.first)
    assert sorted_apart(session, trio.finding, viewer=trio.first).count == 0

    done = keep(session, [trio.finding], by=trio.first)
    discard(session, [trio.finding], by=trio.second, reason=QUALITY)
    with pytest.raises(Conflict, match="Quelqu’un d’autre a donné son avis"):
        undo(session, done.id, by=trio.first)


def test_the_second_verdict_and_what_it_decided_are_undone_together(
    session: Session, trio: Trio
) -> None:
    keep(session, [trio.finding], by=trio.first)
    done = keep(session, [trio.finding], by=trio.second)

    undo(session, done.id, by=trio.second)

    assert state_of(trio.finding) is FindingState.NEW
    assert sorted_apart(session, trio.finding, viewer=trio.first).count == 1


def test_what_is_reopened_is_sorted_by_two_anew(session: Session, trio: Trio) -> None:
    keep(session, [trio.finding], by=trio.first)
    keep(session, [trio.finding], by=trio.second)

    reopen(session, [trio.finding], by=trio.third)

    assert sorted_apart(session, trio.finding, viewer=trio.first).count == 0
    keep(session, [trio.finding], by=trio.third)
    assert state_of(trio.finding) is FindingState.NEW


@pytest.mark.parametrize("is_split_first", [False, True])
def test_what_two_put_off_is_sorted_by_two_anew(
    session: Session, trio: Trio, *, is_split_first: bool
) -> None:
    if is_split_first:
        keep(session, [trio.finding], by=trio.first)
        discard(session, [trio.finding], by=trio.second, reason=QUALITY)
        assert session.scalars(select(Finding.id).where(disputed())).all() == [trio.finding.id]
        put_off(session, [trio.finding], by=trio.third)
    else:
        put_off(session, [trio.finding], by=trio.first)
        put_off(session, [trio.finding], by=trio.second)

    assert session.scalars(select(Finding.id).where(disputed())).all() == []
    keep(session, [trio.finding], by=trio.first)
    assert state_of(trio.finding) is FindingState.LATER
    keep(session, [trio.finding], by=trio.second)
    assert state_of(trio.finding) is FindingState.KEPT


def test_what_one_person_has_not_kept_yet_is_not_summarised(session: Session, trio: Trio) -> None:
    keep(session, [trio.finding], by=trio.first)
    with pytest.raises(Conflict, match="gardez-la d’abord"):
        begin_summary(session, trio.finding, by=trio.first)

    keep(session, load_findings(session, [trio.finding.id]), by=trio.second)

    assert begin_summary(session, trio.finding, by=trio.first).writer_id == trio.first.member_id
