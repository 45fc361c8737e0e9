"""`/admin/vocabulaire`: every list of the vocabulary, searched, and as a table."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core.db import reading
from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_start
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import requires
from inters4.vocabulary.exports import synonyms_csv, terms_csv
from inters4.vocabulary.models import OPEN_SCHEMES, SynonymGroup
from inters4.vocabulary.queries import Node, Vocabulary, list_synonym_groups, vocabulary
from inters4.vocabulary.views.blueprint import MOST, STAFF, bp
from inters4.vocabulary.views.wording import MODES, SCHEMES, SYNONYMS


@bp.get("")
@requires(*STAFF)
def index() -> ResponseReturnValue:
    """One list, the themes unless another is chosen, in the order of its hierarchy."""
    scheme, typed = _asked()
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        kept: dict[str, Any] = {"liste": scheme} | ({"q": typed} if typed else {})
        found: Sequence[Any] = (
            _groups(session, typed) if scheme == SYNONYMS else _nodes(words, scheme, typed)
        )
        return render_template(
            "vocabulary/index.html",
            page=_page(found, request.args.get("page", 1, type=int)),
            scheme=scheme,
            schemes=SCHEMES,
            modes=MODES,
            typed=typed,
            kept=kept,
            words=words,
            is_open=scheme in OPEN_SCHEMES,
            url_of=lambda number: url_for(".index", **kept, page=number),
        )


@bp.get("/liste.csv")
@requires(*STAFF)
def as_csv() -> ResponseReturnValue:
    """The list that is shown, all pages."""
    scheme, typed = _asked()

    def lines() -> Iterator[str]:
        with reading() as session:
            if scheme == SYNONYMS:
                yield from synonyms_csv(_groups(session, typed))
            else:
                found = _nodes(vocabulary(session), scheme, typed)
                yield from terms_csv(scheme, [node.entry for node in found])

    return as_file(lines(), CSV, f"vocabulaire-{scheme}.csv", is_private=True)


def _asked() -> tuple[str, str]:
    """Which list, and the words looked for; what cannot be read is the themes, and none."""
    scheme = request.args.get("liste", "")
    return scheme if scheme in SCHEMES else "themes", request.args.get("q", "").strip()[:MOST]


def _nodes(words: Vocabulary, scheme: str, typed: str) -> list[Node]:
    looked = fold(typed).split()
    return [
        node
        for node in _every(words.tree(scheme))
        if _has(looked, node.entry.id, node.entry.fr, node.entry.en, node.entry.definition_fr)
    ]


def _every(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _every(node.children)


def _groups(session: Session, typed: str) -> list[SynonymGroup]:
    looked = fold(typed).split()
    return [
        one
        for one in list_synonym_groups(session)
        if _has(looked, one.id, *one.abbr, *one.fr, *one.en)
    ]


def _has(looked: Sequence[str], *texts: str) -> bool:
    folded = fold(" ".join(texts))
    return all(word in folded for word in looked)


def _page(found: Sequence[Any], asked: int) -> Page[Any]:
    number = nearest_page(asked, len(found))
    start = page_start(number)
    return Page(found[start : start + PAGE_SIZE], number, len(found))
