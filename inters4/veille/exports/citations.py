"""The article that a summary tells, as others cite it."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.citations import Author, Citation, CitationKind
from inters4.core.i18n import _
from inters4.veille.models import KIND, Summary, SummaryState
from inters4.veille.queries.summaries import readable_summaries
from inters4.vocabulary.queries import Vocabulary


def mark_of(summary: Summary) -> str:
    """What goes with a starter summary wherever it goes; nothing for the others."""
    return _("Résumé de départ, sans auteur") if summary.is_starter else ""


def note_of(summary: Summary) -> str:
    """What a reference says of the summary besides the article: its mark, that it was corrected."""
    is_corrected = summary.state is SummaryState.CORRECTED
    told = [mark_of(summary), _("Résumé corrigé depuis sa parution") if is_corrected else ""]
    return "; ".join(one for one in told if one)


def statuses_of(summary: Summary, *, words: Vocabulary) -> list[str]:
    """What must be said of the summary, then its rating in words, said when nobody reviewed it."""
    told = [note_of(summary)]
    if summary.evidence_strength:
        value = words.label("evidence_strength", summary.evidence_strength)
        rating = _("%(name)s : %(value)s", name=_("Force de la preuve"), value=value)
        mark = f" ({_('cote proposée, non révisée')})" if summary.has_proposed_rating else ""
        told.append(rating + mark)
    return [one for one in told if one]


def citation_of(summary: Summary) -> Citation:
    """The citation of the article: a summary is no substitute for it.

    What was published outside a journal (no volume, number, pages, DOI or PMID) is a report, and
    `journal` then names its publisher.
    """
    is_report = not any((summary.volume, summary.number, summary.pages, summary.doi, summary.pmid))
    return Citation(
        key=f"{KIND}/{summary.id}",
        kind=CitationKind.REPORT if is_report else CitationKind.ARTICLE,
        title=summary.article_title,
        authors=Author.parse_all(summary.authors),
        container="" if is_report else summary.journal,
        publisher=summary.journal if is_report else "",
        year=summary.year,
        volume=summary.volume,
        number=summary.number,
        pages=summary.pages,
        doi=summary.doi,
        pmid=summary.pmid,
        url=summary.url,
        language=summary.article_language,
        note=f"InterS4\N{NO-BREAK SPACE}: {mark}" if (mark := note_of(summary)) else "",
    )


def cite(session: Session, ids: Sequence[str], viewer: Viewer) -> Mapping[str, Citation]:  # noqa: ARG001 - everyone reads them
    """Citations of those of the summaries that are readable now."""
    return {summary.id: citation_of(summary) for summary in readable_summaries(session, ids)}
