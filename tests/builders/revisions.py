"""Sheets on their way to readers, and the people who take part in it."""

from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.members.models import Organisation
from inters4.members.queries import load_viewer
from inters4.practices.exports.sheets import Sheet
from inters4.practices.models import (
    Advice,
    Block,
    Move,
    PracticeReview,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import approvals_of, open_revision_of
from inters4.practices.services.approving import decide_approval
from inters4.practices.services.drafts import KEPT_BY_THE_HOUSE, fill_revision
from inters4.practices.services.life import move
from inters4.practices.services.naming import ask_review
from inters4.practices.services.reviewing import Written, submit_review
from inters4.practices.services.revising import start_sheet
from inters4.practices.services.writers import note_writer
from tests.builders.kept import kept
from tests.builders.members import give_role, make_member, make_organisation, make_viewer
from tests.builders.practices import answered_values, sheet

PASSAGE = (
    PracticeState.SKETCH,
    PracticeState.PROPOSED,
    PracticeState.ADMISSIBLE,
    PracticeState.DRAFTING,
    PracticeState.OWNER_VALIDATION,
    PracticeState.REVIEW,
    PracticeState.APPROVAL,
)
"""The states of a revision that goes straight to readers."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Seven people of two organisations, each with what they do."""

    carrying: Organisation
    other: Organisation
    owner: Viewer
    broker: Viewer
    first: Viewer
    second: Viewer
    third: Viewer
    signatory: Viewer
    coordination: Viewer
    stranger: Viewer


def make_cast(session: Session) -> Cast:
    """The people of a sheet's life."""
    return kept(
        session, "cast", lambda: _make_cast(session), brief=_brief, recall=partial(_recall, session)
    )


def _make_cast(session: Session) -> Cast:
    carrying = make_organisation(session, slug="cisss-porteur", name="CISSS porteur")
    other = make_organisation(session, slug="universite", name="Université d’ailleurs")
    owner = make_member(session, name="Odile Porteuse", organisation=carrying)

    def reviewer(name: str) -> Viewer:
        person = make_member(session, name=name, organisation=other)
        give_role(session, person, Role.REVIEWER)
        return load_viewer(session, person.id)

    signatory = make_member(session, name="Simon Signataire", organisation=carrying)
    give_role(session, signatory, Role.SIGNATORY, organisation=carrying)
    return Cast(
        carrying=carrying,
        other=other,
        owner=load_viewer(session, owner.id),
        broker=make_viewer(session, role=Role.BROKER, name="Béatrice Courtière"),
        first=reviewer("Rose Relectrice"),
        second=reviewer("Rémi Relecteur"),
        third=reviewer("Thierry Tiers"),
        signatory=load_viewer(session, signatory.id),
        coordination=make_viewer(session, role=Role.COORDINATION, name="Camille Coordination"),
        stranger=make_viewer(session, name="Sacha Visite"),
    )


def _brief(cast: Cast) -> dict[str, Any]:
    people = {one.name: getattr(cast, one.name) for one in fields(cast)}
    return people | {"carrying": cast.carrying.id, "other": cast.other.id}


def _recall(session: Session, brief: dict[str, Any]) -> Cast:
    places = {name: session.get_one(Organisation, brief[name]) for name in ("carrying", "other")}
    return Cast(**{**brief, **places})


def whole_sheet(cast: Cast) -> Sheet:
    """A sheet that meets every requirement but those of the house, and each only once."""
    values = answered_values()
    values["organisations"] = ({"id": cast.carrying.slug, "name": ""},)
    values["blocks"] = {
        block: text for block, text in values["blocks"].items() if block is not Block.CONDITIONS
    }
    return sheet("a-remplacer", **values)


def start(session: Session, cast: Cast, *, lacking: str = "") -> PracticeRevision:
    """A sketch of `cast.owner`, filled but for one field."""

    def recall(practice_id: str) -> PracticeRevision:
        found = open_revision_of(session, practice_id)
        assert found is not None
        return found

    return kept(
        session,
        ("start", _viewers(cast), lacking),
        lambda: _start(session, cast, lacking=lacking),
        brief=lambda revision: revision.practice_id,
        recall=recall,
    )


def _viewers(cast: Cast) -> tuple[Viewer, ...]:
    return tuple(
        value for one in fields(cast) if isinstance(value := getattr(cast, one.name), Viewer)
    )


def _start(session: Session, cast: Cast, *, lacking: str) -> PracticeRevision:
    revision = start_sheet(
        session,
        title="Une visite par semaine",
        problem="L’attente.",
        solution="Une visite.",
        by=cast.owner,
    )
    fill(session, revision, whole_sheet(cast), lacking=lacking)
    note_writer(session, revision, cast.owner.member_id)
    return revision


def fill(session: Session, revision: PracticeRevision, given: Sheet, *, lacking: str = "") -> None:
    """Give a revision the text of `given`, and nothing that the house writes."""
    kept = {name: revision.values[name] for name in KEPT_BY_THE_HOUSE if name in revision.values}
    fill_revision(revision, given)
    written = {
        name: value for name, value in revision.values.items() if name not in KEPT_BY_THE_HOUSE
    }
    revision.values = {**written, **kept}
    take_out(session, revision, lacking)


def take_out(session: Session, revision: PracticeRevision, field: str) -> None:
    """Empty one field, or one long text."""
    revision.values = {name: value for name, value in revision.values.items() if name != field}
    revision.blocks = {
        name: text for name, text in revision.blocks.items() if f"text-{name}" != field
    }
    session.flush()


def bring_to(
    session: Session, cast: Cast, revision: PracticeRevision, state: PracticeState
) -> PracticeRevision:
    """Make every move up to `state`, each by who decides it."""

    def know(_: None) -> None:
        """A process in which sheets moved has read what they may cite."""
        citable(session)

    kept(
        session,
        ("bring to", _viewers(cast), revision.id, state),
        lambda: _bring_to(session, cast, revision, state),
        recall=know,
    )
    return revision


def _bring_to(
    session: Session, cast: Cast, revision: PracticeRevision, state: PracticeState
) -> None:
    known = citable(session)
    moves = (
        (PracticeState.PROPOSED, Move.SUBMIT, cast.owner),
        (PracticeState.ADMISSIBLE, Move.ADMIT, cast.broker),
        (PracticeState.DRAFTING, Move.TAKE, cast.broker),
        (PracticeState.OWNER_VALIDATION, Move.SEND_TO_OWNER, cast.broker),
        (PracticeState.REVIEW, Move.VALIDATE, cast.owner),
    )
    wanted = PASSAGE.index(state)
    for target, which, by in moves:
        if PASSAGE.index(revision.state) < PASSAGE.index(target) <= wanted:
            move(session, revision, which, by=by, known=known)
    if revision.state is PracticeState.REVIEW and state is PracticeState.APPROVAL:
        for reviewer in (cast.first, cast.second):
            rate(session, revision, ask(session, cast, revision, reviewer), by=reviewer)


def ask(
    session: Session, cast: Cast, revision: PracticeRevision, reviewer: Viewer
) -> PracticeReview:
    """The coordination asks someone to review."""
    assert reviewer.member_id is not None
    return ask_review(session, revision, reviewer.member_id, by=cast.coordination)


def rate(
    session: Session,
    revision: PracticeRevision,
    review: PracticeReview,
    *,
    by: Viewer,
    maturity: str = "prometteuse",
    evidence_strength: str = "suggestive",
    advice: Advice = Advice.PUBLISH,
    reason: str = "Deux études concordent.",
) -> None:
    """A review is sent."""
    submit_review(
        session,
        review,
        revision,
        by=by,
        written=Written(
            maturity=maturity,
            evidence_strength=evidence_strength,
            reason=reason,
            comments="À préciser." if advice is Advice.REWORK else "",
            advice=advice,
            has_no_interest=True,
        ),
    )


def approve(session: Session, cast: Cast, revision: PracticeRevision) -> None:
    """The organisation says yes."""
    kept(
        session,
        ("approve", _viewers(cast), revision.id),
        lambda: _approve(session, cast, revision),
    )


def _approve(session: Session, cast: Cast, revision: PracticeRevision) -> None:
    for approval in approvals_of(session, revision):
        decide_approval(session, revision, approval, is_granted=True, reason="", by=cast.signatory)
