"""What a thread found is proposed to the sheet it is about; those who carry the sheet decide."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import (
    AdditionState,
    Post,
    PostState,
    SheetAddition,
    Space,
    Thread,
    ThreadSummary,
    Visibility,
)
from inters4.community.queries.additions import Proposed, awaiting_additions, find_addition
from inters4.community.services.proposing import (
    decline_addition,
    forget_proposer,
    propose_addition,
    take_addition,
)
from inters4.community.services.sanctioning import suspend
from inters4.core.access import Role, Viewer
from inters4.core.db import writing
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.notices.models import Notice
from inters4.practices.models import PracticeAuthor, PracticeRevision, PracticeState
from tests.builders.community import again, make_post, make_space, make_thread
from tests.builders.members import browser_of, make_viewer
from tests.builders.practices import make_practice
from tests.builders.web import csrf


class Scene:
    """A public space, a thread about a sheet with an answer and a summary, and its people."""

    def __init__(self, session: Session, **fields: Any) -> None:
        self.session = session
        practice = make_practice(session, "visites", title="Visites virtuelles", slug="visites")
        carrier, asker, leader = (make_viewer(session) for _number in range(3))
        session.add(PracticeAuthor(practice_id=practice.id, member_id=carrier.member_id))
        self.space: Space = make_space(
            session,
            facilitator=leader,
            members=(asker,),
            **{"visibility": Visibility.PUBLIC, **fields},
        )
        self.thread: Thread = make_thread(
            session,
            self.space,
            author=asker,
            title="Combien de [visites]?",
            about_kind="fiche",
            about_id="visites",
        )
        self.answer: Post = make_post(session, self.thread, text="Douze **visites** par mois.")
        self.thread.accepted_id = self.answer.id
        summary = ThreadSummary(thread_id=self.thread.id, by_id=leader.member_id)
        summary.write("En bref, une visite suffit.")
        session.add(summary)
        session.flush()
        self.carrier = again(session, carrier)
        self.asker, self.leader = again(session, asker), again(session, leader)

    def propose(self, post: Post | None = None, *, by: Viewer | None = None) -> SheetAddition:
        """Propose the summary, or a post."""
        return propose_addition(self.session, self.thread, self.space, post, by=by or self.leader)

    def found(self, addition: SheetAddition, *, by: Viewer | None = None) -> Proposed | None:
        """What the carrier finds of it."""
        return find_addition(self.session, addition.public_id, viewer=by or self.carrier)


@pytest.fixture
def scene(session: Session) -> Scene:
    return Scene(session)


def test_who_carries_the_sheet_is_told_and_takes_the_text_beside_it(
    session: Session, scene: Scene
) -> None:
    addition = scene.propose(scene.answer, by=scene.asker)
    told = session.scalars(select(Notice).where(Notice.kind == "community.addition")).all()
    assert [one.member_id for one in told] == [scene.carrier.member_id]
    found = scene.found(addition)
    assert found is not None

    take_addition(session, found, by=scene.carrier)

    revision = session.scalars(select(PracticeRevision)).one()
    kept = revision.values["unsorted"]
    assert "Douze **visites** par mois." in kept
    assert "Combien de \\[visites\\]?" in kept
    assert f"/communaute/{scene.space.slug}/{scene.thread.id}" in kept
    assert addition.state is AdditionState.TAKEN
    decided = session.scalars(select(Notice).where(Notice.kind == "community.addition_decided"))
    assert [one.member_id for one in decided] == [scene.asker.member_id]


def test_whoever_is_suspended_proposes_nothing(session: Session, scene: Scene) -> None:
    suspend(
        session,
        scene.space,
        scene.asker.member_id or 0,
        days=3,
        reason="Trop de promotion.",
        by=scene.leader,
    )

    with pytest.raises(NotAllowed):
        scene.propose(by=scene.asker)


def test_proposed_twice_it_waits_once(session: Session, scene: Scene) -> None:
    assert scene.propose() is scene.propose(by=scene.asker)
    assert scene.propose(scene.answer) is not scene.propose()


def test_a_second_text_stands_under_the_first(session: Session, scene: Scene) -> None:
    for addition in (scene.propose(), scene.propose(scene.answer)):
        found = scene.found(addition)
        assert found is not None
        take_addition(session, found, by=scene.carrier)

    kept = session.scalars(select(PracticeRevision)).one().values["unsorted"]
    assert kept.index("une visite suffit") < kept.index("Douze **visites**")


def test_decided_once_it_is_decided_for_good(session: Session, scene: Scene) -> None:
    found = scene.found(scene.propose())
    assert found is not None
    decline_addition(session, found, reason="Déjà dans la fiche.", by=scene.carrier)

    with pytest.raises(Conflict):
        take_addition(session, found, by=scene.carrier)

    assert found.addition.reason == "Déjà dans la fiche."


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 1_001])
def test_a_refusal_has_a_reason(session: Session, scene: Scene, reason: str) -> None:
    found = scene.found(scene.propose())
    assert found is not None

    with pytest.raises(DomainError):
        decline_addition(session, found, reason=reason, by=scene.carrier)

    assert found.addition.is_waiting


def test_neither_a_passer_by_nor_the_team_of_another_space_proposes(
    session: Session, scene: Scene
) -> None:
    elsewhere = make_viewer(session)
    make_space(session, facilitator=elsewhere)
    for other in (make_viewer(session), again(session, elsewhere), scene.carrier):
        with pytest.raises(NotAllowed):
            scene.propose(by=other)


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE_LISTED, Visibility.PRIVATE_HIDDEN])
def test_nothing_of_a_private_space_is_proposed(session: Session, visibility: Visibility) -> None:
    scene = Scene(session, visibility=visibility)

    with pytest.raises(NotAllowed):
        scene.propose()


def test_what_became_private_is_found_by_nobody(session: Session, scene: Scene) -> None:
    addition = scene.propose()
    assert len(awaiting_additions(session, viewer=scene.carrier)) == 1

    scene.space.visibility = Visibility.PRIVATE_LISTED
    session.flush()

    assert scene.found(addition) is None
    assert not awaiting_additions(session, viewer=scene.carrier)


def test_an_answer_that_was_removed_or_moved_to_a_private_space_is_not_read_here(
    session: Session, scene: Scene
) -> None:
    addition = scene.propose(scene.answer)
    other = make_thread(session, make_space(session, visibility=Visibility.PRIVATE_HIDDEN))
    scene.answer.thread_id, scene.answer.number = other.id, 2
    session.flush()
    assert scene.found(addition) is None

    scene.answer.thread_id, scene.answer.number = scene.thread.id, 9
    scene.answer.state = PostState.REMOVED
    session.flush()
    assert scene.found(addition) is None


def test_whoever_carries_another_sheet_finds_nothing(session: Session, scene: Scene) -> None:
    addition = scene.propose()

    assert scene.found(addition, by=make_viewer(session)) is None
    assert scene.found(addition, by=make_viewer(session, role=Role.BROKER)) is not None
    assert scene.found(addition, by=scene.leader) is not None


def test_a_sheet_that_is_being_judged_takes_nothing_meanwhile(
    session: Session, scene: Scene
) -> None:
    first = scene.found(scene.propose())
    assert first is not None
    revision = take_addition(session, first, by=scene.carrier)
    revision.state = PracticeState.REVIEW
    session.flush()
    second = scene.found(scene.propose(scene.answer))
    assert second is not None

    with pytest.raises(Conflict):
        take_addition(session, second, by=scene.carrier)


def test_a_withdrawn_sheet_is_offered_nothing(session: Session, scene: Scene) -> None:
    make_practice(session, "autre", title="Autre", state=PracticeState.WITHDRAWN)
    scene.thread.about_id = "autre"

    with pytest.raises(Conflict):
        scene.propose()


def test_the_team_is_told_of_a_sheet_that_nobody_carries(session: Session, scene: Scene) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    for row in session.scalars(select(PracticeAuthor)):
        session.delete(row)
    session.flush()

    scene.propose()

    told = session.scalars(select(Notice).where(Notice.kind == "community.addition")).all()
    assert [one.member_id for one in told] == [broker.member_id]
    assert len(awaiting_additions(session, viewer=broker)) == 1


def test_whoever_is_erased_leaves_no_name_and_no_words(session: Session, scene: Scene) -> None:
    found = scene.found(scene.propose())
    assert found is not None
    decline_addition(session, found, reason="Mes mots.", by=scene.carrier)
    for person in (scene.leader, scene.carrier):
        assert person.member_id is not None
        forget_proposer(session, person.member_id)

    row = found.addition
    assert (row.by_id, row.decided_by_id, row.reason) == (None, None, "")


def test_from_the_thread_to_the_dossier_by_its_pages(app: Flask, database: str) -> None:
    with writing() as session:
        scene = Scene(session)
        leader, carrier = scene.leader, scene.carrier
        path = f"/communaute/{scene.space.slug}/{scene.thread.id}/ajout"
        number = scene.answer.number
    theirs = browser_of(app, leader)
    token = csrf(theirs, "/compte/preferences")
    sent = theirs.post(path, data={"csrf_token": token, "message": str(number)})
    assert sent.status_code == 303

    mine = browser_of(app, carrier)
    board = mine.get("/compte").text
    page = board.split('href="/communaute/ajouts/')[1].split('"')[0]
    shown = mine.get(f"/communaute/ajouts/{page}").text
    assert "<strong>visites</strong>" in shown
    token = csrf(mine, f"/communaute/ajouts/{page}")
    refused = mine.post(f"/communaute/ajouts/{page}/refus", data={"csrf_token": token})
    assert refused.status_code == 422
    taken = mine.post(f"/communaute/ajouts/{page}/reprise", data={"csrf_token": token})

    assert taken.headers["Location"] == "/pratiques/dossiers/visites"
    assert "Douze" in mine.get("/pratiques/dossiers/visites").text
    again_taken = mine.post(f"/communaute/ajouts/{page}/reprise", data={"csrf_token": token})
    assert again_taken.status_code == 409


@pytest.mark.parametrize("named", ["0", "99", "-1", "1.5", "9" * 40, "²", "abc"])
def test_an_unknown_post_is_not_found(app: Flask, database: str, named: str) -> None:
    with writing() as session:
        scene = Scene(session)
        leader = scene.leader
        path = f"/communaute/{scene.space.slug}/{scene.thread.id}/ajout"
    client = browser_of(app, leader)
    token = csrf(client, "/compte/preferences")

    assert client.post(path, data={"csrf_token": token, "message": named}).status_code == 404


def test_a_visitor_proposes_nothing(client: FlaskClient, database: str) -> None:
    assert client.get("/communaute/ajouts/exemple").status_code == 303
