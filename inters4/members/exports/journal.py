"""The audit journal in words, and as a table."""

import json
from collections.abc import Iterable, Iterator, Mapping

from inters4.core.access import Role
from inters4.core.clock import local
from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.members.exports.journal_words import ASKED, DECISIONS, DETAILS, SUBJECTS, VALUES, WORDS
from inters4.members.exports.words import policy_label, role_label, state_label
from inters4.members.models import DomainPolicy, MemberState
from inters4.members.queries.journal import Entry
from inters4.vocabulary.queries import Vocabulary

_LONGEST_MARK = 8
_WHOLE = frozenset({"domain", "synonyms", "term"})
"""Kinds named by something that is read; the others by a long number."""


def action_label(action: str) -> str:
    """What an action is called; its code name when nobody named it."""
    return str(WORDS.get(action, action))


def detail_text(
    detail: Mapping[str, object], subject: str = "", words: Vocabulary | None = None
) -> str:
    """`detail` on one line, in words; what says nothing is left out.

    With `words`, terms that what happened to a term names are said by their names.
    """
    kind, _colon, name = subject.partition(":")
    if kind == "term" and words is not None and isinstance(after := detail.get("after"), str):
        detail = {**detail, "after": words.label(name.partition("/")[0], after)}
    return ", ".join(
        _(
            "%(name)s : %(value)s",
            name=str(DETAILS.get(name, name)),
            value=_in_words(name, value),
        )
        for name, value in detail.items()
        if value is not None and value != ""
    )


def subject_text(subject: str, words: Vocabulary | None = None) -> str:
    """What it was done to; a long number is cut to what tells it apart, a term is named."""
    kind, _colon, name = subject.partition(":")
    if kind not in SUBJECTS:
        return subject
    if kind == "term" and words is not None:
        scheme, _slash, identifier = name.partition("/")
        name = _("« %(text)s »", text=words.label(scheme, identifier))
    shown = name if kind in _WHOLE else name[:_LONGEST_MARK]
    return str(SUBJECTS[kind]) % {"name": shown}


def journal_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """One line an entry, in the order given."""
    heads = (
        _("Moment"),
        _("Personne"),
        _("Identifiant"),
        _("Action"),
        _("Code"),
        _("Objet"),
        _("Détail"),
        _("Demande"),
    )
    return write_csv(heads, (_cells(entry) for entry in entries))


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        local(entry.at).isoformat(timespec="seconds"),
        entry.actor,
        entry.actor_id,
        action_label(entry.action),
        entry.action,
        entry.subject,
        detail_text(entry.detail),
        entry.request_id,
    )


def _in_words(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    text = _plain(value)
    if name == "role" and text in {one.value for one in Role}:
        return role_label(Role(text))
    if name in {"before", "after", "state"} and text in {one.value for one in MemberState}:
        return state_label(MemberState(text))
    if name == "policy" and text in {one.value for one in DomainPolicy}:
        return policy_label(DomainPolicy(text))
    if name == "asked":
        return str(ASKED[text]) if text in ASKED else action_label(text)
    known = {"decision": DECISIONS, "before": VALUES, "after": VALUES, "how": VALUES}.get(name, {})
    return str(known.get(text, text))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
