"""Communities of twenty thousand people: what `bench.community` measures.

Rows are inserted as services leave them, by Core statements on the connection, because bulk changes
of searchable tables are refused to a session; the index is then built by the worker itself. Sizes
are uneven: a few spaces, threads and people make most of the posts.
"""

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from bench.corpus import vocabulary
from inters4.app import load_domains
from inters4.community.models import (
    Level,
    Membership,
    Post,
    PostState,
    Space,
    SpaceReading,
    SpaceStage,
    Thread,
    ThreadKind,
    ThreadReading,
    Visibility,
)
from inters4.core import db, migrate
from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.richtext import RENDERER_VERSION
from inters4.members.models import Member, MemberState, RoleGrant
from inters4.search.jobs import bring_up_to_date
from inters4.search.models import IndexTask
from inters4.search.services.requests import request_index
from inters4.settings import Settings

DILIGENT, ABSENT, USUAL = 1, 2, 3
"""Read every thread one by one but the newest; belongs everywhere and read nothing; one of many."""
LEADING = 2
"""Those who belong everywhere come first in each space; who leads it comes after them."""
_DAYS = 900
_ASSIDUOUS = 25
_BATCH = 20_000
_WORDS = 90
_THEMES = ("telesante", "aines", "domicile")
_VISIBILITIES = (
    *(Visibility.MEMBERS,) * 12,
    *(Visibility.PRIVATE_LISTED,) * 4,
    *(Visibility.PRIVATE_HIDDEN,) * 2,
    *(Visibility.PUBLIC,) * 2,
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each; one thread holds a hundredth of the posts."""

    people: int = 20_000
    spaces: int = 20
    threads: int = 5_000
    posts: int = 100_000

    @property
    def long(self) -> int:
        """How many posts the longest thread holds."""
        return self.posts // 100

    @classmethod
    def of(cls, posts: int) -> "Size":
        """The portal that has about so many posts."""
        return cls(max(200, posts // 5), max(2, posts // 5_000), max(20, posts // 20), posts)


@dataclass(slots=True)
class _Place:
    """A space while it is filled."""

    id: int
    people: list[int] = field(default_factory=list)
    threads: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0


def install(folder: Path) -> Settings:
    """Settings of a portal in `folder`, its database bound and migrated."""
    settings = Settings.from_env({"INTERS4_DATA_DIR": str(folder), "INTERS4_MAIL": "memory"})
    load_domains()
    db.dispose()
    db.bind(settings.database_url)
    migrate.upgrade()
    return settings


def fill(settings: Settings, size: Size) -> None:
    """People, spaces, threads, posts, what each has read, and the index."""
    chance = random.Random(20_000)  # noqa: S311  (the same bench each time)
    places = [_Place(number) for number in range(1, size.spaces + 1)]
    with db.engine().begin() as connection:
        _people(connection, size)
        _belong(places, size, chance)
        posts = list(_posts(places, size, chance))
        _spaces(connection, places)
        _put(connection, Thread, itertools.chain.from_iterable(one.threads for one in places))
        _put(connection, Post, posts)
        _put(connection, SpaceReading, _watermarks(places, chance))
        _put(connection, ThreadReading, _read(places, posts, chance))
    with db.writing() as session:
        request_index(session, IndexTask.REBUILD)
    bring_up_to_date(settings)


def _people(connection: Connection, size: Size) -> None:
    active = {"state": MemberState.ACTIVE, "locale": "fr"}
    _put(
        connection,
        Member,
        (
            {"id": number, "public_id": f"m{number}", "name": f"Personne {number}", **active}
            | {"email": f"p{number}@exemple.invalid"}
            for number in range(1, size.people + 1)
        ),
    )


def _belong(places: Sequence[_Place], size: Size, chance: random.Random) -> None:
    """Two people belong everywhere, the others to one to four spaces; the first lead."""
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(places))))
    for number in range(1, size.people + 1):
        if number in {DILIGENT, ABSENT}:
            chosen = set(range(len(places)))
        else:
            drawn = chance.choices(range(len(places)), cum_weights=weights, k=chance.randint(1, 4))
            chosen = set(drawn)
        for index in chosen:
            places[index].people.append(number)


def _posts(places: Sequence[_Place], size: Size, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Every post in the order of its day, which gives it its number and its place."""
    words, weights = vocabulary()
    end = now() - timedelta(hours=1)
    weights_of_places = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(places))))
    lengths = _lengths(size, chance)
    written: list[tuple[datetime, int]] = []
    threads: list[tuple[_Place, dict[str, Any]]] = []
    for number, length in enumerate(lengths, start=1):
        place = places[0]
        if number > 1:
            (place,) = chance.choices(places, cum_weights=weights_of_places)
        began = end - timedelta(days=_DAYS * chance.random())
        title = " ".join(chance.choices(words, cum_weights=weights, k=7)).capitalize()
        thread = _thread(number, place, title, began, chance)
        place.threads.append(thread)
        threads.append((place, thread))
        pace = (end - began) / length * min(1.0, chance.random() + 0.02)
        written += [(began + pace * turn, number) for turn in range(length)]
    for identifier, (moment, number) in enumerate(sorted(written), start=1):
        place, thread = threads[number - 1]
        place.seq += 1
        thread["last_number"] += 1
        thread["last_seq"], thread["last_post_at"] = place.seq, moment
        others = len(place.people) - LEADING
        author = place.people[LEADING + int(others * chance.random() ** 3)]
        thread["author_id"] = thread["author_id"] or author
        text = " ".join(chance.choices(words, cum_weights=weights, k=_WORDS)).capitalize() + "."
        yield {
            "id": identifier,
            "thread_id": number,
            "space_id": place.id,
            "number": thread["last_number"],
            "seq": place.seq,
            "author_id": author,
            "state": PostState.PUBLISHED,
            "created_at": moment,
            "version": 1,
            **_rich(text),
        }


def _thread(
    number: int, place: _Place, title: str, began: datetime, chance: random.Random
) -> dict[str, Any]:
    return {
        "id": number,
        "space_id": place.id,
        "kind": chance.choice(tuple(ThreadKind)),
        "title": title,
        "author_id": None,
        "created_at": began,
        "last_post_at": began,
        "last_number": 0,
        "last_seq": 0,
        "pinned_at": began if len(place.threads) < 2 else None,
        "version": 1,
    }


def _lengths(size: Size, chance: random.Random) -> list[int]:
    """Posts of each thread, the longest first; they add up."""
    drawn = Counter({0: size.long, **dict.fromkeys(range(1, size.threads), 1)})
    weights = list(itertools.accumulate(1 / (rank + 40) for rank in range(size.threads - 1)))
    left = size.posts - sum(drawn.values())
    drawn.update(chance.choices(range(1, size.threads), cum_weights=weights, k=left))
    return [drawn[number] for number in range(size.threads)]


def _spaces(connection: Connection, places: Sequence[_Place]) -> None:
    rows = [
        {
            "id": place.id,
            "slug": f"espace-{place.id}",
            "name": f"Communauté {place.id}",
            "purpose": "Échanger sur ce qui se fait.",
            "stage": SpaceStage.ACTIVE,
            "visibility": _VISIBILITIES[place.id % len(_VISIBILITIES)],
            "themes": list(_THEMES),
            "facilitator_id": place.people[LEADING],
            "deputy_id": place.people[LEADING + 1],
            "last_seq": place.seq,
            "version": 1,
            **_rich("Une communauté."),
        }
        for place in places
    ]
    _put(connection, Space, rows)
    belong = (
        {"space_id": place.id, "member_id": number, "approved_posts": 10}
        for place in places
        for number in place.people
    )
    _put(connection, Membership, belong)
    leading = (
        {"member_id": number, "role": Role.FACILITATOR, "space_id": place.id}
        for place in places
        for number in place.people[LEADING : LEADING + 2]
    )
    _put(connection, RoleGrant, leading)


def _watermarks(places: Sequence[_Place], chance: random.Random) -> Iterator[dict[str, Any]]:
    """One person in three has marked everything as read some day; one in fifty follows."""
    for place in places:
        for number in place.people:
            marked = number > USUAL and chance.random() < 0.3
            yield {
                "member_id": number,
                "space_id": place.id,
                "read_seq": int(place.seq * chance.random()) if marked else 0,
                "visited_at": now(),
                "seen_seq": place.seq,
                "visited_seq": int(place.seq * 0.9),
                "level": Level.FOLLOWED if chance.random() < 0.02 else Level.NORMAL,
            }


def _read(
    places: Sequence[_Place], posts: Sequence[dict[str, Any]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    """What each has read; who writes in a thread has read it until then, and follows it."""
    found: dict[tuple[int, int], tuple[int, int, Level | None]] = {
        (post["author_id"], post["thread_id"]): (post["number"], post["seq"], Level.FOLLOWED)
        for post in posts
    }
    for place in places:
        for rank, number in enumerate(place.people):
            share = 1.0 if number == DILIGENT else 0.4 if rank < _ASSIDUOUS else 0.01
            wanted = 0 if number == ABSENT else int(len(place.threads) * share)
            for thread in chance.sample(place.threads, wanted):
                level = found.get((number, thread["id"]), (0, 0, None))[2]
                found[number, thread["id"]] = (thread["last_number"], thread["last_seq"], level)
        for thread in place.threads[-3:]:
            found.pop((DILIGENT, thread["id"]))
    for (member, number_of_thread), (number, seq, level) in found.items():
        row = {"member_id": member, "thread_id": number_of_thread, "last_number": number}
        yield {**row, "last_seq": seq, "level": level}


def _rich(text: str) -> dict[str, Any]:
    return {"source": text, "html": f"<p>{text}</p>", "renderer": RENDERER_VERSION}


def _put(connection: Connection, table: type[Any], rows: Any) -> None:
    left = iter(rows)
    while batch := list(itertools.islice(left, _BATCH)):
        connection.execute(insert(table), batch)
