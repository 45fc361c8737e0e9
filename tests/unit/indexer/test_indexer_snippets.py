"""Marks and passages on the original text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Attachment, Document, Segment, Snippet
from indexer.evaluation import Needles, mark, passage
from indexer.evaluation.snippets import LONGEST_PASSAGE
from indexer.query import positive_leaves, read_query


def needles_of(query: str) -> Needles:
    return Needles.of(positive_leaves(read_query(query).root))


def marked(query: str, text: str) -> list[str]:
    segments = mark(text, language="fr", needles=needles_of(query))
    assert "".join(segment.text for segment in segments) == text
    return [segment.text for segment in segments if segment.marked]


def cut(query: str, **parts: str) -> Snippet:
    document = Document("a", kind="fiche", title="", audience="public", **parts)  # type: ignore[arg-type]
    snippet = passage(document, needles=needles_of(query))
    assert snippet is not None
    return snippet


def shown(snippet: Snippet) -> str:
    return "".join(segment.text for segment in snippet.segments)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("infirmiere", "L’infirmière, les Infirmiers", ["infirmière", "Infirmiers"]),
        ("télésanté", "La télé-santé", ["télé-santé"]),
        ("télé-santé", "La télésanté", ["télésanté"]),
        ('"soins à domicile"', "soins, soins à domicile", ["soins à domicile"]),
        ("infirm*", "infirme, infirmier, ferme", ["infirme", "infirmier"]),
        ("gmf-u", "un GMF, un GMF-U, u", ["GMF-U"]),
        ("-soins", "les soins", []),
        ("theme:soins", "les soins", []),
        ("coeur", "Le cœur", ["cœur"]),
    ],
)
def test_the_forms_really_present_are_marked(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


def test_the_passage_shows_most_of_what_was_asked() -> None:
    filler = "Rien ici ne répond. " * 40
    body = f"{filler}Un répit seul. {filler}Le répit des proches aidants. {filler}"

    snippet = cut("répit proche", body=body)

    assert "répit des proches aidants" in shown(snippet)
    assert snippet.cut_before
    assert snippet.cut_after
    assert len(shown(snippet)) <= LONGEST_PASSAGE


def test_a_passage_is_made_of_whole_words() -> None:
    body = "abcdefghi " * 100 + "répit " + "jklmnopqr " * 100

    assert set(shown(cut("répit", body=body)).split()) == {"abcdefghi", "répit", "jklmnopqr"}


def test_a_passage_ends_with_its_last_mark_rather_than_in_the_next_word() -> None:
    body = "répit " + "abcdefghi " * 22 + "abcdef " + "répit d’abord " * 20

    text = shown(cut("répit", body=body))

    assert len(text) < LONGEST_PASSAGE
    assert text.endswith(" répit")


@pytest.mark.parametrize("before", range(0, 48, 3))
def test_a_passage_keeps_whole_what_a_no_break_space_holds_together(before: int) -> None:
    body = "«\u00a0a\u00a0»\u00a0: 5\u202f000 " * 40 + "b" * before + " répit"
    body += " «\u00a0a\u00a0»\u00a0: 5\u202f000" * 40

    text = shown(cut("répit", body=body))

    start = body.index(text)
    assert {body[start - 1], body[start + len(text)]} == {" "}


def test_without_a_match_the_passage_is_the_beginning() -> None:
    snippet = cut("autre", abstract="Un résumé bref.", body="Un corps.")

    assert snippet == Snippet((Segment("Un résumé bref."),))


def test_a_document_without_text_has_no_passage() -> None:
    document = Document("a", kind="fiche", title="Soins", audience="public", body=" \n")

    assert passage(document, needles=needles_of("soins")) is None


@given(
    query=st.text(alphabet='abé "-*’', max_size=20),
    body=st.text(alphabet="abéè’- \n", min_size=1, max_size=600),
)
def test_a_passage_is_a_piece_of_the_text(query: str, body: str) -> None:
    document = Document("a", kind="fiche", title="", audience="public", body=body)

    snippet = passage(document, needles=needles_of(query))

    assert (snippet is None) == (not body.strip())
    if snippet is not None:
        assert shown(snippet) in body
        assert shown(snippet).strip()


def in_parts(query: str, *parts: str) -> Snippet:
    """The passage of a document made of numbered parts, from 2 on, and of a file."""
    document = Document(
        "a",
        kind="fil",
        title="",
        audience="public",
        body="Le commencement.",
        attachments=(
            *(Attachment("", text, number) for number, text in enumerate(parts, 2)),
            Attachment("plan.pdf", "Un répit dans un fichier.", 7),
        ),
    )
    snippet = passage(document, needles=needles_of(query))
    assert snippet is not None
    return snippet


def test_a_passage_says_which_part_it_comes_from() -> None:
    filler = "Rien ici ne répond. " * 60

    first = in_parts("commencement", filler)
    near = in_parts("proche", filler, "Les proches aidants.", filler)
    far = in_parts("proche aidant", *["Un proche. " + filler] * 40, "Les proches aidants.")
    file = in_parts("fichier", filler)

    assert (first.page, near.page, far.page) == (None, 3, 42)
    assert "proches aidants" in shown(far)
    assert (near.attachment, far.attachment) == (None, None)
    assert (file.attachment, file.page) == ("plan.pdf", 7)
