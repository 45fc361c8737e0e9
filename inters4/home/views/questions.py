"""`/question`: anyone asks the brokering team, without an account."""

import structlog
from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.errors import TooMany
from inters4.core.i18n import _
from inters4.core.web.read_in import item_read, named_item
from inters4.core.web.requests import network_of_request, public, viewer
from inters4.core.working_days import add_working_days
from inters4.home.forms.questions import (
    LONGEST_QUERY,
    QuestionForm,
    known_origin,
    known_subject,
    one_line,
)
from inters4.home.models import KEPT_DAYS, Subject
from inters4.home.services.asking import ask_question
from inters4.home.views.blueprint import bp
from inters4.home.views.origins import Origin, document_of_origin, read_origin
from inters4.members.queries import email_of
from inters4.newsletters.queries.items import title_of_item
from inters4.settings import Settings

log = structlog.get_logger(__name__)


@bp.get("/question")
@public
def question() -> ResponseReturnValue:
    """The form, with what the person searched for and the page they come from."""
    query = one_line(request.args.get("q"), limit=LONGEST_QUERY)
    subject = known_subject(request.args.get("objet"))
    origin = known_origin(request.args.get("de"))
    form = QuestionForm(
        formdata=None,
        question=_begun(query, subject, origin),
        nom=viewer().display_name,
        courriel=_own_address(),
        objet=subject.value,
        q=query,
        de=origin,
        numero=named_item(),
    )
    return _page(form)


@bp.post("/question")
@public
def ask() -> ResponseReturnValue:
    """Keep the question, or give the form back as it was filled."""
    form = QuestionForm()
    if not form.validate():
        return _page(form, status=422)
    thanks = redirect(url_for(".question_received", objet=_subject_in_address(form)), code=303)
    if form.is_from_a_robot:
        log.info("question_from_a_robot")
        return thanks
    settings = _settings()
    try:
        with writing() as session:
            ask_question(
                session,
                **form.values(),
                read_in=_item_read(session, known_origin(form.de.data)),
                network=network_of_request(),
                contact=settings.contact,
                delay_days=settings.question_delay_days,
            )
    except TooMany as refusal:
        log.info("question_slowed", seconds=refusal.retry_after)
        form.refuse(refusal.message)
        return _page(form, status=429, retry_after=refusal.retry_after)
    return thanks


@bp.get("/question/merci")
@public
def question_received() -> ResponseReturnValue:
    """What happens next, and by when."""
    days = _settings().question_delay_days
    return render_template(
        "home/question_received.html",
        subject=known_subject(request.args.get("objet")),
        Subject=Subject,
        delay_days=days,
        due_on=add_working_days(local(now()).date(), days),
    )


def _begun(query: str, subject: Subject, origin: str) -> str:
    """The first words of the question, when they go without saying."""
    if query:
        return _("Je cherche ce qui existe sur « %(query)s ».", query=query)
    title = _title_of_item(origin) if subject is Subject.EVIDENCE else ""
    return _("Je voudrais lire ce qui appuie « %(title)s ».", title=title) if title else ""


def _title_of_item(origin: str) -> str:
    if not named_item():
        return ""
    with reading() as session:
        return title_of_item(session, _item_read(session, origin))


def _item_read(session: Session, origin: str) -> str:
    """The item that led here; from the page of a sheet or a summary, one that cites it."""
    if not named_item():
        return ""
    return item_read(session, about=document_of_origin(session, origin, viewer=viewer()))


def _subject_in_address(form: QuestionForm) -> str | None:
    """A question goes without saying; what else was sent as a subject is not repeated."""
    subject = known_subject(form.objet.data)
    return None if subject is Subject.QUESTION else subject.value


def _own_address() -> str:
    """That of whoever is signed in: no one types it twice."""
    if not viewer().is_signed_in:
        return ""
    with reading() as session:
        return email_of(session, viewer().member_id)


def _told_of(origin: str) -> Origin:
    if not origin:
        return Origin()
    with reading() as session:
        return read_origin(session, origin, viewer=viewer())


def _page(form: QuestionForm, *, status: int = 200, retry_after: int | None = None) -> Response:
    origin = known_origin(form.de.data)
    told = _told_of(origin)
    body = render_template(
        "home/question.html",
        form=form,
        subject=known_subject(form.objet.data),
        Subject=Subject,
        query=one_line(form.q.data, limit=LONGEST_QUERY),
        origin=origin,
        origin_name=told.name,
        discussed=told.key,
        item=_title_of_item(origin),
        delay_days=_settings().question_delay_days,
        kept_months=KEPT_DAYS // 365 * 12,
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
