"""What two people do at the same instant is done once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Role
from inters4.core.errors import Conflict, TooMany
from inters4.core.jobs import jobs
from inters4.members.models import Member, RoleGrant
from inters4.members.services import OPERATOR, create_member, grant_role
from inters4.members.services.throttle import FREE_ERRORS, admit
from inters4.settings import Settings
from tests.builders.members import make_member


@pytest.mark.usefixtures("database")
def test_parallel_guesses_do_not_slip_past_the_count(settings: Settings) -> None:
    jobs.bind(settings)  # whose key marks accounts

    def guess(_number: int) -> bool:
        try:
            with db.writing() as session:
                admit(session, email="ariane@exemple.ca", network="192.0.2.1")
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        admitted = sum(pool.map(guess, range(12)))

    assert admitted == FREE_ERRORS


@pytest.mark.usefixtures("database")
def test_one_of_several_simultaneous_accounts_is_opened() -> None:
    def create(_number: int) -> bool:
        try:
            with db.writing() as session:
                create_member(session, name="Ariane", email="ariane@exemple.ca", by=OPERATOR)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        created = sum(pool.map(create, range(8)))

    assert created == 1


@pytest.mark.usefixtures("database")
def test_a_role_given_by_several_at_once_is_given_once() -> None:
    with db.writing() as session:
        number = make_member(session).id

    def give(_number: int) -> None:
        try:
            with db.writing() as session:
                member = session.get_one(Member, number)
                grant_role(session, member, Role.BROKER, by=OPERATOR)
        except Conflict:
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(give, range(8)))

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(RoleGrant)) == 1


def test_an_account_opened_meanwhile_is_a_conflict(session: Session) -> None:
    with session.no_autoflush, pytest.raises(Conflict, match="déjà un compte"):
        session.add(Member(name="Ariane", email="ariane@exemple.ca"))
        create_member(session, name="Ariane", email="ariane@exemple.ca", by=OPERATOR)


def test_a_role_given_meanwhile_is_a_conflict(session: Session) -> None:
    member = make_member(session)

    with session.no_autoflush, pytest.raises(Conflict, match="vient d’être donné"):
        session.add(RoleGrant(member_id=member.id, role=Role.BROKER))
        grant_role(session, member, Role.BROKER, by=OPERATOR)
