"""Several people write one sheet: whatever the order, no text goes without someone being told."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from inters4.core import db
from inters4.core.access import Viewer
from inters4.practices.models import Block, PracticeRevision, PracticeState
from inters4.practices.queries.revisions import find_revision
from inters4.practices.services.drafts import StaleFields, texts_of, write_fields
from inters4.practices.services.marks import mark_of
from tests.builders.revisions import Cast, bring_to, make_cast, start
from tests.builders.vocabulary import make_vocabulary

_WORDS = st.sampled_from(["", "Un.", "Deux.", "Trois."])
_TYPED: Mapping[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["Un titre", "Un autre"]),
    "subtitle": _WORDS,
    "themes": st.lists(st.sampled_from(["domicile", "telesante"]), unique=True),
    "costs": st.lists(st.fixed_dictionaries({"amount": st.sampled_from(["1 $", "2 $"])})),
    Block.CONTEXT.field: _WORDS,
}
_TURN = st.tuples(
    st.sampled_from(["reads", "writes"]),
    st.sampled_from(["Odile", "Béatrice", "Sacha"]),
    st.fixed_dictionaries({}, optional=dict(_TYPED)),
)


def held(revision: PracticeRevision) -> dict[str, Any]:
    """What it holds of the fields tried."""
    stored = {**revision.values, **texts_of(revision)}
    return {name: stored.get(name) or "" for name in _TYPED}


def send(
    session: Session, revision: PracticeRevision, page: Mapping[str, Any], shown: Mapping[str, Any]
) -> tuple[str, ...]:
    """A page is sent whole, as a form does; the fields of which both texts are shown to whom."""
    marks = {name: mark_of(name, value) for name, value in shown.items()}
    taken: tuple[str, ...] = ()
    while True:
        kept = {name: value for name, value in page.items() if name not in taken}
        texts = (
            {Block.CONTEXT: kept.pop(Block.CONTEXT.field)} if Block.CONTEXT.field in kept else {}
        )
        try:
            write_fields(
                session, revision, values=kept, blocks=texts, seen=0, by_id=None, marks=marks
            )
        except StaleFields as refusal:
            taken = (*taken, *refusal.fields)
        else:
            return taken


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_TURN, max_size=10))
def test_a_text_is_written_over_only_by_who_has_read_it(
    session: Session, drafted: PracticeRevision, turns: list[tuple[str, str, dict[str, Any]]]
) -> None:
    practice = drafted.practice
    with session.begin_nested() as attempt:
        seen = dict.fromkeys(["Odile", "Béatrice", "Sacha"], held(drafted))
        for act, who, typed in turns:
            if act == "reads":
                seen[who] = held(drafted)
                continue
            before, shown = held(drafted), seen[who]
            told = send(session, drafted, {**shown, **typed}, shown)
            now = held(drafted)
            for name in _TYPED:
                wanted = typed.get(name, shown[name]) or ""
                is_mine = mark_of(name, wanted) != mark_of(name, shown[name])
                was_read = mark_of(name, before[name]) in {
                    mark_of(name, shown[name]),
                    mark_of(name, wanted),
                }
                assert (name in told) is (is_mine and not was_read)
                assert now[name] == (wanted if is_mine and was_read else before[name])
        attempt.rollback()
    set_committed_value(drafted, "practice", practice)


@pytest.fixture
def drafted(session: Session) -> PracticeRevision:
    """A sheet that is being written."""
    make_vocabulary(session)
    cast = make_cast(session)
    return bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)


@pytest.mark.usefixtures("database")
def test_of_those_who_write_the_same_field_at_once_one_writes_and_the_others_are_told() -> None:
    with db.writing() as session:
        make_vocabulary(session)
        cast: Cast = make_cast(session)
        revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
        shown = held(revision)
    own = ("subtitle", "themes", Block.CONTEXT.field)

    def write(place: int, by: Viewer) -> Callable[[], tuple[str, ...]]:
        typed = {"title": f"Titre {place}", own[place]: ["domicile"] if place == 1 else "À moi."}

        def act() -> tuple[str, ...]:
            with db.writing() as session:
                found = find_revision(session, revision.practice_id, viewer=by, for_update=True)
                assert found is not None
                return send(session, found, {**shown, **typed}, shown)

        return act

    writers = [write(place, by) for place, by in enumerate((cast.owner, cast.broker, cast.owner))]
    with ThreadPoolExecutor(len(writers)) as pool:
        told = [one.result() for one in [pool.submit(each) for each in writers]]

    assert sorted(told) == [(), ("title",), ("title",)]
    with db.reading() as session:
        found = find_revision(session, revision.practice_id, viewer=cast.owner)
        assert found is not None
        now = held(found)
        assert now["title"] == f"Titre {told.index(())}"
        assert (now["subtitle"], now["themes"]) == ("À moi.", ["domicile"])
        assert now[Block.CONTEXT.field] == "À moi."
