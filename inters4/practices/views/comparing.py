"""`/pratiques/comparer`: two or three sheets side by side."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.i18n import _, current_locale
from inters4.core.richtext import excerpt
from inters4.core.values import dataclass
from inters4.core.web.requests import public, viewer
from inters4.practices.exports.adoption_words import STATES, result_line
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.models import (
    Adoption,
    AdoptionResult,
    Block,
    Evaluation,
    Practice,
    Scheme,
    with_unit,
    without_citations,
)
from inters4.practices.queries.adoptions import public_adoptions_of, results_of
from inters4.practices.queries.chosen import chosen_practices, titles_by_id
from inters4.practices.views.blueprint import bp
from inters4.vocabulary.queries import Vocabulary, vocabulary

MOST = 3
_SHOWN = 400
_Line = tuple[str, list[str]]
_Column = tuple[str, Callable[[Practice], str]]


@dataclass(frozen=True, slots=True)
class _Part:
    """Some lines under a title, folded on a phone: of each, what every sheet says."""

    title: str
    lines: list[_Line]

    @property
    def told(self) -> list[_Line]:
        """Those that a sheet at least fills."""
        return [line for line in self.lines if any(line[1])]


@bp.get("/comparer")
@public
def compare() -> ResponseReturnValue:
    """The sheets that the address names, at most three; without two, the form that names them."""
    wanted = [identifier for identifier in request.args.getlist("fiche") if identifier]
    with reading() as session:
        g.session = session
        practices = chosen_practices(session, wanted[:MOST], viewer=viewer())
        words = vocabulary(session)
        brief, evidence, resources, classes = _facts(practices, words)
        parts = [
            brief,
            evidence,
            resources,
            _Part(_("Adoptions"), _tries(session, practices)),
            _Part(_("Conditions de succès et transférabilité"), _weighed(practices, words)),
            classes,
            _Part(_("Textes"), _texts(practices)),
        ]
        return render_template(
            "practices/comparison.html",
            practices=practices,
            parts=[(part.title, part.told) for part in parts if part.told],
            unsaid=[label for part in parts for label, cells in part.lines if not any(cells)],
            options=titles_by_id(session, viewer=viewer()),
            places=range(MOST),
            words=words,
        )


def _facts(practices: Sequence[Practice], words: Vocabulary) -> list[_Part]:
    """What fields say, a line each, in four parts."""

    def named(scheme: Scheme) -> Callable[[Practice], str]:
        return lambda one: "; ".join(words.label(scheme, term) for term in one.terms_of(scheme))

    parts: tuple[tuple[str, tuple[_Column, ...]], ...] = (
        (
            _("En bref"),
            (
                (_("Organisations"), lambda one: "; ".join(one.organisation_labels)),
                (_("Régions"), named(Scheme.REGIONS)),
                (_("Étape"), lambda one: words.label("implementation_stage", one.stage)),
                (_("Début"), lambda one: one.started),
                (_("Problème"), lambda one: one.problem),
                (_("Solution"), lambda one: one.solution),
                (_("Résultat"), lambda one: one.result),
                (_("Pour qui"), lambda one: one.audience),
            ),
        ),
        (
            _("Preuves"),
            (
                (_("Pourquoi cette maturité"), lambda one: one.maturity_reason),
                (_("Pourquoi cette force"), lambda one: one.evidence_reason),
                (_("Situation de départ"), _baselines),
                (_("Évaluation"), _evaluation),
                (_("Résultats mesurés"), _outcomes),
            ),
        ),
        (
            _("Ressources"),
            (
                (_("Personnel requis"), lambda one: _staffing(one, words)),
                (_("Coûts et économies"), lambda one: "; ".join(row.amount for row in one.costs)),
            ),
        ),
        (
            _("Classement"),
            (
                (_("Thèmes"), named(Scheme.THEMES)),
                (_("Milieux"), named(Scheme.SETTINGS)),
                (_("Populations"), named(Scheme.POPULATIONS)),
                (_("Professions"), named(Scheme.PROFESSIONS)),
            ),
        ),
    )
    return [
        _Part(
            title,
            [
                (label, [without_citations(told(practice)) for practice in practices])
                for label, told in columns
            ],
        )
        for title, columns in parts
    ]


def _tries(session: Session, practices: Sequence[Practice]) -> list[_Line]:
    """Who adopted each: as a source says, and as teams declare, with their latest figures."""
    reported, declared = [], []
    for practice in practices:
        adoptions = public_adoptions_of(session, practice.id)
        figures = results_of(session, adoptions)
        reported.append("; ".join(row.label for row in practice.adopters))
        declared.append("; ".join(_tried(one, figures.get(one.id, ())) for one in adoptions))
    return [
        (_("Adoptions rapportées par une source"), reported),
        (_("Adoptions déclarées par des équipes"), declared),
    ]


def _tried(adoption: Adoption, figures: Sequence[AdoptionResult]) -> str:
    told = f"{adoption.label} ({str(STATES[adoption.state]).lower()})"
    return ", ".join([told, *(result_line(row) for row in figures[:1])])


def _weighed(practices: Sequence[Practice], words: Vocabulary) -> list[_Line]:
    """The conditions of success, and what to weigh before doing it elsewhere, one a line."""
    lines = []
    for scheme, rows in (
        ("success_conditions", [_notes(one.success_conditions, "condition") for one in practices]),
        ("transferability", [_notes(one.transferability, "dimension") for one in practices]),
    ):
        named = {term for row in rows for term in row}
        for term, label in words.options(scheme):
            if term in named:
                lines.append((label, [without_citations(row.get(term, "")) for row in rows]))
    return lines


def _notes(rows: Sequence[Any], key: str) -> dict[str, str]:
    """By term, what is known of it; « oui » when it only counts."""
    return {getattr(row, key): row.note or _("oui") for row in rows}


def _baselines(practice: Practice) -> str:
    return "; ".join(
        f"{row.indicator} ({with_unit(row.value, row.unit)})" for row in practice.baselines
    )


def _texts(practices: Sequence[Practice]) -> list[_Line]:
    """The beginning of the long texts, under their titles; the sheet has the rest."""
    titles = HEADINGS[current_locale()]
    lines = []
    for block in Block:
        rows = [practice.block(block) for practice in practices]
        shown = [
            excerpt(without_citations(row.source), length=_SHOWN) if row else "" for row in rows
        ]
        lines.append((titles[block], shown))
    return lines


def _evaluation(practice: Practice) -> str:
    if practice.evaluation is Evaluation.NOT_EVALUATED:
        return _("non évaluée")
    return practice.evaluation_design


def _outcomes(practice: Practice) -> str:
    return "; ".join(
        f"{row.indicator} ({with_unit(_figure(row.before, row.after, row.value), row.unit)})"
        for row in practice.outcomes
    )


def _figure(before: str, after: str, value: str) -> str:
    if before and after:
        return _("de %(before)s à %(after)s", before=before, after=after)
    return value or after or before


def _staffing(practice: Practice, words: Vocabulary) -> str:
    names = (row.name or words.label("professions", row.profession) for row in practice.staffing)
    return "; ".join(
        f"{name} ({row.fte})" if row.fte else name
        for name, row in zip(names, practice.staffing, strict=True)
    )
