"""The audit journal is read by those who answer for it, and reading it leaves a mark."""

import csv

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.audit import AuditEntry, record
from inters4.members.models import Member
from tests.builders.members import make_member, make_organisation, make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary


def as_staff(client: FlaskClient, session: Session, role: Role = Role.COORDINATION) -> None:
    sign_in_as(client, session, make_viewer(session, role=role, name="Frédérique Essai"))


def text_of(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def seeded(session: Session) -> Member:
    member = make_member(session, name="Ariane Tremblay", email="ariane@exemple.ca")
    by = Viewer(member_id=member.id)
    record(session, "members.signed_in", by=by, request_id="abc123", remembered=True)
    record(session, "home.question_asked", by=by, subject="question:q1")
    record(session, "members.role_granted", by=Viewer(), subject=f"member:{member.id}")
    session.commit()
    return member


def test_nobody_else_reads_the_journal(client: FlaskClient, session: Session) -> None:
    assert client.get("/admin/journal").status_code == 303
    as_staff(client, session, Role.BROKER)

    assert client.get("/admin/journal").status_code == 403
    assert client.get("/admin/journal.csv").status_code == 403


def test_it_is_found_by_action_person_request_and_day(
    client: FlaskClient, session: Session
) -> None:
    member = seeded(session)
    as_staff(client, session)

    page = text_of(client, "/admin/journal?action=members.signed_in")
    assert "Ariane Tremblay" in page
    assert "Question q1" not in page
    assert "rester connecté : oui" in page
    assert "Question q1" in text_of(client, "/admin/journal?action=home")
    assert "Rôle donné" in text_of(client, "/admin/journal?personne=tremblay&action=members")
    assert f"member:{member.id}" not in text_of(client, "/admin/journal")
    assert f"person:{member.public_id}" in text_of(client, "/admin/journal.csv")
    assert "abc123" in text_of(client, "/admin/journal?demande=abc123")
    assert "Rien ne correspond" in text_of(client, "/admin/journal?personne=zzz")
    assert "Rien ne correspond" in text_of(client, "/admin/journal?au=2020-01-01")
    assert client.get("/admin/journal?du=hier&page=999").status_code == 200


def test_terms_and_what_was_asked_of_the_index_are_said_in_words(
    client: FlaskClient, session: Session
) -> None:
    make_vocabulary(session)
    record(session, "vocabulary.term_retired", by=Viewer(), subject="term:regions/rss01")
    record(session, "search.index_asked", by=Viewer(), asked="rebuild")
    record(session, "members.message_sent", by=Viewer())
    as_staff(client, session)

    page = text_of(client, "/admin/journal")

    assert "Terme « Bas-Saint-Laurent »" in page
    assert "demandé : reconstruire l’index" in page
    assert "Message envoyé par le portail" in page


def test_it_is_told_in_words(client: FlaskClient, session: Session) -> None:
    bsl = make_organisation(session, name="CISSS du Bas-Saint-Laurent")
    by = Viewer()
    record(session, "members.invited", by=by, subject="invitation:0123456789abcdef", role="broker")
    record(session, "members.organisation_left", by=by, organisation=bsl.id)
    record(session, "members.state_changed", by=by, before="active", after="suspended")
    record(session, "members.request_decided", by=by, decision="refused")
    session.commit()
    as_staff(client, session)

    page = text_of(client, "/admin/journal")

    for words in (
        "Invitation 01234567<",
        "rôle : Équipe de courtage",
        "organisation : CISSS du Bas-Saint-Laurent",
        "avant : Actif, après : Suspendu",
        "réponse : refusée",
        "4 lignes",
    ):
        assert words.replace(" :", " :") in page


def test_looking_for_a_person_is_written_down_without_their_name(
    client: FlaskClient, session: Session
) -> None:
    public_id = seeded(session).public_id
    as_staff(client, session)
    client.get("/admin/journal?personne=tremblay")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "audit.read")).one()

    assert entry.detail["people"] == public_id
    assert "tremblay" not in str(entry.detail)


def test_the_table_is_inert_and_its_export_is_written_down(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session, name='=HYPERLINK("x")', email="piege@exemple.ca")
    record(session, "test.done", by=Viewer(member_id=member.id), subject="a\r\n=b\tc")
    session.commit()
    as_staff(client, session)
    answer = client.get("/admin/journal.csv?action=test.done")
    rows = list(csv.reader(answer.get_data(as_text=True)[1:].splitlines(), delimiter=";"))

    assert len(rows) == 2
    assert rows[1][1] == '\'=HYPERLINK("x")'
    assert rows[1][5] == "a =b c"
    assert answer.headers["Cache-Control"] == "no-store"
    session.rollback()
    assert session.scalars(
        select(AuditEntry.action).where(AuditEntry.action == "audit.exported")
    ).all() == ["audit.exported"]


def test_the_journal_costs_the_same_however_long(client: FlaskClient, session: Session) -> None:
    seeded(session)
    as_staff(client, session)
    client.get("/admin/journal")
    with statements() as few:
        client.get("/admin/journal")
    for number in range(30):
        record(session, f"test.n{number}", by=Viewer())
    session.commit()
    with statements() as many:
        client.get("/admin/journal")

    assert len(few) == len(many) == 9
