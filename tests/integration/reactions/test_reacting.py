"""One tap, without an account: kept, undone, counted, never named; harm reaches the team."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Role
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import TooMany
from inters4.core.mail import QueuedMail
from inters4.core.notices import Channel
from inters4.core.outbox import DocumentRef
from inters4.notices.models import MailRule, Notice, NoticeChoice, NoticeSettings
from inters4.notices.queries.told import words_of
from inters4.practices.models import Practice, PracticeState
from inters4.reactions.exports import HARM_KIND
from inters4.reactions.models import Answer, Learned, Reaction, Use
from inters4.reactions.queries import own_reaction, tally_of
from inters4.reactions.services import (
    MOST_AN_HOUR,
    MOST_HARM_AN_HOUR,
    MOST_OF_A_DOCUMENT,
    answer,
    flag_harm,
    forget_browsers,
    forget_networks,
    say_more,
)
from inters4.veille.models import SummaryState
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

SHEET = "/pratiques/visites-virtuelles"
REACT = "/reactions/fiche/visites-virtuelles"
DOCUMENT = DocumentRef("fiche", "visites-virtuelles")


@pytest.fixture(autouse=True)
def _sheet(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_practice(session)


def tap(client: FlaskClient, gesture: str, **said: str) -> int:
    token = csrf(client, SHEET)
    answered = client.post(REACT, data={"csrf_token": token, "geste": gesture, **said})
    return answered.status_code


def other(number: int) -> DocumentRef:
    """Another document."""
    return DocumentRef("fiche", f"autre-{number}")


def rows() -> list[Reaction]:
    with reading() as session:
        return list(session.scalars(select(Reaction)))


def test_a_tap_is_kept_changed_and_taken_back_without_an_account(client: FlaskClient) -> None:
    assert "Set-Cookie: reaction" not in str(client.get(SHEET).headers)

    assert tap(client, "repondre", reponse="yes") == 303
    (row,) = rows()
    assert row.answer is Answer.YES
    assert client.get_cookie("reaction") is not None
    page = client.get(SHEET).get_data(as_text=True)
    assert page.count('aria-pressed="true"') == 1

    tap(client, "repondre", reponse="not-yet")
    tap(client, "repondre", reponse="not-yet")
    assert [row.answer for row in rows()] == [Answer.NOT_YET]
    tap(client, "preciser", appris="new", usage="discuss", benefice="inventé")
    (row,) = rows()
    assert (row.learned, row.use, row.benefit) == (Learned.NEW, Use.DISCUSS, None)

    tap(client, "retirer")

    assert rows() == []


def test_the_server_keeps_neither_the_number_nor_the_address(client: FlaskClient) -> None:
    tap(client, "repondre", reponse="no")

    (row,) = rows()
    cookie = client.get_cookie("reaction")
    assert cookie is not None
    assert row.browser is not None
    assert cookie.value not in row.browser
    assert "127.0.0.1" not in str(row.network)


def test_what_cannot_be_read_or_does_not_exist_is_refused(client: FlaskClient) -> None:
    assert tap(client, "repondre", reponse="oui-oui") == 400
    assert tap(client, "danser") == 400
    token = csrf(client, SHEET)
    for address in ("fiche/nulle-part", "organisation/a", "nulle/part"):
        answered = client.post(
            f"/reactions/{address}",
            data={"csrf_token": token, "geste": "repondre", "reponse": "yes"},
        )
        assert answered.status_code == 404, address
    with writing() as session:
        make_practice(session, "brouillon", state=PracticeState.DRAFTING)
    hidden = client.post(
        "/reactions/fiche/brouillon",
        data={"csrf_token": token, "geste": "repondre", "reponse": "yes"},
    )
    assert hidden.status_code == 404
    assert rows() == []


def test_summaries_are_asked_about_too(client: FlaskClient) -> None:
    with writing() as session:
        summary = make_summary(session)
        slug, identifier = summary.slug, summary.id
    page = client.get(f"/veille/resumes/{slug}").get_data(as_text=True)
    assert f"/reactions/resume/{identifier}" in page

    token = csrf(client, f"/veille/resumes/{slug}")
    answered = client.post(
        f"/reactions/resume/{identifier}",
        data={"csrf_token": token, "geste": "repondre", "reponse": "yes"},
    )

    assert answered.headers["Location"] == f"/veille/resumes/{slug}#reaction"


def test_harm_is_told_to_the_team_at_once_and_once_an_hour(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    make_viewer(session, role=Role.ADMIN)

    for browser in ("a", "b"):
        flag_harm(session, DOCUMENT, is_harmful=True, browser=browser, network="n")
    (notice,) = session.scalars(select(Notice).where(Notice.kind == HARM_KIND))
    assert notice.member_id == broker.member_id
    told = words_of(session, [notice])[notice.id]
    assert told.path == SHEET
    assert not told.is_over

    for browser in ("a", "b"):
        flag_harm(session, DOCUMENT, is_harmful=False, browser=browser, network="n")

    assert words_of(session, [notice])[notice.id].is_over
    assert session.scalar(select(func.count(Reaction.id))) == 0


@pytest.mark.parametrize("document", [DOCUMENT, DocumentRef("resume", "suivi-a-domicile")])
def test_the_notice_of_harm_names_what_is_gone_since(
    session: Session, document: DocumentRef
) -> None:
    make_viewer(session, role=Role.BROKER)
    summary = make_summary(session)
    flag_harm(session, document, is_harmful=True, browser="a", network="n")
    (notice,) = session.scalars(select(Notice).where(Notice.kind == HARM_KIND))

    sheet = session.get_one(Practice, DOCUMENT.id)
    sheet.state = PracticeState.WITHDRAWN
    summary.state = SummaryState.RETRACTED
    session.flush()

    told = words_of(session, [notice])[notice.id]
    assert told.title.endswith(summary.title if document.kind == "resume" else sheet.title)
    assert not told.is_over


def test_the_team_alone_reads_the_counts(app: Flask, session: Session) -> None:
    for number, said in enumerate((Answer.YES, Answer.YES, Answer.NO)):
        answer(session, DOCUMENT, said, browser=str(number), network="n")
    flag_harm(session, DOCUMENT, is_harmful=True, browser="9", network="n")
    broker = make_viewer(session, role=Role.BROKER)
    tally = tally_of(session, DOCUMENT, viewer=broker)
    assert tally is not None
    assert (tally.yes, tally.not_yet, tally.no, tally.harmful) == (2, 0, 1, 1)
    assert tally_of(session, DOCUMENT, viewer=ANONYMOUS) is None
    admin = make_viewer(session, role=Role.ADMIN)
    for person, is_told in ((broker, True), (admin, False)):
        client = app.test_client()
        sign_in_as(client, session, person)
        assert ("oui 2, pas encore 0" in client.get(SHEET).get_data(as_text=True)) is is_told


def test_one_network_does_not_flood(session: Session) -> None:
    for number in range(MOST_AN_HOUR):
        answer(session, other(number), Answer.YES, browser=str(number), network="n")

    with pytest.raises(TooMany):
        answer(session, DOCUMENT, Answer.YES, browser="un de plus", network="n")
    answer(session, other(0), Answer.NO, browser="0", network="n")
    answer(session, DOCUMENT, Answer.YES, browser="ailleurs", network="m")


def test_a_network_that_answered_much_may_still_say_that_a_document_does_harm(
    session: Session,
) -> None:
    for number in range(MOST_AN_HOUR):
        answer(session, other(number), Answer.YES, browser=str(number), network="n")

    flag_harm(session, DOCUMENT, is_harmful=True, browser="a", network="n")
    for number in range(MOST_HARM_AN_HOUR - 1):
        flag_harm(session, other(number), is_harmful=True, browser=str(number), network="n")

    with pytest.raises(TooMany):
        flag_harm(session, other(-1), is_harmful=True, browser="b", network="n")


def test_one_network_does_not_make_the_count_of_a_document(app: Flask) -> None:
    taps = [tap(app.test_client(), "repondre", reponse="yes") for _ in range(25)]

    assert taps == [303] * MOST_OF_A_DOCUMENT + [429] * (25 - MOST_OF_A_DOCUMENT)
    assert len(rows()) == MOST_OF_A_DOCUMENT
    assert tap(app.test_client(), "signaler") == 303


@pytest.mark.parametrize("rule", MailRule)
def test_harm_reaches_the_team_by_mail_whatever_they_chose(
    session: Session, rule: MailRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    assert broker.member_id is not None
    session.add(NoticeSettings(member_id=broker.member_id, mail=rule))
    session.add(NoticeChoice(member_id=broker.member_id, kind=HARM_KIND, channel=Channel.NONE))
    session.flush()

    flag_harm(session, DOCUMENT, is_harmful=True, browser="a", network="n")
    (mail,) = session.scalars(select(QueuedMail).where(QueuedMail.member_id == broker.member_id))
    assert mail.not_before < now() + timedelta(hours=1)

    later = now() + timedelta(hours=2)
    monkeypatch.setattr("inters4.reactions.services.now", lambda: later)
    flag_harm(session, DOCUMENT, is_harmful=True, browser="b", network="n")
    assert len(session.scalars(select(QueuedMail)).all()) == 2


def test_marks_are_forgotten_and_counts_stay(session: Session) -> None:
    answer(session, DOCUMENT, Answer.YES, browser="a", network="n")
    answer(session, DOCUMENT, Answer.YES, browser="b", network="n")
    later = now() + timedelta(minutes=1)

    assert forget_networks(session, later) == 2
    assert forget_browsers(session, later) == 2

    broker = make_viewer(session, role=Role.BROKER)
    tally = tally_of(session, DOCUMENT, viewer=broker)
    assert tally is not None
    assert tally.yes == 2
    say_more(session, DOCUMENT, learned=Learned.NEW, use=None, benefit=None, browser="a")
    assert own_reaction(session, DOCUMENT, browser="a") is None


def test_the_same_tap_at_the_same_instant_is_one() -> None:
    def press(_number: int) -> None:
        with writing() as session:
            answer(session, DOCUMENT, Answer.YES, browser="a", network="n")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(press, range(6)))

    assert [row.answer for row in rows()] == [Answer.YES]


def test_a_visitor_who_never_tapped_costs_no_statement(client: FlaskClient) -> None:
    client.get(SHEET)
    with statements(about="reactions") as sent:
        client.get(SHEET)

    assert sent == []
