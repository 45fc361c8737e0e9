"""How moderation is said to people."""

from collections.abc import Callable, Mapping

from inters4.community.models import Act, FlagReason, FlagState, PostState, SanctionKind
from inters4.core.i18n import _

REASONS: Mapping[FlagReason, Callable[[], str]] = {
    FlagReason.OFF_TOPIC: lambda: _("Hors sujet"),
    FlagReason.PERSONAL: lambda: _("Renseignement personnel"),
    FlagReason.INAPPROPRIATE: lambda: _("Propos inapproprié"),
    FlagReason.OTHER: lambda: _("Autre raison"),
}
REASON_VALUES: Mapping[str, FlagReason] = {
    "hors-sujet": FlagReason.OFF_TOPIC,
    "renseignement-personnel": FlagReason.PERSONAL,
    "propos-inapproprie": FlagReason.INAPPROPRIATE,
    "autre": FlagReason.OTHER,
}
"""Reasons by their name in forms."""
REASON_HELP: Mapping[FlagReason, Callable[[], str]] = {
    FlagReason.OFF_TOPIC: lambda: _("Il n’a pas sa place dans ce fil ou dans cet espace."),
    FlagReason.PERSONAL: lambda: _(
        "Il peut faire reconnaître une personne, un patient surtout. Le message est masqué tout de "
        "suite, le temps qu’on le regarde."
    ),
    FlagReason.INAPPROPRIATE: lambda: _("Il blesse, attaque ou discrimine."),
    FlagReason.OTHER: lambda: _("Dites laquelle ci-dessous."),
}
FLAG_STATES: Mapping[FlagState, Callable[[], str]] = {
    FlagState.OPEN: lambda: _("À traiter"),
    FlagState.IN_PROGRESS: lambda: _("En traitement"),
    FlagState.UPHELD: lambda: _("Retenu"),
    FlagState.REJECTED: lambda: _("Non retenu"),
}
POST_STATES: Mapping[PostState, Callable[[], str]] = {
    PostState.PUBLISHED: lambda: _("Publié"),
    PostState.WAITING: lambda: _("En attente d’approbation"),
    PostState.HIDDEN: lambda: _("Masqué"),
    PostState.REMOVED: lambda: _("Retiré"),
}
MEASURES: Mapping[SanctionKind, Callable[[], str]] = {
    SanctionKind.WARNING: lambda: _("Avertissement"),
    SanctionKind.SUSPENSION: lambda: _("Suspension"),
    SanctionKind.BAN: lambda: _("Exclusion"),
}
ACTS: Mapping[Act, Callable[[], str]] = {
    Act.HIDE: lambda: _("Message masqué"),
    Act.RESTORE: lambda: _("Message rétabli"),
    Act.REMOVE: lambda: _("Message retiré"),
    Act.EDIT: lambda: _("Message modifié"),
    Act.REDACT: lambda: _("Passage effacé"),
    Act.APPROVE: lambda: _("Premier message approuvé"),
    Act.DECLINE: lambda: _("Premier message refusé"),
    Act.TAKE_FLAG: lambda: _("Signalement pris en charge"),
    Act.UPHOLD: lambda: _("Signalement retenu"),
    Act.REJECT: lambda: _("Signalement non retenu"),
    Act.LOCK: lambda: _("Fil verrouillé"),
    Act.UNLOCK: lambda: _("Fil déverrouillé"),
    Act.PIN: lambda: _("Fil épinglé"),
    Act.UNPIN: lambda: _("Fil désépinglé"),
    Act.MOVE_OUT: lambda: _("Fil déplacé vers un autre espace"),
    Act.MOVE_IN: lambda: _("Fil venu d’un autre espace"),
    Act.SPLIT: lambda: _("Messages détachés dans un nouveau fil"),
    Act.MERGE: lambda: _("Fil fusionné dans un autre"),
    Act.REMOVE_THREAD: lambda: _("Fil retiré"),
    Act.RESTORE_THREAD: lambda: _("Fil rétabli"),
    Act.WARN: lambda: _("Avertissement donné"),
    Act.SUSPEND: lambda: _("Personne suspendue"),
    Act.LIFT: lambda: _("Suspension levée"),
    Act.PUT_OUT: lambda: _("Personne retirée de l’espace"),
    Act.BAN: lambda: _("Personne exclue"),
    Act.LIFT_BAN: lambda: _("Exclusion levée"),
}
TOLD: Mapping[Act, Callable[[str], str]] = {
    Act.HIDE: lambda space: _("Votre message est masqué : %(space)s", space=space),
    Act.RESTORE: lambda space: _("Votre message est rétabli : %(space)s", space=space),
    Act.REMOVE: lambda space: _("Votre message est retiré : %(space)s", space=space),
    Act.EDIT: lambda space: _("Votre message a été modifié : %(space)s", space=space),
    Act.REDACT: lambda space: _(
        "Un passage de votre message a été effacé : %(space)s", space=space
    ),
    Act.APPROVE: lambda space: _("Votre message est publié : %(space)s", space=space),
    Act.DECLINE: lambda space: _("Votre message n’est pas publié : %(space)s", space=space),
    Act.MOVE_IN: lambda space: _("Votre fil est maintenant dans : %(space)s", space=space),
    Act.SPLIT: lambda space: _("Votre message est dans un nouveau fil : %(space)s", space=space),
    Act.MERGE: lambda space: _("Votre fil rejoint un autre fil : %(space)s", space=space),
    Act.REMOVE_THREAD: lambda space: _("Votre fil est retiré : %(space)s", space=space),
    Act.RESTORE_THREAD: lambda space: _("Votre fil est rétabli : %(space)s", space=space),
}
"""What the author of a post or thread is told, by the name of the space."""
