"""A database whose people signed in before registration existed keeps them all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData

from inters4.app import load_domains
from inters4.core import db, migrate
from inters4.core.access import Grant, Role
from inters4.core.jobs import jobs
from inters4.members.models import Member, TokenPurpose
from inters4.members.queries import load_viewer
from inters4.members.services import issue_token, secret_of_token, use_token
from inters4.settings import Settings
from tests import postgres

_AT = datetime(2026, 11, 21, 5, tzinfo=UTC)
_STAMPS = {"created_at": _AT, "updated_at": _AT}
_ROWS = {
    "organisations": {
        "id": 1,
        "slug": "cisss-bsl",
        "name": "CISSS du Bas-Saint-Laurent",
        "short_name": "",
        "kind": "establishment",
        "website": "",
        "is_consortium_member": True,
        **_STAMPS,
    },
    "members": {
        "id": 7,
        "public_id": "00112233aabbccdd",
        "name": "Ariane Essai",
        "email": "ariane@exemple.ca",
        "password_hash": "$argon2id$kept",
        "password_changed_at": _AT,
        "state": "active",
        "locale": "en",
        **_STAMPS,
    },
    "member_organisations": {
        "member_id": 7,
        "organisation_id": 1,
        "declared_at": _AT,
        "confirmed_at": _AT,
    },
    "role_grants": {"id": 3, "member_id": 7, "role": "admin", "granted_at": _AT},
    "member_sessions": {
        "id": 5,
        "token_hash": b"t" * 32,
        "member_id": 7,
        "created_at": _AT,
        "last_seen_at": _AT,
        "expires_at": _AT,
        "is_remembered": False,
        "address": "192.0.2.0/24",
        "agent": "Firefox",
    },
}


@pytest.fixture
def before_joining(tmp_path: Path, database_kind: str) -> Iterator[None]:
    """A database of its own at revision 0003, bound."""
    if database_kind == "postgresql":
        with postgres.bare() as url:
            yield from _at_third_revision(url)
    else:
        yield from _at_third_revision(f"sqlite:///{tmp_path / 'before.db'}")


def _at_third_revision(url: str) -> Iterator[None]:
    load_domains()
    db.dispose()
    db.bind(url)
    db.create_file()
    with db.engine().begin() as connection:
        command.upgrade(migrate._configuration(connection), "0003")
        _fill(connection)
    yield
    db.dispose()


def _fill(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    for name, row in _ROWS.items():
        connection.execute(tables.tables[name].insert().values(row))


def test_people_of_before_keep_their_account_and_their_roles(before_joining: None) -> None:
    assert migrate.upgrade()

    with db.reading() as session:
        member = session.get_one(Member, 7)
        viewer = load_viewer(session, 7)

    assert (member.public_id, member.email) == ("00112233aabbccdd", "ariane@exemple.ca")
    assert member.password_hash == "$argon2id$kept"
    assert member.password_changed_at == _AT
    assert viewer.grants == {Grant(Role.ADMIN)}
    assert viewer.organisations == {1}
    assert viewer.locale == "en"


def test_the_database_is_then_what_the_models_say(before_joining: None) -> None:
    migrate.upgrade()

    with db.engine().connect() as connection:
        assert migrate.differences(connection) == []


def test_a_person_of_before_can_be_sent_a_secret(before_joining: None, settings: Settings) -> None:
    migrate.upgrade()
    jobs.bind(settings)

    with db.writing() as session:
        member = session.get_one(Member, 7)
        row = issue_token(session, member, TokenPurpose.RESET_PASSWORD)
        secret = secret_of_token(session, row.id)
        assert secret is not None
        assert use_token(session, secret, TokenPurpose.RESET_PASSWORD).member_id == 7
