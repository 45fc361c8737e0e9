"""Headings of the sections of a sheet's body: each names a block, in each language."""

from collections.abc import Mapping

from inters4.practices.models import Block

_TITLES = (
    (Block.CONTEXT, "Contexte", "Context"),
    (Block.DESCRIPTION, "La pratique", "The practice"),
    (Block.DIFFERENCE, "Ce qui change des soins habituels", "What differs from usual care"),
    (Block.EVALUATION, "Est-ce que ça marche?", "Does it work?"),
    (Block.ADVERSE_EFFECTS, "Effets indésirables", "Adverse effects"),
    (Block.EQUITY, "Équité", "Equity"),
    (Block.RESOURCES, "Ressources", "Resources"),
    (Block.COSTS, "Coûts", "Costs"),
    (Block.STEPS, "Démarrer", "Getting started"),
    (Block.LEADERSHIP, "Soutien de la direction", "Leadership support"),
    (Block.CONDITIONS, "Conditions de succès", "Conditions of success"),
    (Block.PITFALLS, "Pièges", "Pitfalls"),
    (Block.GOVERNANCE, "Gouvernance", "Governance"),
    (Block.MONITORING, "Suivi", "Monitoring"),
    (Block.SUSTAINABILITY, "Pérennité", "Sustainability"),
    (Block.CORE, "Ce qui ne doit pas changer", "What must not change"),
    (Block.ADAPTATIONS, "Ce qui peut s’adapter", "What can be adapted"),
    (Block.PATIENT_ROLE, "Rôle des usagers et des proches", "Role of patients and family"),
    (
        Block.PATIENT_EXPERIENCE,
        "Expérience des usagers et des proches",
        "Experience of patients and family",
    ),
    (Block.DOUBTS, "Doutes entre les sources", "Where sources disagree"),
)
HEADINGS: Mapping[str, Mapping[Block, str]] = {
    "fr": {block: french for block, french, _english in _TITLES},
    "en": {block: english for block, _french, english in _TITLES},
}
