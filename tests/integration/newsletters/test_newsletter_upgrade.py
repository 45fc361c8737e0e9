"""A departure noted before issues were named on steps is counted with the issue that caused it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from inters4.core import db, migrate
from inters4.newsletters.models import SubscriberStep
from tests.builders.upgraded import AT, STAMPS, database_at

_NEWSLETTER = {
    "id": "en-bref",
    "title": "En bref",
    "language": "fr",
    "description": "",
    "rhythm": "",
    "themes": [],
    "sender": "",
    "reply_to": "",
    "postal_address": "",
    "source": "",
    "html": "",
    "renderer": 1,
    "version": 1,
    **STAMPS,
}
_ISSUE = {
    "id": "en-bref-4",
    "newsletter_id": "en-bref",
    "number": 4,
    "title": "Quatre",
    "description": "",
    "state": "sent",
    "published_at": AT,
    "correction": "",
    "subject": "",
    "audience": {},
    "instance": "",
    "held_for": "",
    "source": "",
    "html": "",
    "renderer": 1,
    "version": 1,
    **STAMPS,
}
_SUBSCRIBER = {
    "id": 1,
    "public_id": "0123456789abcdef",
    "email": "ada@exemple.ca",
    "address": "ada@exemple.ca",
    "language": "fr",
    "frequency": "each",
    "state": "unsubscribed",
    "key": 1,
    "version": 1,
    **STAMPS,
}


def _rows(source: str, reason: str) -> dict[str, dict[str, Any]]:
    step = {
        "id": 1,
        "subscriber_id": 1,
        "before": "active",
        "after": "unsubscribed",
        "text_version": "",
        "text": "",
        "source": source,
        "network": "",
        "reason": reason,
        "at": AT,
    }
    return {
        "newsletters": _NEWSLETTER,
        "issues": _ISSUE,
        "subscribers": _SUBSCRIBER,
        "subscriber_steps": step,
    }


@pytest.fixture
def before(request: pytest.FixtureRequest, tmp_path: Path, database_kind: str) -> Iterator[None]:
    """A database of its own at revision 0022, bound, with the step of the case."""
    with database_at("0022", _rows(*request.param), kind=database_kind, folder=tmp_path):
        yield


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (
            ("/infolettres/desabonnement", "en-bref-4"),
            ("/infolettres/desabonnement", "", "en-bref-4"),
        ),
        (("courriel en-bref-4", ""), ("courriel", "", "en-bref-4")),
        (
            ("/infolettres/desabonnement", "inconnu-9"),
            ("/infolettres/desabonnement", "inconnu-9", None),
        ),
        (("/infolettres/abonnes", "en-bref-4"), ("/infolettres/abonnes", "en-bref-4", None)),
    ],
    indirect=["before"],
)
def test_a_step_that_told_its_issue_in_words_names_it(
    before: None, told: tuple[str, str, str | None]
) -> None:
    assert migrate.upgrade()

    with db.reading() as session:
        step = session.scalars(select(SubscriberStep)).one()
        assert (step.source, step.reason, step.issue_id) == told
