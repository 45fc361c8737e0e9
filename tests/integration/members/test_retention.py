"""What is said to be purged is purged, and nothing else."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.app import load_domains
from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.members.models import MemberSession, SignInAttempt
from inters4.members.services import Origin, open_session, revoke_session, revoke_sessions
from tests.builders.members import make_member, make_viewer


def purge(session: Session, name: str) -> int:
    load_domains()
    rule = hooks.retention[name]
    return rule.purge(session, now() - timedelta(days=rule.days))


def test_sessions_that_ended_30_days_ago_are_forgotten(session: Session) -> None:
    member = make_member(session)
    for agent in ("live", "just revoked", "long revoked", "long expired"):
        open_session(session, member.id, origin=Origin())
        row = session.scalars(select(MemberSession).order_by(MemberSession.id.desc())).first()
        assert row is not None
        row.agent = agent
        if "revoked" in agent:
            row.revoked_at = now() - timedelta(days=31 if "long" in agent else 29)
        if "expired" in agent:
            row.expires_at = now() - timedelta(days=31)
    session.flush()

    assert purge(session, "member_sessions") == 2
    assert set(session.scalars(select(MemberSession.agent))) == {"live", "just revoked"}


def test_attempts_of_90_days_ago_are_forgotten(session: Session) -> None:
    for days in (89, 91):
        session.add(
            SignInAttempt(at=now() - timedelta(days=days), account=bytes(32), address="192.0.2.1")
        )
    session.flush()

    assert purge(session, "sign_in_attempts") == 1


def test_one_ends_ones_own_sessions_only(session: Session) -> None:
    owner, other = make_viewer(session), make_viewer(session)
    assert owner.member_id is not None
    open_session(session, owner.member_id, origin=Origin())
    row = session.scalars(select(MemberSession)).one()

    assert not revoke_session(session, row.id, by=other)
    assert revoke_session(session, row.id, by=owner)
    assert not revoke_session(session, row.id, by=owner)


def test_every_session_of_a_person_ends_at_once(session: Session) -> None:
    owner, other = make_viewer(session), make_viewer(session)
    for viewer in (owner, owner, other):
        assert viewer.member_id is not None
        open_session(session, viewer.member_id, origin=Origin())
    assert owner.member_id is not None

    assert revoke_sessions(session, owner.member_id, by=owner) == 2
    assert revoke_sessions(session, owner.member_id, by=owner) == 0
    live = session.scalars(select(MemberSession).where(MemberSession.revoked_at.is_(None)))
    assert [row.member_id for row in live] == [other.member_id]
