"""The audit journal in words, and as a table."""

import json
from collections.abc import Iterable, Iterator, Mapping

from inters4.core.clock import local
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.tables import write_csv
from inters4.members.queries.journal import Entry

_WORDS: Mapping[str, LazyText] = {
    "access.refused": lazy("Accès refusé"),
    "audit.exported": lazy("Journal exporté"),
    "audit.read": lazy("Journal consulté"),
    "home.question_asked": lazy("Question posée"),
    "home.question_erased": lazy("Question effacée"),
    "home.questions_exported": lazy("Questions exportées"),
    "members.code_refused": lazy("Code de validation refusé"),
    "members.created": lazy("Compte créé"),
    "members.data_exported": lazy("Données personnelles remises"),
    "members.demo_entered": lazy("Entrée dans la démonstration"),
    "members.domain_deleted": lazy("Domaine de courriel retiré"),
    "members.domain_saved": lazy("Domaine de courriel enregistré"),
    "members.erased": lazy("Personne effacée"),
    "members.exported": lazy("Liste des personnes exportée"),
    "members.invitation_accepted": lazy("Invitation acceptée"),
    "members.invitation_revoked": lazy("Invitation retirée"),
    "members.invited": lazy("Invitation envoyée"),
    "members.organisation_confirmed": lazy("Organisation confirmée"),
    "members.organisation_left": lazy("Organisation quittée"),
    "members.password_changed": lazy("Mot de passe changé"),
    "members.proof_refused": lazy("Confirmation par mot de passe refusée"),
    "members.record_read": lazy("Fiche d’une personne consultée"),
    "members.recovery_codes_renewed": lazy("Codes de secours remplacés"),
    "members.registered": lazy("Inscription"),
    "members.request_decided": lazy("Demande d’inscription décidée"),
    "members.role_granted": lazy("Rôle donné"),
    "members.role_withdrawn": lazy("Rôle retiré"),
    "members.scrubbed": lazy("Effacement terminé dans les fichiers"),
    "members.second_factor_removed": lazy("Validation en deux étapes retirée"),
    "members.second_factor_set": lazy("Validation en deux étapes mise en place"),
    "members.session_revoked": lazy("Session fermée à distance"),
    "members.sessions_revoked": lazy("Sessions fermées"),
    "members.sign_in_refused": lazy("Connexion refusée"),
    "members.signed_in": lazy("Connexion"),
    "members.signed_out": lazy("Déconnexion"),
    "members.state_changed": lazy("État d’un compte changé"),
    "privacy.incident_added": lazy("Incident inscrit au registre"),
    "privacy.incident_followed": lazy("Suite donnée à un incident"),
    "privacy.incidents_exported": lazy("Registre des incidents exporté"),
}


def action_label(action: str) -> str:
    """What an action is called; its code name when nobody named it."""
    return str(_WORDS.get(action, action))


def detail_text(detail: Mapping[str, object]) -> str:
    """`detail` on one line."""
    return ", ".join(
        f"{name}={_plain(value)}" for name, value in detail.items() if value is not None
    )


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


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
