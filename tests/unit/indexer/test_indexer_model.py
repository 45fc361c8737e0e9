"""What a document refuses, and what its digest tells."""

import datetime
from dataclasses import replace

import pytest

from indexer import Attachment, Document

DOCUMENT = Document(
    "fiche:1",
    kind="fiche",
    title="Soins",
    audience="public",
    facets={"theme": ("a", "b"), "region": ("rss01",)},
    fields={"x": "1", "y": "2"},
)


def test_equal_documents_have_equal_digests() -> None:
    reordered = replace(
        DOCUMENT,
        facets={"region": ("rss01",), "theme": ("a", "b")},
        fields={"y": "2", "x": "1"},
    )

    assert reordered.digest == DOCUMENT.digest


def test_a_digest_is_the_same_tomorrow() -> None:
    assert Document("k", kind="a", title="t", audience="p").digest == (
        "eaa66c60442392ab539f8823022ce201"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"title": "soins"},
        {"body": "x"},
        {"abstract": "x"},
        {"audience": "members"},
        {"kind": "resume"},
        {"language": "en"},
        {"date": datetime.date(2020, 1, 1)},
        {"facets": {}},
        {"fields": {}},
        {"attachments": (Attachment("a.pdf", "x"),)},
        {"keywords": ("x",)},
    ],
    ids=str,
)
def test_any_change_shows_in_the_digest(change: dict[str, object]) -> None:
    assert replace(DOCUMENT, **change).digest != DOCUMENT.digest  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"key": ""},
        {"key": "fiche:\ud83d"},
        {"audience": ""},
        {"facets": {"kind": ("x",)}},
        {"year": -1},
        {"year": 0},
        {"year": 10_000},
        {"year": 10**12},
    ],
    ids=ascii,
)
def test_a_document_that_cannot_be_served_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"needs|fills"):
        replace(DOCUMENT, **change)  # type: ignore[arg-type]
