"""A mail tells only its own group, whatever became of the row that asked for it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.notices import POST, Posts, kind_of_posts, leave, let_time_pass, text_of


@pytest.fixture
def posts(settings: Settings, database: str) -> Iterator[Posts]:
    jobs.bind(settings)
    with kind_of_posts() as kind:
        yield kind


@pytest.mark.usefixtures("posts")
def test_a_mail_whose_notice_is_settled_tells_nothing_of_anybody_else(
    session: Session, settings: Settings
) -> None:
    """SQLite gives the next row the number of the one that went."""
    first = make_member(session, email="premier@exemple.ca", password=None)
    second = make_member(session, email="seconde@exemple.ca", password=None)
    hooks.notifier.notify(session, POST, [first.id], subject="fait")
    hooks.notifier.settle(session, POST, subject="fait")

    hooks.notifier.notify(session, POST, [second.id], subject="confidentiel")
    let_time_pass(session)

    told = [(str(one["To"]), text_of(one)) for one in leave(settings)]
    assert [to for to, _text in told] == ["seconde@exemple.ca"]
    assert "Message confidentiel" in told[0][1]


@pytest.mark.usefixtures("posts")
def test_what_is_told_after_something_was_settled_is_mailed_once(
    session: Session, settings: Settings
) -> None:
    person = make_member(session, email="personne@exemple.ca", password=None)
    for number in range(3):
        hooks.notifier.settle(session, POST, subject="fiche")
        hooks.notifier.notify(session, POST, [person.id], subject="fiche", once=f"pas/{number}")
    let_time_pass(session)

    assert len(leave(settings)) == 1
