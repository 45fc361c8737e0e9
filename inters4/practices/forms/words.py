"""How the form names each field, in the words of whoever fills it, and helps them."""

import re
from collections.abc import Mapping
from enum import StrEnum

from inters4.core.i18n import LazyText, lazy
from inters4.practices.models import (
    Accessibility,
    Block,
    Check,
    CostKind,
    Evaluation,
    Licence,
    Nature,
)

LABELS: Mapping[str, LazyText] = {
    "title": lazy("Titre"),
    "subtitle": lazy("Sous-titre"),
    "organisations": lazy("Organisations qui portent la pratique"),
    "regions": lazy("Régions"),
    "team": lazy("Équipe porteuse"),
    "started": lazy("Début"),
    "started_year": lazy("Année du début"),
    "stage": lazy("Étape"),
    "stage_note": lazy("Précision sur l’étape"),
    "problem": lazy("Le problème"),
    "solution": lazy("La solution"),
    "result": lazy("Le résultat, avec son chiffre"),
    "result_nature": lazy("Nature de ce résultat"),
    "audience": lazy("Pour qui"),
    Block.CONTEXT.field: lazy("Contexte"),
    "baselines": lazy("Situation de départ, en chiffres"),
    Block.DESCRIPTION.field: lazy("La pratique"),
    Block.DIFFERENCE.field: lazy("Ce qui change des soins habituels"),
    "evaluation": lazy("Évaluation"),
    "evaluation_design": lazy("Devis d’évaluation"),
    Block.EVALUATION.field: lazy("Est-ce que ça marche?"),
    "outcomes": lazy("Résultats mesurés"),
    Block.ADVERSE_EFFECTS.field: lazy("Effets indésirables"),
    Block.EQUITY.field: lazy("Équité"),
    "maturity": lazy("Maturité"),
    "maturity_reason": lazy("Pourquoi cette maturité"),
    "evidence_strength": lazy("Force de la preuve"),
    "evidence_reason": lazy("Pourquoi cette force"),
    Block.RESOURCES.field: lazy("Ressources"),
    "staffing": lazy("Personnel"),
    Block.COSTS.field: lazy("Coûts, en mots"),
    "costs": lazy("Coûts et économies, en chiffres"),
    "equipment": lazy("Matériel"),
    "training": lazy("Formation"),
    "funding": lazy("Financement"),
    Block.STEPS.field: lazy("Étapes pour commencer"),
    Block.LEADERSHIP.field: lazy("Soutien de la direction"),
    "success_conditions": lazy("Conditions de succès"),
    Block.CONDITIONS.field: lazy("Conditions de succès, en mots"),
    Block.PITFALLS.field: lazy("Pièges"),
    Block.GOVERNANCE.field: lazy("Gouvernance"),
    Block.MONITORING.field: lazy("Suivi"),
    Block.SUSTAINABILITY.field: lazy("Pérennité"),
    "transferability": lazy("Ce qu’il faut peser"),
    Block.CORE.field: lazy("Ce qui ne doit pas changer"),
    Block.ADAPTATIONS.field: lazy("Ce qui peut s’adapter"),
    Block.PATIENT_ROLE.field: lazy("Rôle des usagers et des proches"),
    Block.PATIENT_EXPERIENCE.field: lazy("Expérience des usagers et des proches"),
    "adopters": lazy("Milieux qui l’ont adoptée, selon une source"),
    "attachments": lazy("Pièces"),
    "themes": lazy("Thèmes"),
    "settings": lazy("Milieux"),
    "populations": lazy("Populations"),
    "professions": lazy("Professions"),
    "outcome_types": lazy("Effets recherchés"),
    "evidence_types": lazy("Types de preuve"),
    "knowledge_sources": lazy("Source du savoir"),
    "interests": lazy("Intérêts déclarés"),
    "funders": lazy("Qui finance"),
    "no_patient_information": lazy("Rien dans cette fiche n’identifie une personne soignée"),
    "references": lazy("Sources citées"),
    Block.DOUBTS.field: lazy("Doutes entre les sources"),
}
"""By field of the sheet."""

IN_ROWS: Mapping[str, LazyText] = {
    "id": lazy("Organisation du portail"),
    "name": lazy("Nom"),
    "organisation": lazy("Organisation du portail"),
    "region": lazy("Région"),
    "everywhere": lazy("Partout au Québec"),
    "since": lazy("Depuis quand"),
    "source": lazy("Numéro de la source"),
    "indicator": lazy("Indicateur"),
    "value": lazy("Valeur"),
    "unit": lazy("Unité"),
    "date": lazy("Date"),
    "reference": lazy("Numéro de la source"),
    "before": lazy("Avant"),
    "after": lazy("Après"),
    "n": lazy("Nombre suivi"),
    "period": lazy("Période"),
    "design": lazy("Devis"),
    "profession": lazy("Profession"),
    "fte": lazy("Nombre ou ETP"),
    "kind": lazy("Nature"),
    "amount": lazy("Montant"),
    "condition": lazy("Condition"),
    "note": lazy("Ce que l’on en sait"),
    "dimension": lazy("Dimension"),
    "title": lazy("Titre"),
    "url": lazy("Adresse web"),
    "file": lazy("Fichier"),
    "terms": lazy("Licence"),
    "licence": lazy("Précision sur la licence"),
    "accessibility": lazy("Accessibilité, en somme"),
    "alt_text": lazy("Images décrites"),
    "structure": lazy("Titres, listes et tableaux balisés"),
    "contrast": lazy("Contraste suffisant"),
    "captions": lazy("Sous-titres ou transcription"),
    "checked_on": lazy("Vérifiée le"),
    "attachments.name": lazy("Nom du fichier"),
    "attachments.language": lazy("Langue, si ce n’est pas celle de la fiche"),
    "number": lazy("Numéro"),
    "language": lazy("Langue du titre, si ce n’est pas le français"),
    "publisher": lazy("Éditeur ou revue"),
    "year": lazy("Année"),
    "doi": lazy("DOI"),
}
"""By field of a row; by list and field where a list has its own word."""

ONE_ROW: Mapping[str, LazyText] = {
    "organisations": lazy("Organisation"),
    "baselines": lazy("Chiffre de départ"),
    "outcomes": lazy("Résultat"),
    "staffing": lazy("Personnel"),
    "costs": lazy("Montant"),
    "success_conditions": lazy("Condition"),
    "transferability": lazy("Dimension"),
    "adopters": lazy("Milieu"),
    "attachments": lazy("Pièce"),
    "references": lazy("Source"),
}
"""What one row of a list is, to number it: « Résultat 2 »."""

HELP: Mapping[str, LazyText] = {
    "title": lazy("Ce que fait la pratique, en une ligne, sans sigle."),
    "organisations": lazy("Choisissez-la dans la liste; si elle n’y est pas, écrivez son nom."),
    "team": lazy("Les lectrices et lecteurs lui écrivent par formulaire, jamais directement."),
    "started": lazy("Comme vous le savez : « printemps 2022 », « 2019 ou 2020 », « inconnu »."),
    "started_year": lazy("Quatre chiffres, si vous la savez."),
    "problem": lazy("Par exemple : « En région, l’attente pour un suivi dépasse trois mois. »"),
    "solution": lazy(
        "Par exemple : « Une infirmière appelle chaque personne dans les deux jours. »"
    ),
    "result": lazy("Par exemple : « L’attente est passée de 30 à 12 jours [1]. »"),
    "result_nature": lazy("Un effet sur les personnes n’est pas un nombre d’activités."),
    "audience": lazy("Les personnes et les équipes à qui la pratique sert."),
    Block.DESCRIPTION.field: lazy("Quoi, par qui, quand, à quelle fréquence."),
    "baselines": lazy(
        "Ce que l’on mesurait avant, avec la date et la source. Si rien n’était mesuré, nommez ce "
        "qui aurait pu l’être et écrivez « sans mesure » comme valeur."
    ),
    "outcomes": lazy("Donnez une valeur, ou celles d’avant et d’après."),
    Block.ADVERSE_EFFECTS.field: lazy("Écrivez « inconnus » si personne ne les a cherchés."),
    Block.EQUITY.field: lazy("Qui en profite moins? Écrivez « inconnus » si on ne le sait pas."),
    "maturity_reason": lazy("En 100 mots au plus, avec ce sur quoi vous vous appuyez."),
    "evidence_reason": lazy("En 100 mots au plus, avec ce sur quoi vous vous appuyez."),
    "staffing": lazy("Une profession de la liste, ou un nom, et combien il en faut."),
    "training": lazy("Le nombre d’heures et pour qui."),
    "success_conditions": lazy("Celles qui ont vraiment compté."),
    "transferability": lazy("Ce que vous savez de chaque dimension, la ruralité comprise."),
    "attachments": lazy(
        "Un fichier déposé ici, ou l’adresse web d’un document. Ce que vous n’avez pas vérifié "
        "reste « inconnu »."
    ),
    "interests": lazy("Ce que les personnes qui portent la fiche y gagnent, ou « aucun »."),
    "funders": lazy("Un nom par ligne, ou « aucun »."),
    "no_patient_information": lazy(
        "Ni nom, ni image, ni histoire qui permette de reconnaître quelqu’un."
    ),
    "references": lazy("Le numéro ne change pas quand vous ajoutez d’autres sources."),
}
CHOICES: Mapping[type[StrEnum], Mapping[str, LazyText]] = {
    Nature: {
        "effect": lazy("Effet"),
        "activity": lazy("Activité"),
        "satisfaction": lazy("Satisfaction"),
    },
    Evaluation: {
        "described": lazy("Évaluée : je décris comment"),
        "not-evaluated": lazy("Non évaluée"),
    },
    CostKind: {
        "start-up": lazy("Démarrage"),
        "running": lazy("Fonctionnement"),
        "total": lazy("Total"),
        "saving": lazy("Économie"),
    },
    Accessibility: {
        "unchecked": lazy("Non vérifiée"),
        "accessible": lazy("Accessible"),
        "partly": lazy("Accessible en partie"),
        "inaccessible": lazy("Non accessible"),
    },
    Check: {
        "yes": lazy("Oui"),
        "no": lazy("Non"),
        "none": lazy("Sans objet"),
        "unknown": lazy("Inconnu"),
    },
    Licence: {
        "cc0": lazy("CC0 (domaine public)"),
        "cc-by": lazy("CC BY (attribution)"),
        "cc-by-sa": lazy("CC BY-SA (attribution, partage à l’identique)"),
        "cc-by-nc": lazy("CC BY-NC (attribution, sans usage commercial)"),
        "cc-by-nc-sa": lazy("CC BY-NC-SA (attribution, sans usage commercial, à l’identique)"),
        "cc-by-nd": lazy("CC BY-ND (attribution, sans modification)"),
        "cc-by-nc-nd": lazy("CC BY-NC-ND (attribution, sans usage commercial ni modification)"),
        "all-rights-reserved": lazy("Tous droits réservés"),
        "with-permission": lazy("Déposé avec permission"),
        "other": lazy("Autre licence"),
        "unknown": lazy("Licence inconnue"),
    },
}
"""Closed lists, by what the file writes."""

_SCHEMES: Mapping[str, str] = {
    "implementation_stage": "stage",
    "success_conditions": "success_conditions",
}
_QUOTED = re.compile(r"(?P<open>«\u00a0|“)(?P<name>[a-z_]+)(?P<close>\u00a0»|”)")


def label_of(field: str, inner: str = "") -> str:
    """The name of a field of the sheet, or of a field of one of its rows."""
    if not inner:
        return str(LABELS.get(field, field))
    return str(IN_ROWS.get(f"{field}.{inner}") or IN_ROWS.get(inner) or inner)


def in_words(message: str) -> str:
    """A mistake as the form tells it: fields by the name that people read."""

    def named(found: re.Match[str]) -> str:
        name = _SCHEMES.get(found["name"], found["name"])
        label = LABELS.get(name) or IN_ROWS.get(name)
        return f"{found['open']}{label}{found['close']}" if label else found[0]

    return _QUOTED.sub(named, message).replace("## ", "")
