"""Who leaves is gone from the rows at once, and from the files within the day."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.db import writing
from inters4.core.hooks import hooks
from inters4.core.mail import QueuedMail, enqueue
from inters4.members.exports.letters import MESSAGE
from inters4.members.models import (
    Erasure,
    FormerAddress,
    Member,
    MemberSession,
    MemberState,
    MemberToken,
    PasswordReset,
    Registration,
    SignInAttempt,
)
from inters4.members.queries import load_viewer, secret_of_token
from inters4.members.services.erasure import (
    ROUNDS,
    anonymise_inactive,
    erase_member,
    tell_inactive,
)
from inters4.members.services.own_address import MOVED, ask_address, change_address
from inters4.members.services.own_password import ask_for_reset
from inters4.members.services.throttle import admit
from inters4.search.jobs import IndexWorker
from inters4.search.jobs.forgetting import scrub
from inters4.settings import Settings
from tests.builders.home import make_question
from tests.builders.joining import make_registration
from tests.builders.members import (
    give_role,
    make_member,
    make_organisation,
    make_viewer,
    sign_in_as,
)
from tests.builders.practices import make_practice
from tests.builders.web import csrf

NAME, EMAIL = "Zénobie Quatrefages", "zenobie.quatrefages@exemple.ca"


def person(session: Session) -> Member:
    """Someone who left traces in every place that knows an address."""
    member = make_member(session, name=NAME, email=EMAIL, organisation=make_organisation(session))
    give_role(session, member, Role.BROKER)
    ask_for_reset(session, email=EMAIL, network="n")
    admit(session, email=EMAIL, network="n")
    make_registration(session, email=EMAIL, name=NAME)
    enqueue(
        session,
        kind=MESSAGE,
        template=MESSAGE,
        recipient="quelquun@exemple.ca",
        locale="fr",
        parameters={"sender": member.id, "text": f"Répondez à {NAME}, {EMAIL}."},
    )
    make_question(session, email=EMAIL, name=NAME)
    session.commit()
    return member


def test_my_data_is_one_archive_of_every_domain(client: FlaskClient, session: Session) -> None:
    member = person(session)
    sign_in_as(client, session, member)
    answer = client.post(
        "/compte/donnees/archive", data={"csrf_token": csrf(client, "/compte/donnees")}
    )
    with zipfile.ZipFile(io.BytesIO(answer.data)) as held:
        names = set(held.namelist())
        (account,) = json.loads(held.read("compte.json"))
        journal = json.loads(held.read("journal.json"))
        everything = b"".join(map(held.read, names)).decode()

    assert answer.headers["Cache-Control"] == "no-store"
    assert names == {f"{name}.json" for name in hooks.member_export} | {"LISEZ-MOI.txt"}
    assert (account["name"], account["email"], account["roles"][0]["role"]) == (
        NAME,
        EMAIL,
        "broker",
    )
    assert journal[-1]["action"] == "members.data_exported"
    assert "argon2" not in everything


def test_leaving_takes_two_choices_then_says_goodbye(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    member = person(session)
    number = member.id
    token = sign_in_as(client, session, member)
    form = {"csrf_token": csrf(client, "/compte/effacement")}
    refused = client.post("/compte/effacement", data=form)
    left = client.post("/compte/effacement", data={**form, "messages": "gardes", "compris": "oui"})
    thief = app.test_client()
    thief.set_cookie("session", token)

    assert (refused.status_code, left.status_code) == (422, 303)
    assert thief.get("/compte/donnees").status_code == 303
    session.expire_all()
    gone = session.get_one(Member, number)
    assert (gone.name, gone.state, gone.password_hash) == (
        "Personne retirée",
        MemberState.ERASED,
        None,
    )
    assert session.get_one(Erasure, number).keeps_posts


def test_a_former_address_is_forgotten_too(session: Session, app: Flask) -> None:
    member = person(session)
    ask_address(session, "nouvelle@exemple.ca", by=load_viewer(session, member.id))
    token = session.scalars(select(MemberToken)).one()
    secret = secret_of_token(session, token.id)
    assert secret is not None
    change_address(session, secret, by=load_viewer(session, member.id))
    erase_member(session, member, keeps_posts=False, by=Viewer(member_id=member.id))
    session.commit()

    assert held_by_tables(session) == []
    assert session.scalars(select(SignInAttempt)).all() == []


def test_what_came_under_a_former_address_since_is_forgotten_too(
    session: Session, app: Flask
) -> None:
    member = person(session)
    move(session, member, "nouvelle@exemple.ca")
    move(session, member, "encore@exemple.ca")
    ask_for_reset(session, email=EMAIL, network="n")
    admit(session, email=EMAIL, network="n")
    make_registration(session, email=EMAIL, name="Autre")
    make_question(session, email=EMAIL, name="Autre")
    other = make_member(session)
    ask_address(session, EMAIL, by=load_viewer(session, other.id))
    session.commit()
    erase_member(session, member, keeps_posts=False, by=Viewer(member_id=member.id))
    session.commit()

    assert held_by_tables(session) == []
    assert session.scalars(select(SignInAttempt)).all() == []
    assert session.scalars(select(FormerAddress)).all() == []


def test_a_former_address_that_is_somebody_else_s_since_is_left_to_them(
    session: Session, app: Flask
) -> None:
    member = person(session)
    move(session, member, "nouvelle@exemple.ca")
    heir = make_member(session, email=EMAIL)
    ask_for_reset(session, email=EMAIL, network="n")
    session.commit()
    erase_member(session, member, keeps_posts=False, by=Viewer(member_id=member.id))
    session.commit()

    assert heir.email == EMAIL
    assert set(session.scalars(select(PasswordReset.email))) == {EMAIL}


def test_former_addresses_are_in_ones_data(session: Session, app: Flask) -> None:
    member = person(session)
    move(session, member, "nouvelle@exemple.ca")
    move(session, member, EMAIL)
    move(session, member, "nouvelle@exemple.ca")
    (account,) = hooks.member_export["compte"](session, member.id)

    assert {one["email"] for one in account["former_addresses"]} == {EMAIL, "nouvelle@exemple.ca"}


def move(session: Session, member: Member, email: str) -> None:
    """Give the person another address, as its letter does."""
    former, member.email = member.email, email
    session.flush()
    hooks.emit(MOVED, session, former=former, email=email)
    session.commit()


def test_erasing_empties_every_table_that_knew_the_address(session: Session, app: Flask) -> None:
    member = person(session)
    member_id = member.id
    erase_member(session, member, keeps_posts=False, by=Viewer(member_id=member_id))
    session.commit()

    for model in (MemberSession, PasswordReset, QueuedMail, Registration, SignInAttempt):
        assert session.scalars(select(model)).all() == []
    assert held_by_tables(session) == []
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "members.erased")).one()
    assert entry.subject == f"member:{member_id}"


def held_by_tables(session: Session) -> list[str]:
    """Columns where the name or the address is still written."""
    found = []
    for table in db.Model.metadata.sorted_tables:
        for row in session.execute(select(table)):
            for column, value in row._mapping.items():
                if any(word in str(value).lower() for word in ("zénobie", "quatrefages")):
                    found.append(f"{table.name}.{column}")
    return found


def test_the_last_administrator_does_not_leave(session: Session, app: Flask) -> None:
    from inters4.core.errors import NotAllowed

    member = make_member(session)
    give_role(session, member, Role.ADMIN)
    session.commit()

    with pytest.raises(NotAllowed):
        erase_member(session, member, keeps_posts=True, by=Viewer(member_id=member.id))


def test_nothing_of_an_erased_person_is_left_in_the_files(
    settings: Settings, session: Session, app: Flask
) -> None:
    """Their name stood in a document too: database, log, index and queue are read as bytes."""
    if not settings.database_url.startswith("sqlite"):
        pytest.skip("files of SQLite")
    member = person(session)
    make_practice(session, solution=f"Une idée de {NAME} [1].")
    session.commit()
    with IndexWorker(settings.index_dir, backend=settings.search) as worker:
        worker.work()
        assert traces(settings.data_dir)

        with writing() as opened:
            gone = opened.get_one(Member, member.id)
            erase_member(opened, gone, keeps_posts=True, by=Viewer(member_id=member.id))
            make_practice(opened, solution="Une idée d’une personne retirée [1].")
            opened.get_one(Erasure, member.id).rounds = 0
        session.close()
        worker.work()
        steps = 0
        while not scrub():
            worker.work()
            steps += 1
            assert steps < 6

    assert steps == ROUNDS
    assert traces(settings.data_dir) == []
    with writing() as opened:
        assert opened.get_one(Erasure, member.id).scrubbed_at is not None


def traces(root: Path) -> list[str]:
    """Files under the data folder where the person can still be read."""
    words = ("Zénobie", "zenobie", "zénobie", "Quatrefages", "quatrefages")
    return [
        str(path.relative_to(root))
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and "static" not in path.parts
        and any(word.encode() in path.read_bytes() for word in words)
    ]


def test_a_person_who_left_nothing_in_the_index_costs_no_rebuild(
    session: Session, app: Flask
) -> None:
    member = person(session)
    erase_member(session, member, keeps_posts=True, by=Viewer(member_id=member.id))
    session.commit()

    assert scrub()
    assert session.scalars(select(Erasure.scrubbed_at)).one() is not None


def aged(session: Session, days: int) -> Member:
    member = make_member(session, name=NAME, email=EMAIL)
    member.last_active_at = now() - timedelta(days=days)
    session.flush()
    return member


def test_an_account_left_alone_is_told_then_anonymised(session: Session, app: Flask) -> None:
    member = aged(session, 740)
    make_viewer(session)
    assert anonymise_inactive(session, now() - timedelta(days=730)) == 0
    assert tell_inactive(session) == 1
    assert tell_inactive(session) == 0
    assert anonymise_inactive(session, now() - timedelta(days=730)) == 0
    session.execute(update(Member).values(inactivity_told_at=now() - timedelta(days=29)))
    session.expire_all()
    assert anonymise_inactive(session, now() - timedelta(days=730)) == 1

    assert member.state is MemberState.ERASED
    session.rollback()


def test_whoever_stays_signed_in_is_kept(client: FlaskClient, session: Session, app: Flask) -> None:
    sign_in_as(client, session, aged(session, 740))

    assert tell_inactive(session) == 0
    session.rollback()


def test_whoever_comes_back_is_kept(session: Session, app: Flask) -> None:
    member = aged(session, 740)
    tell_inactive(session)
    member.last_active_at, member.inactivity_told_at = now(), None
    session.flush()

    assert anonymise_inactive(session, now() - timedelta(days=730)) == 0
    session.rollback()


def test_freed_pages_are_overwritten(settings: Settings, database: str) -> None:
    if not settings.database_url.startswith("sqlite"):
        pytest.skip("a pragma of SQLite")
    with db.engine().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
