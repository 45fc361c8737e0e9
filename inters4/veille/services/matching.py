"""Which finding each entry of a batch is: one that is known, one that was forgotten, a new one.

The surest key decides, unless a surer one contradicts it: a page that two articles share does not
make them one when each has a DOI of its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from inters4.core.values import dataclass
from inters4.veille.models import KeyKind
from inters4.veille.queries.known import Key
from inters4.veille.services.entries import Entry
from inters4.veille.services.identity import (
    folded,
    guid_key,
    is_front_page,
    likeness,
    own_key,
    url_key,
)


@dataclass(frozen=True, slots=True)
class Keyed:
    """An entry with its keys, the surest first; `like` only suggests."""

    entry: Entry
    keys: tuple[Key, ...]
    like: Key | None


@dataclass(eq=False, slots=True)
class Match:
    """A finding that the batch shows.

    Attributes:
        finding_id: None for one that is new, or forgotten.
        is_buried: its keys are all that is left of it.
        doi, pmid: what tells it apart.
        entries: of the batch, that show it.
        fresh: keys that it had not.
        likes: another that it may duplicate.
    """

    finding_id: int | None = None
    is_buried: bool = False
    doi: str = ""
    pmid: str = ""
    entries: list[Entry] = field(default_factory=list)
    fresh: list[Key] = field(default_factory=list)
    likes: "Match | None" = None

    @property
    def is_new(self) -> bool:
        """True for what nobody has ever seen."""
        return self.finding_id is None and not self.is_buried

    def admits(self, entry: Entry) -> bool:
        """False when a surer identifier says that these are two articles."""
        return not (
            (self.doi and entry.doi and self.doi != entry.doi)
            or (self.pmid and entry.pmid and self.pmid != entry.pmid)
        )


def with_keys(entries: Iterable[Entry], *, source: str) -> list[Keyed]:
    """`entries` with their keys; `source` is the public id of who shows them.

    A GUID given to several entries counts with their address. An address given to several
    articles, or to a whole site, names none of them; nor does a GUID that several articles share
    with their address. What says nothing surer has its title, author and day for a key.
    """
    listed = list(entries)
    addresses = [url_key(entry.url) for entry in listed]
    given = Counter(entry.guid for entry in listed)
    guids = [
        guid_key(entry.guid, source=source, url=entry.url if given[entry.guid] > 1 else "")
        for entry in listed
    ]
    shared = _shared(listed, addresses) | _shared(listed, guids)
    found = []
    for entry, address, guid in zip(listed, addresses, guids, strict=True):
        author = entry.authors[0] if entry.authors else ""
        keys: tuple[Key, ...] = (
            (KeyKind.DOI, entry.doi),
            (KeyKind.PMID, entry.pmid),
            (KeyKind.URL, "" if is_front_page(address) or address in shared else address),
            (KeyKind.GUID, "" if guid in shared else guid),
        )
        if not any(value for _kind, value in keys):
            day = str(entry.published_on or entry.year or "")
            own = own_key(entry.title, author=author, day=day, source=source)
            keys = ((KeyKind.GUID, own),)
        like = likeness(entry.title, author=author, year=entry.year)
        found.append(
            Keyed(
                entry,
                tuple((kind, value) for kind, value in keys if value),
                (KeyKind.LIKENESS, like) if like else None,
            )
        )
    return found


def _shared(entries: Iterable[Entry], keys: Iterable[str]) -> set[str]:
    """Those of the keys, one an entry, that several titles share."""
    titles: dict[str, str] = {}
    found = set()
    for entry, key in zip(entries, keys, strict=True):
        title = folded(entry.title)
        if titles.setdefault(key, title) != title:
            found.add(key)
    return found


def match(keyed: Sequence[Keyed], known: Mapping[Key, Match]) -> list[Match]:
    """What the batch shows, each once, in the order of first sight."""
    by_key = dict(known)
    shown: dict[Match, None] = {}
    for one in keyed:
        named = [by_key[key] for key in one.keys if key in by_key]
        found = next((other for other in named if other.admits(one.entry)), None) or Match()
        _suggest(found, named, by_key.get(one.like) if one.like else None)
        found.doi = found.doi or one.entry.doi
        found.pmid = found.pmid or one.entry.pmid
        for key in (*one.keys, one.like):
            if key is not None and key not in by_key:
                by_key[key] = found
                found.fresh.append(key)
        found.entries.append(one.entry)
        shown[found] = None
    return list(shown)


def _suggest(found: Match, named: Iterable[Match], like: Match | None) -> None:
    """Keys that lead to two findings, or a likeness, are for someone to judge."""
    others = [*named, like] if found.is_new else list(named)
    found.likes = found.likes or next(
        (other for other in others if other and other is not found and not other.is_buried), None
    )
