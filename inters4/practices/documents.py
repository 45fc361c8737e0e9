"""A sheet as search knows it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer import Document
from inters4.core.access import Viewer
from inters4.core.clock import day_of
from inters4.core.hooks import Named, Present
from inters4.core.richtext import plain_text
from inters4.practices.models import (
    KIND,
    READABLE,
    TOMBSTONES,
    Adoption,
    Block,
    Practice,
    PracticeOutcome,
    Scheme,
    with_unit,
    without_citations,
)
from inters4.practices.queries import (
    NAMED_SCHEMES,
    load_practice,
    practices_for_cards,
    readable_ids,
)
from inters4.practices.queries.adoptions import public_adoptions_of
from inters4.vocabulary.queries import Vocabulary, vocabulary

_FACETS = {
    "theme": Scheme.THEMES,
    "region": Scheme.REGIONS,
    "setting": Scheme.SETTINGS,
    "population": Scheme.POPULATIONS,
    "profession": Scheme.PROFESSIONS,
}


def load_document(session: Session, practice_id: str) -> Document | None:
    """The document of a sheet, None while it is not for everyone."""
    practice = load_practice(session, practice_id)
    if practice is None or not practice.is_readable:
        return None
    return document_of(
        practice,
        words=vocabulary(session),
        adoptions=public_adoptions_of(session, practice_id),
    )


def every_id(session: Session) -> Iterator[str]:
    """The sheets that must be in the index."""
    return readable_ids(session)


def confirm(session: Session, ids: Sequence[str], viewer: Viewer) -> Mapping[str, Present]:
    """Those of the sheets that `viewer` may read, as their cards must be now."""
    return {
        practice.id: Present(
            title=practice.title,
            abstract=_abstract(practice),
            day=day_of(practice.published_at),
            fields=_fields(practice),
        )
        for practice in practices_for_cards(session, ids, viewer=viewer)
    }


def named(session: Session, ids: Sequence[str]) -> Mapping[str, Named]:
    """Those of the sheets that everyone reads, or reads to be gone."""
    rows = session.execute(
        select(Practice.id, Practice.title, Practice.slug).where(
            Practice.id.in_(ids), Practice.state.in_(READABLE | TOMBSTONES)
        )
    )
    return {row.id: Named(row.title, f"/pratiques/{row.slug}") for row in rows}


def document_of(
    practice: Practice, *, words: Vocabulary, adoptions: Sequence[Adoption]
) -> Document:
    """The document of a sheet; needs all its parts loaded. `adoptions` are those all may read."""
    return Document(
        key=practice.document_ref.key,
        kind=KIND,
        title=practice.title,
        audience="public",
        language=practice.language,
        abstract=_abstract(practice),
        body=_body(practice, adoptions),
        keywords=_keywords(practice, words),
        date=day_of(practice.published_at),
        facets=_facets(practice),
        fields=_fields(practice),
    )


def _abstract(practice: Practice) -> str:
    brief = (practice.problem, practice.solution, practice.result, practice.audience)
    return without_citations(" ".join(text for text in brief if text))


def _keywords(practice: Practice, words: Vocabulary) -> tuple[str, ...]:
    """The names, in both languages, of what the sheet is classified under and of what is above."""
    names = (words.names_over(scheme, practice.terms_of(scheme)) for scheme in NAMED_SCHEMES)
    return tuple(dict.fromkeys(chain.from_iterable(names)))


def _body(practice: Practice, adoptions: Sequence[Adoption]) -> str:
    parts = [practice.subtitle, *practice.organisation_labels, practice.team, practice.stage_note]
    for block in Block:
        found = practice.block(block)
        if found is not None:
            parts.append(plain_text(found.markup))
        parts += _rows_beside(block, practice)
    parts += [practice.maturity_reason, practice.evidence_reason]
    parts += [row.note for row in practice.transferability]
    parts += [row.label for row in practice.adopters]
    parts += [row.label for row in adoptions]
    parts += [row.title for row in practice.attachments]
    return without_citations("\n".join(part for part in parts if part))


def _rows_beside(block: Block, practice: Practice) -> list[str]:
    """The figures that the page shows with a block, as one line each."""
    if block is Block.CONTEXT:
        return [
            _told(row.indicator, with_unit(row.value, row.unit), row.date)
            for row in practice.baselines
        ]
    if block is Block.EVALUATION:
        return [practice.evaluation_design, *(_outcome(row) for row in practice.outcomes)]
    if block is Block.RESOURCES:
        people = [_told(row.name, row.fte) for row in practice.staffing]
        return [*people, practice.equipment, practice.training, practice.funding]
    if block is Block.COSTS:
        return [_told(row.amount, row.period) for row in practice.costs]
    if block is Block.CONDITIONS:
        return [row.note for row in practice.success_conditions]
    return []


def _outcome(row: PracticeOutcome) -> str:
    change = f"{row.before} → {row.after}" if row.before or row.after else ""
    if row.value:
        figures = (change, with_unit(row.value, row.unit))
    else:
        figures = (with_unit(change, row.unit), "")
    return _told(row.indicator, *figures, row.period and f"({row.period})")


def _told(name: str, *values: str) -> str:
    told = " ".join(value for value in values if value)
    return f"{name}\N{NO-BREAK SPACE}: {told}" if name and told else name or told


def _facets(practice: Practice) -> dict[str, tuple[str, ...]]:
    facets = {name: tuple(practice.terms_of(scheme)) for name, scheme in _FACETS.items()}
    facets["stage"] = (practice.stage,)
    facets["evidence"] = (practice.evidence_strength,)
    facets["maturity"] = (practice.maturity,)
    if practice.has_proposed_ratings:
        facets["proposed"] = tuple(name for name in ("maturity", "evidence") if any(facets[name]))
    facets["organisation"] = tuple(
        row.organisation.slug for row in practice.organisations if row.organisation
    )
    facets["author"] = tuple(_carriers(practice))
    return {name: tuple(v for v in values if v) for name, values in facets.items() if any(values)}


def _carriers(practice: Practice) -> Iterator[str]:
    """Who `auteur:` finds: dots go, because they would make a hierarchy of the values."""
    for carrier in (*practice.organisation_labels, practice.team):
        yield " ".join(carrier.replace(".", " ").split())


def _fields(practice: Practice) -> dict[str, str]:
    """What a hit shows. Lists are joined: names by « ; », ids by commas."""
    fields = {
        "slug": practice.slug,
        "organisation": "; ".join(practice.organisation_labels),
        "region": ",".join(practice.regions),
        "maturity": practice.maturity,
        "evidence": practice.evidence_strength,
        "rating_status": practice.rating_status.value,
        "origin": practice.origin.value,
        "stage": practice.stage,
        "year": str(practice.started_year or ""),
    }
    return {name: value for name, value in fields.items() if value}
