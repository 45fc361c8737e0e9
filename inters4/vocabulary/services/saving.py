"""Rows of the vocabulary, written. Each change gives it a new revision."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.vocabulary.models import SynonymGroup, Term, VocabularyRevision

TERM_CHANGED = "term_changed"
"""Event told in the transaction that saves a term: `handler(session, scheme=..., term=...)`."""

_ONLY = 1


def save_term(
    session: Session, scheme: str, identifier: str, *, position: int, values: Mapping[str, Any]
) -> Term:
    """Create or change a term; `values` holds its other columns."""
    term = session.get(Term, (scheme, identifier))
    if term is None:
        term = Term(scheme=scheme, id=identifier, position=position)
        session.add(term)
    term.position = position
    for name, value in values.items():
        setattr(term, name, value)
    renew(session)
    hooks.emit(TERM_CHANGED, session, scheme=scheme, term=identifier)
    return term


def save_synonym_group(
    session: Session, identifier: str, *, position: int, values: Mapping[str, Any]
) -> SynonymGroup:
    """Create or change a group of synonyms; `values` holds its other columns."""
    group = session.get(SynonymGroup, identifier)
    if group is None:
        group = SynonymGroup(id=identifier, position=position)
        session.add(group)
    group.position = position
    for name, value in values.items():
        setattr(group, name, value)
    renew(session)
    return group


def renew(session: Session) -> None:
    """Tell every process that the vocabulary it keeps is no longer true."""
    revision = session.get(VocabularyRevision, _ONLY)
    if revision is None:
        session.add(VocabularyRevision(id=_ONLY))
        session.flush()
    else:
        revision.token = secrets.token_hex(8)
