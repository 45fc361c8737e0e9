"""What is erased is nowhere any more: every table, every file, the index, the mails that wait."""

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, String, Text, delete, select, text
from sqlalchemy.orm import Session

from inters4.community.documents.threads import load_document
from inters4.community.models import (
    Act,
    FlagReason,
    Meeting,
    MeetingMinutes,
    ModerationAct,
    Post,
    PostDraft,
    PostFile,
    PostState,
    PostVersion,
    Space,
    Thread,
    ThreadSummary,
)
from inters4.community.services.drafting import keep_draft
from inters4.community.services.file_words import keep_words
from inters4.community.services.flagging import flag_post
from inters4.community.services.matching import MARK, Words
from inters4.community.services.moderating import edit_post, hide
from inters4.community.services.moving import move
from inters4.community.services.posting import post as write
from inters4.community.services.quoting import quoted
from inters4.community.services.redacting import read_passages, redact
from inters4.community.services.sanctioning import warn
from inters4.community.services.starting import start_thread
from inters4.community.services.sweeping import SWEPT
from inters4.core import db
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import Model, reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.files import StoredFile, file_store
from inters4.core.mail import QueuedMail
from inters4.core.outbox import OutboxRow
from inters4.notices.models import Notice
from inters4.search.jobs import bring_up_to_date
from inters4.search.jobs.forgetting import scrub
from inters4.settings import Settings
from tests.builders.community import again, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

SECRET = "TREM 1234 5678"
NEEDLES = ("trem 1234", "12345678", "trémise")
PASSAGES = ("TREM 1234 5678", "Hélène Trémise")
TEXT = f"Bonjour à vous,\n\nLa dame {SECRET}, Hélène Trémise, attend depuis janvier.\n\nMerci!"


class Leak:
    """A post that names a patient, and everything that came to repeat it."""

    lead: Viewer
    author: Viewer
    other: Viewer
    space: int
    thread: int
    token: str


def leak(session: Session, settings: Settings) -> Leak:
    """The post, through the services that people use."""
    made = Leak()
    make_vocabulary(session)
    lead, author, other = (make_viewer(session, name=name) for name in ("Léa", "Noé", "Jo"))
    space = make_space(session, facilitator=lead, deputy=other, members=(author,))
    made.lead, made.author, made.other = (again(session, who) for who in (lead, author, other))
    store = file_store(settings)
    stored = store.accept(
        session, io.BytesIO(b"Dossier de Helene Tr\xc3\xa9mise"), "note.txt", by=made.author
    )
    thread = start_thread(
        session,
        space,
        title=f"Le cas de {SECRET}",
        text=TEXT,
        by=made.author,
        files=[stored],
        is_meant=True,
    )
    session.flush()
    keep_words(session, stored.id, "Dossier de Hélène  Trémise, née au printemps")
    first = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    edit_post(
        session,
        first,
        TEXT + "\n\nEt encore.",
        version=first.version,
        reason=f"On parle de {SECRET}.",
        by=made.lead,
    )
    quote = quoted(TEXT, author="Noé", number=1)
    write(session, thread, quote + "Je réponds.", by=made.other, is_meant=True)
    keep_draft(session, f"fil:{thread.id}", text=quote + "J’écris encore", by=made.author)
    flag_post(session, first, FlagReason.OTHER, by=made.other, note_text=f"Il y a {SECRET}.")
    warn(session, space, made.author.member_id or 0, reason=f"Pas de {SECRET}.", by=made.lead)
    hide(session, first, reason=f"Il y a «\u00a0{SECRET}\u00a0».", by=made.lead)
    summary = ThreadSummary(thread_id=thread.id)
    summary.write(f"On y parle de {SECRET}.")
    meeting = Meeting(space_id=space.id, title="Le cas", starts_at=now())
    meeting.write(f"Ordre du jour : {SECRET}")
    session.add_all([summary, meeting])
    session.flush()
    minutes = MeetingMinutes(meeting_id=meeting.id)
    minutes.write(f"Il fut question de {SECRET}.")
    session.add(minutes)
    session.add(
        Notice(
            member_id=made.other.member_id or 0,
            kind="community.flag",
            subject="message:1",
            group_key="message:1",
            facts={"text": f"Voici {SECRET}", "list": ["Hélène Trémise"]},
            channel="mail",
        )
    )
    session.add(
        QueuedMail(
            kind="notice",
            template="notice",
            parameters={"words": SECRET},
            recipient="quelqu-un@exemple.ca",
            member_id=made.other.member_id,
            locale="fr",
        )
    )
    session.flush()
    made.space, made.thread, made.token = space.id, thread.id, stored.token
    return made


def everything(session: Session) -> dict[str, str]:
    """Every value of every table, as text, by table and column."""
    session.flush()
    found: dict[str, str] = {}
    for table in Model.metadata.sorted_tables:
        for row in session.connection().execute(select(table)).mappings():
            for name, value in row.items():
                place = f"{table.name}.{name}"
                found[place] = f"{found.get(place, '')}\n{value}"
    return found


def places_of(session: Session, *needles: str) -> set[str]:
    return {
        place
        for place, held in everything(session).items()
        if any(_bare(needle) in _bare(held) for needle in needles)
    }


def _bare(words: str) -> str:
    return " ".join(words.lower().replace(">", " ").split())


def first_post(session: Session, made: Leak) -> Post:
    return opening_of(session, session.get_one(Thread, made.thread))


def opening_of(session: Session, thread: Thread) -> Post:
    return session.scalars(select(Post).where(Post.thread_id == thread.id, Post.number == 1)).one()


def test_a_redaction_greps_clean(session: Session, settings: Settings) -> None:
    made = leak(session, settings)
    before = places_of(session, *NEEDLES)
    assert {
        "posts.source", "posts.html", "post_versions.source", "post_versions.reason",
        "threads.title", "thread_summaries.html", "post_drafts.source", "flags.note",
        "sanctions.reason", "moderation_acts.reason", "post_files.words", "meetings.html",
        "meeting_minutes.source", "notices.facts", "mail_queue.parameters",
    } <= before  # fmt: skip
    post = first_post(session, made)
    disk = file_store(settings).find(session.scalars(select(StoredFile)).one())
    assert disk.is_file()
    session.execute(delete(OutboxRow))

    done = redact(
        session,
        post,
        passages=PASSAGES,
        reason="Un dossier de patiente.",
        by=made.lead,
        store=file_store(settings),
    )
    session.commit()

    assert places_of(session, *NEEDLES) == set()
    assert done.places >= 12
    assert MARK in post.source
    assert "Bonjour à vous" in post.source
    assert "attend depuis janvier" in post.source
    document = load_document(session, str(made.thread))
    assert document is not None
    assert not any(needle in _bare(repr(document)) for needle in NEEDLES)
    assert (
        str(made.thread)
        in session.scalars(select(OutboxRow.document_id).where(OutboxRow.kind == "fil")).all()
    )
    stored = session.scalars(select(StoredFile)).one()
    assert stored.is_emptied
    acts = session.scalars(select(ModerationAct.act).order_by(ModerationAct.id)).all()
    assert acts[-1] is Act.REDACT
    if db.engine().dialect.name == "sqlite":
        session.execute(text("SELECT 1"))
        session.commit()
        with db.engine().connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        for path in Path(settings.data_dir).glob("inters4.db*"):
            held = path.read_bytes()
            assert SECRET.encode() not in held, path
            assert "Trémise".encode() not in held, path


def test_a_whole_post_goes_with_its_versions_its_files_and_its_quotations(
    session: Session, settings: Settings
) -> None:
    made = leak(session, settings)
    post = first_post(session, made)

    redact(
        session,
        post,
        is_whole=True,
        reason="Rien n’en peut rester.",
        by=made.lead,
        store=file_store(settings),
    )

    assert (post.state, post.source, post.html) == (PostState.REMOVED, "", "")
    versions = session.scalars(select(PostVersion).where(PostVersion.post_id == post.id)).all()
    assert {version.source for version in versions} == {""}
    answer = session.scalars(
        select(Post).where(Post.thread_id == made.thread, Post.number == 2)
    ).one()
    assert "Trémise" not in answer.source
    assert MARK in answer.source
    assert "Je réponds." in answer.source
    draft = session.scalars(select(PostDraft)).one()
    assert "Trémise" not in draft.source
    assert "J’écris encore" in draft.source
    assert session.scalars(select(StoredFile)).one().is_emptied
    assert session.scalars(select(PostFile.words)).one() == ""


def test_one_file_alone_is_erased(session: Session, settings: Settings) -> None:
    made = leak(session, settings)
    post = first_post(session, made)
    source = post.source

    done = redact(
        session,
        post,
        files={made.token},
        reason="Ce fichier nomme quelqu’un.",
        by=made.lead,
        store=file_store(settings),
    )

    assert (done.files, post.source) == (1, source)
    assert session.scalars(select(StoredFile)).one().is_emptied


def test_what_is_read_of_a_file_that_was_erased_meanwhile_is_not_kept(
    session: Session, settings: Settings
) -> None:
    made = leak(session, settings)
    stored = session.scalars(select(StoredFile)).one()
    redact(
        session,
        first_post(session, made),
        files={made.token},
        reason="Ce fichier nomme quelqu’un.",
        by=made.lead,
        store=file_store(settings),
    )

    keep_words(session, stored.id, "Dossier de Hélène Trémise")

    assert session.scalars(select(PostFile.words)).one() == ""


@pytest.mark.parametrize(
    ("passages", "reason", "about"),
    [
        ((), "Une raison.", "passages"),
        (("Quelqu’un d’autre",), "Une raison.", "passages"),
        (PASSAGES, "", "raison"),
        (PASSAGES, "C’est trem  1234 5678.", "raison"),
    ],
)
def test_a_redaction_that_cannot_be_changes_nothing(
    session: Session, settings: Settings, passages: tuple[str, ...], reason: str, about: str
) -> None:
    made = leak(session, settings)
    with pytest.raises(DomainError) as refusal:
        redact(
            session,
            first_post(session, made),
            passages=passages,
            reason=reason,
            by=made.lead,
            store=file_store(settings),
        )
    assert refusal.value.about == about
    assert SECRET in first_post(session, made).source


def test_only_who_moderates_erases(session: Session, settings: Settings) -> None:
    made = leak(session, settings)
    with pytest.raises(NotAllowed):
        redact(
            session,
            first_post(session, made),
            passages=PASSAGES,
            reason="Le mien.",
            by=made.author,
            store=file_store(settings),
        )


def test_another_space_is_left_as_it_is(session: Session, settings: Settings) -> None:
    made = leak(session, settings)
    elsewhere = make_thread(
        session, make_space(session, facilitator=made.other), text=f"Ici, {SECRET} est un code."
    )
    redact(
        session,
        first_post(session, made),
        passages=(SECRET,),
        reason="Une raison.",
        by=made.lead,
        store=file_store(settings),
    )

    kept = session.scalars(select(Post).where(Post.thread_id == elsewhere.id)).one()
    assert SECRET in kept.source


def test_an_accent_apart_from_its_letter_is_sought_in_every_row(
    session: Session, settings: Settings
) -> None:
    lead = make_viewer(session)
    space = make_space(session, facilitator=lead)
    made = opening_of(session, make_thread(session, space, text="La dame Zoé attend."))

    redact(
        session,
        made,
        passages=("Zoe\u0301",),
        reason="Une raison.",
        by=again(session, lead),
        store=file_store(settings),
    )

    assert made.source == f"La dame {MARK} attend."


def test_the_journal_that_a_thread_has_left_is_swept_too(
    session: Session, settings: Settings
) -> None:
    lead = make_viewer(session)
    source, target = (make_space(session, facilitator=lead) for _one in range(2))
    thread = make_thread(session, source, text=f"Voici {SECRET}.")
    by, post = again(session, lead), opening_of(session, thread)
    hide(session, post, reason=f"Il y a {SECRET}.", by=by)
    move(session, thread, target, is_confirmed=True, by=by)

    redact(
        session,
        post,
        passages=(SECRET,),
        reason="Une raison.",
        by=by,
        store=file_store(settings),
    )

    kept = session.scalars(select(ModerationAct.reason).where(ModerationAct.act == Act.HIDE)).one()
    assert kept == f"Il y a {MARK}."


@pytest.mark.parametrize(
    "written",
    ["Hélène Trémise", "HÉLÈNE  TRÉMISE", "Hélène\u00a0Trémise", "> Hélène\n> Trémise",
     "He\u0301le\u0300ne Tre\u0301mise", "**Hélène** Trémise", "«Hélène\tTrémise»"],
)  # fmt: skip
def test_a_passage_is_found_however_its_words_are_set(written: str) -> None:
    cleared = Words(("Hélène Trémise",)).clear(f"Avant {written} après")

    assert "mise" not in cleared.lower()
    assert cleared.startswith("Avant ")
    assert cleared.endswith(" après")


def test_passages_come_one_a_line_each_once() -> None:
    assert read_passages(" un nom \n\nun  nom\r\nun autre") == ("un nom", "un autre")
    for wrong in ("ab", "x" * 501, "\n".join(f"passage {number}" for number in range(21))):
        with pytest.raises(DomainError):
            read_passages(wrong)


def test_every_column_that_people_type_is_swept() -> None:
    """A new column of communities is named in `sweeping`, or here, where nobody writes of others.

    A space's own presentation is changed in its settings, by whoever leads it.
    """
    presented = {
        "spaces." + name
        for name in (
            "slug", "name", "purpose", "themes", "scope", "sponsor", "charter", "rhythm",
            "source", "html",
        )
    }  # fmt: skip
    codes = {
        "posts.key", "post_drafts.place", "space_former_slugs.slug", "space_tokens.purpose",
        "space_tokens.token_hash", "threads.about_kind", "threads.about_id", "meetings.public_id",
        "sheet_additions.public_id", "sheet_additions.practice_id", "post_tellings.told",
    }  # fmt: skip
    follow = {"posts.html", "thread_summaries.html", "meetings.html", "meeting_minutes.html"}
    swept = {f"{column.class_.__tablename__}.{column.key}" for column in SWEPT}
    typed = {
        f"{mapper.class_.__tablename__}.{column.name}"
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.startswith("inters4.community")
        for column in mapper.local_table.columns
        if isinstance(column.type, String | Text | JSON) and not getattr(column.type, "enums", None)
    }

    assert typed - swept - presented - codes - follow == set()
    assert swept <= typed


def test_the_index_finds_it_no_more(app: Flask, settings: Settings) -> None:
    with writing() as session:
        make_vocabulary(session)
        lead = make_viewer(session)
        space = make_space(session, facilitator=lead)
        lead = again(session, lead)
        thread = start_thread(
            session,
            space,
            title="Une dame attend",
            text="Madame Zorglubine attend.",
            by=lead,
            is_meant=True,
        )
        slug, number = space.slug, thread.id
    bring_up_to_date(settings)
    client = browser_of(app, lead)
    assert f"/communaute/{slug}/{number}" in _found(client, "zorglubine")
    form = f"/communaute/{slug}/moderation/{number}/1/effacement"
    answer = client.post(
        form,
        data={
            "csrf_token": csrf(client, form),
            "passages": "Zorglubine",
            "raison": "Une patiente.",
        },
    )
    assert answer.status_code == 303
    bring_up_to_date(settings)

    assert f"/communaute/{slug}/{number}" not in _found(client, "zorglubine")
    with reading() as session:
        assert session.get_one(Thread, number).last_seq == 1


def test_no_file_of_the_index_keeps_it_past_the_day(app: Flask, settings: Settings) -> None:
    """Segments and the generation before keep words until the index was written anew twice."""
    with writing() as session:
        make_vocabulary(session)
        lead = make_viewer(session)
        space = make_space(session, facilitator=lead)
        lead = again(session, lead)
        for number in range(8):
            made = make_thread(session, space, author=lead, title=f"Un autre fil, le {number}")
        post = session.scalars(select(Post).where(Post.thread_id == made.id)).one()
        post.write("Madame Zorglubine attend.")
    bring_up_to_date(settings)
    assert _files_with(settings, b"orglubin")
    with writing() as session:
        redact(
            session,
            session.get_one(Post, post.id),
            passages=["Zorglubine"],
            reason="Une patiente.",
            by=lead,
            store=file_store(settings),
        )
    bring_up_to_date(settings)
    for _round in range(5):
        if scrub():
            break
        bring_up_to_date(settings)

    assert _files_with(settings, b"orglubin") == []
    with reading() as session:
        act = session.scalars(select(ModerationAct)).one()
        assert act.scrubbed_at is not None
    assert scrub()


def _files_with(settings: Settings, words: bytes) -> list[Path]:
    """Every file of the installation that holds these bytes: database, index, deposited files."""
    return [
        path
        for path in Path(settings.data_dir).rglob("*")
        if path.is_file()
        and "static" not in path.relative_to(settings.data_dir).parts
        and words in path.read_bytes()
    ]


def _found(client: FlaskClient, words: str) -> str:
    answer = client.get(f"/recherche?q={words}")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_the_page_keeps_what_was_typed(app: Flask, settings: Settings) -> None:
    with writing() as session:
        made = leak(session, settings)
        slug = session.get_one(Space, made.space).slug
    client = browser_of(app, made.lead)
    form = f"/communaute/{slug}/moderation/{made.thread}/1/effacement"
    html = client.get(form).get_data(as_text=True)
    assert SECRET in html
    answer = client.post(
        form, data={"csrf_token": csrf(client, form), "passages": "pas là", "raison": "Bien dit."}
    )

    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "n’est pas dans ce message" in body
    assert "Bien dit." in body
