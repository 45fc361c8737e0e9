"""How roles, states and visibilities are said to people."""

from inters4.core.access import Role
from inters4.core.i18n import lazy, ngettext
from inters4.members.models import DomainPolicy, MemberState, ProfileKey, Visibility

_ROLES = {
    Role.BROKER: lazy("Équipe de courtage"),
    Role.REVIEWER: lazy("Révision"),
    Role.COORDINATION: lazy("Coordination"),
    Role.ADMIN: lazy("Administration technique"),
    Role.APPROVER: lazy("Approbation des inscriptions"),
    Role.SIGNATORY: lazy("Signature"),
    Role.RESPONDENT: lazy("Réponse au nom de l’organisation"),
    Role.FACILITATOR: lazy("Animation"),
    Role.MODERATOR: lazy("Modération"),
}
_STATES = {
    MemberState.UNVERIFIED: lazy("Adresse à confirmer"),
    MemberState.PENDING_APPROVAL: lazy("En attente d’approbation"),
    MemberState.ACTIVE: lazy("Actif"),
    MemberState.REFUSED: lazy("Refusé"),
    MemberState.SUSPENDED: lazy("Suspendu"),
    MemberState.DEACTIVATED: lazy("Désactivé"),
    MemberState.ERASED: lazy("Effacé"),
}
_VISIBILITIES = {
    Visibility.NOBODY: lazy("Moi seulement"),
    Visibility.ORGANISATION: lazy("Mon organisation"),
    Visibility.MEMBERS: lazy("Personnes inscrites"),
    Visibility.EVERYONE: lazy("Tout le monde"),
}
_FIELDS = {
    ProfileKey.FUNCTION: lazy("Fonction"),
    ProfileKey.ORGANISATIONS: lazy("Organisations"),
    ProfileKey.PROFESSION: lazy("Profession"),
    ProfileKey.REGION: lazy("Région"),
    ProfileKey.SKILLS: lazy("Ce que je connais"),
    ProfileKey.INTERESTS: lazy("Ce qui m’intéresse"),
    ProfileKey.PRESENTATION: lazy("En quelques mots"),
}
_POLICIES = {
    DomainPolicy.AUTO: lazy("Ouvre le compte"),
    DomainPolicy.QUEUE: lazy("Passe par l’approbation"),
    DomainPolicy.REFUSE: lazy("Refusé"),
}


NEWSLETTER_WORDS = lazy(
    "Je veux recevoir l’infolettre du Consortium par courriel. Je pourrai changer d’avis en tout "
    "temps, dans mes préférences ou par un lien dans chaque message."
)
"""What stands beside the box, or the button, by which someone agrees to the infolettre."""

_PLACES = {
    "/inscription": lazy("Formulaire d’inscription"),
    "/connexion/organisation/compte": lazy("Inscription par l’organisation"),
    "/compte/profil": lazy("Profil"),
    "/compte/preferences": lazy("Préférences"),
    "/infolettres/abonnement": lazy("Formulaire d’abonnement"),
    "/infolettres/abonnes/importer": lazy("Fichier importé par l’équipe"),
    "/infolettres/desabonnement": lazy("Lien de désabonnement"),
    "/infolettres/preferences": lazy("Préférences d’infolettre"),
    "courriel": lazy("Bouton du logiciel de courriel"),
    "retour": lazy("Courriel revenu ou refusé"),
    "relais": lazy("Refus d’un relais qui refusait tout, sans suite"),
}


def place_label(source: str) -> str:
    """The page where something was agreed to, in the reader's language."""
    return str(_PLACES.get(source, source))


def role_label(role: Role) -> str:
    """The role in the reader's language."""
    return str(_ROLES[role])


def state_label(state: MemberState) -> str:
    """The state of an account in the reader's language."""
    return str(_STATES[state])


def accounts_label(state: MemberState, number: int) -> str:
    """`number` accounts in that state, without the number."""
    return {
        MemberState.UNVERIFIED: lambda: ngettext(
            "compte à confirmer", "comptes à confirmer", number
        ),
        MemberState.PENDING_APPROVAL: lambda: ngettext(
            "compte en attente d’approbation", "comptes en attente d’approbation", number
        ),
        MemberState.ACTIVE: lambda: ngettext("compte actif", "comptes actifs", number),
        MemberState.REFUSED: lambda: ngettext("compte refusé", "comptes refusés", number),
        MemberState.SUSPENDED: lambda: ngettext("compte suspendu", "comptes suspendus", number),
        MemberState.DEACTIVATED: lambda: ngettext("compte désactivé", "comptes désactivés", number),
        MemberState.ERASED: lambda: ngettext("compte effacé", "comptes effacés", number),
    }[state]()


def visibility_label(visibility: Visibility) -> str:
    """Who sees a field, in the reader's language."""
    return str(_VISIBILITIES[visibility])


def field_label(key: ProfileKey) -> str:
    """A field of the profile in the reader's language."""
    return str(_FIELDS[key])


def policy_label(policy: DomainPolicy) -> str:
    """What an address of a domain is worth, in the reader's language."""
    return str(_POLICIES[policy])
