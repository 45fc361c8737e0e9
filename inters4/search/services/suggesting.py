"""Completing what is being typed: documents by their title, terms and words to search.

The engine completes from what this viewer may see and nothing else; here its answers get an
address, and the letters that were typed are marked in them.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from indexer import Document, Segment, Suggestion
from indexer.analysis import STOP_WORDS, Token, fold, tokenize
from inters4.core.access import Viewer
from inters4.core.hooks import hooks
from inters4.core.i18n import foreign
from inters4.core.outbox import DocumentRef
from inters4.search.models import Criteria
from inters4.search.models.proposal import Proposal
from inters4.search.services.asking import SPACE, admitted, complete, indexed
from inters4.search.services.settling import unsettled
from inters4.vocabulary.queries import Vocabulary, vocabulary

SHOWN = 8
_LONGEST = 200
_SHORTEST = 2
_SCHEMES = ("themes", "settings", "populations", "professions", "regions")


def suggest(session: Session, text: str, *, viewer: Viewer) -> tuple[Proposal, ...]:
    """What `viewer` may be about to type or to look for, `SHOWN` at most.

    Nothing for a single letter, nor for what is too long to be the beginning of something.

    Raises:
        IndexUnavailable: no index can be read now.
    """
    if not _SHORTEST <= len(text) <= _LONGEST:
        return ()
    known = vocabulary(session)
    terms = tuple(_names(known))
    words = tuple(_words_of(text))
    found: dict[str, Proposal] = {}
    within = admitted(session, viewer)
    completed = complete(text, within, terms=terms, synonyms=known.synonyms, limit=SHOWN)
    documents = {one.key: indexed(one.key, within) for one in completed if one.key}
    of_spaces = (key for key, one in documents.items() if one and one.audience.startswith(SPACE))
    waiting = unsettled(session, of_spaces)
    for suggestion in completed:
        if suggestion.key in waiting:
            continue
        proposal = _proposal(suggestion, words, documents)
        if proposal and (proposal.kind or fold(suggestion.text) != fold(text)):
            found.setdefault(proposal.url or fold(suggestion.text), proposal)
    return tuple(found.values())


def _names(words: Vocabulary) -> Iterator[str]:
    """The terms of the vocabulary, in the reader's language."""
    for scheme in _SCHEMES:
        for entry in words.schemes.get(scheme, {}).values():
            yield entry.label()


def _proposal(
    suggestion: Suggestion,
    words: tuple[str, ...],
    documents: Mapping[str, Document | None],
) -> Proposal | None:
    title = mark_typed(suggestion.text, words)
    if suggestion.key is None:
        return Proposal(title=title, criteria=Criteria(text=suggestion.text))
    reference = DocumentRef.parse(suggestion.key)
    kind = hooks.document_kinds.get(reference.kind)
    document = documents[suggestion.key]
    if kind is None or document is None:
        return None
    return Proposal(
        title=title,
        kind=kind.kind,
        url=kind.url(reference.id, document.fields),
        language=foreign(document.language),
    )


def mark_typed(text: str, words: tuple[str, ...]) -> tuple[Segment, ...]:
    """`text` in pieces, marked where one of its words begins like one of `words`, folded."""
    marked = bytearray(len(text))
    for token in tokenize(text):
        letters = max((_letters(word) for word in words if token.form.startswith(word)), default=0)
        end = _end_of(text, token, letters)
        marked[token.start : end] = b"\1" * (end - token.start)
    return tuple(_pieces(text, marked))


def _words_of(text: str) -> Iterator[str]:
    """The folded words typed; a small word marks nothing, unless it is the one being typed."""
    forms = [token.form for token in tokenize(text)]
    for place, form in enumerate(forms, start=1):
        if place == len(forms) or form not in STOP_WORDS["fr"]:
            yield form


def _end_of(text: str, token: Token, letters: int) -> int:
    """Where the first `letters` of a token end, once folded: « œ » counts for two."""
    end = token.start
    while end < token.end and _letters(text[token.start : end]) < letters:
        end += 1
    while token.start < end < token.end and not fold(text[end]):
        end += 1  # an accent written apart goes with its letter
    return end


def _letters(text: str) -> int:
    return sum(letter.isalnum() for letter in fold(text))


def _pieces(text: str, marked: bytearray) -> Iterator[Segment]:
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or marked[place] != marked[start]:
            yield Segment(text[start:place], bool(marked[start]))
            start = place
