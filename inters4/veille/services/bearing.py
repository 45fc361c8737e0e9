"""Where summaries, findings, sources and rules name terms: all follow when a term moves."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.i18n import ngettext
from inters4.veille.models import (
    Finding,
    FindingRule,
    FindingTheme,
    Scheme,
    SourceTheme,
    Summary,
    SummaryCorrection,
    SummaryTerm,
    WatchTheme,
)
from inters4.veille.queries.summaries import load_summary
from inters4.veille.services.drafting import Typed, mark_of, stored_fields
from inters4.vocabulary.services import Bearer, rows_bearing


def _summaries(count: int) -> str:
    return ngettext("%(num)s résumé d’article", "%(num)s résumés d’articles", count)


def _findings(count: int) -> str:
    return ngettext("%(num)s trouvaille", "%(num)s trouvailles", count)


def _sources(count: int) -> str:
    return ngettext("%(num)s source de veille", "%(num)s sources de veille", count)


def _watches(count: int) -> str:
    return ngettext("%(num)s dispositif de veille", "%(num)s dispositifs de veille", count)


def _rules(count: int) -> str:
    return ngettext("%(num)s règle de tri", "%(num)s règles de tri", count)


_LISTS: tuple[tuple[type[Any], str, Callable[[int], str]], ...] = (
    (FindingTheme, "finding_id", _findings),
    (SourceTheme, "source_id", _sources),
    (WatchTheme, "watch_id", _watches),
)
"""Class of a list of themes, whose row it is, how they are counted."""

_ALONE: tuple[tuple[type[Any], str, str, Callable[[int], str]], ...] = (
    (Summary, "design", "evidence_types", _summaries),
    (Summary, "evidence_strength", "evidence_strength", _summaries),
    (Finding, "design", "evidence_types", _findings),
    (FindingRule, "theme", "themes", _rules),
)
"""Class, column of one term, scheme, how they are counted."""


def count_in_corrections(session: Session, scheme: str, ids: Collection[str]) -> int:
    """How many corrections that wait name at least one of these terms."""
    wanted = dict.fromkeys(ids, "")
    return sum(
        _renamed(one.typed[name], wanted) != one.typed[name]
        for one, name in _named_in_corrections(session, scheme)
    )


def carry_in_corrections(session: Session, scheme: str, renamed: Mapping[str, str]) -> None:
    """Corrections that wait name the term that stands for a former one.

    So does the field as their writer saw it, before the summary itself is carried: nobody else
    changed it.
    """
    for correction, name in _named_in_corrections(session, scheme):
        summary = load_summary(session, correction.summary_id)
        held = stored_fields(summary)[name] if summary is not None else ""
        correction.typed = {**correction.typed, name: _renamed(correction.typed[name], renamed)}
        if correction.seen.get(name) == mark_of(name, held):
            mark = mark_of(name, _renamed(held, renamed))
            correction.seen = {**correction.seen, name: mark}
    session.flush()


CORRECTIONS = Bearer(
    "summary-corrections",
    lambda count: ngettext(
        "%(num)s correction qui attend", "%(num)s corrections qui attendent", count
    ),
    count_in_corrections,
    carry_in_corrections,
)


def _named_in_corrections(session: Session, scheme: str) -> Iterator[tuple[SummaryCorrection, str]]:
    fields = [scheme] if scheme in set(Scheme) else []
    fields += [
        column for kind, column, named, _told in _ALONE if kind is Summary and named == scheme
    ]
    for correction in session.scalars(select(SummaryCorrection)):
        yield from ((correction, name) for name in fields if name in correction.typed)


def _renamed(value: Typed, renamed: Mapping[str, str]) -> Typed:
    if isinstance(value, str):
        return renamed.get(value, value)
    return list(dict.fromkeys(renamed.get(term, term) for term in value))


def every_bearer() -> Iterator[Bearer]:
    """Each place of veille where a term may stand; corrections first, which compare with it."""
    yield CORRECTIONS
    yield rows_bearing(
        "summaries",
        _summaries,
        SummaryTerm,
        owner="summary_id",
        term="term",
        where=lambda name: SummaryTerm.scheme == Scheme(name) if name in set(Scheme) else None,
        is_once=True,
    )
    for kind, owner, told in _LISTS:
        yield _list_of_themes(kind, owner, told)
    for kind, column, scheme, told in _ALONE:
        yield _one_term(kind, column, scheme, told)


def _list_of_themes(kind: type[Any], owner: str, told: Callable[[int], str]) -> Bearer:
    return rows_bearing(
        kind.__tablename__,
        told,
        kind,
        owner=owner,
        term="theme",
        where=lambda asked: kind.theme != "" if asked == "themes" else None,
        is_once=True,
    )


def _one_term(kind: type[Any], column: str, scheme: str, told: Callable[[int], str]) -> Bearer:
    return rows_bearing(
        f"{kind.__tablename__} {column}",
        told,
        kind,
        owner="id",
        term=column,
        where=lambda asked: getattr(kind, column) != "" if asked == scheme else None,
        is_once=False,
    )
