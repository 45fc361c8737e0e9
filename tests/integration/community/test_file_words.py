"""The text of what is attached to posts is drawn out once, and the index looks again."""

from io import BytesIO

import pytest
from sqlalchemy import delete, select

from inters4.community.jobs.words import draw_words
from inters4.community.models import PostFile
from inters4.community.services.posting import post
from inters4.core.db import reading, writing
from inters4.core.files import file_store
from inters4.core.files.pdf import read_pdf
from inters4.core.files.refusals import FileRefused
from inters4.core.outbox import OutboxRow
from inters4.settings import Settings
from tests.builders.community import make_space, make_thread
from tests.builders.members import make_viewer
from tests.builders.word import paragraph, word


def pdf(words: str) -> bytes:
    """The smallest document that says so."""
    drawn = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return body + head + table + tail % (len(objects) + 1, len(body))


def attach(settings: Settings, data: bytes, name: str) -> None:
    with writing() as session:
        member = make_viewer(session)
        space = make_space(session, members=(member,))
        thread = make_thread(session, space)
        stored = file_store(settings).receive(BytesIO(data), name, by=member)
        post(session, thread, "Voici.", by=member, files=[stored])
        session.execute(delete(OutboxRow))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("Un aide-mémoire de télésoins.".encode(), "aide.txt"),
        (word(paragraph("Un aide-mémoire de télésoins.")), "aide.docx"),
    ],
)
def test_the_words_of_a_file_are_found_and_read_once(
    settings: Settings, data: bytes, name: str
) -> None:
    attach(settings, data, name)
    draw_words()
    draw_words()

    with reading() as session:
        link = session.scalars(select(PostFile)).one()
        assert "aide-mémoire de télésoins" in link.words
        assert link.read_at is not None
        assert len(session.scalars(select(OutboxRow)).all()) == 1


@pytest.mark.usefixtures("database")
def test_a_pdf_is_read(settings: Settings) -> None:
    attach(settings, pdf("Aide-memoire de telesoins"), "aide.pdf")
    draw_words()

    with reading() as session:
        assert "telesoins" in session.scalars(select(PostFile.words)).one()


@pytest.mark.usefixtures("database")
def test_what_cannot_be_read_is_not_tried_again(settings: Settings) -> None:
    attach(settings, b"%PDF-1.7\n% rien\n%%EOF\n", "casse.pdf")
    draw_words()

    with reading() as session:
        link = session.scalars(select(PostFile)).one()
        assert (link.words, link.read_at is not None) == ("", True)
        assert session.scalars(select(OutboxRow)).all() == []


def test_a_damaged_document_is_refused() -> None:
    with pytest.raises(FileRefused):
        read_pdf(b"%PDF-1.7\n" + b"(" * 100_000)
