"""However a passage is set and wherever it waits, a redaction reaches it."""

import io
import time

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import Post, PostDraft, PostFile, Thread, ThreadSummary
from inters4.community.services.drafting import attach, keep_draft
from inters4.community.services.matching import MARK, Words
from inters4.community.services.posting import post as write
from inters4.community.services.redacting import read_passages, redact
from inters4.core.access import Viewer
from inters4.core.db import reading
from inters4.core.errors import DomainError
from inters4.core.files import StoredFile, file_store
from inters4.settings import Settings
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.web import csrf

NAME = "Hélène Trémise"


@pytest.mark.parametrize(
    "written",
    [
        "Helene Tremise", "Hél**ène** Tré_mise_", "H&eacute;l&egrave;ne&nbsp;Tr&#233;mise",
        "Hé\u200blène Tré\u00admise", "[Hélène](https://exemple.ca) Trémise", "Hélène\\ Trémise",
        "[elle](https://exemple.ca/helene-tremise)", "`Hélène`\u202fTrémise",
        "> > Hélène\n> > Trémise", "Ｈélène Trémise", "(/h%C3%A9l%C3%A8ne-tr%C3%A9mise)",
        "~~Hélène~~, Trémise", "&#72;élène Trémise",
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_typed(written: str) -> None:
    cleared = Words((NAME,)).clear(f"Avant {written} après")

    assert MARK in cleared
    assert "mise" not in cleared
    assert cleared.startswith("Avant ")
    assert cleared.endswith(" après")


@pytest.mark.parametrize(
    "written", ["TREM85011512", "trem-8501-1512", "TREM 8501\u00a01512", "tr**em** 85 01 15 12"]
)
def test_a_number_is_found_however_its_digits_are_grouped(written: str) -> None:
    assert Words(("TREM 8501 1512",)).clear(written) == MARK


@pytest.mark.parametrize("other", ["Hélène", "Hélène et Trémise", "TREM 8501 151", "tremis", ""])
def test_other_words_stay(other: str) -> None:
    assert Words((NAME, "TREM 8501 1512")).clear(other) is other


@pytest.mark.parametrize(
    ("passage", "text"),
    [
        ("Marc", "Cette démarche marche."), ("Luc", "Lucie le sait."), ("a b", "La belle vie."),
        ("Ana", "Une analyse de bananes."), ("12 345", "Le 312 3456."), ("Rose", "arroser"),
    ],
)  # fmt: skip
def test_a_short_passage_is_not_found_within_other_words(passage: str, text: str) -> None:
    assert Words((passage,)).clear(text) is text


@pytest.mark.parametrize(
    "written", ["photo_Marc_2.jpg", "l’Marc", "**Marc**, ici", "M**ar**c", "marc2024", "é Marc."]
)
def test_a_short_passage_is_found_at_the_ends_of_its_word(written: str) -> None:
    cleared = Words(("Marc",)).clear(written)

    assert MARK in cleared
    assert "arc" not in cleared.lower()


@pytest.mark.parametrize(
    ("passage", "written"),
    [
        ("(418) 555-0199", "418.555.0199"), ("a.b-cdefgh", "A. B. Cdefgh"), ("« Zoé »", "«Zoé»"),
        ("Zoé ---------------- Luc", "Zoé ---------------- Luc"), ("C++", "c++"),
    ],
)  # fmt: skip
def test_signs_between_words_may_differ(passage: str, written: str) -> None:
    assert Words((passage,)).clear(written) == MARK


def test_signs_at_the_ends_of_a_passage_count() -> None:
    assert Words(("C++",)).clear("C’est C+ ici") == "C’est C+ ici"


@pytest.mark.parametrize(
    ("passage", "text"),
    [
        (". . . . . . . . . . Zoé", "." * 400), ("- - - - - - - - Zoé", "- " * 400),
        ("1 - - - - - - 2345678", "1 " + "-" * 400), ("| - | - | - | - | Zoé", "| - " * 200),
    ],
)  # fmt: skip
def test_signs_repeated_take_no_time(passage: str, text: str) -> None:
    start = time.process_time()

    assert Words((passage,)).clear(text) is text
    assert time.process_time() - start < 1


@pytest.mark.parametrize("typed", ["*a*", "**e", "a\u200b\u200b", "~~~", "_ _"])
def test_signs_that_are_not_compared_make_no_passage(typed: str) -> None:
    with pytest.raises(DomainError):
        read_passages(typed)


class Place:
    """A thread where one post names someone."""

    lead: Viewer
    author: Viewer
    post: Post
    path: str
    thread: int


@pytest.fixture
def place(session: Session) -> Place:
    found = Place()
    lead, deputy, author = (make_viewer(session) for _number in range(3))
    space = make_space(session, facilitator=lead, deputy=deputy, members=(author,))
    thread = make_thread(session, space, title="Le cas de Helene Tremise", author=author)
    found.lead, found.author = again(session, lead), again(session, author)
    found.post = write(session, thread, f"La dame {NAME} attend.", by=found.author)
    found.thread = thread.id
    found.path = f"/communaute/{space.slug}/moderation/{thread.id}/2/effacement"
    session.flush()
    return found


def deposit(session: Session, settings: Settings, place: Place, text: str, name: str) -> StoredFile:
    return file_store(settings).accept(session, io.BytesIO(text.encode()), name, by=place.author)


def test_rows_that_set_it_otherwise_are_cleared(
    session: Session, settings: Settings, place: Place
) -> None:
    odd = make_post(
        session,
        session.get_one(Thread, place.thread),
        text="Oui, H&eacute;l**ène** TR&Eacute;MISE.",
    )
    summary = ThreadSummary(thread_id=place.thread)
    summary.write("Pour [Helene](https://exemple.ca) Tremise.")
    session.add(summary)
    keep_draft(session, f"message:{odd.id}", text="He\u0301le\u0300ne Tremise", by=place.lead)

    redact(
        session,
        place.post,
        passages=(NAME,),
        reason="Un nom.",
        by=place.lead,
        store=file_store(settings),
    )

    assert session.get_one(Thread, place.thread).title == f"Le cas de {MARK}"
    assert odd.source == f"Oui, {MARK}."
    assert "remise" not in summary.source
    assert session.scalars(select(PostDraft.source)).one() == MARK


def test_letters_that_a_file_writes_as_one_are_cleared(
    session: Session, settings: Settings, place: Place
) -> None:
    stored = deposit(session, settings, place, "Le cas.", "note.txt")
    held = PostFile(post_id=place.post.id, stored=stored, words="Le cas de Ru\ufb01n Olette.")
    session.add(held)
    session.flush()

    redact(
        session,
        place.post,
        passages=("Rufin Olette",),
        reason="Un nom.",
        by=place.lead,
        store=file_store(settings),
    )

    assert held.words == ""
    assert stored.is_emptied


def test_files_that_nobody_posted_or_read_are_emptied(
    app: Flask, session: Session, settings: Settings, place: Place
) -> None:
    kept = deposit(session, settings, place, "Une recette.", "recette.txt")
    drafted = deposit(session, settings, place, f"Dossier de {NAME}", "note.txt")
    named = deposit(session, settings, place, "Rien.", "helene-tremise.txt")
    posted = deposit(session, settings, place, "Dossier : Helene Tremise", "suite.txt")
    for stored in (kept, drafted, named):
        attach(session, f"fil:{place.thread}", stored, by=place.author)
    session.add(PostFile(post_id=place.post.id, file_id=posted.id))
    session.commit()
    client = browser_of(app, place.lead)

    answer = client.post(
        place.path,
        data={"csrf_token": csrf(client, place.path), "passages": NAME, "raison": "Un nom."},
    )

    assert answer.status_code == 303
    with reading() as after:
        emptied = after.scalars(select(StoredFile.id).where(StoredFile.size == 0)).all()
        assert set(emptied) == {drafted.id, named.id, posted.id}
        assert not any("tremise" in name for name in after.scalars(select(StoredFile.name)))


def test_what_its_author_makes_of_a_post_goes_with_the_whole_post(
    session: Session, settings: Settings, place: Place
) -> None:
    keep_draft(session, f"message:{place.post.id}", text="Madame H. attend.", by=place.author)

    redact(
        session,
        place.post,
        is_whole=True,
        reason="Tout.",
        by=place.lead,
        store=file_store(settings),
    )

    assert session.scalars(select(PostDraft)).all() == []
