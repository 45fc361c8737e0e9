"""A thread is started: once, and nothing that was typed or deposited is ever lost."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path
from inters4.community.exports.words import KIND_VALUES
from inters4.community.forms.writing import (
    Refused,
    Sent,
    ThreadForm,
    new_key,
    put_error,
    read_sent,
    refused,
)
from inters4.community.models import Space, ThreadKind
from inters4.community.queries.access import access_to
from inters4.community.queries.drafts import files_of_draft, find_draft, place_of_space
from inters4.community.queries.posts import first_post
from inters4.community.queries.tied import PARAMETER, find_subject
from inters4.community.queries.visibility import find_readable_space
from inters4.community.services.drafting import mark_of_draft
from inters4.community.services.starting import start_thread
from inters4.community.views.blueprint import bp
from inters4.community.views.composing import (
    NO_FILE,
    do_gesture,
    keep_given_back,
    nowhere,
    posted,
    received_file,
    signs,
    to_attach,
    typed,
)
from inters4.community.views.thread_page import NOTHING
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.files import StoredFile
from inters4.core.web.requests import signed_in, viewer


@bp.get("/<slug>/nouveau")
@signed_in
def new_thread(slug: str) -> ResponseReturnValue:
    """The form of a new thread, about something or nothing."""
    with reading() as session:
        g.session = session
        space = find_readable_space(session, slug, viewer=viewer()) or abort(404)
        return _new_page(session, space)


@bp.post("/<slug>/nouveau")
@signed_in
def start(slug: str) -> ResponseReturnValue:
    """Start the thread, or do what the other buttons say."""
    sent, deposited = read_sent(), NO_FILE
    try:
        deposited = received_file()
        with writing() as session:
            space = find_readable_space(session, slug, viewer=viewer())
            if space is None:
                return nowhere(sent)
            place = place_of_space(space)
            if sent.gesture:
                do_gesture(session, place, sent, deposited)
                return redirect(_new_again(slug, sent), 303)
            thread = start_thread(
                session,
                space,
                title=sent.title,
                text=sent.text,
                kind=KIND_VALUES.get(sent.kind, ThreadKind.DISCUSSION),
                about=_about(sent.subject),
                by=viewer(),
                key=sent.key,
                chosen=sent.chosen,
                files=to_attach(session, place, sent, deposited),
                is_meant=sent.means(signs(sent)),
            )
            made = first_post(session, thread)
            address = post_path(slug, thread.id, thread.title, 1)
    except DomainError as refusal:
        return _start_again(slug, sent, refusal, deposited)
    return posted(made, address)


def _start_again(
    slug: str, sent: Sent, refusal: DomainError, deposited: Sequence[StoredFile]
) -> ResponseReturnValue:
    """The page with what was typed; what was deposited stays in the draft."""

    def place_in(session: Session) -> str:
        found = find_readable_space(session, slug, viewer=viewer())
        return place_of_space(found) if found else ""

    refusal = keep_given_back(refusal, sent, deposited, place_in)
    with reading() as session:
        g.session = session
        space = find_readable_space(session, slug, viewer=viewer())
        if space is None:
            return nowhere(sent)
        return _new_page(session, space, sent=sent, refusal=refusal)


def _new_page(
    session: Session,
    space: Space,
    *,
    sent: Sent | None = None,
    refusal: DomainError | None = None,
) -> ResponseReturnValue:
    access = access_to(session, space, viewer=viewer())
    place = place_of_space(space)
    draft = find_draft(session, place, viewer=viewer())
    told: Refused = refused(refusal) if refusal else NOTHING
    key = sent.subject if sent else request.args.get(PARAMETER, "")
    form = _thread_form(sent, draft.title if draft else "", draft.source if draft else "")
    form.offer(announces=access.moderates)
    form.sujet.data = key
    if refusal is not None and not told.seen:
        put_error(form, refusal)
    body = render_template(
        "community/thread_new.html",
        space=space,
        access=access,
        place="fil",
        form=form,
        subject=find_subject(session, key, viewer=viewer()),
        refused=told,
        given_back=typed(sent) if sent is not None else "",
        draft=draft,
        draft_mark=mark_of_draft(draft),
        attached=files_of_draft(session, draft),
        key=new_key() if sent is None or told.theirs or not sent.key else sent.key,
        chosen=sent.chosen if sent else (),
        writing_place=place,
        writing_url=url_for(".start", slug=space.slug),
    )
    made: Response = make_response(body, told.status)
    if told.retry_after:
        made.headers["Retry-After"] = str(told.retry_after)
    return made


def _thread_form(sent: Sent | None, title: str, text: str) -> ThreadForm:
    if sent is not None:
        return ThreadForm(
            formdata=None, titre=sent.title, texte=sent.text, nature=sent.kind or "discussion"
        )
    kind = request.args.get("genre", "")
    return ThreadForm(
        formdata=None,
        titre=title or request.args.get("titre", "")[:200],
        texte=text,
        nature=kind if kind in KIND_VALUES else "discussion",
    )


def _about(key: str) -> tuple[str, str] | None:
    kind, _colon, identifier = key.partition(":")
    return (kind, identifier) if kind and identifier and len(key) <= 200 else None


def _new_again(slug: str, sent: Sent) -> str:
    kept: dict[str, Any] = {PARAMETER: sent.subject or None, "genre": sent.kind or None}
    return url_for(".new_thread", slug=slug, **kept, _anchor="fichiers")
