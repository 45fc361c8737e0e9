"""What the brokering team does with a question: one person takes it, answers, closes.

Each verb takes a question that its caller has locked. A verb done twice changes nothing; what
someone else did meanwhile is a conflict that names them and keeps what was typed.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _, format_moment
from inters4.core.mail import enqueue
from inters4.core.mail.queue import cancel
from inters4.home.exports.letters import ANSWER
from inters4.home.exports.notices import QUESTION_KIND, about_question
from inters4.home.models import Outcome, Question, QuestionAnswer, QuestionState
from inters4.home.queries.questions import is_of_the_team, names_of, waiting_mail

RECALL = timedelta(minutes=2)
"""How long an answer waits before it leaves, so that its author may stop it."""


def take_question(session: Session, question: Question, *, by: Viewer) -> None:
    """Say « Je la prends »: everyone sees who answers.

    Raises:
        Conflict: someone else took it, or it is closed.
    """
    _allow(by)
    if question.state is QuestionState.TAKEN and question.taken_by_id == by.member_id:
        return
    if question.state is not QuestionState.OPEN:
        raise _taken_meanwhile(session, question)
    question.state = QuestionState.TAKEN
    question.taken_by_id, question.taken_at = by.member_id, now()
    _settle(session, question)
    _note(session, "home.question_taken", question, by)


def release_question(session: Session, question: Question, *, by: Viewer) -> None:
    """Put it back in the queue: by whoever took it, or by the coordination.

    Raises:
        Conflict: it is closed.
        NotAllowed: it is someone else's.
    """
    _allow(by)
    if question.is_closed:
        raise _taken_meanwhile(session, question)
    if question.state is not QuestionState.TAKEN:
        return
    if question.taken_by_id != by.member_id and not by.has(Role.COORDINATION):
        raise NotAllowed(_("Seule la personne qui a pris la question peut la remettre."))
    question.state = QuestionState.OPEN
    question.taken_by_id = question.taken_at = None
    _note(session, "home.question_released", question, by)


def answer_question(
    session: Session, question: Question, *, text: str, version: int, by: Viewer
) -> QuestionAnswer:
    """Write to whoever asked; the message waits `RECALL` before it leaves.

    Raises:
        Conflict: the question changed since `version`, belongs to someone else, is closed, or
            nobody knows any more who asked; `text` is given back.
    """
    _allow(by)
    _check_version(session, question, version, mine=text)
    if question.state is not QuestionState.TAKEN or question.taken_by_id != by.member_id:
        raise _taken_meanwhile(session, question, mine=text)
    if question.is_forgotten:
        raise Conflict(
            _("L’adresse a été effacée : aucune réponse ne peut plus partir."), mine=text
        )
    answer = QuestionAnswer(text=text, written_by_id=by.member_id)
    question.answers.append(answer)
    question.updated_at = answer.written_at = now()
    session.flush()
    mail = enqueue(
        session,
        kind=ANSWER,
        template=ANSWER,
        recipient=question.email,
        locale=question.locale,
        parameters={"answer": answer.id},
        not_before=now() + RECALL,
    )
    session.flush()
    answer.mail_id = mail.id
    _note(session, "home.question_answered", question, by)
    return answer


def recall_answer(session: Session, question: Question, *, by: Viewer) -> QuestionAnswer:
    """Stop the last answer before it leaves; the question is taken again by its author.

    Raises:
        Conflict: it has left.
    """
    _allow(by)
    answer = next((one for one in reversed(question.answers) if one.recalled_at is None), None)
    mail = waiting_mail(session, answer.mail_id) if answer is not None else None
    if answer is None or mail is None:
        if question.answers and question.answers[-1].recalled_at is not None:
            return question.answers[-1]
        raise Conflict(_("La réponse est déjà partie : écrivez-en une autre pour la corriger."))
    if answer.written_by_id != by.member_id and not by.has(Role.COORDINATION):
        raise NotAllowed(_("Seule la personne qui a écrit la réponse peut l’arrêter."))
    cancel(mail)
    answer.recalled_at = now()
    if question.is_closed:
        _reopen(question)
    question.updated_at = now()
    _note(session, "home.answer_recalled", question, by)
    return answer


def close_question(
    session: Session,
    question: Question,
    *,
    outcome: Outcome,
    version: int,
    by: Viewer,
    note: str = "",
) -> None:
    """End it with an outcome. One that nobody took may be closed by anyone of the team.

    Raises:
        Conflict: it changed since `version`, or someone else took it.
    """
    _allow(by)
    if question.is_closed and (question.outcome, question.note) == (outcome, note):
        return
    _check_version(session, question, version, mine=note)
    is_someone_elses = question.taken_by_id not in {None, by.member_id}
    if question.is_closed or (is_someone_elses and not by.has(Role.COORDINATION)):
        raise _taken_meanwhile(session, question, mine=note)
    question.state, question.closed_at = QuestionState.CLOSED, now()
    question.outcome, question.note = outcome, note
    _settle(session, question)
    _note(session, "home.question_closed", question, by, outcome=outcome.value)


def reopen_question(session: Session, question: Question, *, by: Viewer) -> bool:
    """Undo the closing: whoever had taken it has it again. False when it was not closed."""
    _allow(by)
    if not question.is_closed:
        return False
    _reopen(question)
    _note(session, "home.question_reopened", question, by)
    return True


def _reopen(question: Question) -> None:
    question.state = QuestionState.TAKEN if question.taken_by_id else QuestionState.OPEN
    question.outcome = question.closed_at = None


def _settle(session: Session, question: Question) -> None:
    """Someone has it: it awaits nobody else."""
    hooks.notifier.settle(session, QUESTION_KIND, subject=about_question(question))


def _allow(by: Viewer) -> None:
    if not is_of_the_team(by):
        raise NotAllowed(_("Seule l’équipe de courtage répond aux questions."))


def _check_version(session: Session, question: Question, version: int, *, mine: str) -> None:
    if question.version != version:
        raise _taken_meanwhile(session, question, mine=mine)


def _taken_meanwhile(session: Session, question: Question, *, mine: str = "") -> Conflict:
    """The refusal that says who did what, with their text and ours."""
    owner = names_of(session, [question.taken_by_id]).get(question.taken_by_id or 0, "")
    last = question.answers[-1].text if question.answers else question.note
    if question.is_closed:
        told = _("Cette question est fermée : rouvrez-la pour y répondre.")
    elif question.taken_by_id is None:
        told = _("Cette question a été remise dans la file : prenez-la d’abord.")
    elif question.taken_at is not None:
        told = _(
            "%(name)s a pris cette question le %(moment)s.",
            name=owner,
            moment=format_moment(question.taken_at),
        )
    return Conflict(told, theirs=last, mine=mine)


def _note(session: Session, action: str, question: Question, by: Viewer, **detail: str) -> None:
    audit.record(session, action, by=by, subject=f"question:{question.public_id}", **detail)
