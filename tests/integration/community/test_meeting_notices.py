"""Who is told of meetings, once each, and of nothing that they may not read."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.jobs.meetings import follow_meetings
from inters4.community.models import (
    Level,
    Meeting,
    Membership,
    Seat,
    SeatState,
    Space,
    SpaceReading,
    Visibility,
)
from inters4.community.queries.meeting_telling import (
    MEETING_KIND,
    NEW_KIND,
    REMINDER_KIND,
    WAITING_KIND,
    about_meeting,
)
from inters4.community.services.meetings.planning import (
    Plan,
    call_meeting,
    cancel_meeting,
    revise_meeting,
)
from inters4.community.services.meetings.recording import write_minutes
from inters4.community.services.meetings.seating import register, withdraw
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.notices import Noticed, Told
from inters4.notices.models import Notice
from inters4.settings import Settings
from tests.builders.community import again, make_space
from tests.builders.meetings import give_seat, hold, make_meeting
from tests.builders.members import make_viewer
from tests.builders.notices import leave, let_time_pass, text_of
from tests.builders.statements import statements


@pytest.fixture
def host(session: Session) -> Viewer:
    return make_viewer(session, name="Maude Essai")


@pytest.fixture
def member(session: Session) -> Viewer:
    return make_viewer(session, name="Ariane Essai")


@pytest.fixture
def space(session: Session, host: Viewer, member: Viewer) -> Space:
    return make_space(session, facilitator=host, members=(member,))


def told(session: Session, kind: str) -> Iterator[tuple[Notice, Told | None]]:
    """Each notice of a kind, with what it says now."""
    session.flush()
    rows = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).all()
    noticed = [Noticed(one.id, one.member_id, one.subject, one.facts) for one in rows]
    said = hooks.notice_kinds[kind].tell(session, noticed)
    for one in rows:
        yield one, said.get(one.id)


def plan(meeting: Meeting, **changes: object) -> Plan:
    held = {"title": meeting.title, "starts_at": meeting.starts_at, "place": meeting.place}
    return Plan(**{**held, **changes})  # type: ignore[arg-type]


def test_a_new_meeting_is_told_once_to_the_people_of_the_space_but_those_who_mute_it(
    database: str,
) -> None:
    with writing() as session:
        host, member, muted = (make_viewer(session) for _one in range(3))
        space = make_space(session, facilitator=host, members=(member, muted))
        session.add(SpaceReading(member_id=muted.member_id, space_id=space.id, level=Level.MUTED))
        starts_at = now() + timedelta(days=5)
        plan = Plan(title="Bilan de l’automne", starts_at=starts_at, agenda="Accueil")
        call_meeting(session, space, plan, by=again(session, host))

    assert follow_meetings() == 1
    assert follow_meetings() == 0
    with reading() as session:
        found = list(told(session, NEW_KIND))
        assert [one.member_id for one, _said in found] == [member.member_id]
        [(_notice, said)] = found
        assert said is not None
        assert "Bilan de l’automne" in said.title


def test_a_reminder_goes_the_day_before_once_to_those_who_have_a_seat(database: str) -> None:
    with writing() as session:
        host, seated, waiting, gone = (make_viewer(session) for _one in range(4))
        space = make_space(session, facilitator=host, members=(seated, waiting, gone))
        soon = make_meeting(session, space, host=host, starts_at=now() + timedelta(hours=23))
        make_meeting(session, space, host=host, starts_at=now() + timedelta(hours=25))
        states = (SeatState.CONFIRMED, SeatState.WAITING, SeatState.WITHDRAWN)
        for who, state in zip((seated, waiting, gone), states, strict=True):
            give_seat(session, soon, who, state)

    assert (follow_meetings(), follow_meetings()) == (1, 0)
    with reading() as session:
        reminded = {one.member_id for one, said in told(session, REMINDER_KIND) if said}
    assert reminded == {host.member_id, seated.member_id}


def test_a_meeting_that_moves_is_reminded_of_again(
    session: Session, space: Space, host: Viewer
) -> None:
    meeting = make_meeting(session, space, host=host, reminded_at=now())

    revise_meeting(
        session,
        meeting,
        plan(meeting, starts_at=meeting.starts_at + timedelta(days=1)),
        version=meeting.version,
        by=again(session, host),
    )

    assert (meeting.reminded_at, meeting.sequence) == (None, 1)


def test_who_comes_is_told_of_what_changes_in_one_mail_each_and_the_last_word_stands(
    session: Session, space: Space, host: Viewer, member: Viewer, settings: Settings
) -> None:
    by = again(session, host)
    meeting = make_meeting(session, space, host=host, place="Salle A")
    register(session, meeting, by=again(session, member))
    for place in ("Salle B", "Salle C"):
        revise_meeting(session, meeting, plan(meeting, place=place), version=meeting.version, by=by)
    revise_meeting(
        session, meeting, plan(meeting, title="Autre titre"), version=meeting.version, by=by
    )

    said = [one for _notice, one in told(session, MEETING_KIND)]
    assert [one.is_over for one in said if one] == [True, False]
    session.commit()
    let_time_pass(session)
    [mail] = leave(settings)
    assert "Le lieu a changé" in str(mail["Subject"])

    cancel_meeting(session, meeting, reason="Tempête de neige.", by=by)
    session.commit()
    let_time_pass(session)
    [mail] = leave(settings)
    assert "annulée" in str(mail["Subject"])
    assert "Tempête de neige." in text_of(mail)


def test_nobody_is_told_of_what_they_did(
    session: Session, space: Space, host: Viewer, member: Viewer
) -> None:
    meeting = make_meeting(session, space, host=host, capacity=1)
    register(session, meeting, by=again(session, member))
    withdraw(session, meeting, by=again(session, member))
    cancel_meeting(session, meeting, reason="Tempête.", by=again(session, host))

    assert list(told(session, MEETING_KIND)) == []


def test_minutes_are_told_once_to_who_had_a_seat(
    session: Session, space: Space, host: Viewer, member: Viewer
) -> None:
    by = again(session, host)
    meeting = make_meeting(session, space, host=host)
    give_seat(session, meeting, member)
    hold(session, meeting)

    write_minutes(session, meeting, "Décidé.", version=0, by=by)
    write_minutes(session, meeting, "Bien décidé.", version=1, by=by)

    [(notice, said)] = told(session, MEETING_KIND)
    assert notice.member_id == member.member_id
    assert said is not None
    assert said.title.startswith("Compte rendu publié")


@pytest.mark.parametrize("kind", [MEETING_KIND, REMINDER_KIND, NEW_KIND, WAITING_KIND])
def test_whoever_no_longer_reads_the_space_is_told_nothing(
    session: Session, space: Space, host: Viewer, member: Viewer, kind: str
) -> None:
    space.visibility = Visibility.PRIVATE_HIDDEN
    meeting = make_meeting(session, space, host=member, is_confirmed_by_hand=True)
    if kind != NEW_KIND:
        give_seat(session, meeting, member)
    give_seat(session, meeting, make_viewer(session), SeatState.PENDING)
    facts = {"what": "moved", "sequence": 0}
    hooks.notifier.notify(
        session, kind, [member.member_id or 0], subject=about_meeting(meeting), facts=facts
    )
    [(_notice, before)] = told(session, kind)
    session.delete(session.get_one(Membership, (space.id, member.member_id)))

    [(_notice, after)] = told(session, kind)

    assert before is not None
    assert not before.is_over
    assert after is None


@pytest.mark.parametrize("kind", [MEETING_KIND, REMINDER_KIND, NEW_KIND])
def test_a_discreet_space_says_when_and_never_what(
    session: Session, space: Space, member: Viewer, kind: str
) -> None:
    space.is_discreet = True
    meeting = make_meeting(
        session,
        space,
        title="Sujet délicat",
        place="Salle discrète",
        cancelled_for="Motif délicat",
    )
    if kind != NEW_KIND:
        give_seat(session, meeting, member)
    for what in ("moved", "cancelled", "promoted"):
        hooks.notifier.notify(
            session,
            kind,
            [member.member_id or 0],
            subject=about_meeting(meeting),
            facts={"what": what, "sequence": 0},
        )

    for _notice, said in told(session, kind):
        assert said is not None
        assert "délicat" not in f"{said.title}{said.text}"
        assert "discrète" not in f"{said.title}{said.text}"
        assert "heure" in said.text


@pytest.mark.parametrize("kind", [MEETING_KIND, REMINDER_KIND, NEW_KIND, WAITING_KIND])
def test_telling_costs_the_same_statements_whatever_the_number(
    session: Session, host: Viewer, kind: str
) -> None:
    counts = []
    for number in (1, 8):
        for _one in range(number):
            space = make_space(session, facilitator=host, visibility=Visibility.PRIVATE_LISTED)
            meeting = make_meeting(session, space, host=host)
            hooks.notifier.notify(
                session,
                kind,
                [host.member_id or 0],
                subject=about_meeting(meeting),
                facts={"what": "moved", "sequence": 0},
            )
        session.expire_all()
        with statements() as sent:
            assert all(said for _notice, said in told(session, kind))
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_what_names_nothing_is_told_to_nobody(session: Session, host: Viewer) -> None:
    for kind in (MEETING_KIND, REMINDER_KIND, NEW_KIND, WAITING_KIND):
        for subject in ("rencontre:absente", "fil:12", ""):
            notice = Noticed(1, host.member_id or 0, subject, {"what": "bizarre"})
            assert hooks.notice_kinds[kind].tell(session, [notice]) == {}
    assert session.scalars(select(Seat)).all() == []
