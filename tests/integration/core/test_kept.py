"""Answers about a whole table: kept while no row changes, never given in another state."""

from sqlalchemy.orm import Session

from inters4.core.kept import Kept
from inters4.practices.models import Practice
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary


def test_an_answer_is_computed_once_a_state(session: Session) -> None:
    make_vocabulary(session)
    make_practice(session, "une")
    kept, asked = Kept(Practice), list[str]()

    def titles() -> tuple[str, ...]:
        asked.append("computed")
        return tuple(session.scalars(Practice.__table__.select().with_only_columns(Practice.title)))

    first = kept.now(session).answer("titles", titles)
    assert kept.now(session).answer("titles", titles) == first == ("Fiche une",)
    assert len(asked) == 1

    make_practice(session, "une", title="Un autre titre")
    assert kept.now(session).answer("titles", titles) == ("Un autre titre",)
    make_practice(session, "deux")
    assert len(kept.now(session).answer("titles", titles)) == 2
    session.delete(session.get_one(Practice, "deux"))
    session.flush()
    assert kept.now(session).answer("titles", titles) == ("Un autre titre",)
    assert len(asked) == 4


def test_a_part_that_changes_changes_the_state(session: Session) -> None:
    make_vocabulary(session)
    make_practice(session, "une")
    kept = Kept(Practice)
    before = kept.now(session).answer("x", lambda: "before")

    make_practice(session, "une", themes=("domicile",))

    assert before == "before"
    assert kept.now(session).answer("x", lambda: "after") == "after"


def test_a_change_takes_every_answer_with_it(session: Session) -> None:
    make_vocabulary(session)
    make_practice(session, "une")
    kept = Kept(Practice)
    for name in ("x", "y"):
        kept.now(session).answer(name, lambda: "before")

    make_practice(session, "deux")

    assert [kept.now(session).answer(name, lambda: "after") for name in ("x", "y")] == ["after"] * 2


def test_what_is_kept_is_bounded(session: Session) -> None:
    kept = Kept(Practice)
    now = kept.now(session)
    for number in range(400):
        now.answer(number, lambda: 0)
    computed = list[int]()

    now.answer(0, lambda: computed.append(1))

    assert computed == [1]
