"""What a demonstration shows of communities: five spaces, one of each visibility, one archived.

Everything passes through the services that people use, so that a demonstration never shows what
nobody could do. People are plainly fictional, and what they say tells that it is an example.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import FlagReason, MeetingZone, Post, Space, Thread
from inters4.community.queries.tied import find_subject
from inters4.community.services.accepting import accept
from inters4.community.services.belonging import enter
from inters4.community.services.creating import create_space
from inters4.community.services.demo_words import (
    HELD_TITLE,
    HOME,
    MEDICINES,
    MEETING_AGENDA,
    MEETING_TITLE,
    MINUTES,
    REQUEST,
    SPACES,
    THREADS,
    DemoSpace,
    DemoThread,
)
from inters4.community.services.describing import Description
from inters4.community.services.flagging import flag_post
from inters4.community.services.joining import ask_to_join
from inters4.community.services.meetings.clocks import instant_of
from inters4.community.services.meetings.planning import Plan, call_meeting
from inters4.community.services.meetings.recording import add_attendee, write_minutes
from inters4.community.services.meetings.seating import register
from inters4.community.services.moderating_threads import pin
from inters4.community.services.posting import post
from inters4.community.services.proposing import propose_addition
from inters4.community.services.reading import mark_all_read
from inters4.community.services.revising import set_stage
from inters4.community.services.starting import start_thread
from inters4.community.services.summing_up import mark_of_summary, sum_up
from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.installation import is_demo
from inters4.members.models import Member
from inters4.members.queries import find_member_by_email, load_viewer
from inters4.vocabulary.queries import vocabulary

EXAMPLE, HELD = "exemple", "exemple-passe"
"""Name, in their addresses, the addition and the meetings of the demonstration."""
_OPENER = "frederique"
_WEDNESDAY = 2


def seed_communities(session: Session) -> bool:
    """Make the spaces of the demonstration; False when there is one already.

    Content and people come first.

    Raises:
        RuntimeError: the database is not marked as a demonstration.
    """
    if not is_demo(session):
        raise RuntimeError("fictional communities are made in a demonstration database only")
    if session.scalars(select(Space.id).limit(1)).first() is not None:
        return False
    spaces = {key: _open(session, wanted) for key, wanted in SPACES.items()}
    for wanted in THREADS:
        if not wanted.is_unread:
            _write(session, spaces[wanted.space], wanted)
    for key, space in spaces.items():
        _everyone_reads(session, SPACES[key], space)
    for wanted in THREADS:
        if wanted.is_unread:
            _write(session, spaces[wanted.space], wanted)
    _meet(session, spaces[HOME])
    for key, space in spaces.items():
        leader = _viewer(session, SPACES[key].facilitator)
        set_stage(session, space, SPACES[key].stage, by=leader)
    ask_to_join(session, spaces[MEDICINES], REQUEST, by=_viewer(session, "camille"))
    session.flush()
    return True


def _open(session: Session, wanted: DemoSpace) -> Space:
    themes = vocabulary(session).ids("themes")
    space = create_space(
        session,
        Description(
            name=wanted.name,
            purpose=wanted.purpose,
            presentation=wanted.presentation,
            themes=tuple(one for one in wanted.themes if one in themes),
            scope=wanted.scope,
            sponsor="Personne : exemple fictif",
            rhythm=wanted.rhythm,
            charter=wanted.charter,
            join_policy=wanted.join_policy,
        ),
        visibility=wanted.visibility,
        facilitator=_member(session, wanted.facilitator),
        deputy=_member(session, wanted.deputy),
        known_themes=themes,
        by=_viewer(session, _OPENER),
    )
    space.slug = wanted.slug
    leader = _viewer(session, wanted.facilitator)
    for key in wanted.people:
        enter(session, space, _member(session, key).id, by=leader, how="named")
    session.flush()
    return space


def _write(session: Session, space: Space, wanted: DemoThread) -> None:
    """A thread and its posts, each dated as it is read; paces of writing see the dates."""
    author, days, text = wanted.posts[0]
    by = _viewer(session, author)
    about = wanted.about
    if about is not None and find_subject(session, ":".join(about), viewer=by) is None:
        about = None  # content of one's own may hold no such document
    thread = start_thread(
        session,
        space,
        title=wanted.title,
        text=text,
        kind=wanted.kind,
        about=about,
        by=by,
    )
    first = session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
    posts = [_date(session, first, thread, days)]
    thread.created_at = first.created_at
    for author, days, text in wanted.posts[1:]:
        made = post(session, thread, text, by=_viewer(session, author))
        posts.append(_date(session, made, thread, days))
    leader = _viewer(session, SPACES[wanted.space].facilitator)
    if wanted.accepted:
        asker = _viewer(session, wanted.posts[0][0])
        accept(session, posts[wanted.accepted - 1], by=asker, thread=thread, space=space)
    if wanted.summary:
        sum_up(session, thread, wanted.summary, seen=mark_of_summary(None), by=leader, space=space)
        if about is not None:
            propose_addition(session, thread, space, None, by=leader).public_id = EXAMPLE
    if wanted.flagged is not None:
        number, key = wanted.flagged
        flag_post(session, posts[number - 1], FlagReason.OFF_TOPIC, by=_viewer(session, key))
    if wanted.is_pinned:
        pin(session, thread, by=leader)


def _meet(session: Session, space: Space) -> None:
    """One meeting to come, with somebody in line for a seat, and one that was held."""
    leader = _viewer(session, SPACES[HOME].facilitator)
    plan = Plan(
        title=MEETING_TITLE,
        starts_at=_noon(14),
        agenda=MEETING_AGENDA,
        place="Salle fictive, Rimouski",
        link="https://exemple.invalid/rencontre",
        facilitator_id=leader.member_id,
        capacity=2,
    )
    coming = call_meeting(session, space, plan, by=leader)
    coming.public_id = EXAMPLE
    for key in ("camille", "sacha", "maxime"):
        register(session, coming, by=_viewer(session, key))
    held = replace(
        plan, title=HELD_TITLE, starts_at=_noon(-16), capacity=None, link="", is_past=True
    )
    past = call_meeting(session, space, held, by=leader)
    past.public_id = HELD
    for key in ("camille", "claude"):
        add_attendee(session, past, key, by=leader)
    write_minutes(session, past, MINUTES, version=0, by=leader)


def _noon(days: int) -> datetime:
    """Noon in Québec, on the Wednesday of the week so many days from today."""
    day = local(now()).date() + timedelta(days=days)
    day += timedelta(days=_WEDNESDAY - day.weekday())
    return instant_of(day, time(12), MeetingZone.QUEBEC)


def _date(session: Session, made: Post, thread: Thread, days: float) -> Post:
    made.created_at = thread.last_post_at = now() - timedelta(days=days)
    session.flush()
    return made


def _everyone_reads(session: Session, wanted: DemoSpace, space: Space) -> None:
    session.refresh(space)
    for key in (wanted.facilitator, wanted.deputy, *wanted.people):
        mark_all_read(session, _viewer(session, key), space)


def _viewer(session: Session, key: str) -> Viewer:
    """The person, with the rights that they have by now."""
    session.flush()
    return load_viewer(session, _member(session, key).id)


def _member(session: Session, key: str) -> Member:
    found = find_member_by_email(session, f"{key}@exemple.invalid")
    if found is None:
        raise RuntimeError("make the people of the demonstration first")
    return found
