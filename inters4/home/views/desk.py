"""`/equipe/questions`: the team's queue. It does not exist for anyone else."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import (
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.db import reading, writing
from inters4.core.i18n import _, ngettext
from inters4.core.richtext import Profile, excerpt, plain_text, render
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import signed_in, viewer
from inters4.home.exports.questions import questions_csv
from inters4.home.forms.questions import AnswerForm, ClosingForm
from inters4.home.models import Outcome, Question, QuestionState
from inters4.home.queries import questions as queries
from inters4.home.services import answering, keeping
from inters4.home.views.blueprint import bp
from inters4.home.views.origins import read_origin

_SHORT = 140
_STATES = {
    "ouvertes": QuestionState.OPEN,
    "prises": QuestionState.TAKEN,
    "fermees": QuestionState.CLOSED,
}


@bp.get("/equipe/questions")
@signed_in
def questions() -> ResponseReturnValue:
    """Questions by age, one state at a time."""
    team = _team()
    chosen = request.args.get("etat", "")
    chosen = chosen if chosen in _STATES else "ouvertes"
    with reading() as session:
        g.session = session
        queue = queries.list_questions(
            session,
            viewer=team,
            state=_STATES[chosen],
            page=request.args.get("page", 1, type=int),
        )
        return render_template(
            "home/questions.html",
            queue=queue,
            chosen=chosen,
            states=_STATES,
            outcomes=ClosingForm.LABELS,
            short=_first_line,
            url_of=lambda number: url_for(".questions", etat=chosen, page=number),
        )


@bp.get("/equipe/questions.csv")
@signed_in
def questions_as_csv() -> ResponseReturnValue:
    """Every question, without what says who asked; the export is written in the journal."""
    team = _team()
    with writing() as session:
        audit.record(session, "home.questions_exported", by=team)

    def lines() -> Iterator[str]:
        with reading() as session:
            yield from questions_csv(queries.every_question(session, viewer=team))

    return as_file(lines(), CSV, "questions.csv", is_private=True)


@bp.get("/equipe/questions/<public_id>")
@signed_in
def question_page(public_id: str) -> ResponseReturnValue:
    """One question, who answers it, and what was answered."""
    team = _team()
    with reading() as session:
        found = queries.find_question(session, public_id, viewer=team) or abort(404)
        return _question_page(session, found, team)


@bp.post("/equipe/questions/<public_id>/prise")
@signed_in
def take(public_id: str) -> ResponseReturnValue:
    """« Je la prends »."""
    return _act(public_id, answering.take_question, _("La question est à vous."))


@bp.post("/equipe/questions/<public_id>/remise")
@signed_in
def release(public_id: str) -> ResponseReturnValue:
    """Back in the queue."""
    return _act(
        public_id, answering.release_question, _("La question est de nouveau dans la file.")
    )


@bp.post("/equipe/questions/<public_id>/reouverture")
@signed_in
def reopen(public_id: str) -> ResponseReturnValue:
    """Undo the closing."""
    team = _team()
    with writing() as session:
        found = queries.lock_question(session, public_id, viewer=team) or abort(404)
        is_reopened = answering.reopen_question(session, found, by=team)
    flash(_("La question est rouverte.") if is_reopened else _("La question est déjà ouverte."))
    return _back(public_id)


@bp.post("/equipe/questions/<public_id>/reponse")
@signed_in
def answer(public_id: str) -> ResponseReturnValue:
    """Write to whoever asked, and close when it says so."""
    team, form = _team(), AnswerForm()
    if not form.validate():
        return _again(public_id, team, answer_form=form)
    with writing() as session:
        found = queries.lock_question(session, public_id, viewer=team) or abort(404)
        answering.answer_question(
            session, found, text=form.reponse.data, version=_version(form), by=team
        )
        if form.fermer.data:
            session.flush()
            answering.close_question(
                session, found, outcome=Outcome.ANSWERED, version=found.version, by=team
            )
    minutes = int(answering.RECALL.total_seconds() // 60)
    flash(
        ngettext(
            "La réponse part dans %(num)s minute; d’ici là, vous pouvez l’arrêter.",
            "La réponse part dans %(num)s minutes; d’ici là, vous pouvez l’arrêter.",
            minutes,
        ),
        "success",
    )
    return _back(public_id)


@bp.post("/equipe/questions/<public_id>/rappel")
@signed_in
def recall(public_id: str) -> ResponseReturnValue:
    """Stop the answer before it leaves; its text comes back in the form."""
    return _act(
        public_id,
        answering.recall_answer,
        _("La réponse n’est pas partie : la voici de nouveau dans le formulaire."),
    )


@bp.post("/equipe/questions/<public_id>/fermeture")
@signed_in
def close(public_id: str) -> ResponseReturnValue:
    """End it with an outcome."""
    team, form = _team(), ClosingForm()
    if not form.validate():
        return _again(public_id, team, closing_form=form)
    with writing() as session:
        found = queries.lock_question(session, public_id, viewer=team) or abort(404)
        answering.close_question(
            session,
            found,
            outcome=Outcome(form.issue.data),
            note=form.note.data or "",
            version=_version(form),
            by=team,
        )
    flash(_("La question est fermée; vous pouvez la rouvrir."), "success")
    return _back(public_id)


@bp.post("/equipe/questions/<public_id>/effacement")
@signed_in
def erase(public_id: str) -> ResponseReturnValue:
    """The person asked to be erased: the question, its answers and its messages go."""
    team = _team()
    with writing() as session:
        found = queries.lock_question(session, public_id, viewer=team) or abort(404)
        keeping.erase_question(session, found, by=team)
    flash(_("La question et tout ce qui s’y rattache sont effacés."), "success")
    return redirect(url_for(".questions"), code=303)


def _first_line(text: str) -> str:
    """What the question opens with: a list below it does not run on."""
    first = plain_text(text, profile=Profile.POST).strip().partition("\n")[0]
    return excerpt(first, length=_SHORT, profile=Profile.POST)


def _team() -> Viewer:
    present = viewer()
    return present if queries.is_of_the_team(present) else abort(404)


def _act(public_id: str, verb: Callable[..., object], told: str) -> ResponseReturnValue:
    """Load under a lock, do it, say so, come back to the question."""
    team = _team()
    with writing() as session:
        found = queries.lock_question(session, public_id, viewer=team) or abort(404)
        verb(session, found, by=team)
    flash(told, "success")
    return _back(public_id)


def _back(public_id: str) -> ResponseReturnValue:
    return redirect(url_for(".question_page", public_id=public_id), code=303)


def _version(form: AnswerForm | ClosingForm) -> int:
    typed = form.version.data or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _again(public_id: str, team: Viewer, **forms: Any) -> ResponseReturnValue:
    with reading() as session:
        found = queries.find_question(session, public_id, viewer=team) or abort(404)
        return make_response(_question_page(session, found, team, **forms), 422)


def _question_page(
    session: Session,
    question: Question,
    team: Viewer,
    *,
    answer_form: AnswerForm | None = None,
    closing_form: ClosingForm | None = None,
) -> str:
    g.session = session
    stopped = next((one.text for one in question.answers[-1:] if one.recalled_at is not None), "")
    members = [question.taken_by_id, *(one.written_by_id for one in question.answers)]
    return render_template(
        "home/question_page.html",
        question=question,
        origin_name=read_origin(session, question.origin, viewer=team).name,
        is_mine=question.taken_by_id == team.member_id,
        state=QuestionState,
        outcomes=ClosingForm.LABELS,
        names=queries.names_of(session, members),
        recallable=queries.can_be_recalled(session, question.answers),
        rendered=lambda text: render(text, profile=Profile.POST).html,
        answer_form=answer_form
        or AnswerForm(formdata=None, reponse=stopped, fermer=True, version=question.version),
        closing_form=closing_form
        or ClosingForm(formdata=None, note=question.note, version=question.version),
    )
