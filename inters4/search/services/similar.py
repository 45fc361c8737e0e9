"""Documents near another one.

Near means: one main theme in common, and one word of their titles that says what both are about;
« soins », « équipe » and « programme » are everywhere and say nothing. Documents that share
only one of the two are never shown: better no section than one that misleads. What was found is
kept for as long as the index does not change, because each reader of a sheet asks the same.
"""

import re
from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from sqlalchemy.orm import Session

from indexer import Document, Hit, Revision, SearchEngine, Segment
from indexer.analysis import analyse, fold
from inters4.core.access import Viewer
from inters4.search.models import Criteria
from inters4.search.models.page import Card
from inters4.search.queries.engine import engine
from inters4.search.services.asking import Containers, admitted, ask, indexed
from inters4.search.services.cards import CardMaker, confirm
from inters4.search.services.labels import Labels
from inters4.search.services.settling import settled

_SHOWN = 4
_READ = 40
_MAIN_THEMES = 3
_TITLE_WORDS, _THEME_WORDS = 6, 3
_SHARE_OF_BEST = 0.25
_WORD = re.compile(r"\w{4,}")
_REMEMBERED = 1_000
EVERYWHERE = frozenset(
    term.stem
    for term in analyse(
        "santé services soins première ligne équipe clinique programme réseau projet pratique"
        " intervention patient personne milieu région Québec québécois Canada canadien"
        " essai étude revue effet résultat grand nouveau plusieurs deux trois quatre cinq"
    )
)
"""Stems of words that two titles may share without being about the same thing."""

_Question = tuple[SearchEngine, Revision, str, Containers]
_known: "OrderedDict[_Question, tuple[Hit, ...]]" = OrderedDict()
_lock = Lock()


def find_similar(session: Session, key: str, *, viewer: Viewer) -> tuple[Card, ...]:
    """The nearest documents that `viewer` may read, best first; often none.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    answering = engine()
    revision = answering.revision
    question = (answering, revision, key, within := admitted(session, viewer))
    with _lock:
        hits = _known.get(question)
    labels = Labels.load(session)
    if hits is None:
        hits, is_lasting = _nearest(session, key, viewer, within, labels)
        if is_lasting:
            _remember(question, hits)
    return CardMaker(labels).of_hits(settled(session, hits, viewer=viewer))


def _nearest(
    session: Session, key: str, viewer: Viewer, within: Containers, labels: Labels
) -> tuple[tuple[Hit, ...], bool]:
    """The hits, and whether they hold for as long as the index does not change.

    Those of an older index do not: the database has just confirmed them, and must each time.
    """
    document = indexed(key, within)
    themes = _main_themes(document) if document else ()
    if document is None or not themes:
        return (), document is not None
    criteria = Criteria(
        text=_words(document, labels.words.label("themes", themes[0], "fr")),
        chosen={"theme": themes},
        exact=True,
    )
    results = ask(criteria, within, labels, limit=_READ)
    found = confirm(session, results.hits, viewer=viewer) if results.is_fallback else results.hits
    others = [hit for hit in found if hit.key != key]
    best = max((hit.score for hit in others), default=0.0)
    near = [
        replace(hit, title=(Segment(hit.title_text),))
        for hit in others
        if hit.score >= best * _SHARE_OF_BEST and _is_near(document, hit, within)
    ]
    return tuple(near[:_SHOWN]), not results.is_fallback


def _is_near(document: Document, hit: Hit, within: Containers) -> bool:
    other = indexed(hit.key, within)
    if other is None or not _subject(document) & _subject(other):
        return False
    return any(
        f"{mine}.".startswith(f"{its}.") or f"{its}.".startswith(f"{mine}.")
        for mine in _main_themes(document)
        for its in _main_themes(other)
    )


def _main_themes(document: Document) -> tuple[str, ...]:
    return document.facets.get("theme", ())[:_MAIN_THEMES]


def _subject(document: Document) -> set[str]:
    """The stems of its title that say what it is about."""
    terms = analyse(document.title, document.language)
    return {term.stem for term in terms if len(term.form) > 3} - EVERYWHERE


def _remember(question: _Question, hits: tuple[Hit, ...]) -> None:
    with _lock:
        _known[question] = hits
        while len(_known) > _REMEMBERED:
            _known.popitem(last=False)


def _words(document: Document, theme: str) -> str:
    """The words to rank by, without anything that the grammar of queries would read."""
    title = dict.fromkeys(_WORD.findall(fold(document.title)))
    named = dict.fromkeys(_WORD.findall(fold(theme)))
    return " ".join(dict.fromkeys([*list(title)[:_TITLE_WORDS], *list(named)[:_THEME_WORDS]]))
