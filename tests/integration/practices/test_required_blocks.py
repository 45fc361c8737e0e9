"""No sheet passes a state with a required block missing: every block, every state, every door.

What each state asks for is written here from the specification, apart from the table that the code
reads: a requirement that disappears from that table fails here.
"""

from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from inters4.core.db import writing
from inters4.core.errors import DomainError
from inters4.members.models import Member
from inters4.practices.models import Block, Move, Origin, PracticeRevision, PracticeState
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import open_revision_of
from inters4.practices.services.life import Incomplete, move
from inters4.practices.services.requirements import REQUIRED, Gate
from inters4.practices.services.revising import open_revision, publish
from inters4.practices.services.seen import stance
from tests.builders.members import sign_in_as
from tests.builders.practices import make_practice
from tests.builders.revisions import (
    PASSAGE,
    Cast,
    approve,
    ask,
    bring_to,
    fill,
    make_cast,
    rate,
    start,
    take_out,
    whole_sheet,
)
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

_State = PracticeState

PROPOSAL = ("title", "problem", "solution")
OWNER = (
    "organisations",
    "regions",
    "team",
    "started",
    "stage",
    "result",
    "result_nature",
    "audience",
    Block.CONTEXT.field,
    "baselines",
    Block.DESCRIPTION.field,
    Block.DIFFERENCE.field,
    Block.EVALUATION.field,
    "evaluation_design",
    "outcomes",
    Block.ADVERSE_EFFECTS.field,
    Block.EQUITY.field,
    Block.RESOURCES.field,
    Block.STEPS.field,
    Block.LEADERSHIP.field,
    "success_conditions",
    Block.PITFALLS.field,
    "themes",
    "settings",
    "populations",
)
RATINGS = ("maturity", "maturity_reason", "evidence_strength", "evidence_reason")
ETHICS = ("interests", "funders", "no_patient_information")
JUDGED = ("rating_status", "approval", "approved_on")
ASKED: Mapping[PracticeState, tuple[str, ...]] = {
    _State.PROPOSED: PROPOSAL,
    _State.ADMISSIBLE: PROPOSAL,
    _State.DRAFTING: PROPOSAL,
    _State.OWNER_VALIDATION: PROPOSAL + OWNER,
    _State.REVIEW: PROPOSAL + OWNER + RATINGS + ETHICS,
    _State.APPROVAL: PROPOSAL + OWNER + ETHICS,  # ratings are those of the reviewers from here on
    _State.PUBLISHED: PROPOSAL + OWNER + RATINGS + ETHICS + JUDGED,
}
STARTER = (
    *PROPOSAL,
    "audience",
    Block.CONTEXT.field,
    Block.DESCRIPTION.field,
    Block.RESOURCES.field,
    "themes",
    "settings",
    "populations",
)
"""What readers are owed of a starter sheet too."""
DOORS: Mapping[PracticeState, tuple[Move, str, str]] = {
    _State.PROPOSED: (Move.SUBMIT, "owner", "proposition"),
    _State.ADMISSIBLE: (Move.ADMIT, "broker", "admission"),
    _State.DRAFTING: (Move.TAKE, "broker", "prise"),
    _State.OWNER_VALIDATION: (Move.SEND_TO_OWNER, "broker", "envoi"),
    _State.REVIEW: (Move.VALIDATE, "owner", "validation"),
}
"""State -> the move that leads there, who makes it, and its name in the address."""
ID = "une-visite-par-semaine"


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def test_the_table_of_the_code_asks_for_what_the_specification_asks() -> None:
    asked = {
        **dict.fromkeys(PROPOSAL, Gate.PROPOSAL),
        **dict.fromkeys(OWNER, Gate.OWNER),
        **dict.fromkeys(RATINGS + ETHICS, Gate.REVIEW),
        "rating_status": Gate.APPROVAL,
        "approval": Gate.READERS,
        "approved_on": Gate.READERS,
        "published_at": Gate.READERS,
    }

    assert asked == REQUIRED


def lacking(session: Session, revision: PracticeRevision, fields: tuple[str, ...]) -> Iterator[str]:
    """Each of `fields` in its turn, while the revision lacks it and nothing else."""
    practice = revision.practice
    for field in fields:
        with session.begin_nested() as attempt:
            take_out(session, revision, field)
            yield field
            attempt.rollback()
        set_committed_value(revision, "practice", practice)


UNSEEN = (
    "\u200b",
    "\u2060\u00ad",
    "\u3164",
    "[1]",
    "---",
    "#",
    "&nbsp;",
    "<!-- mot -->",
    "<!--\nmot\n-->",
    "[](https://exemple.ca)",
    "<div hidden>",
)
"""Texts that hold no word for a reader."""


def unsaid(given: object, sign: str) -> object:
    """The same shape, where each text is `sign`."""
    if isinstance(given, dict):
        return {name: unsaid(one, sign) for name, one in given.items()}
    if isinstance(given, list):
        return [unsaid(one, sign) for one in given]
    return sign


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("state", [_State.PROPOSED, _State.OWNER_VALIDATION, _State.REVIEW])
def test_signs_that_nobody_sees_are_no_answer(
    session: Session, cast: Cast, state: PracticeState, sign: str
) -> None:
    before = PASSAGE[PASSAGE.index(state) - 1]
    which, who, _address = DOORS[state]
    revision, known = bring_to(session, cast, start(session, cast), before), citable(session)
    asked = ASKED[state]
    revision.blocks = {
        name: sign if f"text-{name}" in asked else text for name, text in revision.blocks.items()
    }
    revision.values = {
        name: unsaid(given, sign) if name in asked else given
        for name, given in revision.values.items()
    }

    with pytest.raises(Incomplete) as refused:
        move(session, revision, which, by=getattr(cast, who), known=known)

    assert set(asked) - {"result_nature"} <= {lack.field for lack in refused.value.lacks}


@pytest.mark.parametrize("state", DOORS)
def test_no_state_is_reached_without_what_it_asks(
    session: Session, cast: Cast, state: PracticeState
) -> None:
    before = PASSAGE[PASSAGE.index(state) - 1]
    which, who, _address = DOORS[state]
    revision, known = bring_to(session, cast, start(session, cast), before), citable(session)

    for field in lacking(session, revision, ASKED[state]):
        with pytest.raises(Incomplete) as refused:
            move(session, revision, which, by=getattr(cast, who), known=known)
        assert field in {lack.field for lack in refused.value.lacks}
        assert revision.state is before

    move(session, revision, which, by=getattr(cast, who), known=known)
    assert standing(revision) is state


def test_the_last_review_does_not_carry_over_what_lacks_something(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), _State.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)
    second = ask(session, cast, revision, cast.second)

    for _field in lacking(session, revision, ASKED[_State.APPROVAL]):
        rate(session, revision, second, by=cast.second)
        assert revision.state is _State.DRAFTING


def test_nothing_is_published_without_what_readers_are_owed(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), _State.APPROVAL)
    approve(session, cast, revision)
    known = citable(session)

    for field in lacking(session, revision, ASKED[_State.PUBLISHED]):
        with pytest.raises(Incomplete) as refused:
            publish(session, revision, by=cast.coordination, known=known)
        assert field in {lack.field for lack in refused.value.lacks}
        assert revision.state is _State.APPROVAL


def test_a_minor_change_takes_nothing_away_that_readers_are_owed(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), _State.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    again = open_revision(session, practice, by=cast.owner)
    known, theirs = citable(session), (*RATINGS, *JUDGED)

    owed = tuple(field for field in ASKED[_State.PUBLISHED] if field not in theirs)
    for _field in lacking(session, again, owed):
        with pytest.raises(DomainError):
            publish(session, again, by=cast.broker, known=known, is_minor=True)
        assert again.is_open


def test_a_starter_sheet_owes_its_readers_less_and_the_team_as_much(
    session: Session, cast: Cast
) -> None:
    """It goes through no other state before it meets all the rules."""
    practice = make_practice(session, "de-depart")
    revision, known = open_revision(session, practice, by=cast.broker), citable(session)
    for _field in lacking(session, revision, STARTER):
        with pytest.raises(DomainError):
            publish(session, revision, by=cast.coordination, known=known, is_minor=True)

    fill(session, revision, whole_sheet(cast))
    revision.values = {**revision.values, "origin": Origin.STARTER.value}
    for field in lacking(session, revision, ASKED[_State.OWNER_VALIDATION]):
        with pytest.raises(Incomplete) as refused:
            move(session, revision, Move.SEND_TO_OWNER, by=cast.broker, known=known)
        assert field in {lack.field for lack in refused.value.lacks}
    move(session, revision, Move.SEND_TO_OWNER, by=cast.broker, known=known)
    for field in lacking(session, revision, ASKED[_State.REVIEW]):
        with pytest.raises(Incomplete) as refused:
            move(session, revision, Move.VALIDATE, by=cast.coordination, known=known)
        assert field in {lack.field for lack in refused.value.lacks}


@pytest.mark.parametrize("state", [*DOORS, _State.PUBLISHED])
def test_the_buttons_of_the_dossier_refuse_it_and_name_what_is_missing(
    app: Flask, state: PracticeState
) -> None:
    is_last = state is _State.PUBLISHED
    with writing() as session:
        make_vocabulary(session)
        cast = make_cast(session)
        before = _State.APPROVAL if is_last else PASSAGE[PASSAGE.index(state) - 1]
        revision = bring_to(session, cast, start(session, cast), before)
        if is_last:
            approve(session, cast, revision)
        values, blocks = dict(revision.values), dict(revision.blocks)
        who = cast.coordination if is_last else getattr(cast, DOORS[state][1])
        client = app.test_client()
        sign_in_as(client, session, session.get_one(Member, who.member_id))
    token = csrf(client, f"/pratiques/dossiers/{ID}")
    address = "publication" if is_last else DOORS[state][2]

    for field in ASKED[state]:
        with writing() as session:
            found = open_revision_of(session, ID)
            assert found is not None
            found.values, found.blocks = values, blocks
            take_out(session, found, field)
        answer = client.post(
            f"/pratiques/dossiers/{ID}/decisions/{address}",
            data={"csrf_token": token, "vu": stance_of()},
        )
        assert answer.status_code == 422, field
        with writing() as session:
            found = open_revision_of(session, ID)
            assert found is not None
            assert found.state is before


def stance_of() -> str:
    with writing() as session:
        found = open_revision_of(session, ID)
        assert found is not None
        return stance(found)


def standing(revision: PracticeRevision) -> PracticeState:
    """Where it stands now."""
    return revision.state
