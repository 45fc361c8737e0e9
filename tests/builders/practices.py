"""Sheets: as values, as files and as rows. A case gives only what it is about."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.clock import LOCAL_ZONE
from inters4.practices.exports.rows import ATTACHMENT
from inters4.practices.exports.sheets import PRACTICE, Sheet, write_sheet
from inters4.practices.models import (
    Accessibility,
    Block,
    Check,
    CostKind,
    Evaluation,
    Licence,
    Nature,
    Origin,
    Practice,
    PracticeState,
    RatingStatus,
    TranslationState,
)
from inters4.practices.services import save_sheet

BLOCKS = {
    Block.CONTEXT: "Le contexte [1].",
    Block.DESCRIPTION: "- On fait ceci [1].\n- Puis cela.",
    Block.RESOURCES: "Inconnues.",
}


def sheet(practice_id: str = "visites-virtuelles", **values: Any) -> Sheet:
    """A published sheet, complete as far as a starter sheet must be."""
    blocks = values.pop("blocks", BLOCKS)
    given: dict[str, Any] = {
        "id": practice_id,
        "slug": practice_id,
        "language": "fr",
        "title": f"Fiche {practice_id}",
        "origin": Origin.STARTER,
        "state": PracticeState.PUBLISHED,
        "published_at": datetime(2026, 11, 21, tzinfo=LOCAL_ZONE),
        "regions": ("rss01",),
        "stage": "test",
        "problem": "Le problème [1].",
        "solution": "La solution [1].",
        "audience": "Pour les aînés.",
        "evaluation": Evaluation.NOT_EVALUATED,
        "maturity": "prometteuse",
        "maturity_reason": "Déployée [1].",
        "evidence_strength": "suggestive",
        "themes": ("telesante.teleconsultation",),
        "settings": ("domicile",),
        "populations": ("aines",),
        "references": (
            {
                "number": 1,
                "title": "Une source",
                "language": "",
                "publisher": "Un journal",
                "year": 2024,
                "url": "https://exemple.ca/1",
                "doi": "",
            },
        ),
        **values,
    }
    return Sheet(
        {item.name: given.get(item.name, item.empty()) for item in PRACTICE.fields}, blocks
    )


def whole_values() -> dict[str, Any]:
    """Values of a sheet that holds something in each of its sixteen blocks."""
    return {
        "origin": Origin.PROPOSED,
        "team": "Équipe de proximité",
        "evaluation": Evaluation.DESCRIBED,
        "evaluation_design": "Avant et après, sans groupe témoin",
        "baselines": (
            {
                "indicator": "Personnes en attente",
                "value": "990",
                "unit": "personnes",
                "date": "printemps 2022",
                "reference": 1,
            },
        ),
        "staffing": (
            {"profession": "inf", "name": "", "fte": "deux", "reference": 1},
            {"profession": "", "name": "Une agente", "fte": "", "reference": None},
        ),
        "costs": (
            {"kind": CostKind.RUNNING, "amount": "12 000 $", "period": "par an", "reference": 1},
        ),
        "equipment": "Une tablette.",
        "training": "Trois heures [1].",
        "funding": "Un ministère.",
        "success_conditions": ({"condition": "cs01", "note": "Une vision claire [1]."},),
        "transferability": ({"dimension": "ruralite", "note": "Vu en région éloignée [1]."},),
        "knowledge_sources": ("ecrits",),
        "attachments": (
            piece(
                url="https://exemple.ca/guide.pdf",
                terms=Licence.CC_BY,
                licence="version 4.0",
                language="en",
                accessibility=Accessibility.PARTLY,
                alt_text=Check.NO,
                captions=Check.NONE,
                checked_on=date(2026, 4, 2),
            ),
        ),
        "interests": "Aucun",
        "approval": "La direction générale",
        "approved_on": date(2026, 5, 6),
        "no_patient_information": True,
        "funders": ("Un fonds",),
        "edition": 2,
        "translation_state": TranslationState.IN_PROGRESS,
        "blocks": {block: f"Texte de {block.value} [1]." for block in Block},
    }


def piece(title: str = "Le guide", **values: Any) -> dict[str, Any]:
    """A row of « Pièces »."""
    given = {"title": title, **values}
    return {item.name: given.get(item.name, item.empty()) for item in ATTACHMENT.fields}


def answered_values() -> dict[str, Any]:
    """Values of a proposed sheet that passed every state."""
    return {
        **whole_values(),
        "organisations": ({"id": "", "name": "Un établissement d’essai"},),
        "started": "2019 ou 2020, selon la source",
        "result": "Moins d’attente : 12 jours au lieu de 30 [1].",
        "result_nature": Nature.EFFECT,
        "outcomes": (
            {
                "indicator": "Attente",
                "before": "30",
                "after": "12",
                "value": "",
                "unit": "jours",
                "n": "200",
                "period": "2024",
                "design": "",
                "reference": 1,
            },
        ),
        "evidence_reason": "Avant et après [1].",
        "rating_status": RatingStatus.REVIEWED,
        "rated_on": date(2026, 5, 1),
        "reviewers": ("Une personne (CISSS d’ailleurs)", "Une autre (université)"),
    }


def make_practice(
    session: Session, practice_id: str = "visites-virtuelles", **values: Any
) -> Practice:
    """The rows of `sheet(...)`."""
    return save_sheet(session, sheet(practice_id, **values))


def sheet_file(practice_id: str = "visites-virtuelles", **values: Any) -> str:
    """The file of `sheet(...)`."""
    return write_sheet(sheet(practice_id, **values))
