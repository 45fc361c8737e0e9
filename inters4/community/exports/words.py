"""How spaces and threads are said to people."""

from inters4.community.models import JoinPolicy, Space, SpaceStage, ThreadKind, Visibility
from inters4.core.i18n import lazy

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
        "Rien n’en paraît nulle part : seules les personnes qui en font partie savent qu’il existe."
    ),
}
_POLICIES = {
    JoinPolicy.OPEN: lazy("Adhésion libre"),
    JoinPolicy.REQUEST: lazy("Adhésion sur demande"),
    JoinPolicy.INVITATION: lazy("Adhésion sur invitation"),
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
