"""Sheets: as values, as files and as rows. A case gives only what it is about."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.clock import LOCAL_ZONE
from inters4.practices.exports.sheets import PRACTICE, Sheet, write_sheet
from inters4.practices.models import Block, Evaluation, Origin, Practice, PracticeState
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


def make_practice(
    session: Session, practice_id: str = "visites-virtuelles", **values: Any
) -> Practice:
    """The rows of `sheet(...)`."""
    return save_sheet(session, sheet(practice_id, **values))


def sheet_file(practice_id: str = "visites-virtuelles", **values: Any) -> str:
    """The file of `sheet(...)`."""
    return write_sheet(sheet(practice_id, **values))
