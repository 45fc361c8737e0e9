"""Summaries: as values, as files and as rows. A case gives only what it is about."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.clock import LOCAL_ZONE
from inters4.veille.exports.files import SUMMARY, SummaryFile, write_file
from inters4.veille.models import Origin, Summary, SummaryState
from inters4.veille.services.summaries import save_summary

PARAGRAPH = " ".join(
    ["Cette étude suit des personnes à domicile, et compare deux façons de les accompagner."] * 7
)
"""Ninety-eight words, in seven sentences."""


def summary_file(summary_id: str = "suivi-a-domicile", **values: Any) -> SummaryFile:
    """A published summary, complete as far as a starter one must be."""
    paragraph = values.pop("paragraph", PARAGRAPH)
    given: dict[str, Any] = {
        "id": summary_id,
        "slug": summary_id,
        "language": "fr",
        "title": f"Résumé {summary_id}",
        "hook": "Une façon de faire, comparée à une autre.",
        "origin": Origin.STARTER,
        "state": SummaryState.PUBLISHED,
        "published_at": datetime(2026, 11, 21, tzinfo=LOCAL_ZONE),
        "limit": "Petit échantillon.",
        "context": "Une piste pour le soutien à domicile.",
        "themes": ("telesante.teleconsultation",),
        "populations": ("aines",),
        "design": "gris",
        "evidence_strength": "suggestive",
        "article_title": "Following people at home",
        "article_language": "en",
        "authors": ("Ariane Essai", "Camille Exemple"),
        "journal": "Une revue",
        "year": 2019,
        "volume": "4",
        "number": "2",
        "pages": "10-19",
        "doi": "10.1234/essai.56",
        "url": "https://exemple.ca/article",
        **values,
    }
    return SummaryFile(
        {item.name: given.get(item.name, item.empty()) for item in SUMMARY.fields}, paragraph
    )


def make_summary(session: Session, summary_id: str = "suivi-a-domicile", **values: Any) -> Summary:
    """The rows of `summary_file(...)`."""
    return save_summary(session, summary_file(summary_id, **values))


def summary_text(summary_id: str = "suivi-a-domicile", **values: Any) -> str:
    """The file of `summary_file(...)`."""
    return write_file(summary_file(summary_id, **values))
