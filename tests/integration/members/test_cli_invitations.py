"""Whoever runs the server invites people, from a line or from a file, and purges."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.app import load_domains
from inters4.core import db
from inters4.core.access import Role
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.members.cli import PURGED, members
from inters4.members.models import Invitation, Registration
from inters4.settings import Settings
from tests.builders.joining import make_registration, queued
from tests.builders.members import make_member, make_organisation


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> None:
    load_domains()
    jobs.bind(settings)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(members, arguments)


def invited() -> list[tuple[str, Role | None]]:
    with db.reading() as session:
        return [
            (row.email, row.role)
            for row in session.scalars(select(Invitation).order_by(Invitation.id))
        ]


def test_a_person_is_invited_with_a_role(session: Session) -> None:
    make_organisation(session, slug="bsl")
    session.commit()

    result = run("invite", "Ariane@Exemple.ca", "--organisation", "bsl", "--role", "approver")

    assert result.exit_code == 0, result.output
    assert invited() == [("ariane@exemple.ca", Role.APPROVER)]
    assert len(queued(session, "member_invitation")) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("pas-une-adresse",), "Donnez une adresse complète"),
        (("a@exemple.ca", "--organisation", "rien"), "n’existe pas"),
        (("a@exemple.ca", "--role", "approver"), "dans une organisation"),
    ],
)
@pytest.mark.usefixtures("database")
def test_a_wrong_invitation_is_told_in_a_line(arguments: tuple[str, ...], told: str) -> None:
    result = run("invite", *arguments)

    assert result.exit_code == 1
    assert told in result.output
    assert invited() == []


FILE = """\
courriel;organisation;role
ariane@exemple.ca;bsl;approver
connue@exemple.ca;;
ARIANE@exemple.ca;;

pas-une-adresse;;
a@exemple.ca;rien;
b@exemple.ca;;empereur
c@exemple.ca;;
"""


@pytest.fixture
def people(session: Session, tmp_path: Path) -> Path:
    make_organisation(session, slug="bsl")
    make_member(session, email="connue@exemple.ca", password=None)
    session.commit()
    path = tmp_path / "personnes.csv"
    path.write_text(FILE, encoding="utf-8-sig")
    return path


def test_a_file_is_told_line_by_line(people: Path) -> None:
    result = run("import", str(people))

    assert result.exit_code == 1
    told = [line.rpartition("\t")[2] for line in result.output.splitlines()]
    assert told[0] == "invitée"
    assert told[1] == "a déjà un compte"
    assert "déjà plus haut" in told[2]
    assert "adresse complète" in told[3]
    assert "n’existe pas" in told[4]
    assert "n’existe pas" in told[5]
    assert told[6] == "invitée"
    assert [line.partition("\t")[0] for line in result.output.splitlines()] == [
        f"personnes.csv:{number}" for number in (2, 3, 4, 6, 7, 8, 9)
    ]
    assert invited() == [("ariane@exemple.ca", Role.APPROVER), ("c@exemple.ca", None)]


def test_a_file_given_twice_invites_nobody_twice(people: Path) -> None:
    run("import", str(people))

    assert "est déjà invitée" in run("import", str(people)).output
    assert len(invited()) == 2


def test_a_file_may_be_tried_first(people: Path) -> None:
    result = run("import", str(people), "--dry-run")

    assert "serait invitée" in result.output
    assert invited() == []


@pytest.mark.usefixtures("database")
def test_a_file_without_addresses_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "autre.csv"
    path.write_text("nom,rôle\nAriane,\n")

    result = run("import", str(path))

    assert result.exit_code == 1
    assert "« courriel »" in result.output.replace("\u00a0", " ")


@pytest.mark.usefixtures("database")
def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "image.csv"
    path.write_bytes(b"\x89PNG\xff")

    assert run("import", str(path)).exit_code == 1
    assert run("import", str(tmp_path / "absent.csv")).exit_code == 1


def test_every_rule_of_accounts_is_followed() -> None:
    ours = {
        rule.name
        for rule in hooks.retention.values()
        if rule.purge.__module__.startswith("inters4.members.")
    }

    assert set(PURGED) == ours


def test_what_was_kept_long_enough_is_purged_at_once(session: Session) -> None:
    row, _ = make_registration(session)
    row.created_at = row.created_at.replace(year=2020)
    session.commit()

    result = run("purge")

    assert result.exit_code == 0, result.output
    assert [line.partition("\t")[0] for line in result.output.splitlines()] == list(PURGED)
    assert "registrations\t1" in result.output
    assert session.scalars(select(Registration)).all() == []
