"""Themes and labels put on findings, and taken off."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.veille.models import Act, Finding, Scheme
from inters4.veille.services.gestures import Gesture, perform
from inters4.veille.services.standing import set_labels, set_themes, standing
from inters4.vocabulary.queries import vocabulary

LONGEST_LABEL = 40
MOST_LABELS = 12


def add_theme(session: Session, findings: Sequence[Finding], *, theme: str, by: Viewer) -> Gesture:
    """Put a theme of the vocabulary on findings; the first is the main one.

    Raises:
        DomainError: there is no such theme.
    """
    if (Scheme.THEMES, theme) not in vocabulary(session):
        raise DomainError(_("Choisissez un thème de la liste."), about="theme")

    def one(finding: Finding, gesture: Gesture) -> None:
        before = standing(finding)
        set_themes(finding, [*before["themes"], theme])
        gesture.note(session, finding, Act.THEME, before, standing(finding))

    return perform(session, findings, one, by=by)


def remove_theme(
    session: Session, findings: Sequence[Finding], *, theme: str, by: Viewer
) -> Gesture:
    """Take a theme off; nothing when it is not there."""

    def one(finding: Finding, gesture: Gesture) -> None:
        before = standing(finding)
        set_themes(finding, [one for one in before["themes"] if one != theme])
        gesture.note(session, finding, Act.THEME, before, standing(finding))

    return perform(session, findings, one, by=by)


def add_label(session: Session, findings: Sequence[Finding], *, label: str, by: Viewer) -> Gesture:
    """Put a word on findings.

    Raises:
        DomainError: it is empty or too long, or the only finding has too many.
    """
    word = clean_label(label)

    def one(finding: Finding, gesture: Gesture) -> None:
        before = standing(finding)
        set_labels(finding, [*before["labels"], word])
        if len(finding.labels) > MOST_LABELS:
            set_labels(finding, before["labels"])
            raise DomainError(_("Douze étiquettes au plus : retirez-en une."), about="etiquette")
        gesture.note(session, finding, Act.LABEL, before, standing(finding))

    return perform(session, findings, one, by=by)


def remove_label(
    session: Session, findings: Sequence[Finding], *, label: str, by: Viewer
) -> Gesture:
    """Take a word off; nothing when it is not there."""

    def one(finding: Finding, gesture: Gesture) -> None:
        before = standing(finding)
        set_labels(finding, [one for one in before["labels"] if one != label])
        gesture.note(session, finding, Act.LABEL, before, standing(finding))

    return perform(session, findings, one, by=by)


def clean_label(label: str) -> str:
    """A label as it is kept: one line, short.

    Raises:
        DomainError: it is empty or too long.
    """
    word = " ".join(label.split())
    if not word or len(word) > LONGEST_LABEL:
        raise DomainError(_("Une étiquette a de 1 à 40 caractères."), about="etiquette")
    return word
