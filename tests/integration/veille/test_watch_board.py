"""What awaits a broker, told on « Mon tableau »."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.db import writing
from inters4.members.models import Member
from inters4.veille.models import DiscardReason, WatchMember
from inters4.veille.queries.desk import awaiting_of
from inters4.veille.services.claiming import claim
from inters4.veille.services.sorting import discard, keep
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.watches import make_watch

LATE = date(2026, 1, 5)


@pytest.fixture
def broker(session: Session) -> Viewer:
    return make_viewer(session, role=Role.BROKER)


def test_findings_to_sort_are_counted_from_the_oldest(session: Session, broker: Viewer) -> None:
    watch = make_watch(session)
    came = datetime(2026, 10, 1, tzinfo=UTC)
    make_finding(session, watch, first_seen_at=came)
    make_finding(session, watch)
    keep(session, [make_finding(session, watch)], by=broker)

    found = awaiting_of(session, broker)

    assert (found.to_sort, found.oldest, found.to_settle) == (2, came, 0)


def test_what_two_others_disagree_on_awaits_a_third(session: Session, broker: Viewer) -> None:
    watch = make_watch(session, is_sorted_twice=True)
    finding = make_finding(session, watch)
    others = [make_viewer(session, role=Role.BROKER) for _ in range(2)]
    keep(session, [finding], by=others[0])
    assert awaiting_of(session, others[0]).to_sort == 0
    discard(session, [finding], by=others[1], reason=DiscardReason.QUALITY)

    assert (awaiting_of(session, broker).to_sort, awaiting_of(session, broker).to_settle) == (0, 1)
    assert not awaiting_of(session, others[0])


def test_what_one_holds_is_named_and_counted(session: Session, broker: Viewer) -> None:
    watch = make_watch(session)
    held = [make_finding(session, watch, f"Article {number}") for number in range(3)]
    claim(session, held, by=broker)

    found = awaiting_of(session, broker, shown=2)

    assert ([title for _id, title in found.held], found.held_count) == (
        ["Article 0", "Article 1"],
        3,
    )


def test_criteria_that_are_late_await_the_team_of_their_watch(
    session: Session, broker: Viewer
) -> None:
    other = make_viewer(session, role=Role.BROKER)
    of_all = make_watch(session, "De personne", review_on=LATE)
    of_one = make_watch(session, "De l’une", review_on=LATE)
    make_watch(session, "À l’heure")
    make_watch(session, "Fermé", review_on=LATE, closed_at=datetime(2026, 2, 1, tzinfo=UTC))
    session.add(WatchMember(watch_id=of_one.id, member_id=other.member_id))
    session.flush()

    assert [name for _id, name, _day in awaiting_of(session, broker).late] == [of_all.name]
    assert [name for _id, name, _day in awaiting_of(session, other).late] == [
        "De personne",
        "De l’une",
    ]


@pytest.mark.parametrize("many", [1, 8])
def test_the_board_says_what_awaits_in_as_many_statements(
    app: Flask, client: FlaskClient, many: int
) -> None:
    with writing() as session:
        broker = make_viewer(session, role=Role.BROKER)
        watch = make_watch(session, review_on=LATE)
        for _ in range(many):
            make_finding(session, watch)
        claim(session, [make_finding(session, watch, f"Tenue {n}") for n in range(many)], by=broker)
        sign_in_as(client, session, session.get_one(Member, broker.member_id))
    client.get("/compte")

    with statements() as ran:
        html = client.get("/compte").get_data(as_text=True)

    text = re.sub(r"\s+", " ", html)
    assert "à trier</a>" in text
    assert "Tenue 0" in text
    assert "Critères à revoir" in text
    own = [one for one in ran if re.search(r"FROM (findings|summaries|watches)\b", one)]
    assert len(own) == 5
