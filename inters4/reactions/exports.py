"""What the brokering team is told: a reader says that a document may do harm."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.figures import Figure, Line, Section
from inters4.core.hooks import Named, Present, hooks
from inters4.core.i18n import LazyText, _, format_number, lazy
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.core.outbox import DocumentRef
from inters4.members.queries.holders import holders_of
from inters4.reactions.models import Answer, Benefit, Learned, Use
from inters4.reactions.queries import TEAM, given, harmful_now

HARM_KIND = "reactions.harm"
REACTED = ("fiche", "resume")
"""Kinds of documents that readers react to."""
ANSWERS: Mapping[Answer, LazyText] = {
    Answer.YES: lazy("Oui"),
    Answer.NOT_YET: lazy("Pas encore"),
    Answer.NO: lazy("Non"),
}
LEARNED: Mapping[Learned, LazyText] = {
    Learned.NEW: lazy("J’ai appris quelque chose"),
    Learned.CONFIRMED: lazy("Cela confirme ce que je faisais"),
    Learned.REMINDED: lazy("Cela me rappelle ce que je savais"),
    Learned.DISAGREED: lazy("Je ne suis pas d’accord"),
}
USES: Mapping[Use, LazyText] = {
    Use.CHANGE: lazy("Changer une façon de faire"),
    Use.DISCUSS: lazy("En parler en équipe, ou avec une personne usagère"),
    Use.JUSTIFY: lazy("Appuyer un choix"),
    Use.NONE: lazy("Rien pour l’instant"),
}
BENEFITS: Mapping[Benefit, LazyText] = {
    Benefit.HEALTH: lazy("Une meilleure santé"),
    Benefit.FEWER_STEPS: lazy("Moins de délais, de gestes ou de déplacements inutiles"),
    Benefit.EXPERIENCE: lazy("Une meilleure expérience"),
    Benefit.NONE: lazy("Aucun"),
}


def words_of(told: Mapping[str, int]) -> list[str]:
    """What readers added to their answers, a sentence for each question."""
    questions: tuple[tuple[str, str, Mapping[Any, LazyText]], ...] = (
        ("learned", _("Ce que la lecture apporte"), LEARNED),
        ("use", _("Ce qu’on pense en faire"), USES),
        ("benefit", _("Le bénéfice attendu pour les gens"), BENEFITS),
    )
    found = []
    for column, question, labels in questions:
        counted = [
            f"{label} ({format_number(number)})"
            for value, label in labels.items()
            if (number := told.get(f"{column}:{value}", 0))
        ]
        if counted:
            found.append(f"{question}\u00a0: {', '.join(counted)}.")
    return found


def present_of(session: Session, document: DocumentRef) -> tuple[Present, str] | None:
    """What the document says now to everyone, and the path of its page; None when to nobody."""
    kind = hooks.document_kinds.get(document.kind)
    if kind is None or document.kind not in REACTED:
        return None
    present = kind.confirm(session, [document.id], ANONYMOUS).get(document.id)
    return (present, kind.url(document.id, present.fields)) if present else None


def tell_harm(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """The document, gone or not, for whoever is of the team now."""
    team = holders_of(session, TEAM)
    documents = {one.subject: DocumentRef.parse(one.subject) for one in notices}
    still = harmful_now(session, documents.values())
    names = _names(session, documents.values())
    return {
        one.id: Told(
            title=_(
                "Signalé comme potentiellement nuisible : %(title)s",
                title=names[one.subject].title,
            ),
            path=names[one.subject].path,
            is_over=documents[one.subject] not in still,
        )
        for one in notices
        if one.member_id in team and one.subject in names
    }


def _names(session: Session, documents: Iterable[DocumentRef]) -> Mapping[str, Named]:
    """By key, what documents are called, those that are gone since included: one statement each."""
    asked: dict[str, list[str]] = {}
    for document in documents:
        asked.setdefault(document.kind, []).append(document.id)
    return {
        DocumentRef(kind, identifier).key: name
        for kind, ids in asked.items()
        if (known := hooks.document_kinds.get(kind)) is not None and known.named is not None
        for identifier, name in known.named(session, ids).items()
    }


KINDS = (
    NoticeKind(
        name=HARM_KIND,
        label=lambda: _("Document signalé comme potentiellement nuisible"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        channels=(Channel.MAIL,),
        tell=tell_harm,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        must_leave=True,
        order=22,
    ),
)


def _reactions(session: Session, rows: Sequence[Row[Any]], _viewer: Viewer) -> list[Line]:
    documents = [DocumentRef(row.kind, row.document_id) for row in rows]
    names = _names(session, documents)
    found = []
    for row, document in zip(rows, documents, strict=True):
        name = names.get(document.key)
        said = [str(ANSWERS[row.answer])] if row.answer else []
        said += [_("potentiellement nuisible")] if row.is_harmful else []
        found.append(
            Line(
                title=name.title if name else _("Document retiré"),
                url=name.path if name else "",
                on=row.at,
                told=", ".join(said),
            )
        )
    return found


FIGURES = (
    Figure(
        key="avis",
        section=Section.EXCHANGES,
        order=10,
        label=lambda: _("Avis donnés d’un toucher"),
        note=lambda: _("« Utile pour ma pratique? », sans compte; un avis repris ne compte plus."),
        roles=TEAM,
        rows=given,
        lines=_reactions,
    ),
)
