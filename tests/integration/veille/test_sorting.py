"""Findings kept, discarded, put off, reopened, held and classed, each with its undoing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.core.notices import Noticed
from inters4.notices.models import Notice
from inters4.veille.exports.desk_notices import TAKEN_KIND, tell_taken
from inters4.veille.models import (
    Act,
    DiscardReason,
    Finding,
    FindingAct,
    FindingKey,
    FindingState,
    Sighting,
    Watch,
)
from inters4.veille.services.claiming import assign, claim, release, take_over
from inters4.veille.services.classing import add_label, add_theme, remove_label, remove_theme
from inters4.veille.services.gestures import pick, pick_one
from inters4.veille.services.merging import merge, separate
from inters4.veille.services.sorting import discard, keep, put_off, reopen
from inters4.veille.services.undoing import forget_acts, undo
from inters4.veille.services.writing import begin_summary
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_source, make_watch

HORS_THEME = DiscardReason.OFF_THEME


@dataclass(frozen=True, slots=True)
class Desk:
    watch: Watch
    ariane: Viewer
    camille: Viewer


def state_of(finding: Finding) -> FindingState:
    return finding.state


@pytest.fixture
def desk(session: Session) -> Desk:
    make_vocabulary(session)
    return Desk(
        make_watch(session),
        make_viewer(session, role=Role.BROKER, name="Ariane Essai"),
        make_viewer(session, role=Role.BROKER, name="Camille Exemple"),
    )


def taken(session: Session, *findings: Finding, by: Viewer) -> list[Finding]:
    marks = [f"{one.public_id}.{one.stamp}" for one in findings]
    return list(pick(session, marks, by=by).findings)


def test_what_is_kept_waits_for_someone_and_says_who_kept_it(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)

    keep(session, taken(session, finding, by=desk.ariane), by=desk.ariane)

    assert state_of(finding) is FindingState.KEPT
    assert finding.decided_by_id == desk.ariane.member_id
    assert finding.decided_at is not None


def test_what_someone_holds_is_theirs_once_kept(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)
    claim(session, taken(session, finding, by=desk.ariane), by=desk.ariane)

    keep(session, taken(session, finding, by=desk.ariane), by=desk.ariane)

    assert state_of(finding) is FindingState.ASSIGNED


def test_what_is_discarded_says_why_and_is_free_again(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch, owner_id=desk.ariane.member_id)

    rows = taken(session, finding, by=desk.ariane)
    discard(session, rows, by=desk.ariane, reason=HORS_THEME, note=" Sur les poissons. ")

    assert (finding.state, finding.reason) == (FindingState.DISCARDED, HORS_THEME)
    assert (finding.note, finding.owner_id) == ("Sur les poissons.", None)


def test_what_is_put_off_or_discarded_opens_again(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)
    put_off(session, taken(session, finding, by=desk.ariane), by=desk.ariane)
    assert state_of(finding) is FindingState.LATER

    reopen(session, taken(session, finding, by=desk.camille), by=desk.camille)

    assert state_of(finding) is FindingState.NEW
    assert finding.decided_by_id is None


def test_a_summary_begun_ends_the_sorting(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch, state=FindingState.SUMMARISED)
    rows = taken(session, finding, by=desk.ariane)

    for gesture in (keep, put_off, reopen, claim, release):
        with pytest.raises(Conflict, match="Un résumé de cette trouvaille est commencé"):
            gesture(session, rows, by=desk.ariane)


def test_whoever_comes_second_learns_who_came_first(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)
    shown = f"{finding.public_id}.{finding.stamp}"
    keep(session, taken(session, finding, by=desk.camille), by=desk.camille)

    with pytest.raises(Conflict, match=r"Camille Exemple a gardé cette trouvaille le \d"):
        pick(session, [shown], by=desk.ariane)


@pytest.mark.parametrize("stamp", ["", ".", ".deadbeef"])
def test_a_gesture_says_what_it_saw(session: Session, desk: Desk, stamp: str) -> None:
    finding = make_finding(session, desk.watch)

    with pytest.raises(Conflict):
        pick(session, [f"{finding.public_id}{stamp}"], by=desk.ariane)


def test_of_many_those_that_changed_are_left_and_told(session: Session, desk: Desk) -> None:
    first, second = make_finding(session, desk.watch), make_finding(session, desk.watch)
    marks = [f"{one.public_id}.{one.stamp}" for one in (first, second)]
    keep(session, taken(session, first, by=desk.camille), by=desk.camille)

    picked = pick(session, marks, by=desk.ariane)

    assert list(picked.findings) == [second]
    assert "Camille Exemple a gardé" in picked.left[0].message


def test_of_many_those_that_refuse_are_left(session: Session, desk: Desk) -> None:
    held = make_finding(session, desk.watch, owner_id=desk.camille.member_id)
    free = make_finding(session, desk.watch)

    done = keep(session, taken(session, held, free, by=desk.ariane), by=desk.ariane)

    assert (done.count, len(done.left)) == (1, 1)
    assert (held.state, free.state) == (FindingState.NEW, FindingState.KEPT)


def test_what_a_colleague_holds_is_taken_over_and_they_are_told(
    session: Session, desk: Desk
) -> None:
    held = make_finding(session, desk.watch, owner_id=desk.camille.member_id)
    free = make_finding(session, desk.watch)

    done = take_over(session, taken(session, held, free, by=desk.ariane), by=desk.ariane)

    assert held.owner_id == desk.ariane.member_id
    assert [left.message for left in done.left] == ["Personne ne tient cette trouvaille."]
    notice = session.scalars(select(Notice).where(Notice.kind == TAKEN_KIND)).one()
    assert notice.member_id == desk.camille.member_id
    told = tell_taken(session, [Noticed(notice.id, notice.member_id, notice.subject)])
    assert "Ariane" in told[notice.id].title
    with pytest.raises(Conflict, match="Vous tenez déjà"):
        take_over(session, taken(session, held, by=desk.ariane), by=desk.ariane)


def test_nobody_but_the_team_sorts(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)
    reviewer = make_viewer(session, role=Role.REVIEWER)

    for by in (reviewer, Viewer()):
        with pytest.raises(NotFound):
            pick(session, [finding.public_id], by=by)
        with pytest.raises(NotFound):
            keep(session, [finding], by=by)
    with pytest.raises(DomainError, match="au moins une"):
        pick(session, [], by=desk.ariane)
    with pytest.raises(NotFound):
        pick(session, ["absente"], by=desk.ariane)


def test_the_second_to_claim_is_told_who_holds_it_and_since_when(
    session: Session, desk: Desk
) -> None:
    finding = make_finding(session, desk.watch)
    rows = taken(session, finding, by=desk.ariane)
    claim(session, rows, by=desk.camille)

    with pytest.raises(Conflict, match=r"Camille Exemple tient cette trouvaille depuis le \d"):
        claim(session, rows, by=desk.ariane)
    with pytest.raises(Conflict, match="Vous tenez déjà"):
        claim(session, rows, by=desk.camille)
    with pytest.raises(Conflict, match="Camille Exemple tient"):
        keep(session, rows, by=desk.ariane)


@pytest.mark.usefixtures("database")
def test_of_two_brokers_who_claim_at_once_one_holds_it() -> None:
    with db.writing() as session:
        watch = make_watch(session)
        mark = make_finding(session, watch).public_id
        people = [make_viewer(session, role=Role.BROKER, name=f"Personne {n}") for n in range(4)]

    def attempt(by: Viewer) -> str:
        try:
            with db.writing() as session:
                claim(session, [pick_one(session, mark, by=by)], by=by)
        except Conflict as refusal:
            return refusal.message
        return ""

    with ThreadPoolExecutor(len(people)) as pool:
        said = list(pool.map(attempt, people))

    assert min(said) == ""
    assert len([one for one in said if "tient cette trouvaille depuis le" in one]) == 3
    with db.reading() as session:
        holder = session.scalars(select(Finding.owner_id)).one()
        assert holder == people[said.index("")].member_id


def test_what_is_handed_back_can_be_taken_by_another(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch, state=FindingState.KEPT)
    claim(session, taken(session, finding, by=desk.ariane), by=desk.ariane)
    with pytest.raises(Conflict, match="Ariane Essai tient"):
        release(session, taken(session, finding, by=desk.camille), by=desk.camille)

    release(session, taken(session, finding, by=desk.ariane), by=desk.ariane)
    assert state_of(finding) is FindingState.KEPT
    with pytest.raises(Conflict, match="Personne ne tient"):
        release(session, taken(session, finding, by=desk.ariane), by=desk.ariane)

    claim(session, taken(session, finding, by=desk.camille), by=desk.camille)
    assert state_of(finding) is FindingState.ASSIGNED


def test_a_finding_is_given_to_someone_of_the_team(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch, state=FindingState.KEPT)
    stranger = make_viewer(session).member_id
    assert stranger
    assert desk.camille.member_id
    with pytest.raises(DomainError, match="de l’équipe"):
        rows = taken(session, finding, by=desk.ariane)
        assign(session, rows, to_id=stranger, by=desk.ariane)

    assign(session, rows, to_id=desk.camille.member_id, by=desk.ariane)

    assert (finding.owner_id, finding.state) == (desk.camille.member_id, FindingState.ASSIGNED)
    coordination = make_viewer(session, role=Role.COORDINATION)
    assert desk.ariane.member_id
    with pytest.raises(Conflict, match="Camille Exemple tient"):
        assign(session, rows, to_id=desk.ariane.member_id, by=desk.ariane)
    assign(session, rows, to_id=desk.ariane.member_id, by=coordination)
    assert finding.owner_id == desk.ariane.member_id


def test_themes_and_labels_come_and_go(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch, themes=("telesante",))
    rows = taken(session, finding, by=desk.ariane)

    add_theme(session, rows, theme="telesante.teleconsultation", by=desk.ariane)
    add_label(session, rows, label="  À  relire ", by=desk.ariane)
    assert [row.theme for row in finding.themes] == ["telesante", "telesante.teleconsultation"]
    assert [row.label for row in finding.labels] == ["À relire"]

    remove_theme(session, rows, theme="telesante", by=desk.ariane)
    remove_label(session, rows, label="À relire", by=desk.ariane)
    assert [row.theme for row in finding.themes] == ["telesante.teleconsultation"]
    assert finding.labels == []


@pytest.mark.parametrize("label", ["", "   ", "mot" * 20])
def test_a_label_is_a_short_word(session: Session, desk: Desk, label: str) -> None:
    rows = taken(session, make_finding(session, desk.watch), by=desk.ariane)

    with pytest.raises(DomainError, match="de 1 à 40"):
        add_label(session, rows, label=label, by=desk.ariane)
    with pytest.raises(DomainError, match="thème de la liste"):
        add_theme(session, rows, theme="inconnu", by=desk.ariane)


def test_a_finding_bears_twelve_labels_at_most(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch, labels=tuple(f"mot {n}" for n in range(12)))
    rows = taken(session, finding, by=desk.ariane)

    with pytest.raises(DomainError, match="Douze étiquettes"):
        add_label(session, rows, label="treize", by=desk.ariane)

    assert len(finding.labels) == 12


def test_every_gesture_is_undone_whole_by_whoever_made_it(session: Session, desk: Desk) -> None:
    findings = [make_finding(session, desk.watch) for _number in range(3)]
    rows = taken(session, *findings, by=desk.ariane)
    done = discard(session, rows, by=desk.ariane, reason=HORS_THEME, note="Non.")
    with pytest.raises(NotFound):
        undo(session, done.id, by=desk.camille)

    assert undo(session, done.id, by=desk.ariane).count == 3

    assert {one.state for one in findings} == {FindingState.NEW}
    assert {one.note for one in findings} == {""}
    with pytest.raises(Conflict, match="déjà annulé"):
        undo(session, done.id, by=desk.ariane)


def test_claims_themes_and_labels_are_undone(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch, themes=("telesante",))
    rows = taken(session, finding, by=desk.ariane)
    gestures = [
        claim(session, rows, by=desk.ariane),
        add_theme(session, rows, theme="telesante.teleconsultation", by=desk.ariane),
        add_label(session, rows, label="À relire", by=desk.ariane),
    ]

    for gesture in reversed(gestures):
        undo(session, gesture.id, by=desk.ariane)

    assert (finding.owner_id, finding.claimed_at) == (None, None)
    assert [row.theme for row in finding.themes] == ["telesante"]
    assert finding.labels == []


def test_what_is_given_to_somebody_is_put_off_no_more(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)
    put_off(session, taken(session, finding, by=desk.ariane), by=desk.ariane)
    rows = taken(session, finding, by=desk.ariane)

    done = assign(session, rows, to_id=desk.camille.member_id or 0, by=desk.ariane)

    assert (state_of(finding), finding.owner_id) == (FindingState.NEW, desk.camille.member_id)
    undo(session, done.id, by=desk.ariane)
    assert (state_of(finding), finding.owner_id) == (FindingState.LATER, None)


def test_whoever_begins_the_summary_of_a_finding_reads_who_holds_it(
    session: Session, desk: Desk
) -> None:
    finding = make_finding(session, desk.watch)
    claim(session, taken(session, finding, by=desk.camille), by=desk.camille)

    with pytest.raises(Conflict, match="Camille Exemple tient cette trouvaille"):
        begin_summary(session, finding, by=desk.ariane)


def test_what_someone_changed_since_is_not_undone(session: Session, desk: Desk) -> None:
    first, second = make_finding(session, desk.watch), make_finding(session, desk.watch)
    rows = taken(session, first, second, by=desk.ariane)
    done = keep(session, rows, by=desk.ariane)
    rows = taken(session, first, by=desk.camille)
    discard(session, rows, by=desk.camille, reason=HORS_THEME)

    undone = undo(session, done.id, by=desk.ariane)

    assert (undone.count, len(undone.left)) == (1, 1)
    assert "Camille Exemple a écarté" in undone.left[0].message
    assert (first.state, second.state) == (FindingState.DISCARDED, FindingState.NEW)
    with pytest.raises(Conflict, match="Camille Exemple a écarté"):
        undo(session, done.id, by=desk.ariane)


def test_a_duplicate_merged_gives_all_it_has_and_takes_it_back(
    session: Session, desk: Desk
) -> None:
    here, there = (
        make_source(session, desk.watch),
        make_source(session, desk.watch, url="https://b.example/"),
    )
    first = make_finding(session, desk.watch, source=here, themes=("telesante",))
    second = make_finding(session, desk.watch, source=there, labels=("urgent",), like_id=first.id)

    done = merge(session, taken(session, second, by=desk.ariane)[0], by=desk.ariane)

    assert (second.state, second.reason) == (FindingState.DISCARDED, DiscardReason.DUPLICATE)
    assert [row.label for row in first.labels] == ["urgent"]
    assert set(session.scalars(select(FindingKey.finding_id))) == {first.id}
    assert set(session.scalars(select(Sighting.finding_id))) == {first.id}

    undo(session, done.id, by=desk.ariane)
    assert (second.state, second.reason) == (FindingState.NEW, None)
    assert first.labels == []
    assert set(session.scalars(select(FindingKey.finding_id))) == {first.id, second.id}
    assert set(session.scalars(select(Sighting.finding_id))) == {first.id, second.id}


def test_what_is_no_duplicate_is_no_longer_suggested(session: Session, desk: Desk) -> None:
    first = make_finding(session, desk.watch)
    second = make_finding(session, desk.watch, like_id=first.id)

    done = separate(session, taken(session, second, by=desk.ariane)[0], by=desk.ariane)

    assert second.suggested_id is None
    assert second.like_id is not None
    with pytest.raises(Conflict, match="Aucun doublon"):
        merge(session, second, by=desk.ariane)
    undo(session, done.id, by=desk.ariane)
    assert second.suggested_id == first.id


def test_a_summary_begun_is_not_undone_from_the_desk(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)
    begin_summary(session, finding, by=desk.ariane)
    act = session.scalars(select(FindingAct).where(FindingAct.act == Act.SUMMARISE)).one()

    with pytest.raises(Conflict, match="s’abandonne sur sa page"):
        undo(session, act.gesture, by=desk.ariane)


def test_old_acts_are_forgotten(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)
    keep(session, taken(session, finding, by=desk.ariane), by=desk.ariane)

    assert forget_acts(session, now()) == 1
    assert session.scalars(select(FindingAct)).all() == []


def test_what_was_done_is_kept_with_what_changed_and_no_more(session: Session, desk: Desk) -> None:
    finding = make_finding(session, desk.watch)
    put_off(session, taken(session, finding, by=desk.ariane), by=desk.ariane)

    act = session.scalars(select(FindingAct)).one()

    assert act.act is Act.LATER
    assert act.before["state"] == "new"
    assert set(act.before) == {"state", "decided_by_id", "decided_at"}
