"""Sheets as a table for spreadsheets."""

from collections.abc import Callable, Iterable, Iterator

from inters4.core.clock import day_of
from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.practices.models import Evaluation, Practice, Scheme, without_citations
from inters4.vocabulary.queries import Vocabulary


def practices_csv(
    practices: Iterable[Practice], *, words: Vocabulary, url_of: Callable[[Practice], str]
) -> str:
    """One sheet a line; needs their organisations and terms loaded."""
    heads = (
        _("Titre"),
        _("Organisations"),
        _("Régions"),
        _("Étape"),
        _("Début"),
        _("Problème"),
        _("Solution"),
        _("Résultat"),
        _("Pour qui"),
        _("Évaluation"),
        _("Maturité"),
        _("Force de la preuve"),
        _("Révision des cotes"),
        _("Thèmes"),
        _("Milieux"),
        _("Populations"),
        _("Professions"),
        _("Origine"),
        _("Publiée le"),
        _("À revoir avant le"),
        _("Adresse"),
        _("Identifiant"),
    )
    rows = (_row(practice, words, url_of(practice)) for practice in practices)
    return "".join(write_csv(heads, rows))


def _row(practice: Practice, words: Vocabulary, url: str) -> Iterator[str]:
    def named(scheme: Scheme) -> str:
        return "; ".join(words.label(scheme, term) for term in practice.terms_of(scheme))

    yield practice.title
    yield "; ".join(practice.organisation_labels)
    yield named(Scheme.REGIONS)
    yield words.label("implementation_stage", practice.stage) if practice.stage else ""
    yield practice.started
    yield without_citations(practice.problem)
    yield without_citations(practice.solution)
    yield without_citations(practice.result)
    yield without_citations(practice.audience)
    is_silent = practice.evaluation is Evaluation.NOT_EVALUATED
    yield _("non évaluée") if is_silent else _("décrite")
    yield words.label("maturity", practice.maturity) if practice.maturity else ""
    strength = practice.evidence_strength
    yield words.label("evidence_strength", strength) if strength else ""
    is_proposed = practice.has_proposed_ratings
    status = _("cotes proposées, non révisées") if is_proposed else _("cotes révisées")
    yield status if practice.maturity or strength else ""
    for scheme in (Scheme.THEMES, Scheme.SETTINGS, Scheme.POPULATIONS, Scheme.PROFESSIONS):
        yield named(scheme)
    yield (
        _("fiche de départ, non relue par l’équipe porteuse")
        if practice.is_starter
        else _("proposée par une équipe")
    )
    yield str(day_of(practice.published_at) or "")
    yield practice.review_due.isoformat() if practice.review_due else ""
    yield url
    yield practice.id
