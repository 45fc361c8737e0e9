"""Every figure of the balance sheet is as long as the list that it opens."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inters4.core.access import ANONYMOUS, Role
from inters4.core.clock import LOCAL_ZONE, local, now
from inters4.core.db import writing
from inters4.core.figures import Span
from inters4.core.hooks import Hooks, hooks
from inters4.home.models import Question
from inters4.indicators.queries.balance import count_figures
from inters4.members.models import Member, MemberState, StateChange
from inters4.members.services.erasure import erase_member
from inters4.newsletters.models import Subscriber, SubscriberState
from inters4.newsletters.services.preferences import erase
from inters4.practices.models import Adoption, Practice, PracticeState
from inters4.practices.models.readership import DAYS_KEPT
from inters4.veille.models import Summary, SummaryState
from tests.builders.balance import account, live, subscription
from tests.builders.kept import kept
from tests.builders.members import browser_of, make_organisation, make_viewer
from tests.builders.newsletters import make_newsletter
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary

TODAY = local(now()).date()
NOW = Span(TODAY - timedelta(days=29), TODAY)
BEFORE = Span(TODAY - timedelta(days=59), TODAY - timedelta(days=30))
ROW = re.compile(r'<tr id="chiffre-([a-z-]+)">(.*?)</tr>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)" rel="nofollow">([\d\u00a0 ]+)<span')


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=LOCAL_ZONE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the page shows it."""

    key: str
    address: str
    number: int
    words: str


@pytest.fixture(autouse=True)
def _portal(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        kept(session, "a newsletter", lambda: make_newsletter(session).id)


@pytest.fixture
def _two_periods(_portal: None) -> None:
    """Everything happened in both periods, on a first and on a last day, and the day before."""

    def make() -> None:
        make_organisation(session)
        for day in (NOW.last, BEFORE.first, BEFORE.first - timedelta(days=1)):
            live(session, noon(day))

    with writing() as session:
        kept(session, "two periods", make)


@pytest.fixture
def team(app: Flask) -> FlaskClient:
    with writing() as session:
        someone = make_viewer(session, role=Role.COORDINATION)
    return browser_of(app, someone)


def shown(client: FlaskClient, span: Span = NOW) -> Iterator[Shown]:
    html = client.get(f"/bilan?du={span.first}&au={span.last}").get_data(as_text=True)
    for key, row in ROW.findall(html):
        for address, number in LINK.findall(row):
            yield Shown(key, unescape(address), int(re.sub(r"\D", "", number)), row)


def lines_of(client: FlaskClient, address: str) -> list[str]:
    """The rows of a list, page after page."""
    found: list[str] = []
    follows: str | None = address
    while follows:
        answer = client.get(follows)
        assert answer.status_code == 200, follows
        html = answer.get_data(as_text=True)
        found += re.findall(r"<tr>\n<th scope=\"row\".*?</tr>", html, re.DOTALL)
        after = re.search(r'<a href="([^"]+)" rel="next"', html)
        follows = unescape(after[1]) if after else None
    return found


def table_of(client: FlaskClient, address: str) -> list[list[str]]:
    path, _, query = address.partition("?")
    text = client.get(f"{path}.csv?{query}").get_data(as_text=True)
    return list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def walk(client: FlaskClient) -> Mapping[tuple[str, str], int]:
    """Open the list of every figure and count it; the figures, by key and address."""
    found = {}
    for figure in shown(client):
        lines = lines_of(client, figure.address)
        heads, *table = table_of(client, figure.address)
        assert len(lines) == figure.number, figure.address
        assert len(table) == figure.number, figure.address
        if "Nombre" in heads:
            added = sum(int(row[heads.index("Nombre")]) for row in table)
            assert re.search(rf'"meta">{added}\s(lecture|personne|présence)', figure.words), (
                figure.address
            )
        found[figure.key, figure.address] = figure.number
    return found


def numbers_of(span: Span = NOW) -> Mapping[str, int]:
    with writing() as session:
        figures = tuple(hooks.figures.values())
        counted = count_figures(session, figures, span)
    return {key: total.number for key, total in counted.items()}


@pytest.mark.usefixtures("_two_periods")
def test_each_figure_is_as_long_as_its_list(team: FlaskClient) -> None:
    found = walk(team)

    assert {key for key, _address in found} == set(hooks.figures)
    assert {key for (key, _address), number in found.items() if not number} == set()
    assert len(found) == 2 * len(hooks.figures) - 1  # nobody knows of organisations before today


@pytest.mark.usefixtures("_two_periods")
def test_each_figure_that_everyone_sees_is_as_long_as_its_list(client: FlaskClient) -> None:
    found = walk(client)

    open_to_all = {key for key, figure in hooks.figures.items() if figure.is_seen_by(ANONYMOUS)}
    assert {key for key, _address in found} == open_to_all
    assert "abonnements" not in open_to_all
    assert "fiches-lues" not in open_to_all
    assert "resumes-publies" in open_to_all


@pytest.mark.usefixtures("_two_periods")
def test_figures_and_lists_stay_equal_and_the_past_stays_when_things_change_afterwards(
    team: FlaskClient,
) -> None:
    before = numbers_of()
    with writing() as session:
        person = session.scalars(
            select(Member)
            .join(StateChange, StateChange.member_id == Member.id)
            .where(Member.state == MemberState.ACTIVE, StateChange.at < noon(NOW.last))
        ).first()
        assert person is not None
        erase_member(session, person, keeps_posts=True, by=ANONYMOUS)
        subscriber = session.scalars(
            select(Subscriber).where(Subscriber.state == SubscriberState.ACTIVE)
        ).first()
        assert subscriber is not None
        session.refresh(subscriber, ["themes", "subscriptions"])
        erase(session, subscriber, source="")
        for summary in session.scalars(
            select(Summary).where(Summary.state == SummaryState.PUBLISHED)
        ):
            summary.state = SummaryState.RETRACTED
        for sheet in session.scalars(
            select(Practice).where(Practice.state == PracticeState.PUBLISHED)
        ):
            sheet.state = PracticeState.WITHDRAWN

    walk(team)
    after = numbers_of()

    for key in ("inscriptions", "abonnements", "messages", "retours", "fiches-publiees"):
        assert after[key] == before[key], key
    assert after["resumes-publies"] == before["resumes-publies"]
    assert after["departs"] == before["departs"] + 1
    assert after["fins-d-abonnement"] == before["fins-d-abonnement"] + 1
    assert after["adoptions-declarees"] == 0  # their sheets are gone: nobody reads them any more


def test_whoever_was_erased_is_a_line_that_says_nobody(team: FlaskClient) -> None:
    with writing() as session:
        number = account(session, (noon(TODAY), MemberState.ACTIVE))
        person = session.get_one(Member, number)
        person.name, public_id = "Bernadette Soubirous", person.public_id
        erase_member(session, person, keeps_posts=False, by=ANONYMOUS)
        subscriber = subscription(session, (noon(TODAY), SubscriberState.ACTIVE))
        address, subscriber_id = subscriber.address, subscriber.public_id
        erase(session, subscriber, source="")

    period = f"du={NOW.first}&au={NOW.last}"
    for key in ("inscriptions", "departs"):
        text = "".join(lines_of(team, f"/bilan/{key}?{period}"))
        assert "Personne retirée" in text
        assert "Bernadette" not in text
        assert public_id not in text
    for key in ("abonnements", "fins-d-abonnement"):
        text = "".join(lines_of(team, f"/bilan/{key}?{period}"))
        assert "Abonnement effacé" in text
        assert str(address) not in text
        assert subscriber_id not in text


@pytest.mark.usefixtures("_two_periods")
def test_no_list_and_no_file_names_a_person_or_an_address(team: FlaskClient) -> None:
    with writing() as session:
        names = set(session.scalars(select(Member.name)))
        addresses = {one for one in session.scalars(select(Subscriber.address)) if one}
        addresses |= set(session.scalars(select(Question.email)))
    assert names
    assert addresses

    for figure in shown(team):
        text = "".join(lines_of(team, figure.address))
        text += str(table_of(team, figure.address))
        assert not [name for name in names | addresses if name in text], figure.address


def test_what_the_team_alone_reads_does_not_exist_for_others(app: Flask) -> None:
    with writing() as session:
        here = make_organisation(session)
        people = [
            make_viewer(session, role=role, organisation=here)
            for role in (None, Role.REVIEWER, Role.ADMIN, Role.APPROVER)
        ]
    period = f"du={NOW.first}&au={NOW.last}"
    hidden = [key for key, one in hooks.figures.items() if not one.is_seen_by(ANONYMOUS)]
    assert hidden
    for client in (app.test_client(), *(browser_of(app, one) for one in people)):
        page = client.get(f"/bilan?{period}").get_data(as_text=True)
        table = client.get(f"/bilan.csv?{period}").get_data(as_text=True)
        assert "réservés à l’équipe de courtage" in page
        for key in hidden:
            assert f'"chiffre-{key}"' not in page
            assert f"/bilan/{key}?" not in table
        for key in hidden[:3]:
            assert client.get(f"/bilan/{key}?{period}").status_code == 404
            assert client.get(f"/bilan/{key}.csv?{period}").status_code == 404


def test_a_broker_reads_what_the_coordination_reads(app: Flask) -> None:
    with writing() as session:
        broker = make_viewer(session, role=Role.BROKER)

    found = {one.key for one in shown(browser_of(app, broker))}

    assert found == set(hooks.figures)


@pytest.mark.usefixtures("_two_periods")
def test_what_stands_at_the_end_is_what_stood_at_the_start_with_who_came_less_who_left() -> None:
    start, end, period = numbers_of(BEFORE), numbers_of(NOW), numbers_of(NOW)

    for total, came, left in (
        ("personnes-inscrites", "inscriptions", "departs"),
        ("abonnements-en-cours", "abonnements", "fins-d-abonnement"),
    ):
        assert end[total] == start[total] + period[came] - period[left]


@pytest.mark.usefixtures("_two_periods")
def test_an_adoption_made_private_or_hidden_leaves_the_count_and_the_list(
    client: FlaskClient,
) -> None:
    before = numbers_of()["adoptions-declarees"]
    assert before == 1  # what teams show to registered people alone was never counted
    with writing() as session:
        for one in session.scalars(select(Adoption)):
            one.hidden_at = now()

    assert walk(client)["adoptions-declarees", address_of("adoptions-declarees")] == 0


def address_of(key: str, span: Span = NOW) -> str:
    return f"/bilan/{key}?du={span.first}&au={span.last}"


def test_readings_that_were_partly_deleted_are_not_told(team: FlaskClient) -> None:
    old = TODAY - timedelta(days=DAYS_KEPT + 1)
    address = f"/bilan?du={old}&au={TODAY}"

    html = team.get(address).get_data(as_text=True)

    row = dict(ROW.findall(html))["fiches-lues"]
    assert row.count("non conservé") == 2
    assert not LINK.findall(row)
    assert team.get(f"/bilan/fiches-lues?du={old}&au={TODAY}").status_code == 404
    assert team.get(f"/bilan/fiches-lues.csv?du={old}&au={TODAY}").status_code == 404


def test_a_day_is_that_of_quebec_and_the_last_one_counts_the_night_clocks_change() -> None:
    clocks_go_forward = Span(date(2026, 3, 8), date(2026, 3, 8))
    with writing() as session:
        for at in ("04:59:59", "05:00:00", "23:59:59"):
            moment = datetime.fromisoformat(f"2026-03-08T{at}+00:00")
            account(session, (moment, MemberState.ACTIVE))
            subscription(session, (moment, SubscriberState.ACTIVE))
        for at in ("03:59:59", "04:00:00"):
            moment = datetime.fromisoformat(f"2026-03-09T{at}+00:00")
            account(session, (moment, MemberState.ACTIVE))
            subscription(session, (moment, SubscriberState.ACTIVE))
    found = numbers_of(clocks_go_forward)

    assert (found["inscriptions"], found["abonnements"]) == (3, 3)


def test_the_day_on_which_clocks_go_back_has_twenty_five_hours() -> None:
    bounds = Span(date(2026, 11, 1), date(2026, 11, 1)).bounds
    since, until = bounds["since"], bounds["until"]

    assert isinstance(since, datetime)
    assert isinstance(until, datetime)
    assert until.timestamp() - since.timestamp() == 25 * 3600


@pytest.mark.usefixtures("_two_periods")
def test_the_page_costs_the_same_however_much_happened(team: FlaskClient) -> None:
    address = f"/bilan?du={NOW.first}&au={NOW.last}"
    team.get(address)
    with statements(verb="WITH") as counts, statements() as every:
        team.get(address)
    with writing() as session:
        live(session, noon(TODAY))
    with statements() as again:
        team.get(address)

    assert len(counts) == 2
    assert len(every) == len(again)


def test_a_list_costs_the_same_however_long_it_is(team: FlaskClient) -> None:
    def costs() -> Mapping[str, int]:
        found = {}
        for key in hooks.figures:
            with statements(verb="") as sent:
                team.get(address_of(key))
            found[key] = len(sent)
        return found

    with writing() as session:
        make_organisation(session)
        live(session, noon(TODAY))
    costs()  # whatever is read once a process is read
    before = costs()
    with writing() as session:
        live(session, noon(TODAY))

    assert costs() == before


def test_what_the_team_alone_reads_is_kept_by_no_cache(team: FlaskClient) -> None:
    def cache_of(path: str) -> str:
        answer = team.get(path)
        assert answer.status_code == 200
        return answer.headers.get("Cache-Control", "")

    period = f"du={NOW.first}&au={NOW.last}"

    assert "no-store" in cache_of(f"/bilan/abonnements.csv?{period}")
    assert "no-store" in cache_of(f"/bilan.csv?{period}")


def test_a_figure_is_declared_once() -> None:
    registries = Hooks()
    figures = tuple(hooks.figures.values())[:2]
    registries.add_figures(figures)

    with pytest.raises(RuntimeError, match="registered twice"):
        registries.add_figures(figures)
