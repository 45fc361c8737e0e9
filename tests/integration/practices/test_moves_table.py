"""Who may make which move, from where: the table of docs/practices.md, tried in full."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.practices.models import Move, PracticeRevision, PracticeState
from inters4.practices.queries.revisions import author_ids
from inters4.practices.services.deciding import WAYS, Hands, may_move
from inters4.practices.views.panel import ADDRESSES
from tests.builders.members import make_viewer
from tests.builders.revisions import Cast, make_cast, start
from tests.builders.vocabulary import make_vocabulary

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "practices.md"
STATES = (*dict.fromkeys(state for way in WAYS.values() for state in way.sources),)
ROLES = (
    "owner",
    "broker",
    "coordination",
    "drafting coordination",
    "author broker",
    "reviewer",
    "signatory",
    "stranger",
    "visitor",
)
WHOSE = {
    "its authors": {"owner", "author broker"},
    "the team": {"broker", "coordination", "drafting coordination", "author broker"},
    "the team, but its authors": {"broker", "coordination", "drafting coordination"},
    "its authors or the team": {
        "owner",
        "broker",
        "coordination",
        "drafting coordination",
        "author broker",
    },
    "the coordination, but who wrote it": {"coordination"},
    "nobody, for a sheet never published": set(),
    "nobody, while one of the team has it": set(),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    move: Move
    sources: frozenset[PracticeState]
    target: PracticeState
    whose: frozenset[str]


def table() -> Iterator[Row]:
    """The lines of « Who decides what »."""
    section = DOCUMENT.read_text(encoding="utf-8").partition("## Who decides what")[2]
    for line in re.findall(r"^\| (.+) \|$", section.partition("\n## ")[0], re.MULTILINE)[1:]:
        move, sources, target, whose = (cell.strip() for cell in line.split(" | "))
        yield Row(
            Move(move),
            frozenset(PracticeState(name) for name in sources.split(", ")),
            PracticeState(target),
            frozenset(WHOSE[whose]),
        )


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def people_of(session: Session, cast: Cast) -> dict[str, Viewer]:
    return {
        "owner": cast.owner,
        "broker": cast.broker,
        "coordination": cast.coordination,
        "drafting coordination": make_viewer(session, role=Role.COORDINATION),
        "author broker": make_viewer(session, role=Role.BROKER),
        "reviewer": cast.first,
        "signatory": cast.signatory,
        "stranger": cast.stranger,
        "visitor": Viewer(),
    }


def test_the_table_holds_every_move_and_where_it_leads() -> None:
    rows = list(table())

    assert {row.move for row in rows} | {Move.REVIEWED} == set(WAYS)
    assert {row.move for row in rows} == set(ADDRESSES.values())
    for move in {row.move for row in rows}:
        sources = frozenset[PracticeState]().union(*(r.sources for r in rows if r.move is move))
        assert sources == WAYS[move].sources, move
        assert {row.target for row in rows if row.move is move} == {WAYS[move].target}


def test_every_move_from_every_state_is_only_of_those_that_the_table_names(
    session: Session, cast: Cast
) -> None:
    revision = start(session, cast)
    people = people_of(session, cast)
    revision.drafter_id = people["drafting coordination"].member_id
    extra = people["author broker"].member_id
    assert extra is not None
    authors = author_ids(session, revision.practice_id) | {extra}
    hands = Hands(authors, frozenset())
    rows, tried = list(table()), 0

    for state in STATES:
        revision.state = state
        for move in Move:
            expected = frozenset[str]().union(
                *(row.whose for row in rows if row.move is move and state in row.sources)
            )
            found = {
                role
                for role, person in people.items()
                if may_move(revision, move, by=person, hands=hands)
            }
            assert found == expected, (state, move)
            tried += len(people)
    assert tried == len(STATES) * len(Move) * len(ROLES)


def test_a_minor_change_of_a_published_sheet_is_the_team_s_but_who_wrote_it(
    session: Session, cast: Cast
) -> None:
    revision: PracticeRevision = start(session, cast)
    revision.base, revision.state = 1, PracticeState.DRAFTING
    authors = author_ids(session, revision.practice_id)

    def may(person: Viewer, *writers: int | None) -> bool:
        hands = Hands(authors, frozenset(one for one in writers if one is not None))
        return may_move(revision, Move.PUBLISH_MINOR, by=person, hands=hands)

    assert may(cast.broker)
    assert may(cast.coordination)
    assert not may(cast.owner)
    assert not may(cast.stranger)
    assert not may(cast.broker, cast.coordination.member_id, cast.broker.member_id)
    assert may(cast.broker, cast.coordination.member_id)


def test_a_sheet_that_is_drafted_is_taken_only_while_nobody_of_the_team_has_it(
    session: Session, cast: Cast
) -> None:
    revision = start(session, cast)
    revision.base, revision.state = 1, PracticeState.DRAFTING
    hands = Hands(author_ids(session, revision.practice_id), frozenset())

    assert may_move(revision, Move.TAKE, by=cast.broker, hands=hands)
    assert not may_move(revision, Move.TAKE, by=cast.owner, hands=hands)
    revision.drafter_id = cast.coordination.member_id
    assert not may_move(revision, Move.TAKE, by=cast.broker, hands=hands)


def test_nothing_moves_once_it_is_closed(session: Session, cast: Cast) -> None:
    revision = start(session, cast)
    revision.closed_at = revision.state_since
    authors = author_ids(session, revision.practice_id)

    hands = Hands(authors, frozenset())
    for person in people_of(session, cast).values():
        assert not any(may_move(revision, move, by=person, hands=hands) for move in Move)
