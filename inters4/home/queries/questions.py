"""The team's queue of questions. Nobody outside the brokering team sees a row of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import Role, Viewer
from inters4.core.mail import MailState, QueuedMail
from inters4.core.paging import Page, read_page
from inters4.core.values import dataclass
from inters4.home.models import Outcome, Question, QuestionAnswer, QuestionState
from inters4.members.models import Member


def is_of_the_team(viewer: Viewer) -> bool:
    """True of those who answer questions."""
    return viewer.has(Role.BROKER) or viewer.has(Role.COORDINATION)


def find_question(session: Session, public_id: str, *, viewer: Viewer) -> Question | None:
    """The question of this id with its answers, when `viewer` may see it."""
    return session.scalars(_one(public_id, viewer)).first()


def questions_from(
    session: Session, paths: Collection[str], since: datetime, until: datetime
) -> Mapping[str, int]:
    """How many were asked from each of these pages in a time, unwanted ones left out."""
    rows = session.execute(
        select(Question.origin, func.count().label("number"))
        .where(
            Question.origin.in_(paths),
            Question.asked_at >= since,
            Question.asked_at < until,
            or_(Question.outcome.is_(None), Question.outcome != Outcome.UNWANTED),
        )
        .group_by(Question.origin)
    )
    return {row.origin: row.number for row in rows}


def lock_question(session: Session, public_id: str, *, viewer: Viewer) -> Question | None:
    """The same as it is now, kept from others until the transaction ends."""
    statement = _one(public_id, viewer).with_for_update(of=Question)
    return session.scalars(statement, execution_options={"populate_existing": True}).first()


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Questions that wait: those nobody has taken, and those that the viewer has."""

    open: int
    mine: int


def count_awaiting(session: Session, *, viewer: Viewer) -> Awaiting:
    """What awaits someone of the team, in one statement."""
    is_mine = (Question.state == QuestionState.TAKEN) & (Question.taken_by_id == viewer.member_id)
    row = session.execute(
        select(
            func.count(case((Question.state == QuestionState.OPEN, 1))).label("open"),
            func.count(case((is_mine, 1))).label("mine"),
        ).where(_visible_to(viewer))
    ).one()
    return Awaiting(row.open, row.mine)


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue; `counts` has every state, `owners` the name of each member."""

    page: Page[Question]
    counts: Mapping[QuestionState, int]
    owners: Mapping[int, str]


def list_questions(
    session: Session, *, viewer: Viewer, state: QuestionState, page: int = 1
) -> Queue:
    """Questions of one state: those that wait by age, those that are closed the latest first."""
    visible = _visible_to(viewer)
    counts = {
        row.state: row.number
        for row in session.execute(
            select(Question.state, func.count().label("number"))
            .where(visible)
            .group_by(Question.state)
        )
    }
    order = (
        (Question.closed_at.desc(), Question.id.desc())
        if state is QuestionState.CLOSED
        else (Question.asked_at, Question.id)
    )
    wanted = select(Question).where(visible, Question.state == state).order_by(*order)
    found = read_page(session, wanted, page, total=counts.get(state, 0))
    owners = names_of(session, (question.taken_by_id for question in found.rows))
    return Queue(found, {one: counts.get(one, 0) for one in QuestionState}, owners)


def names_of(session: Session, members: Iterable[int | None]) -> Mapping[int, str]:
    """The name of each member, in one statement; none for nobody."""
    wanted = {number for number in members if number is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Member.id, Member.name).where(Member.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def every_question(session: Session, *, viewer: Viewer) -> Iterator[Question]:
    """All of them, the oldest first."""
    statement = select(Question).where(_visible_to(viewer))
    yield from session.scalars(statement.order_by(Question.asked_at, Question.id))


def same_question(session: Session, *, email: str, text: str, since: datetime) -> Question | None:
    """The very same question, asked after `since`: a button pressed twice."""
    return session.scalars(
        select(Question).where(
            Question.email == email, Question.text == text, Question.asked_at >= since
        )
    ).first()


def load_question(session: Session, question_id: int) -> Question | None:
    """The question of this number, for the message about it."""
    return session.get(Question, question_id)


def load_answer(session: Session, answer_id: int) -> QuestionAnswer | None:
    """The answer of this number and its question, for the message that carries it."""
    return session.scalars(
        select(QuestionAnswer)
        .options(selectinload(QuestionAnswer.question))
        .where(QuestionAnswer.id == answer_id)
    ).first()


def waiting_mail(session: Session, mail_id: int | None) -> QueuedMail | None:
    """A message that has not left, locked so that it does not leave meanwhile."""
    if mail_id is None:
        return None
    return session.scalars(
        select(QueuedMail)
        .where(QueuedMail.id == mail_id, QueuedMail.state == MailState.QUEUED)
        .with_for_update()
    ).first()


def can_be_recalled(session: Session, answers: Iterable[QuestionAnswer]) -> frozenset[int]:
    """Numbers of the answers whose message has not left."""
    numbers = {answer.mail_id: answer.id for answer in answers if answer.mail_id}
    if not numbers:
        return frozenset()
    waiting = session.scalars(
        select(QueuedMail.id).where(
            QueuedMail.id.in_(numbers), QueuedMail.state == MailState.QUEUED
        )
    )
    return frozenset(numbers[number] for number in waiting)


def questions_to_forget(session: Session, before: datetime) -> Sequence[Question]:
    """Those that say who asked although nothing happened to them since `before`."""
    last_seen = func.coalesce(Question.closed_at, Question.updated_at)
    return session.scalars(
        select(Question)
        .options(selectinload(Question.answers))
        .where(Question.forgotten_at.is_(None), last_seen < before)
    ).all()


def unwanted_questions(session: Session, before: datetime) -> Sequence[Question]:
    """Those put aside as unwanted before that instant."""
    return session.scalars(
        select(Question)
        .options(selectinload(Question.answers))
        .where(Question.outcome == Outcome.UNWANTED, Question.closed_at < before)
    ).all()


def mail_about(session: Session, question: Question) -> Sequence[QueuedMail]:
    """Every message kept about a question, to whoever asked or to the team."""
    answers = [answer.mail_id for answer in question.answers if answer.mail_id is not None]
    return session.scalars(
        select(QueuedMail).where(
            or_(
                QueuedMail.id.in_(answers),
                QueuedMail.kind.in_(("question_received", "question_notice"))
                & (QueuedMail.parameters["question"].as_integer() == question.id),
            )
        )
    ).all()


def _one(public_id: str, viewer: Viewer) -> Select[Question]:
    return (
        select(Question)
        .options(selectinload(Question.answers))
        .where(Question.public_id == public_id, _visible_to(viewer))
    )


def _visible_to(viewer: Viewer) -> ColumnElement[bool]:
    return true() if is_of_the_team(viewer) else false()
