"""The balance of an issue: each figure is exact and its list as long, erased or come twice."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import StringIO

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.jobs import jobs
from inters4.newsletters.exports.tokens import leave_path
from inters4.newsletters.models import (
    ApprovalDecision,
    Bounce,
    BounceKind,
    Delivery,
    DeliveryState,
    Issue,
    IssueApproval,
    IssueCorrection,
    IssueItem,
    IssueLink,
    IssueState,
    ItemKind,
    LinkDay,
    Subscriber,
    Subscription,
)
from inters4.newsletters.queries.born import harvests_of
from inters4.newsletters.queries.outcome import (
    Which,
    count_deliveries,
    count_departures,
    list_deliveries,
    list_departures,
)
from inters4.newsletters.services.erasing import forget_maker
from inters4.newsletters.services.preferences import erase, leave
from inters4.settings import Settings
from inters4.veille.models import Summary, SummaryState
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.sending import make_subscriber
from tests.builders.statements import statements
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

PAGE = "/infolettres/en-bref/1/bilan"
PLACES = (PAGE, f"{PAGE}.csv", f"{PAGE}/envois", f"{PAGE}/departs")
READ, LISTED = 16, 6
"""Statements of the page, and of a list."""
D = DeliveryState


@pytest.fixture(autouse=True)
def _here(settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    yield
    jobs.close()


@pytest.fixture
def issue(session: Session) -> Issue:
    """An issue that left, with a summary and a link."""
    make_vocabulary(session)
    make_newsletter(session)
    make_newsletter(session, "autre")
    make_summary(session, "suivi-a-domicile", title="Le suivi à domicile")
    return make_issue(
        session,
        state=IssueState.SENT,
        published_at=now(),
        items=(
            item(ItemKind.HEADING, title="À lire"),
            item(ItemKind.SUMMARY, summary="suivi-a-domicile"),
            item(ItemKind.LINK, title="Un guide", url="https://exemple.ca/guide"),
        ),
    )


def delivered(
    session: Session, issue: Issue, state: DeliveryState = D.SENT, *, uncertain: int = 0
) -> Delivery:
    """One message, to a reader who receives two newsletters."""
    reader = make_subscriber(session)
    reader.subscriptions.append(Subscription(newsletter_id="autre"))
    row = Delivery(
        issue_id=issue.id,
        subscriber_id=reader.id,
        address=reader.address,
        state=state,
        uncertain=uncertain,
        message_id=f"<{reader.public_id}@exemple.ca>",
    )
    session.add(row)
    session.flush()
    return row


def came_back(session: Session, row: Delivery, *kinds: BounceKind) -> None:
    for kind in kinds:
        session.add(Bounce(delivery_id=row.id, subscriber_id=row.subscriber_id, kind=kind))
    session.flush()


def reader_of(session: Session, row: Delivery) -> Subscriber:
    wanted = select(Subscriber).where(Subscriber.id == row.subscriber_id)
    return session.scalars(
        wanted.options(selectinload(Subscriber.subscriptions), selectinload(Subscriber.themes)),
        execution_options={"populate_existing": True},
    ).one()


def words_of(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.partition("<main")[2])
    return re.sub(r"\s+", " ", unescape(text)).replace("\u00a0", " ")


def browser_of(app: Flask, session: Session, who: Viewer) -> FlaskClient:
    client = app.test_client()
    sign_in_as(client, session, who)
    session.commit()
    return client


@pytest.fixture
def broker(app: Flask, session: Session) -> FlaskClient:
    return browser_of(app, session, make_viewer(session, role=Role.BROKER))


def page(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    html = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(html)
    return html


def figures(client: FlaskClient) -> dict[tuple[str, str], int]:
    """The table of figures, by item and measure."""
    text = client.get(f"{PAGE}.csv").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.reader(StringIO(text), delimiter=";"))[1:]
    return {(row[1], row[2].replace("\u00a0", " ")): int(row[3]) for row in rows}


def test_each_message_is_counted_once_and_every_list_is_as_long_as_its_figure(
    session: Session, issue: Issue
) -> None:
    for state, number in ((D.SENT, 23), (D.QUEUED, 2), (D.SENDING, 1), (D.DEFERRED, 1)):
        for _one in range(number):
            delivered(session, issue, state)
    for state in (D.BOUNCED, D.FAILED, D.SUPPRESSED):
        delivered(session, issue, state)
    delivered(session, issue, D.SENT, uncertain=2)
    gone = delivered(session, issue, D.BOUNCED)
    came_back(session, gone, BounceKind.HARD, BounceKind.HARD, BounceKind.SOFT)
    came_back(session, delivered(session, issue), BounceKind.SOFT, BounceKind.SOFT)
    came_back(session, delivered(session, issue), BounceKind.COMPLAINT)
    other = make_issue(session, 2, state=IssueState.SENT)
    delivered(session, other)

    counts = count_deliveries(session, issue.id)

    assert counts == {
        Which.FROZEN: 34,
        Which.SENT: 26,
        Which.WAITING: 4,
        Which.REFUSED: 2,
        Which.FAILED: 1,
        Which.ASIDE: 1,
        Which.UNCERTAIN: 1,
        Which.HARD: 1,
        Which.SOFT: 1,
        Which.COMPLAINTS: 1,
    }
    for which, number in counts.items():
        first = list_deliveries(session, issue.id, which, page=1)
        rows = [
            row
            for place in range(1, first.pages + 1)
            for row in list_deliveries(session, issue.id, which, page=place).rows
        ]
        assert (first.total, len({row.public_id for row in rows})) == (number, number), which


def test_an_erased_reader_stays_counted_and_is_named_no_more(
    session: Session, issue: Issue, broker: FlaskClient
) -> None:
    row = delivered(session, issue)
    row.last_error = "550 5.1.1 quelquun@exemple.ca inconnu"
    reader = reader_of(session, row)
    address = str(reader.email)
    leave(session, reader, source="/infolettres/desabonnement", issue_id=issue.id)
    erase(session, reader, source="")
    session.commit()

    assert count_deliveries(session, issue.id)[Which.SENT] == 1
    assert count_departures(session, issue.id) == 1
    for path in (f"{PAGE}/envois?lesquels=partis", f"{PAGE}/departs"):
        words = words_of(page(broker, path))
        assert "Adresse effacée" in words
        assert address not in words
    session.refresh(row)
    assert row.last_error == ""


def test_who_left_by_the_issue_is_counted_once_whatever_they_pressed(
    app: Flask, session: Session, issue: Issue
) -> None:
    once, twice, elsewhere = (delivered(session, issue) for _one in range(3))
    other = make_issue(session, 2, state=IssueState.SENT)
    paths = [leave_path(reader_of(session, row).public_id, issue.id) for row in (once, twice)]
    away = leave_path(reader_of(session, elsewhere).public_id, other.id)
    session.commit()
    visitor = app.test_client()

    for path in paths:
        visitor.get(path)
    assert count_departures(session, issue.id) == 0
    session.commit()
    for path in (*paths, paths[1], away):
        assert visitor.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert visitor.post(paths[1], data={"portee": "toutes"}).status_code == 200
    session.expire_all()

    assert count_departures(session, issue.id) == 2
    listed = list_departures(session, issue.id, page=1)
    assert listed.total == 2
    wholes = {row.public_id: row.is_whole for row in listed.rows}
    assert wholes == {
        reader_of(session, once).public_id: False,
        reader_of(session, twice).public_id: True,
    }
    assert count_departures(session, other.id) == 1


def test_leaving_from_the_account_or_by_the_team_is_not_of_the_issue(
    session: Session, issue: Issue
) -> None:
    leave(session, reader_of(session, delivered(session, issue)), source="/compte/preferences")

    assert count_departures(session, issue.id) == 0


def test_clicks_add_up_by_item_and_those_of_no_item_stand_apart(
    session: Session, issue: Issue, broker: FlaskClient
) -> None:
    (summary,) = session.scalars(select(IssueItem).where(IssueItem.kind == ItemKind.SUMMARY))
    delivered(session, issue)
    for position, (owner, clicks) in enumerate(((summary.id, 3), (summary.id, 4), (None, 5))):
        link = IssueLink(
            issue_id=issue.id, position=position, item_id=owner, url=f"https://a.ca/{position}"
        )
        session.add(link)
        session.flush()
        session.add(LinkDay(link_id=link.id, day=date(2026, 11, 22), clicks=clicks - 1))
        session.add(LinkDay(link_id=link.id, day=date(2026, 11, 23), clicks=1))
    session.commit()

    harvests, outside = harvests_of(session, issue)

    assert [one.clicks for one in harvests] == [7, 0]
    assert [one.clicks for one in outside] == [5]
    assert "12 clics en tout" in words_of(page(broker))
    told = figures(broker)
    assert told["Le suivi à domicile", "Clics"] == 7
    assert told["Hors des éléments", "Clics"] == 5


def test_an_issue_released_alone_says_by_whom_and_why(
    session: Session, issue: Issue, broker: FlaskClient
) -> None:
    lead = make_viewer(session, role=Role.COORDINATION, name="Dominique Essai")
    asked = make_viewer(session, role=Role.BROKER, name="Maxime Essai")
    session.add(
        IssueApproval(
            issue_id=issue.id,
            approver_id=asked.member_id,
            deputy_id=asked.member_id,
            content="",
            decision=ApprovalDecision.RELEASED,
            decided_by_id=lead.member_id,
            decided_at=now(),
            reason="Personne ne répondait.",
        )
    )
    session.commit()
    words = words_of(page(broker))
    assert "Libéré par la coordination · Dominique Essai" in words
    assert "Raison : Personne ne répondait." in words

    assert lead.member_id is not None
    forget_maker(session, lead.member_id)
    session.commit()

    words = words_of(page(broker))
    assert "Dominique" not in words
    assert "Libéré par la coordination · Personne effacée" in words


def test_what_readers_were_written_of_is_told_with_its_number(
    session: Session, issue: Issue, broker: FlaskClient
) -> None:
    for letters in (3, 4):
        session.add(
            IssueCorrection(
                issue_id=issue.id,
                summary_id="suivi-a-domicile",
                state=SummaryState.CORRECTED,
                letters=letters,
            )
        )
    make_issue(session, 2, title="Une erreur", state=IssueState.SENT)
    session.get_one(Issue, "en-bref-2").erratum_of_id = issue.id
    session.commit()

    html = page(broker)

    assert "7 lettres, une à chaque personne" in words_of(html)
    assert 'href="/infolettres/en-bref/2/bilan"' in html


def test_what_was_sent_elsewhere_stands_apart_and_is_added_to_nothing(
    session: Session, issue: Issue, broker: FlaskClient
) -> None:
    issue.sent_elsewhere = 412
    session.commit()

    words = words_of(page(broker))

    assert "Envoyé hors du portail à 412 personnes" in words
    assert "Destinataires retenus" not in words
    assert figures(broker)["", "Personnes"] == 412


def test_links_are_said_in_words_under_the_title_of_their_item(
    session: Session, issue: Issue, broker: FlaskClient, settings: Settings
) -> None:
    first, second = (one for one in issue.items if one.kind is not ItemKind.HEADING)
    summary = f"{settings.url}/veille/resumes/suivi-a-domicile?numero={first.public_id}"
    article = session.get_one(Summary, "suivi-a-domicile").article_url
    found: list[tuple[int | None, str]] = [(first.id, summary), (first.id, f"{summary}#reaction")]
    found += [(first.id, article), (second.id, second.url)]
    found.append((None, "https://www.exemple.org/un/long/chemin?a=1"))
    for position, (owner, url) in enumerate(found):
        session.add(IssueLink(issue_id=issue.id, position=position, item_id=owner, url=url))
    session.commit()

    html = page(broker)

    said = words_of(html.partition('<h2 id="liens">')[2].join(("<main", "")))
    assert "Le suivi à domicile Le résumé 0 La réaction 0 L’article 0 Un guide Le lien 0" in said
    assert "Hors des éléments exemple.org 0" in said
    assert "?numero=" not in said
    assert f'href="{summary}#reaction"' in html
    issue.state = IssueState.SENT
    session.commit()
    sending = words_of(page(broker, PAGE.replace("/bilan", "/envoi")))
    assert "La réaction Le suivi à domicile 0" in sending


def test_what_readers_are_not_asked_about_has_no_answer(issue: Issue, broker: FlaskClient) -> None:
    html = page(broker)

    cells = re.findall(r'data-label="Nuisible\?"><span>([^<]+)</span>', html)
    assert cells == ["0", "—"]


def test_the_page_says_why_opens_are_not_measured(issue: Issue, broker: FlaskClient) -> None:
    assert "Pourquoi les ouvertures de courriels ne sont pas mesurées" in page(broker)
    assert "il est sur le web seulement" in words_of(page(broker))


@pytest.mark.parametrize("path", PLACES)
def test_it_exists_for_the_team_alone(
    app: Flask, session: Session, issue: Issue, path: str
) -> None:
    people = {
        role: browser_of(app, session, make_viewer(session, role=role))
        for role in (Role.BROKER, Role.COORDINATION, Role.ADMIN, Role.REVIEWER)
    }
    member = browser_of(app, session, make_viewer(session))
    session.commit()

    assert app.test_client().get(path).status_code == 303
    assert member.get(path).status_code == 404
    for role, client in people.items():
        is_team = role in {Role.BROKER, Role.COORDINATION}
        assert client.get(path).status_code == (200 if is_team else 404), role


def test_an_issue_that_nobody_reads_yet_has_none(
    session: Session, issue: Issue, broker: FlaskClient
) -> None:
    issue.state = IssueState.SCHEDULED
    session.commit()

    assert [broker.get(path).status_code for path in PLACES] == [404] * len(PLACES)


def test_an_unknown_list_is_not_found(issue: Issue, broker: FlaskClient) -> None:
    assert broker.get(f"{PAGE}/envois?lesquels=ouverts").status_code == 404


def test_the_team_finds_it_from_the_issue_and_readers_do_not(
    app: Flask, issue: Issue, broker: FlaskClient
) -> None:
    assert PAGE in page(broker, "/infolettres/en-bref/1")
    assert PAGE not in page(app.test_client(), "/infolettres/en-bref/1")


def test_the_pages_cost_the_same_statements_whatever_their_length(
    session: Session, issue: Issue, broker: FlaskClient
) -> None:
    delivered(session, issue)
    session.commit()
    page(broker)
    with statements() as sent:
        page(broker)
    assert len(sent) == READ
    for _one in range(5):
        leave(session, reader_of(session, delivered(session, issue)), source="", issue_id=issue.id)
    session.commit()

    with statements() as sent:
        page(broker)
    assert len(sent) == READ
    for path in (f"{PAGE}/envois", f"{PAGE}/departs"):
        with statements() as sent:
            page(broker, path)
        assert len(sent) == LISTED, path
