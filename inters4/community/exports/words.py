"""How spaces and threads are said to people."""

from collections.abc import Mapping
from typing import Any

from inters4.community.models import (
    JoinPolicy,
    JoinRequest,
    RequestState,
    Space,
    SpaceStage,
    ThreadKind,
    Visibility,
)
from inters4.core.i18n import _, lazy

_STAGES = {
    SpaceStage.POTENTIAL: lazy("En préparation"),
    SpaceStage.ACTIVE: lazy("Actif"),
    SpaceStage.DORMANT: lazy("En dormance"),
    SpaceStage.CLOSED: lazy("Archivé"),
}
_VISIBILITIES = {
    Visibility.PUBLIC: lazy("Tout le monde"),
    Visibility.MEMBERS: lazy("Personnes inscrites"),
    Visibility.PRIVATE_LISTED: lazy("Privé, affiché"),
    Visibility.PRIVATE_HIDDEN: lazy("Privé, caché"),
}
_VISIBILITY_HELP = {
    Visibility.PUBLIC: lazy("Tout le monde lit, sans compte. On écrit en faisant partie."),
    Visibility.MEMBERS: lazy("Toute personne inscrite lit. On écrit en faisant partie."),
    Visibility.PRIVATE_LISTED: lazy(
        "Le nom et la présentation sont visibles; le reste est lu par les personnes qui en font "
        "partie."
    ),
    Visibility.PRIVATE_HIDDEN: lazy(
        "Rien n’en paraît nulle part : seules les personnes qui en font partie savent qu’il existe."
    ),
}
_POLICIES = {
    JoinPolicy.OPEN: lazy("Adhésion libre"),
    JoinPolicy.REQUEST: lazy("Adhésion sur demande"),
    JoinPolicy.INVITATION: lazy("Adhésion sur invitation"),
}
_REQUESTS = {
    RequestState.PENDING: lazy("En attente d’une réponse"),
    RequestState.ACCEPTED: lazy("Acceptée"),
    RequestState.REFUSED: lazy("Refusée"),
    RequestState.WITHDRAWN: lazy("Retirée"),
}
_FIELDS = {
    "name": lazy("Nom"),
    "purpose": lazy("À quoi sert l’espace"),
    "presentation": lazy("Présentation"),
    "themes": lazy("Thèmes"),
    "scope": lazy("Pour qui"),
    "sponsor": lazy("Avec l’appui de"),
    "rhythm": lazy("Rythme"),
    "join_policy": lazy("Comment on entre"),
    "first_posts": lazy("Premiers messages à approuver"),
    "is_discreet": lazy("Courriels discrets"),
}
_KINDS = {
    ThreadKind.DISCUSSION: lazy("Discussion"),
    ThreadKind.QUESTION: lazy("Question"),
    ThreadKind.ANNOUNCEMENT: lazy("Annonce"),
    ThreadKind.EVENT: lazy("Événement"),
}
CHARTER = {
    "soutien": lazy("Qu’est-ce qu’on s’apporte les uns aux autres?"),
    "confiance": lazy("Qu’est-ce qui reste entre nous?"),
    "reponses": lazy("En combien de temps répond-on à une question?"),
    "savoirs": lazy("Que fait-on de ce qu’on apprend ensemble?"),
    "desaccords": lazy("Comment règle-t-on un désaccord?"),
    "accueil": lazy("Comment accueille-t-on une personne nouvelle?"),
}
"""The guided questions of a charter, by the name under which the answer is kept."""
KIND_VALUES = {
    "discussion": ThreadKind.DISCUSSION,
    "question": ThreadKind.QUESTION,
    "annonce": ThreadKind.ANNOUNCEMENT,
    "evenement": ThreadKind.EVENT,
}
"""Kinds of threads by their name in addresses and forms."""


def stage_label(stage: SpaceStage) -> str:
    """Where a community is in its life."""
    return str(_STAGES[stage])


def visibility_label(visibility: Visibility) -> str:
    """Who reads it."""
    return str(_VISIBILITIES[visibility])


def visibility_help(visibility: Visibility) -> str:
    """What that means, in a sentence."""
    return str(_VISIBILITY_HELP[visibility])


def policy_label(policy: JoinPolicy) -> str:
    """How one comes in."""
    return str(_POLICIES[policy])


def kind_label(kind: ThreadKind) -> str:
    """What a thread is."""
    return str(_KINDS[kind])


def charter_of(space: Space) -> list[tuple[str, str]]:
    """The questions that the charter of a space answers, with the answers."""
    return [
        (str(question), space.charter[name])
        for name, question in CHARTER.items()
        if space.charter.get(name)
    ]


def questions() -> list[tuple[str, str]]:
    """(name, question) of the charter, in the order of the form."""
    return [(name, str(question)) for name, question in CHARTER.items()]


def request_label(request: JoinRequest) -> str:
    """Where a request stands, reminders included."""
    if request.state is RequestState.PENDING and request.escalated_at is not None:
        return _("En attente; la coordination est avisée")
    if request.state is RequestState.PENDING and request.reminded_at is not None:
        return _("En attente; un rappel est fait")
    return str(_REQUESTS[request.state])


def stage_options(stages: Mapping[str, SpaceStage]) -> list[tuple[str, str]]:
    """(value, label) for a form."""
    return [(value, stage_label(stage)) for value, stage in stages.items()]


def visibility_options(
    visibilities: Mapping[str, Visibility], present: Visibility
) -> list[tuple[str, str]]:
    """(value, label) of those that a space may have instead of the present one."""
    return [
        (value, visibility_label(one)) for value, one in visibilities.items() if one is not present
    ]


def value_of(options: Mapping[str, Any], chosen: object) -> str:
    """The value that a form gives to what is chosen."""
    return next((value for value, one in options.items() if one == chosen), "")


def differences(stored: Any, typed: Any) -> list[tuple[str, str, str]]:
    """(field, what is stored, what was typed) where two descriptions of a space part."""
    found = [
        (str(label), _said(getattr(stored, name)), _said(getattr(typed, name)))
        for name, label in _FIELDS.items()
        if getattr(stored, name) != getattr(typed, name)
    ]
    return found + [
        (str(question), stored.charter.get(name, ""), typed.charter.get(name, ""))
        for name, question in CHARTER.items()
        if stored.charter.get(name, "") != typed.charter.get(name, "")
    ]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, JoinPolicy):
        return policy_label(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)
