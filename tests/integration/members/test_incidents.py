"""The register of incidents holds what the law asks, and lets nothing out."""

import csv

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.members.models import Incident, IncidentEntry
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.web import csrf

FORM = {
    "titre": "Courriel envoyé à la mauvaise personne",
    "connu_le": "2026-11-20",
    "circonstances": "Une adresse mal choisie.",
    "renseignements": "Un nom et un courriel.",
    "personnes": "1",
    "serieux": "oui",
    "evaluation": "Renseignement sensible.",
}


def write(client: FlaskClient, **changed: str) -> str:
    """Write an incident; give back the path of its page."""
    path = "/admin/incidents/nouveau"
    answer = client.post(path, data={**FORM, **changed, "csrf_token": csrf(client, path)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_an_incident_is_written_then_followed(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_viewer(session, role=Role.COORDINATION, name="Frédérique"))
    path = write(client)
    before = client.get("/admin/incidents").get_data(as_text=True)
    for step in ("commission_told", "people_told", "closed"):
        form = {"csrf_token": csrf(client, path), "suite": step, "texte": f"Fait ({step})."}
        assert client.post(path, data=form).status_code == 303
    page = client.get(path).get_data(as_text=True)
    after = client.get("/admin/incidents").get_data(as_text=True)

    assert "Commission à aviser" in before
    assert "Commission à aviser" not in after
    assert "doivent être avisées" not in page
    assert "Frédérique" in page
    session.rollback()
    actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("privacy.incident_followed") == 3


@pytest.mark.parametrize(
    ("field", "value"), [("titre", ""), ("connu_le", "2999-01-01"), ("serieux", "")]
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(
    client: FlaskClient, session: Session, field: str, value: str
) -> None:
    sign_in_as(client, session, make_viewer(session, role=Role.ADMIN))
    path = "/admin/incidents/nouveau"
    answer = client.post(path, data={**FORM, field: value, "csrf_token": csrf(client, path)})

    assert answer.status_code == 422
    assert "Une adresse mal choisie." in answer.get_data(as_text=True)


def test_nothing_leaves_the_register(app: Flask, client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_viewer(session, role=Role.ADMIN))
    write(client)
    found = session.scalars(select(Incident)).one()
    for statement in (delete(Incident), delete(IncidentEntry), update(Incident).values(title="x")):
        with pytest.raises(RuntimeError, match="append-only"):
            session.execute(statement)
    found.title = "Autre chose"
    with pytest.raises(RuntimeError, match="append-only"):
        session.flush()
    session.rollback()
    removals = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin/incidents") and "DELETE" in (rule.methods or set())
    ]
    assert removals == []


def test_the_register_is_given_as_a_table(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_viewer(session, role=Role.ADMIN))
    write(client, titre="=1+1")
    answer = client.get("/admin/incidents.csv")
    rows = list(csv.reader(answer.get_data(as_text=True)[1:].splitlines(), delimiter=";"))

    assert len(rows) == 2
    assert (rows[1][1], rows[1][2], rows[1][7]) == ("'=1+1", "2026-11-20", "oui")


def test_the_register_is_closed_to_others(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_viewer(session, role=Role.BROKER))

    assert client.get("/admin/incidents").status_code == 403


def test_the_register_costs_the_same_however_long(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_viewer(session, role=Role.ADMIN))
    write(client)
    client.get("/admin/incidents")
    with statements() as few:
        client.get("/admin/incidents")
    for _number in range(3):
        write(client)
    with statements() as many:
        client.get("/admin/incidents")

    assert [one[:60] for one in few] == [one[:60] for one in many]
    assert len(many) == 7
