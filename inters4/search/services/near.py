"""What is near a title that is no document yet: « Déjà connu? » of the desk, threads already begun.

Near means that two words of the titles, at least, say what both are about; one alone misleads.
"""

import re
from collections.abc import Container

from sqlalchemy.orm import Session

from indexer import Hit
from indexer.analysis import analyse, fold
from inters4.core.access import Viewer
from inters4.search.models import Criteria
from inters4.search.models.page import Card
from inters4.search.services.asking import Containers, admitted, ask, indexed
from inters4.search.services.cards import CardMaker, confirm
from inters4.search.services.labels import Labels
from inters4.search.services.settling import settled
from inters4.search.services.similar import EVERYWHERE

_SHOWN, _READ, _ASKED, _SHARED = 3, 20, 8, 2
_LONGEST = 300
_WORD = re.compile(r"\w{4,}")


def summaries_near(
    session: Session,
    title: str,
    *,
    language: str,
    viewer: Viewer,
    but: Container[str] = (),
) -> tuple[Card, ...]:
    """The nearest summaries that `viewer` may read, best first; often none.

    `but`: keys of those that are told of already.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    return _near(session, title, kind="resume", language=language, viewer=viewer, but=but)


def threads_near(session: Session, title: str, *, viewer: Viewer) -> tuple[Card, ...]:
    """The nearest threads that `viewer` reads, in whatever space, best first; often none.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    return _near(session, title[:_LONGEST], kind="fil", language="fr", viewer=viewer)


def _near(
    session: Session,
    title: str,
    *,
    kind: str,
    language: str,
    viewer: Viewer,
    but: Container[str] = (),
) -> tuple[Card, ...]:
    subject = _subject(title, language)
    words = list(dict.fromkeys(_WORD.findall(fold(title))))[:_ASKED]
    if len(subject) < _SHARED or not words:
        return ()
    labels = Labels.load(session)
    criteria = Criteria(text=" ".join(words), chosen={"kind": (kind,)}, exact=True)
    within = admitted(session, viewer)
    results = ask(criteria, within, labels, limit=_READ)
    hits = confirm(session, results.hits, viewer=viewer) if results.is_fallback else results.hits
    others = [hit for hit in hits if hit.key not in but]
    near = [hit for hit in others if len(_subject_of(hit, within) & subject) >= _SHARED][:_SHOWN]
    return CardMaker(labels).of_hits(settled(session, near, viewer=viewer))


def _subject_of(hit: Hit, within: Containers) -> set[str]:
    document = indexed(hit.key, within)
    return _subject(document.title, document.language) if document else set()


def _subject(title: str, language: str) -> set[str]:
    terms = analyse(title, language if language in {"fr", "en"} else "fr")
    return {term.stem for term in terms if len(term.form) > 3} - EVERYWHERE
