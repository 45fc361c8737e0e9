"""The practices and summaries that ship as documents, and the synonyms of the vocabulary.

Plainer than what the portal indexes, and made from the same files: every text of the front matter
and the body, with the names of the themes as keywords. `queries.jsonl` and `qrels.tsv` beside this
module hold searches as people type them and what they should find (2: what they came for, 1: worth
reading too).
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from indexer import Document, SynonymGroup, Synonyms

HERE = Path(__file__).parent
CONTENT = HERE.parents[1] / "content"
_FOLDERS = {"practices": "fiche", "summaries": "resume"}


def documents() -> list[Document]:
    """Every practice and summary, published or not."""
    return [
        _document(kind, path)
        for folder, kind in _FOLDERS.items()
        for path in sorted((CONTENT / folder).glob("*.md"))
    ]


def queries() -> dict[str, str]:
    """The text of each search by its id."""
    lines = (HERE / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["id"]: one["text"] for one in map(json.loads, lines)}


def synonyms() -> Synonyms:
    """The groups of the vocabulary, as the portal hands them over."""
    groups = tuple(
        SynonymGroup(
            tuple(str(term) for name in ("abbr", "fr", "en") for term in group.get(name, ())),
            guarded=frozenset(group.get("abbr", ()) if group.get("mode") == "guarded" else ()),
            general=frozenset(
                str(term)
                for name in ("fr", "en")
                for term in group.get(name, ())[: group.get("mode") == "one-way"]
            ),
            id=group["id"],
            broader=frozenset(group.get("broader", ())),
        )
        for group in _vocabulary()["synonyms"]
    )
    return Synonyms("content", groups)


def _document(kind: str, path: Path) -> Document:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields: dict[str, Any] = yaml.safe_load(front)
    return Document(
        f"{kind}:{fields['id']}",
        kind=kind,
        title=fields["title"],
        audience="public",
        abstract=fields.get("hook") or fields.get("solution") or "",
        body="\n".join([body, *_texts(fields)]),
        keywords=tuple(_names(fields.get("themes", ()))),
    )


def _texts(value: object) -> Iterator[str]:
    """The sentences of the front matter: whatever is text and holds a space."""
    match value:
        case str() if " " in value:
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for item in value.values():
                yield from _texts(item)
        case _:
            pass


def _names(themes: list[str]) -> Iterator[str]:
    """What the themes and those above them are called."""
    terms = {term["id"]: term for term in _vocabulary()["schemes"]["themes"]}
    for theme in themes:
        parts = theme.split(".")
        for depth in range(1, len(parts) + 1):
            term: Mapping[str, Any] = terms.get(".".join(parts[:depth]), {})
            yield from (str(term[name]) for name in ("fr", "en") if term.get(name))


@cache
def _vocabulary() -> Mapping[str, Any]:
    text = (CONTENT / "vocabulary.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded
