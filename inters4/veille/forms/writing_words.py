"""How the form of a summary names each field, helps with it, and tells what is wrong in it."""

import re
from collections.abc import Iterable, Mapping

from inters4.core.i18n import LazyText, lazy
from inters4.veille.models import Lack

LABELS: Mapping[str, LazyText] = {
    "title": lazy("Titre du résumé"),
    "hook": lazy("Accroche"),
    "paragraph": lazy("Résumé"),
    "limit": lazy("Principale limite"),
    "limit_source": lazy("Qui le dit"),
    "context": lazy("Pour notre contexte"),
    "themes": lazy("Thèmes"),
    "populations": lazy("Populations"),
    "settings": lazy("Milieux"),
    "professions": lazy("Professions"),
    "regions": lazy("Régions"),
    "practices": lazy("Pratiques que cet article éclaire"),
    "design": lazy("Devis"),
    "evidence_strength": lazy("Force de la preuve"),
    "population_studied": lazy("Qui a été étudié"),
    "country": lazy("Pays"),
    "appraisal_tool": lazy("Outil d’évaluation de la qualité"),
    "appraisal_result": lazy("Résultat de cette évaluation"),
    "article_title": lazy("Titre de l’article"),
    "article_language": lazy("Langue de l’article"),
    "authors": lazy("Auteurs"),
    "journal": lazy("Revue ou éditeur"),
    "year": lazy("Année"),
    "volume": lazy("Volume"),
    "number": lazy("Numéro"),
    "pages": lazy("Pages"),
    "doi": lazy("DOI"),
    "pmid": lazy("Numéro PubMed (PMID)"),
    "pmcid": lazy("Numéro PMC"),
    "url": lazy("Adresse de l’article"),
    "url_french": lazy("Page de l’article en français"),
    "open_access": lazy("Accès libre"),
    "missing": lazy("Ce qui manque encore"),
}
HELP: Mapping[str, LazyText] = {
    "title": lazy("Ce que l’article apprend, en une ligne, sans sigle."),
    "hook": lazy("Pourquoi le lire, en une phrase de 140 caractères au plus."),
    "paragraph": lazy(
        "Un seul paragraphe de 80 à 150 mots, dans vos mots : ce qui a été fait, auprès de qui, "
        "ce qui a été trouvé."
    ),
    "limit": lazy("Ce qui oblige à la prudence, en une phrase."),
    "context": lazy("Ce que l’article change pour nos régions, en une phrase."),
    "themes": lazy("Un au moins."),
    "population_studied": lazy("Par exemple : « 412 personnes de 65 ans et plus, en Ontario »."),
    "appraisal_result": lazy("Par exemple : « qualité modérée »."),
    "authors": lazy("Un par ligne, comme « Tremblay, M. »."),
    "doi": lazy("Par exemple : 10.1234/exemple."),
    "missing": lazy("Une chose par ligne, pour l’équipe; à vider avant la relecture."),
}
CHOICES: Mapping[str, Mapping[str, LazyText]] = {
    "limit_source": {
        "article": lazy("Les auteurs de l’article"),
        "source": lazy("La source consultée"),
        "judgement": lazy("L’équipe de courtage"),
    },
    "open_access": {
        "yes": lazy("Oui"),
        "no": lazy("Non"),
        "unknown": lazy("Inconnu"),
    },
    "appraisal_tool": {
        "AMSTAR 2": lazy("AMSTAR 2 (revues systématiques)"),
        "JBI": lazy("JBI"),
        "MMAT": lazy("MMAT (devis mixtes)"),
    },
}
"""Closed lists, by what the file writes."""

_QUOTED = re.compile(r"(?<=«\u00a0)[a-z_]+(?=\u00a0»)|(?<=“)[a-z_]+(?=”)")
"""The key of a field, between the quotation marks of either language."""


def label_of(field: str) -> str:
    """The name of a field, as people read it."""
    return str(LABELS[field])


def to_do(lacks: Iterable[Lack]) -> list[str]:
    """What is to be done, as people read it; what the team noted itself is told apart."""
    return [told(lack) for lack in lacks if lack.field != "missing"]


def told(lack: Lack) -> str:
    """What is wrong, fields named as people read them."""
    return _QUOTED.sub(lambda found: str(LABELS.get(found[0], found[0])), lack.sentence)
