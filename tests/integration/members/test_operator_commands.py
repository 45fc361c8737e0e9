"""What whoever runs the server does for people who cannot sign in any more."""

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.audit import AuditEntry
from inters4.core.mail import QueuedMail
from inters4.members.cli import members
from inters4.members.models import Member, MemberState
from inters4.members.services import second_factor
from tests.builders.members import make_member
from tests.integration.members.test_account_security import with_second_factor


def said(*arguments: str, status: int = 0, typed: str | None = None) -> str:
    result = CliRunner().invoke(members, arguments, input=typed)
    assert result.exit_code == status, result.output
    return result.output


def test_a_lost_second_factor_is_reset_and_told(app: Flask, session: Session) -> None:
    member = make_member(session, name="Ariane Essai", email="ariane@exemple.ca")
    with_second_factor(session, member)

    assert "Ariane Essai" in said("reset-second-factor", "Ariane@exemple.ca")
    assert not second_factor.has_second_factor(session, member.id)
    assert session.scalars(select(QueuedMail)).one().parameters["event"] == "second_factor_removed"
    session.rollback()
    assert "n’a pas" in said("reset-second-factor", "ariane@exemple.ca", status=1)


def test_a_person_is_erased_on_request_after_a_confirmation(app: Flask, session: Session) -> None:
    make_member(session, name="Ariane Essai", email="ariane@exemple.ca")
    session.commit()

    said("erase", "ariane@exemple.ca", status=1, typed="n\n")
    assert session.scalars(select(Member.state)).one() is MemberState.ACTIVE
    session.rollback()
    said("erase", "ariane@exemple.ca", "--withdraw-posts", "--yes")
    assert session.scalars(select(Member.state)).one() is MemberState.ERASED
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "members.erased")).one()
    assert (entry.actor_id, entry.detail["keeps_posts"]) == (None, False)
    session.rollback()
    assert "Aucun compte" in said("erase", "ariane@exemple.ca", "--yes", status=1)
