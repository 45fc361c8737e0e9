"""Where summaries, findings, sources and rules name terms: all follow when a term moves."""

from collections.abc import Callable, Iterator
from typing import Any

from inters4.core.i18n import ngettext
from inters4.veille.models import (
    Finding,
    FindingRule,
    FindingTheme,
    Scheme,
    SourceTheme,
    Summary,
    SummaryTerm,
    WatchTheme,
)
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


def every_bearer() -> Iterator[Bearer]:
    """Each place of veille where a term may stand."""
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
