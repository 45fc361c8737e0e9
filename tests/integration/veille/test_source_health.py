"""How sources are doing, the worst first; visits asked for, and shown while they go."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.members.models import Member
from inters4.veille.models import FindingState, Source, SourceKind, SourceState
from inters4.veille.queries.due import advance
from inters4.veille.queries.sources import Yield, list_health, may_be_visited
from tests.builders.findings import make_finding
from tests.builders.members import give_role, make_member, sign_in_as
from tests.builders.statements import statements
from tests.builders.watches import make_source, make_watch
from tests.builders.web import csrf

HEALTH = "/veille/sante-des-sources"


@pytest.fixture
def broker(client: FlaskClient, session: Session) -> Member:
    member = make_member(session)
    give_role(session, member, Role.BROKER)
    sign_in_as(client, session, member)
    return member


def add(session: Session, watch: object, name: str, **values: object) -> Source:
    return make_source(session, watch, name=name, url=f"https://{name}.example/", **values)  # type: ignore[arg-type]


def test_what_needs_someone_comes_first(session: Session) -> None:
    watch = make_watch(session)
    add(session, watch, "bien")
    add(session, watch, "pause", state=SourceState.PAUSED)
    add(session, watch, "attend", failure="status 429")
    add(session, watch, "demenage", moved_to="https://neuf.example/", moved_seen=2)
    add(session, watch, "echoue", failures=2, failing_since=now())
    add(session, watch, "echoue-plus", failures=9, failing_since=now())
    add(session, watch, "retiree", state=SourceState.GONE, failures=1)
    add(session, watch, "par-courriel", kind=SourceKind.MAIL)

    names = [line.source.name for line in list_health(session).rows]

    assert names == ["retiree", "echoue-plus", "echoue", "demenage", "attend", "pause", "bien"]


def test_a_source_is_worth_what_the_team_kept_of_it(session: Session) -> None:
    watch = make_watch(session)
    source = make_source(session, watch)
    make_finding(session, watch, source=source, state=FindingState.KEPT)
    make_finding(session, watch, source=source, state=FindingState.DISCARDED)
    make_finding(session, watch, source=source)

    [line] = list_health(session).rows

    assert line.brought == Yield(collected=3, kept=1)


def test_the_page_says_in_words_what_went_wrong(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        watch = make_watch(session)
        add(session, watch, "a", failures=3, failure="status 503", failing_since=now())
        add(session, watch, "b", moved_to="https://neuf.example/flux", moved_seen=2)

    page = client.get(HEALTH).text

    assert "3 échecs de suite" in page
    assert "Le site est fermé pour le moment (503)." in page
    assert "https://neuf.example/flux" in page
    assert "Prendre cette adresse" in page


def test_the_page_costs_the_same_however_many_sources(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        watch = make_watch(session)
        source = make_source(session, watch, next_check_at=now() + timedelta(days=1))
        make_finding(session, watch, source=source)

    def cost() -> int:
        with statements() as sent:
            assert client.get(HEALTH).status_code == 200
        return len(sent)

    cost()
    before = cost()
    with writing() as session:
        other = make_watch(session, "Autre")
        for number in range(6):
            source = add(session, other, f"s{number}", next_check_at=now() + timedelta(days=1))
            make_finding(session, other, source=source)

    assert cost() == before


def test_a_visit_is_asked_for_by_a_button(client: FlaskClient, broker: Member) -> None:
    later = now() + timedelta(hours=5)
    with writing() as session:
        make_source(session, make_watch(session), next_check_at=later)

    done = client.post(
        f"{HEALTH}/releve", data={"csrf_token": csrf(client, HEALTH)}, follow_redirects=True
    )

    assert "1 source va être visitée." in done.text
    assert "Relève en cours" in done.text
    with reading() as session:
        due = session.scalars(select(Source.next_check_at)).one()
        assert due is not None
        assert due <= now()


def test_what_was_just_seen_or_asked_us_to_wait_is_left_alone(session: Session) -> None:
    watch, at = make_watch(session), now()
    later = at + timedelta(hours=1)
    ready = add(session, watch, "pret", next_check_at=later)
    add(session, watch, "vue", next_check_at=later, last_check_at=at - timedelta(minutes=1))
    add(session, watch, "attend", next_check_at=later, failure="status 429")
    add(session, watch, "pause", state=SourceState.PAUSED)
    add(session, watch, "en-cours", next_check_at=later, lease_until=later)
    add(session, make_watch(session, "Fermé", closed_at=at), "ferme", next_check_at=later)

    assert may_be_visited(session, at=at) == [ready.id]
    assert may_be_visited(session, at=at, watch=make_watch(session, "Vide")) == []


def test_the_piece_that_shows_visits_asks_for_itself_until_they_are_over(
    client: FlaskClient, broker: Member
) -> None:
    with writing() as session:
        source = make_source(session, make_watch(session), next_check_at=now())

    under_way = client.get(f"{HEALTH}/avancement")
    assert 'hx-trigger="every 2s"' in under_way.text
    assert "HX-Refresh" not in under_way.headers

    with writing() as session:
        row = session.get_one(Source, source.id)
        row.next_check_at, row.last_check_at = now() + timedelta(hours=1), now()
    over = client.get(f"{HEALTH}/avancement")
    assert "hx-trigger" not in over.text
    assert over.headers["HX-Refresh"] == "true"


def test_what_was_seen_before_the_button_does_not_count(session: Session) -> None:
    at = now()
    watch = make_watch(session)
    add(session, watch, "avant", last_check_at=at - timedelta(minutes=2))
    add(session, watch, "depuis", last_check_at=at)

    assert advance(session, at=at).done == 2
    assert advance(session, at=at, since=at - timedelta(seconds=1)).done == 1


def test_nobody_else_sees_how_sources_do(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session))

    assert client.get(HEALTH).status_code == 404
    assert client.get(f"{HEALTH}/avancement").status_code == 404
    token = csrf(client, "/question")
    assert client.post(f"{HEALTH}/releve", data={"csrf_token": token}).status_code == 404
