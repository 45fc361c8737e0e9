"""An answer is posted: once, and nothing that was typed or deposited is ever lost."""

from collections.abc import Sequence

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path
from inters4.community.forms.writing import Sent, read_sent, refused
from inters4.community.queries.drafts import place_of_thread
from inters4.community.queries.visibility import find_thread
from inters4.community.services.posting import post
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
)
from inters4.community.views.thread_page import draw_thread
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.files import StoredFile
from inters4.core.web.requests import signed_in, viewer


@bp.post("/<slug>/<int:thread_id>/repondre")
@signed_in
def answer(slug: str, thread_id: int) -> ResponseReturnValue:
    """Post an answer, or do what the other buttons say."""
    sent, deposited = read_sent(), NO_FILE
    try:
        deposited = received_file()
        with writing() as session:
            thread = find_thread(session, slug, thread_id, viewer=viewer())
            if thread is None:
                return nowhere(sent)
            place = place_of_thread(thread)
            if sent.gesture:
                do_gesture(session, place, sent, deposited)
                return redirect(_back(slug, thread_id), 303)
            made = post(
                session,
                thread,
                sent.text,
                by=viewer(),
                key=sent.key,
                chosen=sent.chosen,
                files=to_attach(session, place, sent, deposited),
                is_meant=sent.means(signs(sent)),
            )
            address = post_path(slug, thread.id, thread.title, made.number)
    except DomainError as refusal:
        return _answer_again(slug, thread_id, sent, refusal, deposited)
    return posted(made, address)


def _answer_again(
    slug: str, thread_id: int, sent: Sent, refusal: DomainError, deposited: Sequence[StoredFile]
) -> ResponseReturnValue:
    """The page with what was typed; what was deposited stays in the draft."""

    def place_in(session: Session) -> str:
        found = find_thread(session, slug, thread_id, viewer=viewer())
        return place_of_thread(found) if found else ""

    refusal = keep_given_back(refusal, sent, deposited, place_in)
    with reading() as session:
        g.session = session
        thread = find_thread(session, slug, thread_id, viewer=viewer())
        if thread is None:
            return nowhere(sent)
        return draw_thread(session, thread, sent=sent, refused=refused(refusal))


def _back(slug: str, thread_id: int) -> str:
    return url_for(".thread", slug=slug, thread_id=thread_id, words="", _anchor="repondre")
