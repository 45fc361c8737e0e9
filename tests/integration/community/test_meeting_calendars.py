"""Calendars of meetings, read by another library than the eye: icalendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event, Timezone
from sqlalchemy import select

from inters4.community.exports.calendars import write_calendar
from inters4.community.models import (
    Meeting,
    MeetingZone,
    Membership,
    Space,
    SpaceToken,
    Visibility,
)
from inters4.community.services.belonging import go_out
from inters4.community.services.meetings.clocks import instant_of
from inters4.community.services.meetings.planning import cancel_meeting
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.db import writing
from tests.builders.community import again, make_space
from tests.builders.meetings import give_seat, make_meeting
from tests.builders.members import browser_of, make_viewer
from tests.builders.web import csrf

LINK = "https://visio.exemple.ca/secret"
SITE = "https://portail.exemple.ca"


def events_of(data: bytes) -> list[Event]:
    return [one for one in Calendar.from_ical(data).walk("VEVENT") if isinstance(one, Event)]


def instant(told: object) -> datetime:
    """What a date of the calendar is, whatever its clock."""
    assert isinstance(told, datetime)
    return told.astimezone(UTC)


def opened(client: FlaskClient, space: str) -> str:
    """Make a private address; the path that the page shows once."""
    page = client.post(
        f"/communaute/{space}/calendrier",
        data={"csrf_token": csrf(client, f"/communaute/{space}/calendrier")},
    ).get_data(as_text=True)
    return page.partition('value="http')[2].partition('"')[0].partition("/communaute")[2]


@pytest.mark.parametrize("zone", list(MeetingZone))
@pytest.mark.parametrize(
    "day", [date(2027, 1, 12), date(2027, 7, 13), date(2027, 3, 14), date(2027, 11, 7)]
)
def test_a_calendar_is_read_back_with_the_same_instants_and_its_own_clocks(
    database: str, zone: MeetingZone, day: date
) -> None:
    starts_at = instant_of(day, time(0, 30), zone)
    with writing() as session:
        space = make_space(session, name="Plaies chroniques; et, soins")
        meeting = make_meeting(
            session, space, title="Bilan; suite, fin", starts_at=starts_at, zone=zone
        )
        data = write_calendar([meeting], site=SITE)
        public_id = meeting.public_id

    [event] = events_of(data)
    [clock] = Calendar.from_ical(data).walk("VTIMEZONE")
    assert isinstance(clock, Timezone)
    assert instant(event.start) == starts_at
    assert instant(event.end) == starts_at + timedelta(hours=2)
    assert event["dtstart"].params["TZID"] == zone.value == clock.tz_name
    assert str(event["summary"]) == "Bilan; suite, fin"
    assert str(event["uid"]) == f"rencontre-{public_id}@portail.exemple.ca"
    assert "Plaies chroniques; et, soins" in str(event["description"])
    assert str(event["url"]).startswith(f"{SITE}/communaute/")


@pytest.mark.parametrize("zone", list(MeetingZone))
def test_the_clock_that_is_sent_goes_as_that_of_the_zone(database: str, zone: MeetingZone) -> None:
    with writing() as session:
        meeting = make_meeting(
            session, make_space(session), starts_at=instant_of(date(2027, 6, 1), time(9), zone)
        )
        meeting.zone = zone
        data = write_calendar([meeting], site=SITE)

    [clock] = Calendar.from_ical(data).walk("VTIMEZONE")
    assert isinstance(clock, Timezone)
    there, known = clock.to_tz(lookup_tzid=False), ZoneInfo(zone.value)
    for hours in range(0, 24 * 365, 7):
        moment = datetime(2027, 1, 1, 0, 15) + timedelta(hours=hours)  # noqa: DTZ001
        assert moment.replace(tzinfo=there).utcoffset() == moment.replace(tzinfo=known).utcoffset()


def test_the_same_rows_give_the_same_bytes_and_lines_are_folded(database: str) -> None:
    with writing() as session:
        meeting = make_meeting(session, make_space(session), agenda="Très long. " * 60)
        first, again_ = (write_calendar([meeting], site=SITE, name="Nom") for _one in range(2))

    assert first == again_
    assert max(len(line) for line in first.split(b"\r\n")) <= 75


def test_a_meeting_that_moves_is_numbered_and_one_that_is_cancelled_is_struck(
    app: Flask, database: str
) -> None:
    with writing() as session:
        host = make_viewer(session)
        space = make_space(session, facilitator=host, visibility=Visibility.PUBLIC)
        meeting = make_meeting(session, space, host=host)
        cancel_meeting(session, meeting, reason="Tempête de neige.", by=again(session, host))
        path = f"/communaute/{space.slug}/calendrier.ics"

    [event] = events_of(app.test_client().get(path).data)
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)
    assert str(event["summary"]).startswith("Annulée")
    assert "Tempête de neige." in str(event["description"])


@pytest.fixture
def host(database: str) -> Viewer:
    with writing() as session:
        return make_viewer(session)


@pytest.fixture
def member(database: str) -> Viewer:
    with writing() as session:
        return make_viewer(session)


def make(
    host: Viewer, member: Viewer, visibility: Visibility, *, with_seat: bool = True
) -> tuple[str, str]:
    """A space with one meeting to come, for which `member` has a seat."""
    with writing() as session:
        space = make_space(session, facilitator=host, members=(member,), visibility=visibility)
        meeting = make_meeting(session, space, host=host, link=LINK)
        if with_seat:
            give_seat(session, meeting, member)
        return space.slug, meeting.public_id


def test_a_visitor_reads_the_calendar_of_a_public_space_without_the_link(
    app: Flask, host: Viewer, member: Viewer
) -> None:
    slug, public_id = make(host, member, Visibility.PUBLIC)
    visitor, seated = app.test_client(), browser_of(app, member)

    for path in ("calendrier.ics", f"rencontres/{public_id}.ics"):
        answer = visitor.get(f"/communaute/{slug}/{path}")
        assert answer.status_code == 200
        assert answer.mimetype == "text/calendar"
        assert len(events_of(answer.data)) == 1
        assert LINK not in answer.get_data(as_text=True).replace("\r\n ", "")
        own = seated.get(f"/communaute/{slug}/{path}").get_data(as_text=True)
        assert LINK in own.replace("\r\n ", "")


@pytest.mark.parametrize(
    "visibility", [Visibility.MEMBERS, Visibility.PRIVATE_LISTED, Visibility.PRIVATE_HIDDEN]
)
def test_a_private_address_opens_the_calendar_while_its_person_reads_the_space(
    app: Flask, host: Viewer, member: Viewer, visibility: Visibility
) -> None:
    slug, _public_id = make(host, member, visibility)
    client, program = browser_of(app, member), app.test_client()
    path = f"/communaute{opened(client, slug)}"

    assert program.get(f"/communaute/{slug}/calendrier.ics").status_code == 404
    answer = program.get(path)
    [event] = events_of(answer.data)
    assert LINK in str(event["description"])
    assert "private" in answer.headers["Cache-Control"]
    assert program.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304

    with writing() as session:
        space = session.scalars(select(Space).where(Space.slug == slug)).one()
        assert member.member_id is not None
        go_out(session, space, member.member_id, by=member, how="left")
    left = program.get(path)
    if space.is_private:
        assert left.status_code == 404
    else:
        assert LINK not in left.get_data(as_text=True).replace("\r\n ", "")


def test_narrowing_a_space_ends_the_address_even_if_its_row_is_left_behind(
    app: Flask, host: Viewer, member: Viewer
) -> None:
    slug, _public_id = make(host, member, Visibility.MEMBERS, with_seat=False)
    path = f"/communaute{opened(browser_of(app, member), slug)}"
    with writing() as session:
        space = session.scalars(select(Space).where(Space.slug == slug)).one()
        space.visibility = Visibility.PRIVATE_LISTED
        session.delete(session.get_one(Membership, (space.id, member.member_id)))

    assert app.test_client().get(path).status_code == 404


def test_another_address_ends_the_first_and_it_can_be_ended(
    app: Flask, host: Viewer, member: Viewer
) -> None:
    slug, _public_id = make(host, member, Visibility.PRIVATE_LISTED)
    client, program = browser_of(app, member), app.test_client()
    first, second = (f"/communaute{opened(client, slug)}" for _one in range(2))

    assert [program.get(path).status_code for path in (first, second)] == [404, 200]
    token = csrf(client, f"/communaute/{slug}/calendrier")
    client.post(f"/communaute/{slug}/calendrier/fin", data={"csrf_token": token})
    assert program.get(second).status_code == 404
    with writing() as session:
        assert session.scalars(select(SpaceToken)).all() == []


@pytest.mark.parametrize("key", ["x", "é" * 40, "a" * 5000, "null"])
def test_nobody_guesses_an_address(app: Flask, host: Viewer, member: Viewer, key: str) -> None:
    slug, _public_id = make(host, member, Visibility.PRIVATE_HIDDEN)

    answer = app.test_client().get(f"/communaute/{slug}/calendrier.ics?cle={key}")

    assert answer.status_code == 404


def test_old_meetings_leave_the_calendar(app: Flask, host: Viewer, member: Viewer) -> None:
    slug, _public_id = make(host, member, Visibility.PUBLIC)
    with writing() as session:
        space = session.scalars(select(Space).where(Space.slug == slug)).one()
        make_meeting(session, space, starts_at=now() - timedelta(days=400))
        make_meeting(session, space, starts_at=now() - timedelta(days=40))
        assert len(session.scalars(select(Meeting)).all()) == 3

    assert len(events_of(app.test_client().get(f"/communaute/{slug}/calendrier.ics").data)) == 2


def test_the_calendar_of_a_discreet_space_says_when_and_never_what(database: str) -> None:
    with writing() as session:
        space = make_space(session, name="Espace voilé", visibility=Visibility.PRIVATE_LISTED)
        space.is_discreet = True
        meeting = make_meeting(session, space, title="Le cas de la chambre 12", place="Salle bleue")
        meeting.link, meeting.cancelled_for = LINK, "Une raison sue ici"
        meeting.write("Un ordre du jour")
        session.flush()
        whole = write_calendar([meeting], site=SITE, linked={meeting.id})
        data = write_calendar([meeting], site=SITE, name=space.name, linked={meeting.id})

    [event] = events_of(data)
    said = data.decode()
    assert str(event["summary"]) == "Espace voilé"
    assert str(event["url"]).startswith(f"{SITE}/communaute/")
    for words in ("chambre 12", "Salle bleue", LINK, "Une raison", "ordre du jour"):
        assert words not in said.replace("\r\n ", ""), words
    assert "chambre 12" in whole.decode()
