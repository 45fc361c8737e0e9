"""Two people who change the vocabulary at the same instant leave nothing without a term."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from inters4.core import db
from inters4.core.access import Role, Viewer
from inters4.core.errors import Conflict
from inters4.practices.models import PracticeTerm
from inters4.vocabulary.queries import lock_vocabulary, vocabulary
from inters4.vocabulary.queries.rows import load_term
from inters4.vocabulary.services.editing import Misfilled, Said, add_term, move_term, retire_term
from tests.builders.members import make_viewer
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary

CHILD, OTHER = "telesante.teleconsultation", "domicile.hospitalisation-domicile"


@pytest.fixture
def staff(database: str) -> Viewer:
    with db.writing() as session:
        make_vocabulary(session)
        make_practice(session, themes=(CHILD,))
        make_practice(session, "autre", themes=(OTHER,))
        return make_viewer(session, role=Role.COORDINATION)


def test_terms_merged_into_each_other_at_once_leave_one(staff: Viewer) -> None:
    def merge(pair: tuple[str, str]) -> bool:
        former, into = pair
        try:
            with db.writing() as session:
                lock_vocabulary(session, ())
                found = load_term(session, "themes", former)
                if found is None:
                    return False
                retire_term(session, found, into=into, version=1, by=staff)
        except (Misfilled, Conflict):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(merge, [(CHILD, OTHER), (OTHER, CHILD)] * 2))

    assert sum(done) == 1
    with db.reading() as session:
        known = vocabulary(session).ids("themes")
        borne = session.scalars(
            select(PracticeTerm.term).where(PracticeTerm.scheme == "themes")
        ).all()
    assert len(known & {CHILD, OTHER}) == 1
    assert set(borne) <= known


def test_a_term_moved_while_another_is_put_under_it_keeps_it_below(staff: Viewer) -> None:
    def move(_number: int) -> None:
        with db.writing() as session:
            lock_vocabulary(session, ())
            found = load_term(session, "themes", "telesante")
            if found is not None:
                move_term(session, found, under="domicile", version=1, by=staff)

    def add(number: int) -> None:
        try:
            with db.writing() as session:
                lock_vocabulary(session, ())
                add_term(session, "themes", Said(f"Sous {number}"), under="telesante", by=staff)
        except Misfilled:
            pass  # its parent had left

    with ThreadPoolExecutor(4) as pool:
        tasks = [pool.submit(move if number == 2 else add, number) for number in range(5)]
        for task in tasks:
            task.result()

    with db.reading() as session:
        known = vocabulary(session).ids("themes")
    assert "telesante" not in known
    assert all(one.rpartition(".")[0] in {"", *known} for one in known)
