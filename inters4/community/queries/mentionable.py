"""Who a post may name: those who belong to the space, or write in the thread, and read it now.

Nobody else is found, whatever is typed: completion tells nothing of who is registered.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import islice

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from inters4.community.models import Membership, Post, PostState, Space, Thread
from inters4.core.values import dataclass
from inters4.members.models import Member, MemberState

_AT = re.compile(r"(?<![\w.@/])@(?=\w)")
_WORD = re.compile(r"[\w’'.-]*[\w]")
_MOST_WORDS = 5
_MOST_SIGNS = 200
"""How many @ of one text are looked at; those that count are ten at most."""
_MOST_FOLDED = 2_000
_GAPS = (" ", "-", "\u00a0")
OFFERED = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Someone whom completion offers."""

    public_id: str
    name: str


def mentionable(space: Space, thread: Thread | None) -> ColumnElement[bool]:
    """A condition on `Member`."""
    belong = Member.id.in_(select(Membership.member_id).where(Membership.space_id == space.id))
    known = [belong]
    if thread is not None and not space.is_private:
        wrote = select(Post.author_id).where(
            Post.thread_id == thread.id, Post.state == PostState.PUBLISHED
        )
        known.append(Member.id.in_(wrote))
    return or_(*known) & (Member.state == MemberState.ACTIVE)


def people_to_mention(
    session: Session, space: Space, thread: Thread | None, *, typed: str, except_id: int | None
) -> list[Person]:
    """The first of those whose name, or a word of it, starts as `typed`.

    The database looks first, which takes the same time whatever the number of people; accents that
    were not typed are looked for after it, among the first names of the alphabet.
    """
    typed = " ".join(typed.split())
    people = (
        select(Member.public_id, Member.name)
        .where(mentionable(space, thread), Member.id != except_id)
        .order_by(Member.name, Member.id)
    )
    starts = or_(*(Member.name.icontains(f"{sign}{typed}", autoescape=True) for sign in _GAPS))
    begun = or_(Member.name.istartswith(typed, autoescape=True), starts)
    found = [Person(*row) for row in session.execute(people.where(begun).limit(OFFERED))]
    if found:
        return found
    wanted = _folded(typed)
    folded = (Person(*row) for row in session.execute(people.limit(_MOST_FOLDED)))
    return list(islice((one for one in folded if _starts(one.name, wanted)), OFFERED))


def mentioned_in(
    session: Session,
    text: str,
    *,
    space: Space,
    thread: Thread | None,
    chosen: Iterable[str] = (),
    except_id: int | None = None,
) -> list[int]:
    """Ids of those whom `text` names, in the order in which it does.

    `chosen` are public ids that completion gave: they tell apart people of the same name. A name
    that several bear, none of them chosen, names nobody.
    """
    runs = [_names_at(text, match.end()) for match in _signs(text)]
    wanted = {name for names in runs for name in names}
    if not wanted:
        return []
    rows = session.execute(
        select(Member.id, Member.name, Member.public_id).where(
            mentionable(space, thread),
            Member.id != except_id,
            or_(Member.name.in_(wanted), func.lower(Member.name).in_({w.lower() for w in wanted})),
        )
    ).all()
    picked = set(chosen)
    named: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        named.setdefault(_plain(row.name), []).append((row.id, row.public_id))
    found: dict[int, None] = {}
    for names in runs:
        people = next((named[one] for one in map(_plain, names) if one in named), [])
        meant = [one for one in people if one[1] in picked] or people
        if len(meant) == 1 or all(one[1] in picked for one in meant):
            found.update(dict.fromkeys(one[0] for one in meant))
    return list(found)


def names_of(session: Session, ids: Collection[int]) -> list[str]:
    """How these people are called: one statement; none for nobody."""
    if not ids:
        return []
    return list(session.scalars(select(Member.name).where(Member.id.in_(ids))))


def _signs(text: str) -> list[re.Match[str]]:
    found = []
    for match in _AT.finditer(text):
        found.append(match)
        if len(found) == _MOST_SIGNS:
            break
    return found


def _names_at(text: str, start: int) -> list[str]:
    """What the words after an @ may name, the longest first."""
    line = text[start : start + 200].partition("\n")[0]
    words: list[str] = []
    place = 0
    while len(words) < _MOST_WORDS:
        word = _WORD.match(line, place)
        if word is None:
            break
        words.append(word[0])
        place = word.end()
        if line[place : place + 1] not in {" ", "\u00a0"}:
            break
        place += 1
    return [" ".join(words[:count]) for count in range(len(words), 0, -1)]


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFD", " ".join(text.split()).lower())
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


def _starts(name: str, wanted: str) -> bool:
    folded = _folded(name)
    return folded.startswith(wanted) or any(
        part.startswith(wanted) for part in re.split(r"[\s'’-]", folded)
    )
