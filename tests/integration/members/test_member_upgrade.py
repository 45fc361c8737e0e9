"""A database whose people signed in before registration existed keeps them all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inters4.core import db, migrate
from inters4.core.access import Grant, Role
from inters4.core.jobs import jobs
from inters4.members.models import Member, TokenPurpose
from inters4.members.queries import load_viewer
from inters4.members.services import issue_token, secret_of_token, use_token
from inters4.settings import Settings
from tests.builders.upgraded import AT, ORGANISATION, STAMPS, database_at

_ROWS = {
    "organisations": ORGANISATION,
    "members": {
        "id": 7,
        "public_id": "00112233aabbccdd",
        "name": "Ariane Essai",
        "email": "ariane@exemple.ca",
        "password_hash": "$argon2id$kept",
        "password_changed_at": AT,
        "state": "active",
        "locale": "en",
        **STAMPS,
    },
    "member_organisations": {
        "member_id": 7,
        "organisation_id": 1,
        "declared_at": AT,
        "confirmed_at": AT,
    },
    "role_grants": {"id": 3, "member_id": 7, "role": "admin", "granted_at": AT},
    "member_sessions": {
        "id": 5,
        "token_hash": b"t" * 32,
        "member_id": 7,
        "created_at": AT,
        "last_seen_at": AT,
        "expires_at": AT,
        "is_remembered": False,
        "address": "192.0.2.0/24",
        "agent": "Firefox",
    },
}


@pytest.fixture
def before_joining(tmp_path: Path, database_kind: str) -> Iterator[None]:
    """A database of its own at revision 0003, bound."""
    with database_at("0003", _ROWS, kind=database_kind, folder=tmp_path):
        yield


def test_people_of_before_keep_their_account_and_their_roles(before_joining: None) -> None:
    assert migrate.upgrade()

    with db.reading() as session:
        member = session.get_one(Member, 7)
        viewer = load_viewer(session, 7)

    assert (member.public_id, member.email) == ("00112233aabbccdd", "ariane@exemple.ca")
    assert member.password_hash == "$argon2id$kept"
    assert member.password_changed_at == AT
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
