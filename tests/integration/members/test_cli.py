"""The first account is made by whoever runs the server."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.members.cli import members
from inters4.members.queries import find_member_by_email, load_viewer
from tests.builders.members import PASSWORD, make_member


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(members, arguments, input=typed)


def test_an_admin_is_made_from_the_answers_typed(session: Session) -> None:
    result = run("create-admin", typed=f"Ariane Essai\nariane@exemple.ca\n{PASSWORD}\n{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    member = find_member_by_email(session, "ariane@exemple.ca")
    assert member is not None
    assert load_viewer(session, member.id).has(Role.ADMIN)
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["members.created", "members.role_granted"]


def test_a_script_gives_the_password_on_standard_input(session: Session) -> None:
    result = run(
        *("create-admin", "--name", "Ariane", "--email", "ariane@exemple.ca", "--password-stdin"),
        typed=f"{PASSWORD}\r\n",
    )

    assert result.exit_code == 0, result.output
    assert find_member_by_email(session, "ariane@exemple.ca") is not None


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("ariane@exemple.ca", "motdepasse2026", "trop courant"),
        ("ariane@exemple.ca", "court", "au moins 12 caractères"),
        ("ariane", PASSWORD, "adresse complète"),
        ("deja@exemple.ca", PASSWORD, "a déjà un compte"),
    ],
)
def test_a_refusal_says_why_and_makes_no_account(
    session: Session, email: str, password: str, words: str
) -> None:
    make_member(session, email="deja@exemple.ca")
    session.commit()

    result = run(
        *("create-admin", "--name", "Ariane", "--email", email, "--password-stdin"), typed=password
    )

    assert result.exit_code == 1
    assert words in result.output
    session.rollback()
    assert find_member_by_email(session, "ariane@exemple.ca") is None


def test_a_password_on_standard_input_needs_the_rest_as_options(database: str) -> None:
    result = run("create-admin", "--password-stdin", typed=PASSWORD)

    assert result.exit_code == 1
    assert "--email" in result.output


def test_the_list_names_everyone_or_says_how_to_begin(session: Session) -> None:
    assert "create-admin" in run("list").output
    make_member(session, name="Ariane Essai", email="ariane@exemple.ca")
    session.commit()

    assert "ariane@exemple.ca\tactive\t—\tAriane Essai" in run("list").output
