"""A period in which everything that the balance sheet counts happened, a few times each."""

import itertools
from datetime import datetime, time

from sqlalchemy.orm import Session

from inters4.community.models import SeatState
from inters4.core.clock import LOCAL_ZONE, local
from inters4.home.models import Outcome
from inters4.members.models import MemberState, StateChange
from inters4.newsletters.models import (
    ApprovalDecision,
    Bounce,
    BounceKind,
    Delivery,
    DeliveryState,
    IssueApproval,
    IssueState,
    Subscriber,
    SubscriberState,
    SubscriberStep,
)
from inters4.practices.models import (
    Adoption,
    AdoptionState,
    AdoptionStep,
    Move,
    Openness,
    PracticeState,
    PracticeStep,
    PracticeVersion,
)
from inters4.practices.models.readership import PracticeReading
from inters4.reactions.models import Answer, Reaction
from inters4.veille.models import SummaryState, SummaryStep
from tests.builders.community import make_space
from tests.builders.home import make_question
from tests.builders.meetings import give_seat, make_meeting
from tests.builders.members import make_member, make_organisation, make_viewer
from tests.builders.newsletters import make_issue
from tests.builders.practices import make_practice
from tests.builders.sending import make_subscriber
from tests.builders.veille import make_summary

_numbers = itertools.count(1)


def live(session: Session, at: datetime) -> None:
    """Fill the instant `at` with everything; the newsletter `en-bref` exists."""
    number = next(_numbers)
    _people(session, at)
    _newsletters(session, at, number)
    _veille(session, at, number)
    _practices(session, at, number)
    for outcome in (None, Outcome.ANSWERED, Outcome.UNWANTED):
        make_question(session, text=f"Question {number}", asked_at=at, outcome=outcome)
    _meetings(session, at)
    session.flush()


def account(session: Session, *moves: tuple[datetime, MemberState]) -> int:
    """A person, and what their account became."""
    member = make_member(session, password=None, state=moves[-1][1])
    before: MemberState | None = None
    for at, state in moves:
        session.add(StateChange(member_id=member.id, at=at, from_state=before, to_state=state))
        session.flush()
        before = state
    return member.id


def subscription(session: Session, *moves: tuple[datetime, SubscriberState]) -> Subscriber:
    """A subscriber, and what their subscription became."""
    subscriber = make_subscriber(session, state=moves[-1][1])
    before: SubscriberState | None = None
    for at, state in moves:
        session.add(SubscriberStep(subscriber_id=subscriber.id, at=at, before=before, after=state))
        session.flush()
        before = state
    return subscriber


def _people(session: Session, at: datetime) -> None:
    for _time in range(3):
        account(session, (at, MemberState.UNVERIFIED), (at, MemberState.ACTIVE))
    account(session, (at, MemberState.ACTIVE), (at, MemberState.DEACTIVATED))


def _newsletters(session: Session, at: datetime, number: int) -> None:
    first = 10 * number
    sent, elsewhere, erratum = (
        make_issue(session, first + place, state=IssueState.SENT, published_at=at)
        for place in range(3)
    )
    elsewhere.sent_elsewhere = 68
    erratum.erratum_of_id = sent.id
    session.add(
        IssueApproval(
            issue_id=sent.id,
            content="",
            decision=ApprovalDecision.RELEASED,
            decided_at=at,
            reason="Personne ne répondait.",
        )
    )
    states = SubscriberState
    people = [
        subscription(session, (at, states.TO_CONFIRM), (at, states.ACTIVE)) for _one in range(23)
    ]
    people.append(subscription(session, (at, states.ACTIVE), (at, states.UNSUBSCRIBED)))
    for person in people:
        delivery = Delivery(
            issue_id=sent.id,
            subscriber_id=person.id,
            address=person.address,
            state=DeliveryState.SENT,
            message_id=f"<{sent.id}-{person.id}@exemple.ca>",
            sent_at=at,
            settled_at=at,
        )
        session.add(delivery)
        session.flush()
    session.add(
        Bounce(
            delivery_id=delivery.id,
            subscriber_id=person.id,
            kind=BounceKind.HARD,
            status="5.1.1",
            at=at,
        )
    )


def _veille(session: Session, at: datetime, number: int) -> None:
    after = {"c": SummaryState.CORRECTED, "r": SummaryState.RETRACTED}
    for name in ("a", "b", *after):
        summary = make_summary(session, f"resume-{name}-{number}", published_at=at)
        if name in after:
            summary.state = after[name]
            session.add(
                SummaryStep(
                    summary_id=summary.id,
                    before=SummaryState.PUBLISHED,
                    after=after[name],
                    at=at,
                    reason="Une erreur.",
                )
            )


def _meetings(session: Session, at: datetime) -> None:
    """At the first minute of that day: what is to come is not counted."""
    space = make_space(session)
    midnight = datetime.combine(local(at).date(), time(), tzinfo=LOCAL_ZONE)
    for is_inter in (True, False):
        meeting = make_meeting(
            session, space, starts_at=midnight, is_inter=is_inter, attendance_at=at
        )
        seat = give_seat(session, meeting, make_viewer(session), SeatState.CONFIRMED)
        seat.was_present = True


def _practices(session: Session, at: datetime, number: int) -> None:
    read, gone = (
        make_practice(session, f"fiche-{name}-{number}", published_at=at) for name in ("a", "b")
    )
    for version in (1, 2):
        session.add(
            PracticeVersion(
                practice_id=read.id, number=version, edition=version, text="", published_at=at
            )
        )
    gone.state = PracticeState.WITHDRAWN
    session.add(
        PracticeStep(
            practice_id=gone.id,
            move=Move.WITHDRAW,
            from_state=PracticeState.PUBLISHED,
            to_state=PracticeState.WITHDRAWN,
            at=at,
        )
    )
    organisation = make_organisation(session, is_consortium_member=False)
    for openness in (Openness.PUBLIC, Openness.MEMBERS):
        adoption = Adoption(
            practice_id=read.id,
            organisation_id=organisation.id,
            team=f"Équipe {openness}",
            openness=openness,
            state=AdoptionState.TRIAL,
            created_at=at,
        )
        session.add(adoption)
        session.flush()
        session.add(
            AdoptionStep(
                adoption_id=adoption.id, from_state=None, to_state=AdoptionState.TRIAL, at=at
            )
        )
    day = local(at).date()
    session.add(PracticeReading(practice_id=read.id, on_day=day, number=12))
    session.add(PracticeReading(practice_id=gone.id, on_day=day, number=3))
    for answer in (Answer.YES, Answer.NO):
        session.add(
            Reaction(
                kind="fiche",
                document_id=read.id,
                browser=f"{answer}-{number}",
                network=None,
                answer=answer,
                created_at=at,
            )
        )
