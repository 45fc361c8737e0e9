"""A Word document read as text by headings; what is no document is refused by name."""

import pytest

from inters4.core.files import FileRefused
from inters4.core.files.word import LARGEST, Passage, read_word
from inters4.core.richtext import Profile, render
from tests.builders.word import (
    heading,
    item,
    link,
    notes,
    numbering,
    paragraph,
    picture,
    relations,
    run,
    runs,
    table,
    word,
)

_ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
)


def _nested(depth: int, inside: str) -> str:
    for _table in range(depth):
        inside = f"<w:tbl><w:tr><w:tc>{inside}</w:tc></w:tr></w:tbl>"
    return inside


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
        Passage("Contexte", "On attend.\n\n- un mois\n- ou deux", 1),
        Passage("Coûts", "| Poste | Montant |\n| --- | --- |\n| Appels | 1 000 $ |", 1),
    ]


def one_text(*body: str, extra: tuple[tuple[str, bytes], ...] = ()) -> str:
    """The text of a document without headings."""
    (passage,) = read_word(word(*body, extra=extra), "fiche.docx")
    return passage.text


def test_bold_italics_and_links_stay() -> None:
    text = one_text(
        runs(
            run("Le délai ", "b"),
            run("baisse", "b"),
            run(" de "),
            run("moitié", "i"),
            run(", dit "),
            link("le rapport (2024)", "rId1"),
            run(" *"),
        ),
        extra=(relations(rId1="https://exemple.ca/a(1).pdf"),),
    )

    assert text == (
        "**Le délai baisse** de *moitié*, dit "
        "[le rapport (2024)](https://exemple.ca/a%281%29.pdf) \\*"
    )


def test_what_a_link_says_stays_when_it_leads_nowhere_safe() -> None:
    text = one_text(
        runs(link("ici", "rId1"), run(" et "), link("là", "rId2")),
        extra=(relations(rId1="javascript:alert(1)", rId2="file:///etc/passwd"),),
    )

    assert text == "ici et là"


def test_bold_that_is_put_out_is_not_bold() -> None:
    off = '<w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>maigre</w:t></w:r>'

    assert one_text(runs(off)) == "maigre"


def test_lists_keep_their_numbers_and_their_depth() -> None:
    text = one_text(
        paragraph("Avant."),
        item("un", kind="2"),
        item("deux", kind="2"),
        item("sous", kind="1", depth=1),
        paragraph("Après."),
        extra=(numbering(),),
    )

    assert text == "Avant.\n\n1. un\n1. deux\n    - sous\n\nAprès."
    drawn = render(text, profile=Profile.DOCUMENT).html
    assert drawn.count("<ol>") == drawn.count("<ul>") == 1


def test_pictures_are_counted_where_they_stood() -> None:
    data = word(
        runs(picture()),
        heading("Résultats"),
        runs(run("Voir "), picture(), picture()),
        table(("a", "b")),
    )

    assert [(one.heading, one.text[:5], one.pictures) for one in read_word(data, "f.docx")] == [
        ("", "", 1),
        ("Résultats", "Voir\n", 2),
    ]


def test_what_stands_in_boxes_is_read_once_and_what_was_struck_out_is_not() -> None:
    boxed = (
        "<w:sdt><w:sdtContent>" + paragraph("Dans un cadre.") + "</w:sdtContent></w:sdt>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>"
        + paragraph("Une zone.")
        + "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
        + paragraph("Une zone.")
        + "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    struck = f"<w:p><w:del>{run('Effacé')}</w:del><w:ins>{run('Ajouté')}</w:ins></w:p>"
    (passage,) = read_word(word(boxed, struck), "fiche.docx")

    assert passage == Passage("", "Dans un cadre.\n\nUne zone.\n\nAjouté")


def test_notes_are_gathered_at_the_end() -> None:
    data = word(paragraph("Le texte."), extra=(notes("Selon deux sources.", "En 2024."),))

    assert read_word(data, "fiche.docx") == [
        Passage("", "Le texte."),
        Passage("Notes", "- Selon deux sources.\n- En 2024.", 1),
    ]


def test_an_empty_document_says_nothing() -> None:
    assert read_word(word(), "vide.docx") == []


def test_a_table_in_a_table_is_said_once() -> None:
    (passage,) = read_word(word(_nested(30, paragraph("mot") * 3_000)), "fiche.docx")

    assert passage.text.count("mot") == 3_000


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "vide"),
        (b"PK\x03\x04 n'importe quoi", "endommagé"),
        (b"%PDF-1.7\n", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 200, "Word"),
        (word(document="<w:document"), "n’a pas pu être lu"),
        (word(document=_ENTITIES), "n’a pas pu être lu"),
        (word(document=_ENTITIES.encode("utf-16")), "n’a pas pu être lu"),
        (word(document=_ENTITIES.replace("<!", "<!-- x --><!").encode()), "n’a pas pu être lu"),
        (word(_nested(60, paragraph("mot"))), "n’a pas pu être lu"),
        (word(paragraph("mot " * 40_000)), "trop long"),
        (word(extra=[("word/vbaProject.bin", b"x")]), "macros"),
        (word(extra=[("word/media/zeros.bin", b"\0" * 40_000_000)]), "démesuré"),
        (b"\0" * (LARGEST + 1), "10 Mo"),
    ],
    ids=[
        "empty",
        "cut",
        "pdf",
        "old",
        "broken",
        "entities",
        "entities in another encoding",
        "entities after a comment",
        "deep",
        "long",
        "macros",
        "bomb",
        "huge",
    ],
)
def test_what_is_no_document_of_ours_is_refused_by_name(data: bytes, told: str) -> None:
    with pytest.raises(FileRefused, match=told):
        read_word(data, "fiche.docx")
