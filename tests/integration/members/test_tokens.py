"""Secrets sent by mail: one purpose, one use, nothing of them at rest."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.jobs import jobs
from inters4.members.models import Member, MemberToken, TokenPurpose, normalise_email
from inters4.members.queries import find_live_session
from inters4.members.services.entry import confirm
from inters4.members.services.invitations import invite
from inters4.members.services.people import OPERATOR
from inters4.members.services.sessions import Origin, digest, end_what_opens, open_session
from inters4.members.services.tokens import (
    DeadToken,
    UsedToken,
    find_token,
    issue_token,
    purge_tokens,
    secret_of_token,
    use_token,
)
from inters4.settings import Settings
from tests.builders.joining import make_registration
from tests.builders.members import make_member

RESET = TokenPurpose.RESET_PASSWORD


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> None:
    jobs.bind(settings)


def issued(session: Session, member: Member) -> tuple[MemberToken, str]:
    row = issue_token(session, member, RESET)
    secret = secret_of_token(session, row.id)
    assert secret is not None
    return row, secret


def test_a_secret_is_used_once(session: Session) -> None:
    member = make_member(session, password=None)
    row, secret = issued(session, member)

    assert find_token(session, secret, RESET) is row
    assert use_token(session, secret, RESET).member_id == member.id
    with pytest.raises(UsedToken):
        use_token(session, secret, RESET)


def test_the_database_holds_nothing_that_opens(session: Session) -> None:
    row, secret = issued(session, make_member(session, password=None))

    assert len(secret) >= 22
    assert row.token_hash == digest(secret)
    assert secret.encode() not in (row.seed, row.token_hash, row.binding)


def test_another_key_makes_another_secret(session: Session, settings: Settings) -> None:
    row, secret = issued(session, make_member(session, password=None))

    jobs.bind(
        Settings.from_env(
            {
                "INTERS4_DATA_DIR": str(settings.data_dir),
                "INTERS4_SECRET_KEY": "another key, made for this test alone",
            }
        )
    )

    assert secret_of_token(session, row.id) != secret


def test_a_secret_opens_one_purpose_only(session: Session) -> None:
    _, secret = issued(session, make_member(session, password=None))

    with pytest.raises(DeadToken):
        use_token(session, secret, TokenPurpose.CHANGE_EMAIL)


def test_a_secret_expires(session: Session) -> None:
    row, secret = issued(session, make_member(session, password=None))
    row.expires_at = now() - timedelta(seconds=1)

    with pytest.raises(DeadToken):
        use_token(session, secret, RESET)
    assert secret_of_token(session, row.id) is None


@pytest.mark.parametrize("change", ["address", "password"])
def test_a_secret_dies_with_a_change_of_address_or_password(session: Session, change: str) -> None:
    member = make_member(session, password=None)
    row, secret = issued(session, member)

    if change == "address":
        member.email = normalise_email("autre@exemple.ca")
    else:
        member.password_changed_at = now()

    with pytest.raises(DeadToken):
        use_token(session, secret, RESET)
    assert secret_of_token(session, row.id) is None


def test_a_new_secret_replaces_the_one_before(session: Session) -> None:
    member = make_member(session, password=None)
    _, first = issued(session, member)
    _, second = issued(session, member)

    with pytest.raises(DeadToken):
        use_token(session, first, RESET)
    use_token(session, second, RESET)


def test_expired_secrets_are_purged(session: Session) -> None:
    row, _ = issued(session, make_member(session, password=None))

    assert purge_tokens(session, row.expires_at) == 0
    assert purge_tokens(session, row.expires_at + timedelta(seconds=1)) == 1


def test_in_a_database_put_back_nothing_opens_any_more(session: Session) -> None:
    member = make_member(session, password=None)
    opened = open_session(session, member.id, origin=Origin())
    row = issue_token(session, member, TokenPurpose.RESET_PASSWORD)
    secret = secret_of_token(session, row.id)
    assert secret is not None
    _, form = make_registration(session)
    invited = invite(session, by=OPERATOR, email="invitee@exemple.ca")

    end_what_opens(session)

    assert find_live_session(session, digest(opened.token), at=now()) is None
    with pytest.raises(DeadToken):
        find_token(session, secret, TokenPurpose.RESET_PASSWORD)
    with pytest.raises(DeadToken):
        confirm(session, form)
    session.refresh(invited)
    assert not invited.is_live(now())
