"""A summary as search knows it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer import Document
from inters4.core.access import Viewer
from inters4.core.clock import day_of
from inters4.core.hooks import Named, Present
from inters4.core.richtext import plain_text
from inters4.veille.models import KIND, READABLE, TOMBSTONES, Scheme, Summary
from inters4.veille.queries.summaries import (
    NAMED_SCHEMES,
    load_summary,
    readable_ids,
    readable_summaries,
)
from inters4.vocabulary.queries import Vocabulary, vocabulary

_FACETS = {
    "theme": Scheme.THEMES,
    "region": Scheme.REGIONS,
    "setting": Scheme.SETTINGS,
    "population": Scheme.POPULATIONS,
    "profession": Scheme.PROFESSIONS,
}

_OTHERS = "et al."


def load_document(session: Session, summary_id: str) -> Document | None:
    """The document of a summary, None while it is not for everyone."""
    summary = load_summary(session, summary_id)
    if summary is None or not summary.is_readable:
        return None
    return document_of(summary, words=vocabulary(session))


def every_id(session: Session) -> Iterator[str]:
    """The summaries that must be in the index."""
    return readable_ids(session)


def confirm(session: Session, ids: Sequence[str], viewer: Viewer) -> Mapping[str, Present]:  # noqa: ARG001 - everyone reads them
    """Those of the summaries that are readable now, as their cards must be."""
    return {
        summary.id: Present(
            title=summary.title,
            abstract=_abstract(summary),
            day=day_of(summary.published_at),
            fields=_fields(summary),
        )
        for summary in readable_summaries(session, ids)
    }


def named(session: Session, ids: Sequence[str]) -> Mapping[str, Named]:
    """Those of the summaries that everyone reads, or reads to be gone."""
    rows = session.execute(
        select(Summary.id, Summary.title, Summary.slug).where(
            Summary.id.in_(ids), Summary.state.in_(READABLE | TOMBSTONES)
        )
    )
    return {row.id: Named(row.title, f"/veille/resumes/{row.slug}") for row in rows}


def document_of(summary: Summary, *, words: Vocabulary) -> Document:
    """The document of a summary; needs its terms loaded.

    Its date is the day the portal published it; its year is that of the article.
    """
    return Document(
        key=summary.document_ref.key,
        kind=KIND,
        title=summary.title,
        audience="public",
        language=summary.language,
        abstract=_abstract(summary),
        body=_body(summary),
        keywords=_keywords(summary, words),
        date=day_of(summary.published_at),
        year=summary.year,
        facets=_facets(summary),
        fields=_fields(summary),
    )


def _abstract(summary: Summary) -> str:
    return " ".join(text for text in (summary.hook, plain_text(summary.markup)) if text)


def _keywords(summary: Summary, words: Vocabulary) -> tuple[str, ...]:
    """The names, in both languages, of what it is classified under and of what is above.

    The title of the article, in its own language, finds the summary too.
    """
    names = chain.from_iterable(
        words.names_over(scheme, summary.terms_of(scheme)) for scheme in NAMED_SCHEMES
    )
    design = words.names_over("evidence_types", [summary.design])
    return tuple(dict.fromkeys((*names, *design, summary.article_title)))


def _body(summary: Summary) -> str:
    article = (*summary.authors, summary.journal, str(summary.year or ""))
    parts = [
        summary.context,
        summary.limit,
        summary.population_studied,
        summary.country,
        ", ".join(part for part in article if part),
        summary.doi,
    ]
    return "\n".join(part for part in parts if part)


def _facets(summary: Summary) -> dict[str, tuple[str, ...]]:
    facets = {name: tuple(summary.terms_of(scheme)) for name, scheme in _FACETS.items()}
    facets["evidence"] = (summary.evidence_strength,)
    facets["author"] = tuple(_authors(summary))
    if summary.evidence_strength and summary.has_proposed_rating:
        facets["proposed"] = ("evidence",)
    return {name: values for name, values in facets.items() if any(values)}


def _authors(summary: Summary) -> Iterator[str]:
    """Who `auteur:` finds: dots go, because they would make a hierarchy of the values."""
    for author in summary.authors:
        if author != _OTHERS:
            yield " ".join(author.replace(".", " ").split())


def _fields(summary: Summary) -> dict[str, str]:
    """What a hit shows. Ids of a list are joined by commas."""
    fields = {
        "slug": summary.slug,
        "source": summary.source_line,
        "region": ",".join(summary.terms_of(Scheme.REGIONS)),
        "profession": ",".join(summary.terms_of(Scheme.PROFESSIONS)),
        "design": summary.design,
        "evidence": summary.evidence_strength,
        "rating_status": _rating_status(summary),
        "origin": summary.origin.value,
        "state": summary.state.value,
        "year": str(summary.year or ""),
    }
    return {name: value for name, value in fields.items() if value}


def _rating_status(summary: Summary) -> str:
    if not summary.evidence_strength:
        return ""
    return "proposed" if summary.has_proposed_rating else "reviewed"
