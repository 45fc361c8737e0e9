"""What the balance sheet counts of people and organisations: the journal of accounts says when.

Who is erased later stays counted in the periods in which they were there, under no name.
"""

from functools import cache

from sqlalchemy import select

from inters4.core.figures import Journal, Rows
from inters4.members.models import Member, MemberState, Organisation, StateChange

ACCOUNTS = Journal(
    table=StateChange,
    owner="member_id",
    before="from_state",
    after="to_state",
    among=(MemberState.ACTIVE, MemberState.SUSPENDED),
)
"""Registered is whoever has an account, one that is suspended for a while included."""


@cache
def registered() -> Rows:
    """People registered when the period ended."""
    return _changes().where(ACCOUNTS.stood())


@cache
def arrived() -> Rows:
    """Accounts opened in the period, or opened again."""
    return _changes().where(ACCOUNTS.entered())


@cache
def departed() -> Rows:
    """Accounts closed or erased in the period."""
    return _changes().where(ACCOUNTS.left())


@cache
def consortium() -> Rows:
    """The organisations of the Consortium, as they are now."""
    return (
        select(Organisation.slug, Organisation.name)
        .where(Organisation.is_consortium_member)
        .order_by(Organisation.name, Organisation.id)
    )


def _changes() -> Rows:
    return (
        select(
            StateChange.at,
            Member.public_id,
            Member.name,
            (Member.state == MemberState.ERASED).label("is_erased"),
        )
        .join(Member, Member.id == StateChange.member_id)
        .order_by(StateChange.at.desc(), StateChange.id.desc())
    )
