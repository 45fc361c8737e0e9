"""Summaries as a table for spreadsheets."""

from collections.abc import Callable, Iterable, Iterator

from inters4.core.clock import day_of
from inters4.core.i18n import _
from inters4.core.richtext import plain_text
from inters4.core.tables import write_csv
from inters4.veille.models import OpenAccess, Scheme, Summary, SummaryState
from inters4.vocabulary.queries import Vocabulary


def summaries_csv(
    summaries: Iterable[Summary], *, words: Vocabulary, url_of: Callable[[Summary], str]
) -> str:
    """One summary a line; needs their terms loaded. What was deduced says so in its own column."""
    heads = (
        _("Titre"),
        _("Accroche"),
        _("Résumé"),
        _("Limite principale"),
        _("Pour notre contexte"),
        _("Thèmes"),
        _("Populations"),
        _("Devis"),
        _("Force de la preuve"),
        _("Révision de la cote"),
        _("Accès libre"),
        _("Titre de l’article"),
        _("Auteurs"),
        _("Revue ou éditeur"),
        _("Année"),
        _("DOI"),
        _("Adresse de l’article"),
        _("Champs déduits"),
        _("Origine"),
        _("Publié le"),
        _("Correction"),
        _("Adresse du résumé"),
        _("Identifiant"),
    )
    rows = (_row(summary, words, url_of(summary)) for summary in summaries)
    return "".join(write_csv(heads, rows))


def _row(summary: Summary, words: Vocabulary, url: str) -> Iterator[str]:
    strength = summary.evidence_strength
    rating = words.label("evidence_strength", strength) if strength else ""
    yield summary.title
    yield summary.hook
    yield plain_text(summary.markup)
    yield summary.limit
    yield summary.context
    for scheme in (Scheme.THEMES, Scheme.POPULATIONS):
        yield "; ".join(words.label(scheme, term) for term in summary.terms_of(scheme))
    yield words.label("evidence_types", summary.design) if summary.design else ""
    yield rating
    status = _("cote proposée, non révisée") if summary.has_proposed_rating else _("cote révisée")
    yield status if rating else ""
    yield {OpenAccess.YES: _("oui"), OpenAccess.NO: _("non")}.get(summary.open_access, _("inconnu"))
    yield summary.article_title
    yield "; ".join(summary.authors)
    yield summary.journal
    yield str(summary.year or "")
    yield summary.doi
    yield summary.url
    yield "; ".join(summary.inferred)
    yield _("résumé de départ, sans auteur") if summary.is_starter else _("équipe de courtage")
    yield str(day_of(summary.published_at) or "")
    yield summary.state_reason if summary.state is SummaryState.CORRECTED else ""
    yield url
    yield summary.id
