"""Words for what an issue is and where it stands."""

from collections.abc import Callable, Mapping, Sequence

from inters4.core.i18n import LazyText, format_date, lazy, ngettext
from inters4.newsletters.models import ApprovalDecision, Issue, IssueState, IssueStep, ItemKind

STATES: Mapping[IssueState, LazyText] = {
    IssueState.DRAFT: lazy("Brouillon"),
    IssueState.IN_REVIEW: lazy("En approbation"),
    IssueState.APPROVED: lazy("Approuvé"),
    IssueState.SCHEDULED: lazy("Programmé"),
    IssueState.SENDING: lazy("En cours d’envoi"),
    IssueState.PAUSED: lazy("Envoi interrompu"),
    IssueState.SENT: lazy("Envoyé"),
    IssueState.CANCELLED: lazy("Abandonné"),
    IssueState.ARCHIVED: lazy("Archivé"),
}
KINDS: Mapping[ItemKind, LazyText] = {
    ItemKind.HEADING: lazy("Titre de section"),
    ItemKind.TEXT: lazy("Texte"),
    ItemKind.SUMMARY: lazy("Résumé d’article"),
    ItemKind.PRACTICE: lazy("Fiche de pratique"),
    ItemKind.LINK: lazy("Lien"),
    ItemKind.EVENT: lazy("Événement"),
    ItemKind.QUESTION: lazy("Question à la communauté"),
}
DECISIONS: Mapping[ApprovalDecision, LazyText] = {
    ApprovalDecision.APPROVED: lazy("Approuvé"),
    ApprovalDecision.RETURNED: lazy("Renvoyé"),
    ApprovalDecision.RELEASED: lazy("Libéré par la coordination"),
    ApprovalDecision.OVERTAKEN: lazy("Repris avant la décision"),
}
_ELSEWHERE = lazy("Envoyé hors du portail")
_NOT_GONE = frozenset({IssueState.APPROVED, IssueState.SCHEDULED})
_STEPS: Sequence[tuple[Callable[[IssueStep], bool], LazyText]] = (
    (lambda step: step.before is None, lazy("Commencé")),
    (lambda step: step.before is step.after is IssueState.DRAFT, lazy("Modifié")),
    (lambda step: step.before is step.after, lazy("Note de correction")),
    (lambda step: step.after is IssueState.DRAFT and bool(step.reason), lazy("Renvoyé")),
    (lambda step: step.after is IssueState.DRAFT, lazy("Repris pour le modifier")),
    (
        lambda step: (step.before, step.after) == (IssueState.SCHEDULED, IssueState.APPROVED),
        lazy("Retiré de l’horaire"),
    ),
    (
        lambda step: step.after is IssueState.APPROVED and bool(step.reason),
        DECISIONS[ApprovalDecision.RELEASED],
    ),
    (lambda step: step.after is IssueState.SENT and step.before in _NOT_GONE, _ELSEWHERE),
)
"""What a step was, the first that fits; else the state that it led to."""


def step_word(step: IssueStep) -> str:
    """What was done."""
    return str(next((word for fits, word in _STEPS if fits(step)), STATES[step.after]))


def standing(issue: Issue) -> str:
    """Where an issue stands; one that left by other means says so."""
    if issue.state is IssueState.SENT and issue.sent_elsewhere is not None:
        return str(_ELSEWHERE)
    return str(STATES[issue.state])


def sent_elsewhere(issue: Issue) -> str:
    """When an issue left outside the portal, and to how many people; empty when it did not."""
    if issue.sent_elsewhere is None or issue.published_at is None:
        return ""
    return ngettext(
        "Envoyé hors du portail le %(day)s, à %(num)s personne",
        "Envoyé hors du portail le %(day)s, à %(num)s personnes",
        issue.sent_elsewhere,
        day=format_date(issue.published_at),
    )
