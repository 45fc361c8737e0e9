"""What a step of a sheet's life is called, and what comes next: for letters and pages."""

from collections.abc import Callable, Mapping
from datetime import datetime

from inters4.core.i18n import LazyText, _, format_date, lazy
from inters4.practices.models import (
    READABLE,
    WHOLE_LIFE,
    Move,
    PracticeState,
    PracticeStep,
)
from inters4.practices.queries.queue import Hand, Wait

_TITLES: Mapping[Move, Callable[[str], str]] = {
    Move.START: lambda title: _("Fiche commencée : %(title)s", title=title),
    Move.SUBMIT: lambda title: _("Fiche proposée : %(title)s", title=title),
    Move.ADMIT: lambda title: _("Fiche admise : %(title)s", title=title),
    Move.DECLINE: lambda title: _("Fiche non retenue : %(title)s", title=title),
    Move.TAKE: lambda title: _("Fiche en rédaction : %(title)s", title=title),
    Move.SEND_TO_OWNER: lambda title: _("Fiche à valider : %(title)s", title=title),
    Move.VALIDATE: lambda title: _("Fiche en relecture : %(title)s", title=title),
    Move.RETURN: lambda title: _("Fiche à retravailler : %(title)s", title=title),
    Move.REVIEWED: lambda title: _("Fiche relue : %(title)s", title=title),
    Move.PUBLISH: lambda title: _("Fiche publiée : %(title)s", title=title),
    Move.PUBLISH_MINOR: lambda title: _("Changement mineur publié : %(title)s", title=title),
    Move.ABANDON: lambda title: _("Fiche abandonnée : %(title)s", title=title),
    Move.WITHDRAW: lambda title: _("Fiche retirée : %(title)s", title=title),
    Move.REPLACE: lambda title: _("Fiche remplacée : %(title)s", title=title),
    Move.REVIEW_DUE: lambda title: _("Fiche à revoir : %(title)s", title=title),
}
_NEXT: Mapping[Move, Callable[[], str]] = {
    Move.START: lambda: _("Une personne de l’équipe de courtage la rédige avec vous."),
    Move.SUBMIT: lambda: _("L’équipe de courtage l’examine."),
    Move.ADMIT: lambda: _(
        "Une personne de l’équipe de courtage la prendra en rédaction avec vous."
    ),
    Move.DECLINE: lambda: _("Vous pouvez la modifier et la proposer de nouveau."),
    Move.TAKE: lambda: _("Une personne de l’équipe de courtage la rédige avec vous."),
    Move.SEND_TO_OWNER: lambda: _("Relisez-la, puis validez-la ou renvoyez-la."),
    Move.VALIDATE: lambda: _("Deux personnes d’autres organisations la cotent."),
    Move.RETURN: lambda: _("Elle revient en rédaction."),
    Move.REVIEWED: lambda: _("L’organisation qui porte la pratique doit l’approuver."),
    Move.REVIEW_DUE: lambda: _("Deux ans ont passé : dites ce qui a changé."),
}
_ON_ITS_WAY = frozenset(
    {
        Move.START,
        Move.SUBMIT,
        Move.ADMIT,
        Move.TAKE,
        Move.SEND_TO_OWNER,
        Move.VALIDATE,
        Move.RETURN,
        Move.REVIEWED,
    }
)

HAND_WORDS: Mapping[Hand, LazyText] = {
    Hand.TEAM: lazy("L’équipe de courtage"),
    Hand.DRAFTER: lazy("La personne qui rédige"),
    Hand.AUTHORS: lazy("L’équipe porteuse"),
    Hand.REVIEWERS: lazy("Les personnes qui relisent"),
    Hand.ORGANISATIONS: lazy("L’organisation porteuse"),
    Hand.COORDINATION: lazy("La coordination"),
}
"""Who holds a sheet, said alone."""
WHO_WORDS: Mapping[Hand, LazyText] = {
    Hand.TEAM: lazy("l’équipe de courtage"),
    Hand.DRAFTER: lazy("la personne qui rédige, avec l’équipe porteuse"),
    Hand.AUTHORS: lazy("l’équipe porteuse"),
    Hand.REVIEWERS: lazy("les personnes qui relisent"),
    Hand.ORGANISATIONS: lazy("l’organisation qui porte la pratique"),
    Hand.COORDINATION: lazy("la coordination"),
}
"""The same, within a sentence."""
WAIT_WORDS: Mapping[Wait, LazyText] = {
    Wait.AMENDING: lazy("À modifier, puis à proposer de nouveau"),
    Wait.EXAMINATION: lazy("À examiner"),
    Wait.TAKING: lazy("À prendre en rédaction"),
    Wait.RESUMING: lazy("Révision à prendre en rédaction"),
    Wait.DRAFTING: lazy("À rédiger"),
    Wait.VALIDATION: lazy("À valider"),
    Wait.REVIEWERS: lazy("Relectures à demander"),
    Wait.RATING: lazy("À coter"),
    Wait.SETTLING: lazy("Écart à arbitrer"),
    Wait.SIGNING: lazy("À approuver"),
    Wait.SILENCE: lazy("Organisation sans réponse"),
    Wait.NOTING: lazy("Approbation à noter"),
    Wait.PUBLISHING: lazy("À publier"),
}
"""What a sheet waits for."""


def step_title(step: PracticeStep, title: str) -> str:
    """What happened to the sheet of this title."""
    if step.move is Move.START and step.from_state in READABLE:
        return _("Révision commencée : %(title)s", title=title)
    return _TITLES[step.move](title)


def step_text(step: PracticeStep, set_out: datetime | None) -> str:
    """Why, what comes next, and the day that the consortium aims at.

    `set_out` is when the sheet was proposed, or taken up again.
    """
    said = [f"« {step.reason} »" if step.reason else ""]
    if step.move in _NEXT:
        said.append(_NEXT[step.move]())
    if set_out is not None and step.move in _ON_ITS_WAY:
        said.append(_("Parution visée : %(day)s.", day=format_date(set_out + WHOLE_LIFE)))
    return " ".join(filter(None, said))


def state_word(state: PracticeState) -> str:
    """The state of a sheet, in the reader's language."""
    return {
        PracticeState.SKETCH: _("Ébauche"),
        PracticeState.PROPOSED: _("Proposée"),
        PracticeState.ADMISSIBLE: _("Admise"),
        PracticeState.DECLINED: _("Non retenue"),
        PracticeState.DRAFTING: _("En rédaction"),
        PracticeState.OWNER_VALIDATION: _("À valider par l’équipe porteuse"),
        PracticeState.REVIEW: _("En relecture"),
        PracticeState.APPROVAL: _("En approbation"),
        PracticeState.PUBLISHED: _("Publiée"),
        PracticeState.REVIEW_DUE: _("À revoir"),
        PracticeState.WITHDRAWN: _("Retirée"),
        PracticeState.REPLACED: _("Remplacée"),
    }[state]
