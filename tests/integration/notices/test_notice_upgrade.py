"""People of before notices existed are told like everyone, with the usual settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inters4.core import db, migrate
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.members.queries import load_viewer
from inters4.notices.models import MailRule
from inters4.notices.queries.choices import settings_of
from inters4.settings import Settings
from tests.builders.notices import POST, kind_of_posts
from tests.builders.upgraded import STAMPS, database_at

_ROWS = {
    "members": {
        "id": 7,
        "public_id": "00112233aabbccdd",
        "name": "Ariane Essai",
        "email": "ariane@exemple.ca",
        "state": "active",
        "locale": "fr",
        **STAMPS,
    }
}


@pytest.fixture
def before_notices(tmp_path: Path, database_kind: str) -> Iterator[None]:
    """A database of its own at revision 0008, bound."""
    with database_at("0008", _ROWS, kind=database_kind, folder=tmp_path):
        yield


def test_a_person_of_before_is_told_by_the_usual_settings(
    before_notices: None, settings: Settings
) -> None:
    jobs.bind(settings)
    assert migrate.upgrade()

    with kind_of_posts(), db.writing() as session:
        assert load_viewer(session, 7).unread == 0
        assert hooks.notifier.notify(session, POST, [7], subject="fil") == 1
        assert load_viewer(session, 7).unread == 1
        assert settings_of(session, 7).mail is MailRule.BY_KIND


def test_the_database_is_then_what_the_models_say(before_notices: None) -> None:
    migrate.upgrade()

    with db.engine().connect() as connection:
        assert migrate.differences(connection) == []
