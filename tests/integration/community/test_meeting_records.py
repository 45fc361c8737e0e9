"""After a meeting: who was there, what was said, how it is found and counted."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.documents.meetings import confirm as confirm_documents
from inters4.community.documents.meetings import every_id, load_document
from inters4.community.exports.own_meetings import meetings_of
from inters4.community.models import Meeting, MeetingMinutes, Seat, SeatState, Space, Visibility
from inters4.community.queries.meeting_figures import held, presences
from inters4.community.queries.meetings import ids_under, public_ids
from inters4.community.services.meetings.forgetting import purge_seats
from inters4.community.services.meetings.planning import cancel_meeting
from inters4.community.services.meetings.recording import (
    add_attendee,
    take_attendance,
    write_minutes,
)
from inters4.community.services.posting import LooksPersonal
from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.clock import local, now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.figures import Span
from inters4.core.hooks import hooks
from inters4.core.outbox import OutboxRow
from inters4.members.models import Member
from tests.builders.community import again, make_space
from tests.builders.meetings import give_seat, hold, make_meeting
from tests.builders.members import browser_of, make_organisation, make_viewer
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

TODAY = local(now()).date()
SPAN = Span(TODAY - timedelta(days=5), TODAY)


@pytest.fixture
def host(session: Session) -> Viewer:
    return make_viewer(session, name="Maude Essai")


@pytest.fixture
def people(session: Session) -> tuple[Viewer, ...]:
    place = make_organisation(session, name="CISSS d’essai")
    return tuple(
        make_viewer(session, name=f"Personne {number}", organisation=place) for number in range(3)
    )


@pytest.fixture
def space(session: Session, host: Viewer, people: tuple[Viewer, ...]) -> Space:
    return make_space(session, facilitator=host, members=people)


@pytest.fixture
def meeting(session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...]) -> Meeting:
    """A meeting that is over, with two registered people and one who waited."""
    made = make_meeting(session, space, host=host, capacity=2)
    for one, state in zip(
        people, (SeatState.CONFIRMED, SeatState.CONFIRMED, SeatState.WAITING), strict=True
    ):
        give_seat(session, made, one, state)
    hold(session, made)
    return made


def public_id(session: Session, who: Viewer) -> str:
    return session.get_one(Member, who.member_id).public_id


def test_the_list_says_who_was_there(
    session: Session, meeting: Meeting, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    present = [public_id(session, people[0]), public_id(session, people[2]), "inconnu"]

    take_attendance(session, meeting, present=present, by=again(session, host))

    seats = session.scalars(select(Seat).order_by(Seat.member_id))
    assert [one.was_present for one in seats] == [True, False, True]
    assert meeting.attendance_at is not None


def test_whoever_came_unannounced_is_added_if_they_are_of_the_space(
    session: Session, meeting: Meeting, space: Space, host: Viewer
) -> None:
    by = again(session, host)
    stranger = make_viewer(session)

    assert add_attendee(session, meeting, public_id(session, host), by=by) == "Maude Essai"
    add_attendee(session, meeting, public_id(session, host), by=by)
    with pytest.raises(DomainError):
        add_attendee(session, meeting, public_id(session, stranger), by=by)

    assert session.get_one(Seat, (meeting.id, host.member_id)).was_present is True


def test_nothing_is_noted_before_it_begins_nor_once_cancelled_nor_by_others(
    session: Session, space: Space, meeting: Meeting, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    by = again(session, host)
    to_come, cancelled = (make_meeting(session, space, host=host) for _one in range(2))
    cancel_meeting(session, cancelled, reason="Tempête.", by=by)

    for one in (to_come, cancelled):
        with pytest.raises(Conflict):
            take_attendance(session, one, present=[], by=by)
        with pytest.raises(Conflict):
            write_minutes(session, one, "Rien.", version=0, by=by)
    with pytest.raises(NotAllowed):
        write_minutes(session, meeting, "Rien.", version=0, by=again(session, people[0]))


def test_minutes_are_kept_changed_and_taken_away_and_never_overwritten_unseen(
    session: Session, meeting: Meeting, host: Viewer
) -> None:
    by = again(session, host)
    write_minutes(session, meeting, "Nous avons décidé.", version=0, by=by)
    held = session.get_one(MeetingMinutes, meeting.id)

    with pytest.raises(Conflict) as refused:
        write_minutes(session, meeting, "Autre texte.", version=0, by=by)
    write_minutes(session, meeting, "Nous avons bien décidé.", version=held.version, by=by)

    assert (refused.value.theirs, refused.value.mine) == ("Nous avons décidé.", "Autre texte.")
    assert held.source == "Nous avons bien décidé."
    write_minutes(session, meeting, "", version=held.version, by=by)
    assert session.get(MeetingMinutes, meeting.id) is None


def test_minutes_that_may_name_a_patient_are_shown_first(
    session: Session, meeting: Meeting, host: Viewer
) -> None:
    by, text = again(session, host), "Monsieur TREM 5203 1412 demande un suivi."

    with pytest.raises(LooksPersonal):
        write_minutes(session, meeting, text, version=0, by=by)
    write_minutes(session, meeting, text, version=0, by=by, is_meant=True)

    assert session.get_one(MeetingMinutes, meeting.id).source == text


def test_the_pages_of_what_was_held(
    app: Flask, session: Session, meeting: Meeting, host: Viewer
) -> None:
    path = f"/communaute/{session.get_one(Space, meeting.space_id).slug}/rencontres/"
    path += meeting.public_id
    session.commit()
    client = browser_of(app, host)
    token = csrf(client, f"{path}/presences")

    warned = client.post(
        f"{path}/compte-rendu",
        data={"csrf_token": token, "version": "0", "texte": "Suivi : 418 555-0199."},
    )
    page = warned.get_data(as_text=True)
    mark = page.partition('name="malgre" value="')[2].partition('"')[0]
    kept = client.post(
        f"{path}/compte-rendu",
        data={
            "csrf_token": token,
            "version": "0",
            "texte": "Suivi : 418 555-0199.",
            "malgre": mark,
        },
    )
    stale = client.post(
        f"{path}/compte-rendu",
        data={"csrf_token": token, "version": "0", "texte": "Mon **texte** à moi."},
    )
    long = client.post(
        f"{path}/compte-rendu",
        data={"csrf_token": token, "version": "1", "texte": "x" * 40_000},
    )
    looked = client.get(f"{path}/presences?nom=Maude").get_data(as_text=True)
    added = client.post(
        f"{path}/presences/ajout",
        data={"csrf_token": token, "personne": looked.partition('name="personne" value="')[2][:16]},
        follow_redirects=True,
    )

    assert [one.status_code for one in (warned, kept, stale, long)] == [422, 303, 409, 422]
    assert "Suivi : 418 555-0199." in page
    assert "Mon **texte** à moi." in stale.get_data(as_text=True)
    assert "418 555-0199" in stale.get_data(as_text=True)
    assert "x" * 40_000 in long.get_data(as_text=True)
    assert "Maude Essai est sur la liste." in added.get_data(as_text=True)
    assert "418 555-0199" in client.get(path).get_data(as_text=True)


def test_the_table_holds_each_registration_and_runs_nothing(
    app: Flask, session: Session, meeting: Meeting, host: Viewer, people: tuple[Viewer, ...]
) -> None:
    session.get_one(Member, people[0].member_id).name = "=SOMME(A1)"
    take_attendance(
        session, meeting, present=[public_id(session, people[0])], by=again(session, host)
    )
    path = f"/communaute/{session.get_one(Space, meeting.space_id).slug}/rencontres/"
    path += f"{meeting.public_id}/inscriptions.csv"
    session.commit()

    answer = browser_of(app, host).get(path)
    rows = list(csv.reader(StringIO(answer.get_data(as_text=True)[1:]), delimiter=";"))

    assert answer.headers["Cache-Control"] == "no-store"
    assert [row[0] for row in rows] == ["Nom", "'=SOMME(A1)", "Personne 1", "Personne 2"]
    assert [row[4] for row in rows[1:]] == ["Présence", "Absence", "Absence"]
    assert {row[1] for row in rows[1:]} == {"CISSS d’essai"}


def test_a_meeting_is_found_by_its_agenda_and_minutes_not_by_its_link(
    session: Session, space: Space, host: Viewer
) -> None:
    make_vocabulary(session)
    meeting = make_meeting(
        session, space, host=host, link="https://visio.exemple.ca/secret", place="Salle bleue"
    )
    hold(session, meeting)
    write_minutes(session, meeting, "Une **décision** prise.", version=0, by=again(session, host))
    document = load_document(session, meeting.public_id)
    assert document is not None

    words = f"{document.title} {document.abstract} {document.body}"
    assert document.audience == space.container
    assert all(word in words for word in ("bilan", "décision", "Salle bleue"))
    assert "visio" not in repr(document)
    assert ids_under(session, "absent") == []


def test_the_index_hears_of_minutes_and_of_a_cancelled_meeting(
    session: Session, space: Space, host: Viewer
) -> None:
    past, next_one = (make_meeting(session, space, host=host) for _one in range(2))
    hold(session, past)
    session.query(OutboxRow).delete()
    by = again(session, host)

    write_minutes(session, past, "Décidé.", version=0, by=by)
    cancel_meeting(session, next_one, reason="Tempête.", by=by)

    queued = {(one.kind, one.document_id) for one in session.scalars(select(OutboxRow))}
    assert queued == {("rencontre", past.public_id), ("rencontre", next_one.public_id)}
    assert load_document(session, next_one.public_id) is None
    assert list(every_id(session)) == [past.public_id]


@pytest.mark.parametrize("visibility", list(Visibility))
def test_search_confirms_what_each_may_read(
    session: Session, host: Viewer, visibility: Visibility
) -> None:
    space = make_space(session, facilitator=host, visibility=visibility)
    meeting = make_meeting(session, space)
    admin = make_viewer(session, role=Role.ADMIN)
    is_public = visibility is Visibility.PUBLIC
    is_open = visibility in {Visibility.PUBLIC, Visibility.MEMBERS}

    for who, reads in ((ANONYMOUS, is_public), (admin, is_open), (again(session, host), True)):
        found = confirm_documents(session, [meeting.public_id, "rien"], who)
        assert (meeting.public_id in found) is reads
    assert list(public_ids(session)) == ([meeting.public_id] if is_public else [])
    assert hooks.document_kinds["rencontre"].url(meeting.public_id, {"space": space.slug}) == (
        f"/communaute/{space.slug}/rencontres/{meeting.public_id}"
    )


def test_the_balance_sheet_counts_what_was_held_inter_and_intra_apart(
    session: Session, space: Space, host: Viewer, people: tuple[Viewer, ...], meeting: Meeting
) -> None:
    by = again(session, host)
    intra = make_meeting(session, space, is_inter=False)
    hold(session, intra)
    make_meeting(session, space)
    cancelled = make_meeting(session, space)
    cancel_meeting(session, cancelled, reason="Tempête.", by=by)
    hidden = make_space(session, facilitator=host, visibility=Visibility.PRIVATE_HIDDEN)
    hold(session, make_meeting(session, hidden))
    take_attendance(session, meeting, present=[public_id(session, people[0])], by=by)

    def ids(statement: object) -> list[str]:
        rows = session.execute(statement, SPAN.bounds).all()  # type: ignore[call-overload]
        return [row.public_id for row in rows]

    assert sorted(ids(held())) == sorted([meeting.public_id, intra.public_id])
    assert ids(held(is_inter=True)) == [meeting.public_id]
    assert ids(held(is_inter=False)) == [intra.public_id]
    assert [row.amount for row in session.execute(presences(), SPAN.bounds)] == [1]


def test_a_line_of_the_balance_sheet_keeps_what_is_private(session: Session, host: Viewer) -> None:
    space = make_space(
        session, facilitator=host, visibility=Visibility.PRIVATE_LISTED, name="Espace affiché"
    )
    meeting = make_meeting(session, space, title="Sujet délicat")
    hold(session, meeting)
    rows = session.execute(held(), SPAN.bounds).all()
    figure = hooks.figures["rencontres"]
    coordination = make_viewer(session, role=Role.COORDINATION)

    [shown] = figure.lines(session, rows, coordination)
    [own] = figure.lines(session, rows, again(session, host))

    assert (shown.title, shown.url) == ("Rencontre d’un espace privé", "")
    assert own.title == "Sujet délicat"
    assert not figure.is_seen_by(ANONYMOUS)


def test_own_data_holds_ones_registrations_and_no_word_of_a_space_left(
    session: Session, meeting: Meeting, people: tuple[Viewer, ...], host: Viewer
) -> None:
    assert people[0].member_id is not None
    [own] = meetings_of(session, people[0].member_id)
    assert (own["meeting"], own["registration"]) == ("Rencontre du mardi", "confirmed")

    space = session.get_one(Space, meeting.space_id)
    space.visibility = Visibility.PRIVATE_LISTED
    assert host.member_id is not None
    stranger = make_viewer(session)
    give_seat(session, meeting, stranger)
    assert stranger.member_id is not None
    [left] = meetings_of(session, stranger.member_id)
    assert "meeting" not in left


def test_who_came_is_forgotten_after_three_years(
    session: Session, meeting: Meeting, space: Space, people: tuple[Viewer, ...]
) -> None:
    old = make_meeting(session, space, starts_at=now() - timedelta(days=1200))
    give_seat(session, old, people[0])

    assert purge_seats(session, now() - timedelta(days=1095)) == 1
    left = session.scalars(select(Seat.meeting_id).distinct()).all()
    assert left == [meeting.id]
