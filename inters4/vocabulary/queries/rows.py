"""The rows of the vocabulary, for those who change it and for files. Pages read the whole."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from inters4.vocabulary.models import FormerTerm, SynonymGroup, Term


def list_terms(session: Session) -> Iterator[Term]:
    """Every term, scheme by scheme, in order."""
    yield from session.scalars(select(Term).order_by(Term.scheme, Term.position, Term.id))


def list_synonym_groups(session: Session) -> Iterator[SynonymGroup]:
    """Every group of synonyms, in order."""
    yield from session.scalars(
        select(SynonymGroup).order_by(SynonymGroup.position, SynonymGroup.id)
    )


def load_term(session: Session, scheme: str, identifier: str) -> Term | None:
    """One term as it is stored."""
    return session.get(Term, (scheme, identifier))


def load_group(session: Session, identifier: str) -> SynonymGroup | None:
    """One group of synonyms as it is stored."""
    return session.get(SynonymGroup, identifier)


def terms_below(session: Session, scheme: str, identifier: str) -> Sequence[Term]:
    """The terms under another, near and far."""
    below = Term.id.startswith(f"{identifier}.", autoescape=True)
    return session.scalars(
        select(Term).where(Term.scheme == scheme, below).order_by(Term.position, Term.id)
    ).all()


def former_ids(session: Session, scheme: str, present: Collection[str]) -> Sequence[FormerTerm]:
    """The ids left for which one of `present` stands."""
    return session.scalars(
        select(FormerTerm).where(FormerTerm.scheme == scheme, FormerTerm.present.in_(present))
    ).all()


def taken_ids(session: Session, scheme: str) -> set[str]:
    """Ids that no new term of the scheme may have: links and files name someone else by them."""
    return {
        *session.scalars(select(Term.id).where(Term.scheme == scheme)),
        *session.scalars(select(FormerTerm.id).where(FormerTerm.scheme == scheme)),
    }


def next_position(
    session: Session, kind: type[Term] | type[SynonymGroup], *where: ColumnElement[bool]
) -> int:
    """The place after the last: what stands before keeps its own, which files give."""
    statement = select(func.max(kind.position)).where(*where)
    last = session.scalar(statement)
    return 0 if last is None else last + 1


def lock_vocabulary(session: Session, _ids: Sequence[str]) -> None:
    """Keep others from changing any term or group until the transaction ends."""
    session.execute(select(Term.id).order_by(Term.id).with_for_update())
    session.execute(select(SynonymGroup.id).order_by(SynonymGroup.id).with_for_update())
