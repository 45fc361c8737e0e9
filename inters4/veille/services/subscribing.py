"""Many sources added at once, from another reader; what each line of the file became.

Only rows are made here, in one transaction however many: the worker visits them afterwards, each
host at its own pace, and the page of health shows how far it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict
from inters4.core.fetch import FetchPolicy
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.veille.models import Scheme, Watch
from inters4.veille.queries.sources import taken_addresses
from inters4.veille.services.identity import folded, url_key
from inters4.veille.services.sources import (
    LONGEST_NAME,
    SourceSaid,
    address_trouble,
    check_hand,
    checked_address,
    make_source,
)
from inters4.veille.services.watches import SPOKEN
from inters4.vocabulary.queries import Vocabulary, vocabulary

_SPREAD = timedelta(seconds=1)
"""Between the first visits of two sources: a thousand are not due at the same second."""


class Outcome(StrEnum):
    """What a line of the file became."""

    ADDED = "added"
    PRESENT = "present"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A feed of the file: as `SourceSaid`, with its line.

    Attributes:
        folders: those that hold it, outermost first.
        themes: ids that the file gives; None when the names of folders are to say.
    """

    line: int
    name: str
    url: str
    site_url: str = ""
    language: str = ""
    folders: tuple[str, ...] = ()
    themes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What became of a line."""

    line: int
    name: str
    outcome: Outcome
    told: str = ""


def subscribe(
    session: Session,
    watch: Watch,
    wanted: Sequence[Wanted],
    *,
    policy: FetchPolicy,
    by: Viewer,
) -> list[Subscribed]:
    """Add to a watch the feeds that it has not.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the watch is closed.
    """
    by_id = check_hand(by)
    if watch.closed_at is not None:
        raise Conflict(_("Ce dispositif est fermé : rouvrez-le d’abord."))
    taken = taken_addresses(session, watch.id)
    words = vocabulary(session)
    named = themes_by_name(words)
    report: list[Subscribed] = []
    due = now()
    for one in wanted:
        name = (one.name or one.url)[:LONGEST_NAME]
        trouble = address_trouble(one.url, policy=policy)
        if trouble:
            report.append(Subscribed(one.line, name, Outcome.REFUSED, trouble))
            continue
        if (key := url_key(checked_address(one.url, policy=policy))) in taken:
            report.append(Subscribed(one.line, name, Outcome.PRESENT))
            continue
        taken.add(key)
        said, told = _said(one, name, words=words, named=named, policy=policy)
        source = make_source(watch, said, policy=policy, by_id=by_id)
        source.next_check_at = due
        due += _SPREAD
        session.add(source)
        report.append(Subscribed(one.line, name, Outcome.ADDED, told))
    session.flush()
    added = sum(one.outcome is Outcome.ADDED for one in report)
    audit.record(
        session,
        "veille.sources_imported",
        by=by,
        subject=f"dispositif:{watch.public_id}",
        count=added,
    )
    return report


def themes_by_name(words: Vocabulary) -> Mapping[str, str]:
    """Ids of themes by their names in both languages, and by themselves, folded."""
    found: dict[str, str] = {}
    for identifier, names in words.names(Scheme.THEMES).items():
        for name in (identifier, *names):
            found.setdefault(folded(name), identifier)
    return found


def _said(
    one: Wanted,
    name: str,
    *,
    words: Vocabulary,
    named: Mapping[str, str],
    policy: FetchPolicy,
) -> tuple[SourceSaid, str]:
    """The source of a line, and what of the line was left out, in words."""
    told = []
    if one.themes is None:
        themes = _unique(named.get(folded(folder), "") for folder in one.folders)
        others = [folder for folder in one.folders if folded(folder) not in named]
        if others:
            told.append(
                _(
                    "Rangée dans « %(folders)s », qui n’est le nom d’aucun thème.",
                    folders=" › ".join(others),
                )
            )
    else:
        themes = _unique(words.present(Scheme.THEMES, theme) for theme in one.themes)
        if len(themes) < len(one.themes):
            told.append(_("Un de ses thèmes n’existe pas ici : il n’est pas repris."))
    is_site_fine = bool(one.site_url) and not address_trouble(one.site_url, policy=policy)
    said = SourceSaid(
        name=name,
        url=one.url,
        site_url=one.site_url if is_site_fine else "",
        language=one.language if one.language in SPOKEN else "",
        category=one.folders,
        themes=themes,
    )
    return said, " ".join(told)


def _unique(themes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(theme for theme in themes if theme))
