"""Readings counted without a trace of who reads, and the mail of a quarter, told once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.app import create_app
from inters4.core import tallies
from inters4.core.access import Role
from inters4.core.clock import local, now
from inters4.home.models import Outcome, Question
from inters4.members.models import Member
from inters4.notices.models import Notice
from inters4.practices.cli import practices
from inters4.practices.exports.quarter_notices import QUARTER_KIND, words_of
from inters4.practices.jobs import READINGS, sum_readings
from inters4.practices.models import (
    KIND,
    Openness,
    Practice,
    PracticeAuthor,
    PracticeReview,
    PracticeRevision,
    PracticeSlug,
    PracticeState,
)
from inters4.practices.models.readership import PracticeQuarter, PracticeReading, Quarter
from inters4.practices.services.readership import keep_readings, purge_readings, tell_quarters
from inters4.practices.services.revising import open_revision
from inters4.practices.views.sheets import MOST_READINGS_AN_HOUR
from inters4.reactions.models import Answer, Benefit, Learned, Reaction, Use
from inters4.reactions.queries import FLOOR
from inters4.settings import Settings
from tests.builders.adoptions import adopt, serve
from tests.builders.members import make_member, make_viewer, sign_in_as
from tests.builders.notices import leave, let_time_pass, text_of
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary

SHEET = "/pratiques/visites-virtuelles"
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"}
TODAY, IN_QUARTER = date(2026, 10, 2), datetime(2026, 8, 15, 12, tzinfo=UTC)
BEFORE_IT, AFTER_IT = datetime(2026, 6, 30, 12, tzinfo=UTC), datetime(2026, 10, 1, 12, tzinfo=UTC)


@pytest.fixture
def practice(session: Session) -> Practice:
    make_vocabulary(session)
    return make_practice(session)


def carry(session: Session, practice: Practice, *, locale: str = "fr") -> Member:
    """Someone who carries the sheet."""
    person = make_member(session, locale=locale)
    session.add(PracticeAuthor(practice_id=practice.id, member_id=person.id))
    session.flush()
    return person


def read(client: FlaskClient, path: str = SHEET, **headers: str) -> None:
    client.get(path, headers={**PERSON, **headers}).close()


def readings(session: Session) -> dict[str, int]:
    session.rollback()
    sum_readings()
    return {
        row.practice_id: row.number
        for row in session.scalars(
            select(PracticeReading).execution_options(populate_existing=True)
        )
    }


def read_times(session: Session, practice: Practice, day: date, number: int) -> None:
    keep_readings(session, tallies.Counts({(day, practice.id): number}))


def test_each_page_that_a_person_reads_counts_once(
    client: FlaskClient, session: Session, practice: Practice
) -> None:
    session.commit()
    read(client)
    read(client)
    assert readings(session) == {practice.id: 2}
    read(client)
    assert readings(session) == {practice.id: 3}
    assert readings(session) == {practice.id: 3}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "curl/8.5"},
        {"User-Agent": ""},
    ],
)
def test_robots_and_looks_ahead_do_not_count(
    client: FlaskClient, session: Session, practice: Practice, headers: dict[str, str]
) -> None:
    session.commit()
    read(client, **headers)
    client.head(SHEET, headers=PERSON).close()

    assert readings(session) == {}


def test_one_network_does_not_make_the_count_of_a_sheet_alone(
    app: Flask, session: Session, practice: Practice
) -> None:
    session.commit()
    for number in range(MOST_READINGS_AN_HOUR + 5):
        read(app.test_client(), **{"User-Agent": f"Mozilla/5.0 Firefox/{number}"})
    elsewhere = app.test_client()
    elsewhere.get(SHEET, headers=PERSON, environ_base={"REMOTE_ADDR": "198.51.100.7"}).close()

    assert readings(session) == {practice.id: MOST_READINGS_AN_HOUR + 1}


def test_several_processes_share_what_one_network_counts(
    settings: Settings, session: Session, practice: Practice
) -> None:
    session.commit()
    processes = [create_app(replace(settings, web_workers=3)) for _ in range(3)]

    for process in processes:
        for _again in range(MOST_READINGS_AN_HOUR):
            read(process.test_client())

    assert readings(session) == {practice.id: MOST_READINGS_AN_HOUR}


def test_neither_the_team_at_work_nor_what_is_not_published_counts(
    app: Flask, session: Session, practice: Practice
) -> None:
    broker = app.test_client()
    sign_in_as(broker, session, make_viewer(session, role=Role.BROKER))
    read(broker)
    practice.state, practice.state_reason = PracticeState.WITHDRAWN, "Essai."
    session.commit()
    read(app.test_client())

    assert readings(session) == {}


def test_the_file_of_readings_names_a_day_and_a_sheet_and_nothing_else(
    client: FlaskClient, session: Session, settings: Settings, practice: Practice
) -> None:
    session.commit()
    read(client)

    (line,) = (settings.data_dir / tallies.FOLDER / f"{READINGS}.txt").read_text().splitlines()
    assert line.partition(" ")[2] == practice.id
    date.fromisoformat(line.partition(" ")[0])


def test_readings_of_no_sheet_are_left_out(session: Session, practice: Practice) -> None:
    day = date(2026, 11, 22)
    assert (
        keep_readings(session, tallies.Counts({(day, "inconnue"): 4, (day, practice.id): 2})) == 2
    )


def test_days_are_forgotten_and_quarters_stay(session: Session, practice: Practice) -> None:
    carry(session, practice)
    read_times(session, practice, date(2026, 8, 15), 3)
    tell_quarters(session, today=TODAY)

    assert purge_readings(session, datetime(2026, 9, 1, tzinfo=UTC)) == 1
    assert session.scalars(select(PracticeQuarter)).one().readings == 3


@pytest.mark.parametrize(
    ("day", "first", "end"),
    [
        (date(2026, 1, 1), date(2025, 10, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), date(2025, 10, 1), date(2026, 1, 1)),
        (date(2026, 4, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 12, 31), date(2026, 7, 1), date(2026, 10, 1)),
    ],
)
def test_the_quarter_told_is_the_last_that_is_over(day: date, first: date, end: date) -> None:
    assert Quarter.before(day) == Quarter(first, end)


def ask(session: Session, origin: str, moment: datetime, **about: object) -> None:
    session.add(
        Question(
            text="?", email="a@exemple.ca", origin=origin, asked_at=moment, due_on=TODAY, **about
        )
    )


def react(session: Session, practice: Practice, answer: Answer, moment: datetime) -> None:
    session.add(Reaction(kind=KIND, document_id=practice.id, answer=answer, created_at=moment))


def a_quarter(session: Session, practice: Practice) -> None:
    """Two adoptions that may be read and one that may not, questions, reactions, readings."""
    place = serve(session, "rss01", slug="cisss-ici")
    made = [
        adopt(
            session, practice, by=make_viewer(session, organisation=place), team=team, openness=one
        )
        for team, one in (
            ("Avant", Openness.PUBLIC),
            ("Pendant", Openness.MEMBERS),
            ("Entre nous", Openness.US),
            ("Après", Openness.PUBLIC),
        )
    ]
    for adoption, moment in zip(made, (BEFORE_IT, IN_QUARTER, IN_QUARTER, AFTER_IT), strict=True):
        adoption.created_at = moment
    session.add(PracticeSlug(slug="ancienne-adresse", practice_id=practice.id))
    ask(session, SHEET, IN_QUARTER)
    ask(session, "/pratiques/ancienne-adresse", IN_QUARTER)
    ask(session, SHEET, IN_QUARTER, outcome=Outcome.UNWANTED)
    ask(session, SHEET, AFTER_IT)
    ask(session, "/pratiques", IN_QUARTER)
    for answer, moment in (
        (Answer.YES, IN_QUARTER),
        (Answer.YES, IN_QUARTER),
        (Answer.NO, IN_QUARTER),
        (Answer.NO, BEFORE_IT),
    ):
        react(session, practice, answer, moment)
    read_times(session, practice, date(2026, 7, 1), 1200)
    read_times(session, practice, date(2026, 9, 30), 34)
    read_times(session, practice, date(2026, 10, 1), 500)
    session.flush()


def test_a_quarter_counts_what_happened_in_it_and_nothing_else(
    session: Session, practice: Practice
) -> None:
    carry(session, practice)
    a_quarter(session, practice)

    tell_quarters(session, today=TODAY)

    row = session.scalars(select(PracticeQuarter)).one()
    assert (row.readings, row.adoptions, row.adoptions_in_all) == (1234, 1, 2)
    assert (row.questions, row.yes, row.not_yet, row.no) == (2, 2, 0, 1)
    assert words_of(row) == (
        "Du 1er juillet 2026 au 30 septembre 2026. Lue 1\u00a0234 fois. Une équipe de plus déclare "
        "l’essayer (2 en tout). 2 questions posées à son sujet. Utile pour la pratique\u00a0: "
        "oui 2, pas encore 0, non 1."
    )


def say(session: Session, practice: Practice, times: int, **added: object) -> None:
    """So many readers found it useful, and added the same."""
    for _time in range(times):
        about = {"kind": KIND, "document_id": practice.id, "answer": Answer.YES}
        session.add(Reaction(**about, created_at=IN_QUARTER, **added))
    session.flush()


def test_what_readers_add_is_told_once_enough_of_them_answered(
    session: Session, practice: Practice
) -> None:
    carry(session, practice)
    say(session, practice, 4, learned=Learned.NEW, use=Use.NONE)
    say(session, practice, 1, learned=Learned.DISAGREED, benefit=Benefit.NONE)

    tell_quarters(session, today=TODAY)

    row = session.scalars(select(PracticeQuarter)).one()
    assert row.said == {"learned:new": 4, "learned:disagreed": 1}
    assert words_of(row).endswith(
        "Ce que la lecture apporte\u00a0: J’ai appris quelque chose (4), Je ne suis pas d’accord "
        "(1)."
    )


def test_the_dossier_tells_what_readers_said_to_who_carries_the_sheet(
    app: Flask, session: Session, practice: Practice
) -> None:
    owner, reviewer = make_viewer(session), make_viewer(session, role=Role.REVIEWER)
    session.add(PracticeAuthor(practice_id=practice.id, member_id=owner.member_id, is_owner=True))
    session.flush()
    revision = open_revision(session, practice, by=owner)
    say(session, practice, FLOOR, use=Use.DISCUSS)
    say(session, practice, 1, benefit=Benefit.HEALTH)
    client = app.test_client()
    sign_in_as(client, session, owner)

    page = client.get(f"/pratiques/dossiers/{practice.id}").get_data(as_text=True)

    assert "Utile pour la pratique\u00a0: oui 6, pas encore 0, non 0." in page
    assert "En parler en équipe, ou avec une personne usagère (5)" in page
    assert "Une meilleure santé" not in page
    revision = session.get_one(PracticeRevision, revision.id)
    revision.state, revision.round = PracticeState.REVIEW, 1
    session.add(
        PracticeReview(
            public_id="r" * 16,
            revision_id=revision.id,
            round=1,
            reviewer_id=reviewer.member_id,
            due_on=TODAY,
        )
    )
    session.commit()
    sign_in_as(client, session, reviewer)
    assert "Utile pour la pratique" not in client.get(
        f"/pratiques/dossiers/{practice.id}"
    ).get_data(as_text=True)


def test_each_person_of_the_team_gets_one_mail_whatever_the_job_runs(
    app: Flask, session: Session, settings: Settings, practice: Practice
) -> None:
    second = make_practice(session, "seconde")
    people = [carry(session, practice), carry(session, practice)]
    session.add(PracticeAuthor(practice_id=second.id, member_id=people[0].id))
    for sheet in (practice, second):
        read_times(session, sheet, date(2026, 8, 1), 5)
    for day in (TODAY, TODAY, date(2026, 12, 31)):
        tell_quarters(session, today=day)
    session.commit()

    told = session.scalars(select(Notice).where(Notice.kind == QUARTER_KIND)).all()
    assert sorted(one.member_id for one in told) == sorted(
        [people[0].id, *(one.id for one in people)]
    )
    let_time_pass(session)
    session.commit()
    letters = leave(settings)
    assert len(letters) == 2
    (both,) = [one for one in letters if "Fiche seconde" in text_of(one)]
    assert "Fiche visites-virtuelles" in text_of(both)
    assert "Lue 5 fois." in text_of(both)
    for letter in letters:
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "/avis/desabonnement/" in letter["List-Unsubscribe"]


def test_a_mail_speaks_the_language_of_its_recipient(
    app: Flask, session: Session, settings: Settings, practice: Practice
) -> None:
    carry(session, practice, locale="en")
    read_times(session, practice, date(2026, 8, 1), 5)
    tell_quarters(session, today=TODAY)
    let_time_pass(session)
    session.commit()

    (letter,) = leave(settings)
    assert "Read 5 times." in text_of(letter)
    assert "Your sheet these past three months" in str(letter["Subject"]) + text_of(letter)


def test_nothing_is_told_of_a_quarter_where_nothing_happened(
    session: Session, practice: Practice
) -> None:
    carry(session, practice)

    assert tell_quarters(session, today=TODAY) == 1
    assert tell_quarters(session, today=TODAY) == 0
    assert session.scalars(select(Notice)).all() == []


def test_a_sheet_that_nobody_carries_or_nobody_reads_is_not_counted(
    session: Session, practice: Practice
) -> None:
    read_times(session, practice, date(2026, 8, 1), 5)
    drafted = make_practice(session, "ebauche", state=PracticeState.DRAFTING)
    carry(session, drafted)

    assert tell_quarters(session, today=TODAY) == 0


def test_whoever_carries_it_no_more_reads_nothing_of_it(
    app: Flask, session: Session, settings: Settings, practice: Practice
) -> None:
    carry(session, practice)
    read_times(session, practice, date(2026, 8, 1), 5)
    tell_quarters(session, today=TODAY)
    for author in session.scalars(select(PracticeAuthor)).all():
        session.delete(author)
    let_time_pass(session)
    session.commit()

    assert leave(settings) == []


def test_many_sheets_are_counted_in_as_many_statements_as_one(session: Session) -> None:
    make_vocabulary(session)
    for number in range(6):
        carry(session, make_practice(session, f"fiche-{number}"))
    session.commit()

    with statements() as seen:
        assert tell_quarters(session, today=TODAY) == 6

    assert len(seen) == 8


def test_the_command_counts_then_tells_once(session: Session, practice: Practice) -> None:
    carry(session, practice)
    last = Quarter.before(local(now()).date())
    read_times(session, practice, last.first, 7)
    carry(session, make_practice(session, "muette"))
    session.commit()

    tried = CliRunner().invoke(practices, ["quarters", "--dry-run"]).output
    session.rollback()
    assert session.scalars(select(PracticeQuarter)).all() == []
    session.rollback()
    done = CliRunner().invoke(practices, ["quarters"]).output
    again = CliRunner().invoke(practices, ["quarters"]).output

    assert "avertie\u00a0: 1" in tried
    assert "rien à dire\u00a0: 1" in tried
    assert done == tried
    assert "avertie\u00a0: 0" in again
    session.rollback()
    assert len(session.scalars(select(Notice)).all()) == 1
