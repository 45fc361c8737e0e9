"""What the coordination changes: names, places, synonyms. Every change is written in the journal.

A term keeps its id when its name changes. Its id says where it stands, so that moving it gives it
another: whatever bore the former one bears the new one, and links to the former one still lead
there. A term goes only once nothing bears it, which a merger does by itself.
"""

import re
from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.content.scalars import MAX_IDENTIFIER
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.vocabulary.models import OPEN_SCHEMES, FormerTerm, Term
from inters4.vocabulary.queries.rows import (
    former_ids,
    load_term,
    next_position,
    taken_ids,
    terms_below,
)
from inters4.vocabulary.queries.whole import vocabulary
from inters4.vocabulary.services.bearers import bearers
from inters4.vocabulary.services.saving import TERM_CHANGED, renew

LONGEST = {"fr": 200, "en": 200, "definition_fr": 1000, "source": 200}
_LONGEST_PART = 40


@dataclass(frozen=True, slots=True)
class Said:
    """What a term is called, in both languages, and what it means."""

    fr: str
    en: str = ""
    definition_fr: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Borne:
    """How many of one kind of thing bear a term, in words."""

    count: int
    words: str


class Misfilled(DomainError):
    """What was typed cannot be kept; `errors` says why, by name of field."""

    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(next(iter(errors.values())))
        self.errors = errors


def borne(session: Session, scheme: str, ids: Collection[str]) -> list[Borne]:
    """What bears at least one of these terms, a statement for each kind of bearer."""
    found = [(one, one.count(session, scheme, ids)) for one in bearers]
    return [Borne(count, bearer.told(count)) for bearer, count in found if count]


def add_term(session: Session, scheme: str, said: Said, *, under: str = "", by: Viewer) -> Term:
    """Add a term at the end of its scheme, under another or not.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
        Misfilled: no name, a name too long or taken; an unknown parent.
    """
    _allow(scheme, by)
    errors = _mistakes(session, scheme, said, but="")
    if under and load_term(session, scheme, under) is None:
        errors["sous"] = _("Ce terme n’existe plus : choisissez-en un autre.")
    if errors:
        raise Misfilled(errors)
    term = Term(
        scheme=scheme,
        id=_free_id(session, scheme, _slug(said.fr), under=under),
        position=next_position(session, Term, Term.scheme == scheme),
    )
    _say(term, said)
    session.add(term)
    session.flush()
    renew(session)
    audit.record(session, "vocabulary.term_added", by=by, subject=_subject(term), name=said.fr)
    return term


def change_term(session: Session, term: Term, said: Said, *, version: int, by: Viewer) -> None:
    """Change what a term is called; what it names is found by its new name.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
        Misfilled: no name, a name too long or taken.
        Conflict: it changed since `version`.
    """
    _allow_words(by)
    errors = _mistakes(session, term.scheme, said, but=term.id)
    if errors:
        raise Misfilled(errors)
    _check_version(term, version)
    if said == Said(term.fr, term.en, term.definition_fr, term.source):
        return
    before = term.fr
    _say(term, said)
    session.flush()
    renew(session)
    hooks.emit(TERM_CHANGED, session, scheme=term.scheme, term=term.id)
    audit.record(
        session,
        "vocabulary.term_changed",
        by=by,
        subject=_subject(term),
        before=before if before != said.fr else "",
        name=said.fr,
    )


def move_term(session: Session, term: Term, *, under: str, version: int, by: Viewer) -> None:
    """Put a term and all that lies below it under another, or at the top.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
        Misfilled: it would stand under itself, or under nothing that exists.
        Conflict: it changed since `version`.
    """
    _allow(term.scheme, by)
    _check_version(term, version)
    former = term.id
    if under == former.rpartition(".")[0]:
        return
    if under == former or under.startswith(f"{former}."):
        raise Misfilled({"sous": _("Un terme ne peut pas se trouver sous lui-même.")})
    if under and load_term(session, term.scheme, under) is None:
        raise Misfilled({"sous": _("Ce terme n’existe plus : choisissez-en un autre.")})
    below = terms_below(session, term.scheme, former)
    part = former.rpartition(".")[2]
    longest = max((len(row.id) - len(former) for row in below), default=0)
    moved = _free_id(session, term.scheme, part, under=under, under_it=longest, of=former)
    renamed = {former: moved}
    renamed |= {row.id: moved + row.id.removeprefix(former) for row in below}
    for row in (term, *below):
        row.id = renamed[row.id]
    session.flush()
    _carry(session, term.scheme, renamed)
    hooks.emit(TERM_CHANGED, session, scheme=term.scheme, term=moved)
    audit.record(
        session,
        "vocabulary.term_moved",
        by=by,
        subject=f"term:{term.scheme}/{former}",
        after=moved,
    )


def retire_term(
    session: Session, term: Term, *, into: str = "", version: int, by: Viewer
) -> list[Borne]:
    """Take a term out, and give what bore it to `into`; give back what was carried.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
        Misfilled: terms lie below it, or something bears it and no other term takes its place.
        Conflict: it changed since `version`.
    """
    _allow(term.scheme, by)
    _check_version(term, version)
    scheme, former = term.scheme, term.id
    if terms_below(session, scheme, former):
        raise Misfilled({"vers": _("Déplacez d’abord les termes qui se trouvent dessous.")})
    carried = borne(session, scheme, {former})
    if carried and not into:
        raise Misfilled({"vers": _("Choisissez le terme qui prend sa place.")})
    if into and (into == former or load_term(session, scheme, into) is None):
        raise Misfilled({"vers": _("Ce terme n’existe plus : choisissez-en un autre.")})
    session.delete(term)
    session.flush()
    if into:
        _carry(session, scheme, {former: into})
    else:
        for row in former_ids(session, scheme, {former}):
            session.delete(row)
        renew(session)
    audit.record(
        session,
        "vocabulary.term_retired",
        by=by,
        subject=f"term:{scheme}/{former}",
        name=term.fr,
        after=into,
    )
    return carried


def _carry(session: Session, scheme: str, renamed: Mapping[str, str]) -> None:
    """Every bearer, then the ids left before, then these."""
    for bearer in bearers:
        bearer.carry(session, scheme, renamed)
    for row in former_ids(session, scheme, set(renamed)):
        row.present = renamed[row.present]
    for former, present in renamed.items():
        session.merge(FormerTerm(scheme=scheme, id=former, present=present))
    for present in set(renamed.values()):
        back = session.get(FormerTerm, (scheme, present))
        if back is not None:
            session.delete(back)
    session.flush()
    renew(session)


def _allow(scheme: str, by: Viewer) -> None:
    _allow_words(by)
    if scheme not in OPEN_SCHEMES:
        raise NotAllowed(_("Les termes de cette liste sont fixés : seuls leurs mots changent."))


def _allow_words(by: Viewer) -> None:
    if not by.is_staff:
        raise NotAllowed(_("Seule la coordination change le vocabulaire."))


def _mistakes(session: Session, scheme: str, said: Said, *, but: str) -> dict[str, str]:
    found = {}
    for name, most in LONGEST.items():
        if len(getattr(said, name)) > most:
            found[name] = _("Ce texte dépasse %(count)s caractères.", count=most)
    if not said.fr:
        found["fr"] = _("Donnez le nom français.")
    folded = fold(said.fr)
    for entry in vocabulary(session).schemes.get(scheme, {}).values():
        if said.fr and entry.id != but and fold(entry.fr) == folded:
            found["fr"] = _("Un terme de cette liste porte déjà ce nom (%(id)s).", id=entry.id)
    return found


def _say(term: Term, said: Said) -> None:
    term.fr, term.en = said.fr, said.en
    term.definition_fr, term.source = said.definition_fr, said.source


def _check_version(term: Term, version: int) -> None:
    if term.version != version:
        raise Conflict(
            _("Ce terme a changé entre-temps : comparez, puis enregistrez de nouveau."),
            theirs=term.fr,
        )


def _slug(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
    return words[:_LONGEST_PART].rpartition("-")[0] if len(words) > _LONGEST_PART else words


def _free_id(
    session: Session, scheme: str, part: str, *, under: str, under_it: int = 0, of: str = ""
) -> str:
    """An id that no other term bears or bore, `part` under `under`.

    `under_it` more letters follow it; the term `of` may take back an id that it left.
    """
    own = {row.id for row in former_ids(session, scheme, {of})}
    taken = taken_ids(session, scheme) - own
    base = f"{under}.{part or 'terme'}" if under else part or "terme"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    if len(found) + under_it > MAX_IDENTIFIER:
        raise Misfilled({"sous": _("Ce serait trop profond : choisissez un terme plus haut.")})
    return found


def _subject(term: Term) -> str:
    return f"term:{term.scheme}/{term.id}"
