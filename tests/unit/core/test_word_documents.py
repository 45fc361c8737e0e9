"""A Word document read as text by headings; what is no document is refused by name."""

import pytest

from inters4.core.files import FileRefused
from inters4.core.files.word import LARGEST, Passage, read_word
from tests.builders.word import heading, item, paragraph, table, word

_ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
)


def test_text_is_gathered_under_its_headings() -> None:
    data = word(
        paragraph("Avant tout."),
        heading("Contexte"),
        paragraph("On attend."),
        item("un mois"),
        item("ou deux"),
        heading("Coûts"),
        table(("Poste", "Montant"), ("Appels", "1 000 $")),
    )

    assert read_word(data, "fiche.docx") == [
        Passage("", "Avant tout."),
        Passage("Contexte", "On attend.\n- un mois\n- ou deux", 1),
        Passage("Coûts", "| Poste | Montant |\n| --- | --- |\n| Appels | 1 000 $ |", 1),
    ]


def test_an_empty_document_says_nothing() -> None:
    assert read_word(word(), "vide.docx") == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "vide"),
        (b"PK\x03\x04 n'importe quoi", "endommagé"),
        (b"%PDF-1.7\n", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 200, "accepté"),
        (word(document="<w:document"), "n’a pas pu être lu"),
        (word(document=_ENTITIES), "n’a pas pu être lu"),
        (word(paragraph("mot " * 40_000)), "trop long"),
        (word(extra=[("word/vbaProject.bin", b"x")]), "macros"),
        (word(extra=[("word/media/zeros.bin", b"\0" * 40_000_000)]), "démesuré"),
        (b"\0" * (LARGEST + 1), "10 Mo"),
    ],
    ids=["empty", "cut", "pdf", "old", "broken", "entities", "long", "macros", "bomb", "huge"],
)
def test_what_is_no_document_of_ours_is_refused_by_name(data: bytes, told: str) -> None:
    with pytest.raises(FileRefused, match=told):
        read_word(data, "fiche.docx")
