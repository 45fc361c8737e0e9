"""What a sheet must hold to pass a state: one table for forms, files and moves.

A requirement belongs to a gate, and a gate asks for all that the earlier ones asked: a sheet that
loses a block on its way goes no further.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.practices.exports.headings import HEADINGS
from inters4.practices.exports.sheets import Sheet
from inters4.practices.models import (
    READABLE,
    Block,
    Evaluation,
    Origin,
    PracticeState,
    RatingStatus,
)
from inters4.practices.services.saying import says_something, words_in


class Gate(IntEnum):
    """The passages that ask for something, in their order."""

    PROPOSAL = 1
    OWNER = 2
    REVIEW = 3
    APPROVAL = 4
    READERS = 5


@dataclass(frozen=True, slots=True)
class Lack:
    """Something is missing or passes its limit.

    Attributes:
        field: key of the front matter, or `Block.field`.
        message: what to do, in a sentence.
        row: number of the row that is wrong, from 1; 0 when it is not about one row.
        is_source: a source is cited that is not described yet.
    """

    field: str
    message: str
    row: int = 0
    is_source: bool = False


GATES: Mapping[PracticeState, Gate] = {
    PracticeState.PROPOSED: Gate.PROPOSAL,
    PracticeState.ADMISSIBLE: Gate.PROPOSAL,
    PracticeState.DRAFTING: Gate.PROPOSAL,
    PracticeState.OWNER_VALIDATION: Gate.OWNER,
    PracticeState.REVIEW: Gate.REVIEW,
    PracticeState.APPROVAL: Gate.APPROVAL,
    PracticeState.PUBLISHED: Gate.READERS,
    PracticeState.REVIEW_DUE: Gate.READERS,
}
"""The gate behind each state; the others ask for nothing."""

MAX_WORDS: Mapping[str, int] = {
    Block.CONTEXT.field: 250,
    Block.DESCRIPTION.field: 400,
    "maturity_reason": 100,
    "evidence_reason": 100,
}

_Holds = Callable[[Sheet], bool]


@dataclass(frozen=True, slots=True)
class _Requirement:
    gate: Gate
    field: str
    told: Callable[[], str]
    holds: _Holds
    binds_starters: bool = False


def lacks_of(sheet: Sheet, state: PracticeState) -> list[Lack]:
    """What `sheet` still needs to be in `state`, in the order of the sheet.

    A starter sheet has no team yet: readers may see it with less, but it goes through no other
    state before it meets all the rules.
    """
    gate = GATES.get(state)
    if gate is None:
        return []
    is_lighter = sheet.values["origin"] is Origin.STARTER and (
        state in READABLE or gate is Gate.PROPOSAL
    )
    return [
        Lack(each.field, each.told())
        for each in _REQUIREMENTS
        if each.gate <= gate and (each.binds_starters or not is_lighter) and not each.holds(sheet)
    ]


def too_long(sheet: Sheet) -> list[Lack]:
    """The texts that have more words than their limit."""
    texts = {
        block.field: (f"## {HEADINGS[sheet.values['language']][block]}", text)
        for block, text in sheet.blocks.items()
    }
    texts |= {key: (key, sheet.values[key]) for key in MAX_WORDS if key in sheet.values}
    found = []
    for field, (name, text) in texts.items():
        limit = MAX_WORDS.get(field)
        length = words_in(text) if limit is not None else 0
        if limit is not None and length > limit:
            message = _(
                "« %(name)s » a %(length)s mots : la limite est de %(limit)s.",
                name=name,
                length=length,
                limit=limit,
            )
            found.append(Lack(field, message))
    return found


def _value(gate: Gate, field: str, told: Callable[[], str], *, starters: bool = False) -> Any:
    return _Requirement(
        gate, field, told, lambda sheet: says_something(sheet.values[field]), starters
    )


def _block(gate: Gate, block: Block, told: Callable[[], str], *, starters: bool = False) -> Any:
    def holds(sheet: Sheet) -> bool:
        return says_something(sheet.blocks.get(block, ""))

    return _Requirement(gate, block.field, told, holds, starters)


def _is_evaluated(sheet: Sheet) -> bool:
    return sheet.values["evaluation"] is not Evaluation.NOT_EVALUATED


def _if_evaluated(gate: Gate, field: str, told: Callable[[], str], holds: _Holds) -> _Requirement:
    """Something that a sheet that says « non évaluée » need not hold."""
    return _Requirement(gate, field, told, lambda one: not _is_evaluated(one) or holds(one))


def _has_conditions(sheet: Sheet) -> bool:
    return says_something([sheet.values["success_conditions"], sheet.blocks.get(Block.CONDITIONS)])


def _has_reviewed_ratings(sheet: Sheet) -> bool:
    values = sheet.values
    return bool(
        values["rating_status"] is RatingStatus.REVIEWED
        and values["rated_on"]
        and len(values["reviewers"]) >= 2
    )


_REQUIREMENTS: tuple[_Requirement, ...] = (
    _value(Gate.PROPOSAL, "title", lambda: _("Donnez un titre."), starters=True),
    _value(Gate.OWNER, "organisations", lambda: _("Nommez l’organisation qui porte la pratique.")),
    _value(Gate.OWNER, "regions", lambda: _("Choisissez au moins une région.")),
    _value(Gate.OWNER, "team", lambda: _("Nommez l’équipe porteuse.")),
    _value(Gate.OWNER, "started", lambda: _("Dites quand la pratique a commencé, ou « inconnu ».")),
    _value(Gate.OWNER, "stage", lambda: _("Choisissez l’étape où en est la pratique.")),
    _value(
        Gate.PROPOSAL,
        "problem",
        lambda: _("Dites en une phrase quel est le problème."),
        starters=True,
    ),
    _value(
        Gate.PROPOSAL,
        "solution",
        lambda: _("Dites en une phrase ce que fait la pratique."),
        starters=True,
    ),
    _if_evaluated(
        Gate.OWNER,
        "result",
        lambda: _("Donnez le résultat en une phrase, avec son chiffre."),
        lambda sheet: says_something(sheet.values["result"]),
    ),
    _Requirement(
        Gate.OWNER,
        "result_nature",
        lambda: _("Dites si ce résultat est un effet, une activité ou une satisfaction."),
        lambda sheet: not sheet.values["result"] or bool(sheet.values["result_nature"]),
    ),
    _value(
        Gate.OWNER, "audience", lambda: _("Dites en une phrase à qui elle sert."), starters=True
    ),
    _block(Gate.OWNER, Block.CONTEXT, lambda: _("Décrivez le contexte."), starters=True),
    _value(
        Gate.OWNER,
        "baselines",
        lambda: _("Donnez au moins un chiffre de départ, ou dites qu’il est « sans mesure »."),
    ),
    _block(Gate.OWNER, Block.DESCRIPTION, lambda: _("Décrivez la pratique."), starters=True),
    _block(
        Gate.OWNER,
        Block.DIFFERENCE,
        lambda: _("Dites ce qui change par rapport aux soins habituels."),
    ),
    _Requirement(
        Gate.OWNER,
        Block.EVALUATION.field,
        lambda: _("Dites comment la pratique est évaluée, ou choisissez « non évaluée »."),
        lambda sheet: (
            not _is_evaluated(sheet) or says_something(sheet.blocks.get(Block.EVALUATION))
        ),
        binds_starters=True,
    ),
    _if_evaluated(
        Gate.OWNER,
        "evaluation_design",
        lambda: _("Nommez le devis d’évaluation."),
        lambda sheet: says_something(sheet.values["evaluation_design"]),
    ),
    _if_evaluated(
        Gate.OWNER,
        "outcomes",
        lambda: _("Donnez au moins un résultat mesuré."),
        lambda sheet: says_something(sheet.values["outcomes"]),
    ),
    _if_evaluated(
        Gate.OWNER,
        Block.ADVERSE_EFFECTS.field,
        lambda: _("Dites les effets indésirables, ou qu’ils sont inconnus."),
        lambda sheet: says_something(sheet.blocks.get(Block.ADVERSE_EFFECTS)),
    ),
    _if_evaluated(
        Gate.OWNER,
        Block.EQUITY.field,
        lambda: _("Dites les effets sur l’équité, ou qu’ils sont inconnus."),
        lambda sheet: says_something(sheet.blocks.get(Block.EQUITY)),
    ),
    _value(Gate.REVIEW, "maturity", lambda: _("Proposez une cote de maturité.")),
    _value(Gate.REVIEW, "maturity_reason", lambda: _("Justifiez la cote de maturité.")),
    _value(Gate.REVIEW, "evidence_strength", lambda: _("Proposez une force de la preuve.")),
    _value(Gate.REVIEW, "evidence_reason", lambda: _("Justifiez la force de la preuve.")),
    _Requirement(
        Gate.APPROVAL,
        "rating_status",
        lambda: _("Les cotes n’ont pas été révisées par deux personnes."),
        _has_reviewed_ratings,
    ),
    _block(
        Gate.OWNER,
        Block.RESOURCES,
        lambda: _("Décrivez les ressources, ou dites qu’elles sont inconnues."),
        starters=True,
    ),
    _block(Gate.OWNER, Block.STEPS, lambda: _("Dites par quelles étapes commencer.")),
    _block(Gate.OWNER, Block.LEADERSHIP, lambda: _("Décrivez l’appui de la direction.")),
    _Requirement(
        Gate.OWNER,
        "success_conditions",
        lambda: _("Nommez au moins une condition de succès."),
        _has_conditions,
    ),
    _block(Gate.OWNER, Block.PITFALLS, lambda: _("Dites quels pièges éviter.")),
    _value(Gate.OWNER, "themes", lambda: _("Choisissez au moins un thème."), starters=True),
    _value(Gate.OWNER, "settings", lambda: _("Choisissez au moins un milieu."), starters=True),
    _value(
        Gate.OWNER,
        "populations",
        lambda: _("Choisissez au moins une population."),
        starters=True,
    ),
    _value(Gate.REVIEW, "interests", lambda: _("Déclarez les intérêts, ou « aucun ».")),
    _value(Gate.REVIEW, "funders", lambda: _("Nommez qui finance, ou « aucun ».")),
    _value(
        Gate.REVIEW,
        "no_patient_information",
        lambda: _("Confirmez que rien n’identifie une personne soignée."),
    ),
    _value(Gate.READERS, "approval", lambda: _("L’organisation n’a pas approuvé la fiche.")),
    _value(Gate.READERS, "approved_on", lambda: _("Donnez le jour de l’approbation.")),
    _value(
        Gate.READERS, "published_at", lambda: _("Donnez le jour de la publication."), starters=True
    ),
)
REQUIRED = {each.field: each.gate for each in _REQUIREMENTS}
"""Field -> the first gate that asks for it, for the forms that say so."""
IF_EVALUATED = frozenset(
    {
        "result",
        "result_nature",
        Block.EVALUATION.field,
        "evaluation_design",
        "outcomes",
        Block.ADVERSE_EFFECTS.field,
        Block.EQUITY.field,
    }
)
"""Fields that a sheet that says « non évaluée » need not hold."""
