"""`/admin/sante`: figures that are true, and what to do when one is bad."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.db import reading
from inters4.core.jobs import Jobs, jobs
from inters4.core.jobs.chronicle import FILE, Chronicle, read_runs
from inters4.core.jobs.runner import Runner
from inters4.core.mail import MailState, QueuedMail
from inters4.core.outbox import OutboxRow
from inters4.core.vitals import Level, Section, vitals
from inters4.core.vitals.last_backup import FILE as LAST_BACKUP
from inters4.core.vitals.last_backup import note_backup
from inters4.search.jobs import bring_up_to_date
from inters4.search.models import IndexRequest, IndexTask, RequestState
from inters4.settings import Settings
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser of an administrator."""
    make_vocabulary(session)
    sign_in_as(client, session, make_viewer(session, role=Role.ADMIN))
    return client


def page_of(client: FlaskClient) -> str:
    answer = client.get("/admin/sante")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def section(settings: Settings, name: str) -> Section:
    with reading() as session:
        return next(one for one in vitals.read(session, settings) if one.id == name)


def level_of(found: Section, label: str) -> Level:
    return next(sign.level for sign in found.signs if sign.label == label)


def letter(session: Session, **changes: object) -> QueuedMail:
    mail = QueuedMail(
        kind="x", template="x", parameters={}, recipient="a@exemple.ca", locale="fr", **changes
    )
    session.add(mail)
    return mail


def test_the_page_says_what_it_sees_and_what_to_do(staff: FlaskClient, settings: Settings) -> None:
    bring_up_to_date(settings)

    text = page_of(staff)

    for title in ("Courriel", "Index de recherche", "Travaux en arrière-plan", "Disque"):
        assert title in text
    assert "À regarder" in text, "no worker was ever seen"
    assert "jamais vu" in text
    assert "inters4 backup FICHIER" in text
    assert "SQLite" in text or "PostgreSQL" in text


def test_each_job_is_called_by_words_that_people_read(staff: FlaskClient) -> None:
    text = page_of(staff)

    assert "Envoi des infolettres" in text
    assert [job.name for job in jobs.registered() if job.name in text] == []


def test_the_page_costs_the_same_whatever_waits(
    staff: FlaskClient, session: Session, settings: Settings
) -> None:
    bring_up_to_date(settings)
    page_of(staff)
    with statements() as few:
        page_of(staff)
    for number in range(3):
        make_practice(session, f"fiche-{number}")
        letter(session)
    session.commit()

    with statements() as many:
        page_of(staff)

    assert len(many) == len(few) == 16, many


def test_a_letter_that_should_have_left_is_watched_then_bad(
    session: Session, settings: Settings
) -> None:
    label = "La plus ancienne qui devrait être partie"
    mail = letter(session, not_before=now() + timedelta(days=1))
    session.commit()
    assert level_of(section(settings, "courriel"), label) is Level.GOOD, "put off on purpose"

    mail.not_before = now() - timedelta(minutes=30)
    session.commit()
    assert level_of(section(settings, "courriel"), label) is Level.WATCH

    mail.not_before = now() - timedelta(hours=3)
    session.commit()
    found = section(settings, "courriel")
    assert level_of(found, label) is Level.BAD
    assert found.level is Level.BAD


def test_letters_refused_for_good_are_counted(session: Session, settings: Settings) -> None:
    letter(session, state=MailState.FAILED, settled_at=datetime(2026, 11, 20, 15, tzinfo=UTC))
    session.commit()

    (sign,) = [one for one in section(settings, "courriel").signs if one.level]

    assert sign.value.startswith("1 (le dernier")
    assert "mail_failed" in sign.advice


def test_an_index_that_follows_is_well_and_one_that_lags_is_not(
    session: Session, settings: Settings, client: FlaskClient
) -> None:
    make_vocabulary(session)
    make_practice(session)
    session.commit()
    bring_up_to_date(settings)
    found = section(settings, "index")
    assert found.level is Level.GOOD, found
    assert found.signs[0].value == "1 dans l’index, 1 dans la base"

    make_practice(session, "une-autre")
    session.commit()
    for row in session.scalars(select(OutboxRow)):
        row.queued_at = now() - timedelta(hours=2)
    session.commit()
    late = section(settings, "index")
    assert level_of(late, "Documents") is Level.WATCH
    assert level_of(late, "Changements à suivre") is Level.BAD


def test_the_worker_is_asked_from_the_page_and_the_page_says_what_came_of_it(
    staff: FlaskClient, session: Session, settings: Settings
) -> None:
    bring_up_to_date(settings)
    token = csrf(staff, "/admin/sante")
    before = set(session.scalars(select(IndexRequest.id)))
    session.commit()

    answer = staff.post("/admin/sante/index", data={"csrf_token": token, "demande": "verify"})

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/admin/sante#index")
    (asked,) = [one for one in session.scalars(select(IndexRequest)) if one.id not in before]
    assert (asked.task, asked.state) == (IndexTask.VERIFY, RequestState.WAITING)
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "search.index_asked")
    ).one()
    assert entry.detail == {"asked": "verify"}
    session.commit()
    assert "En cours" in page_of(staff)
    bring_up_to_date(settings)
    assert "Dernière vérification" in page_of(staff)
    assert staff.post("/admin/sante/index", data={"csrf_token": token}).status_code == 400


def test_a_job_that_fails_is_said_with_its_class_and_never_its_message(settings: Settings) -> None:
    jobs = Jobs()
    jobs.bind(settings)
    name = "search.index"

    @jobs.periodic(name, every=2)
    def fail() -> None:
        raise ValueError("camille@exemple.ca")

    runner = Runner(jobs)
    for _time in range(3):
        runner.run(name)
    chronicle = (settings.data_dir / FILE).read_text()

    assert "camille" not in chronicle
    assert read_runs(settings.data_dir)[name].error == "ValueError"


def test_failures_in_a_row_and_a_silent_worker_are_bad(
    database: str, settings: Settings, session: Session
) -> None:
    chronicle = Chronicle()
    present = now()
    for error in ("OSError", "KeyError", "ValueError"):
        chronicle.note(settings.data_dir, "mail.send", started=present, ended=present, error=error)
    found = section(settings, "travaux")
    assert level_of(found, "Processus de travail") is Level.GOOD
    assert level_of(found, "Envoi des courriels") is Level.BAD

    long_ago = {"started": "2026-01-01T00:00:00+00:00", "ended": "2026-01-01T00:00:00+00:00"}
    (settings.data_dir / FILE).write_text(
        json.dumps({"mail.send": {**long_ago, "failures": 0, "error": ""}})
    )
    found = section(settings, "travaux")
    assert level_of(found, "Processus de travail") is Level.BAD
    assert level_of(found, "Envoi des courriels") is Level.WATCH


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"started": "hier"}}'])
def test_a_damaged_chronicle_is_no_chronicle(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)

    assert read_runs(tmp_path) == {}


@pytest.mark.parametrize(("days", "level"), [(0, Level.GOOD), (2, Level.WATCH), (8, Level.BAD)])
def test_a_backup_is_watched_then_bad_as_it_grows_old(
    database: str, settings: Settings, days: int, level: Level
) -> None:
    assert section(settings, "sauvegarde").level is Level.WATCH, "none is known"
    at = (now() - timedelta(days=days)).isoformat()
    told = {"at": at, "size": 2_500_000, "has_database": True}
    (settings.data_dir / LAST_BACKUP).write_text(json.dumps(told))

    found = section(settings, "sauvegarde")

    assert found.level is level
    assert found.signs[0].value.endswith("2,5 Mo")


def test_a_backup_without_its_database_says_so(database: str, settings: Settings) -> None:
    note_backup(settings.data_dir, size=1_000_000, has_database=False)

    assert "pg_dump" in section(settings, "sauvegarde").signs[1].advice


def test_a_letter_that_was_just_queued_waits(session: Session, settings: Settings) -> None:
    letter(session)
    session.commit()

    assert section(settings, "courriel").signs[0].value == "1"
