"""The audit journal in words, and as a table."""

import json
from collections.abc import Iterable, Iterator, Mapping

from inters4.core.access import Role
from inters4.core.clock import local
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.tables import write_csv
from inters4.members.exports.words import policy_label, role_label, state_label
from inters4.members.models import Decision, DomainPolicy, MemberState
from inters4.members.queries.journal import Entry
from inters4.vocabulary.queries import Vocabulary

_WORDS: Mapping[str, LazyText] = {
    "access.refused": lazy("Accès refusé"),
    "audit.exported": lazy("Journal exporté"),
    "audit.read": lazy("Journal consulté"),
    "home.question_asked": lazy("Question posée"),
    "home.question_erased": lazy("Question effacée"),
    "home.questions_exported": lazy("Questions exportées"),
    "practices.adoption_declared": lazy("Adoption déclarée"),
    "practices.adoption_entry_removed": lazy("Note de journal d’adoption retirée"),
    "practices.adoption_hidden": lazy("Adoption retirée de la vue"),
    "practices.adoption_joined": lazy("Adoption : une personne de plus en répond"),
    "practices.adoption_left": lazy("Adoption : une personne n’en répond plus"),
    "practices.adoption_shown": lazy("Adoption montrée de nouveau"),
    "practices.adoption_state": lazy("Étape d’une adoption changée"),
    "practices.abandon": lazy("Fiche abandonnée"),
    "practices.admit": lazy("Fiche admise"),
    "practices.approval_granted": lazy("Fiche approuvée par son organisation"),
    "practices.approval_recorded": lazy("Approbation d’ailleurs notée"),
    "practices.approval_refused": lazy("Fiche refusée par son organisation"),
    "practices.author_added": lazy("Personne ajoutée à une fiche"),
    "practices.author_removed": lazy("Personne retirée d’une fiche"),
    "practices.author_sought": lazy("Personne cherchée pour une fiche"),
    "practices.decline": lazy("Fiche non retenue"),
    "practices.file_taken_back": lazy("Fichier d’une fiche retiré"),
    "practices.publish": lazy("Fiche publiée"),
    "practices.publish_minor": lazy("Changement mineur publié"),
    "practices.replace": lazy("Fiche remplacée"),
    "practices.return": lazy("Fiche renvoyée en rédaction"),
    "practices.document_read": lazy("Document Word lu"),
    "practices.review_asked": lazy("Relecture demandée"),
    "practices.review_declined": lazy("Relecture déclinée ou retirée"),
    "practices.review_due": lazy("Révision d’une fiche échue"),
    "practices.review_sent": lazy("Relecture rendue"),
    "practices.reviewed": lazy("Fiche relue"),
    "practices.send_to_owner": lazy("Fiche envoyée à l’équipe porteuse"),
    "practices.start": lazy("Fiche commencée"),
    "practices.submit": lazy("Fiche proposée"),
    "practices.take": lazy("Fiche prise en rédaction"),
    "practices.validate": lazy("Fiche validée par l’équipe porteuse"),
    "practices.withdraw": lazy("Fiche retirée"),
    "members.address_asked": lazy("Changement d’adresse demandé"),
    "members.address_changed": lazy("Adresse changée"),
    "members.address_dropped": lazy("Changement d’adresse annulé"),
    "members.code_awaited": lazy("Mot de passe juste, code attendu"),
    "members.code_refused": lazy("Code de validation refusé"),
    "members.created": lazy("Compte créé"),
    "members.data_exported": lazy("Données personnelles remises"),
    "members.demo_entered": lazy("Entrée dans la démonstration"),
    "members.domain_deleted": lazy("Domaine de courriel retiré"),
    "members.domain_saved": lazy("Domaine de courriel enregistré"),
    "members.erased": lazy("Personne effacée"),
    "members.exported": lazy("Liste des personnes exportée"),
    "members.identity_letter": lazy("Lien envoyé pour relier une identité"),
    "members.identity_linked": lazy("Identité d’un fournisseur reliée"),
    "members.identity_unlinked": lazy("Identité d’un fournisseur déliée"),
    "members.invitation_accepted": lazy("Invitation acceptée"),
    "members.invitation_revoked": lazy("Invitation retirée"),
    "members.invited": lazy("Invitation envoyée"),
    "members.link_sent_again": lazy("Lien d’inscription renvoyé"),
    "members.message_sent": lazy("Message envoyé par le portail"),
    "members.name_changed": lazy("Nom changé par la personne"),
    "members.organisation_asked": lazy("Confirmation demandée à une organisation"),
    "members.organisation_confirmed": lazy("Organisation confirmée"),
    "members.organisation_left": lazy("Organisation quittée"),
    "members.organisation_saved": lazy("Organisation enregistrée"),
    "members.password_changed": lazy("Mot de passe changé"),
    "members.proof_refused": lazy("Confirmation par mot de passe refusée"),
    "members.proved": lazy("Confirmation par le fournisseur d’identité"),
    "members.provider_refused": lazy("Réponse du fournisseur d’identité refusée"),
    "members.record_read": lazy("Fiche d’une personne consultée"),
    "members.recovery_codes_renewed": lazy("Codes de secours remplacés"),
    "members.registered": lazy("Inscription"),
    "members.request_decided": lazy("Demande d’inscription décidée"),
    "members.request_withdrawn": lazy("Demande retirée"),
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
    "notices.refused_by_link": lazy("Courriels refusés par un lien"),
    "privacy.incident_added": lazy("Incident inscrit au registre"),
    "privacy.incident_followed": lazy("Suite donnée à un incident"),
    "privacy.incidents_exported": lazy("Registre des incidents exporté"),
    "search.index_asked": lazy("Index vérifié ou reconstruit à la demande"),
    "veille.references_deposited": lazy("Références versées dans un dispositif"),
    "veille.source_added": lazy("Source de veille ajoutée"),
    "veille.source_changed": lazy("Source de veille changée"),
    "veille.source_deleted": lazy("Source de veille supprimée"),
    "veille.source_moved": lazy("Nouvelle adresse d’une source acceptée"),
    "veille.source_paused": lazy("Source de veille mise en pause"),
    "veille.source_resumed": lazy("Source de veille reprise"),
    "veille.sources_imported": lazy("Sources importées dans un dispositif"),
    "veille.watch_added": lazy("Dispositif de veille ouvert"),
    "veille.watch_changed": lazy("Dispositif de veille changé"),
    "veille.watch_closed": lazy("Dispositif de veille fermé"),
    "veille.watch_opened": lazy("Dispositif de veille rouvert"),
    "vocabulary.synonyms_removed": lazy("Synonymes retirés"),
    "vocabulary.synonyms_saved": lazy("Synonymes enregistrés"),
    "vocabulary.term_added": lazy("Terme ajouté au vocabulaire"),
    "vocabulary.term_changed": lazy("Terme du vocabulaire changé"),
    "vocabulary.term_moved": lazy("Terme du vocabulaire déplacé"),
    "vocabulary.term_retired": lazy("Terme retiré du vocabulaire"),
}

_DETAILS: Mapping[str, LazyText] = {
    "after": lazy("après"),
    "asked": lazy("demandé"),
    "before": lazy("avant"),
    "count": lazy("nombre"),
    "decision": lazy("réponse"),
    "is_serious": lazy("grave"),
    "identity": lazy("identité"),
    "keeps_posts": lazy("messages gardés"),
    "kind": lazy("sorte"),
    "name": lazy("nom"),
    "organisation": lazy("organisation"),
    "people": lazy("personnes"),
    "policy": lazy("règle"),
    "provider": lazy("par le fournisseur"),
    "reason": lazy("motif"),
    "remembered": lazy("rester connecté"),
    "role": lazy("rôle"),
    "second_factor": lazy("avec un code"),
    "space": lazy("espace"),
    "state": lazy("état"),
    "step": lazy("étape"),
}
_SUBJECTS: Mapping[str, LazyText] = {
    "domain": lazy("Domaine %(name)s"),
    "incident": lazy("Incident %(name)s"),
    "invitation": lazy("Invitation %(name)s"),
    "organisation": lazy("Organisation %(name)s"),
    "question": lazy("Question %(name)s"),
    "registration": lazy("Inscription %(name)s"),
    "synonyms": lazy("Synonymes %(name)s"),
    "term": lazy("Terme %(name)s"),
}
_ASKED: Mapping[str, LazyText] = {
    "rebuild": lazy("reconstruire l’index"),
    "repair": lazy("réparer l’index"),
    "verify": lazy("vérifier l’index"),
}
_DECISIONS: Mapping[str, LazyText] = {
    Decision.APPROVED: lazy("acceptée"),
    Decision.REFUSED: lazy("refusée"),
}
_LONGEST_MARK = 8
_WHOLE = frozenset({"domain", "synonyms", "term"})
"""Kinds named by something that is read; the others by a long number."""


def action_label(action: str) -> str:
    """What an action is called; its code name when nobody named it."""
    return str(_WORDS.get(action, action))


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
            name=str(_DETAILS.get(name, name)),
            value=_in_words(name, value),
        )
        for name, value in detail.items()
        if value is not None and value != ""
    )


def subject_text(subject: str, words: Vocabulary | None = None) -> str:
    """What it was done to; a long number is cut to what tells it apart, a term is named."""
    kind, _colon, name = subject.partition(":")
    if kind not in _SUBJECTS:
        return subject
    if kind == "term" and words is not None:
        scheme, _slash, identifier = name.partition("/")
        name = _("« %(text)s »", text=words.label(scheme, identifier))
    shown = name if kind in _WHOLE else name[:_LONGEST_MARK]
    return str(_SUBJECTS[kind]) % {"name": shown}


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
        return str(_ASKED[text]) if text in _ASKED else action_label(text)
    return str(_DECISIONS[text]) if name == "decision" and text in _DECISIONS else text


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
