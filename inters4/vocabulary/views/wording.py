"""What the lists of the vocabulary are called."""

from collections.abc import Mapping

from inters4.core.i18n import LazyText, lazy
from inters4.vocabulary.models import SynonymMode

SYNONYMS = "synonymes"
SCHEMES: Mapping[str, LazyText] = {
    "themes": lazy("Thèmes"),
    "settings": lazy("Milieux"),
    "populations": lazy("Populations"),
    "professions": lazy("Professions"),
    "regions": lazy("Régions"),
    SYNONYMS: lazy("Synonymes et sigles"),
    "evidence_types": lazy("Devis et sortes de documents"),
    "knowledge_sources": lazy("Sources de connaissances"),
    "maturity": lazy("Maturité"),
    "implementation_stage": lazy("Étapes d’implantation"),
    "evidence_strength": lazy("Force de la preuve"),
    "transferability": lazy("Transférabilité"),
    "success_conditions": lazy("Conditions de succès"),
    "outcomes": lazy("Résultats visés"),
    "product_types": lazy("Produits"),
}
MODES: Mapping[SynonymMode, LazyText] = {
    SynonymMode.TWO_WAY: lazy("Toutes les formes se valent"),
    SynonymMode.GUARDED: lazy("Le sigle ne s’étend que saisi en majuscules"),
    SynonymMode.ONE_WAY: lazy("Des formes précises vers la première, générale"),
}
