"""Documents near another one.

Near means: of one of its main themes, and ranked by the words of its title and of its main theme.
A document that shares no theme is never shown, however many words it shares: « soins », « équipe »
and « patients » are everywhere. What was found is kept for as long as the index does not change,
because each reader of a sheet asks the same.
"""

import re
from collections import OrderedDict
from threading import Lock

from sqlalchemy.orm import Session

from indexer import Document, Revision, SearchEngine
from indexer.analysis import fold
from inters4.core.access import Viewer
from inters4.search.models import Criteria
from inters4.search.models.page import Card
from inters4.search.queries.engine import engine
from inters4.search.services.asking import ask
from inters4.search.services.labels import Labels
from inters4.search.services.lists import make_list

_SHOWN = 4
_MAIN_THEMES = 3
_TITLE_WORDS, _THEME_WORDS = 6, 3
_SHARE_OF_BEST = 0.25
_WORD = re.compile(r"\w{4,}")
_REMEMBERED = 1_000

_Question = tuple[SearchEngine, Revision, str, frozenset[str]]
_known: "OrderedDict[_Question, tuple[str, ...]]" = OrderedDict()
_lock = Lock()


def find_similar(session: Session, key: str, *, viewer: Viewer) -> tuple[Card, ...]:
    """The nearest documents that `viewer` may read now, best first; often none.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    answering = engine()
    question = (answering, answering.revision, key, viewer.audiences)
    with _lock:
        keys = _known.get(question)
    if keys is None:
        keys = _nearest(session, key, viewer)
        with _lock:
            _known[question] = keys
            while len(_known) > _REMEMBERED:
                _known.popitem(last=False)
    return make_list(session, keys, viewer=viewer) if keys else ()


def _nearest(session: Session, key: str, viewer: Viewer) -> tuple[str, ...]:
    document = engine().get(key, audiences=viewer.audiences)
    themes = document.facets.get("theme", ())[:_MAIN_THEMES] if document else ()
    if document is None or not themes:
        return ()
    labels = Labels.load(session)
    criteria = Criteria(
        text=_words(document, labels.words.label("themes", themes[0], "fr")),
        chosen={"theme": themes},
        exact=True,
    )
    found = ask(criteria, viewer, labels, limit=_SHOWN + 1).hits
    others = [hit for hit in found if hit.key != key]
    best = max((hit.score for hit in others), default=0.0)
    return tuple(hit.key for hit in others if hit.score >= best * _SHARE_OF_BEST)[:_SHOWN]


def _words(document: Document, theme: str) -> str:
    """The words to rank by, without anything that the grammar of queries would read."""
    title = dict.fromkeys(_WORD.findall(fold(document.title)))
    named = dict.fromkeys(_WORD.findall(fold(theme)))
    return " ".join(dict.fromkeys([*list(title)[:_TITLE_WORDS], *list(named)[:_THEME_WORDS]]))
