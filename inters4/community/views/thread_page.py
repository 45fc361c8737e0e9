"""The page of a thread: its posts, and the composer, empty, begun or given back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path, thread_path
from inters4.community.exports.words import kind_label
from inters4.community.forms.writing import AnswerForm, Refused, Sent, new_key
from inters4.community.models import Appreciation, Post, Thread
from inters4.community.queries.access import SpaceAccess, access_to
from inters4.community.queries.drafts import files_of_draft, find_draft, place_of_thread
from inters4.community.queries.flags import flagged_in
from inters4.community.queries.posts import (
    PostLine,
    find_accepted,
    find_summary,
    name_of,
    pages_of,
    read_posts,
)
from inters4.community.queries.thread_followers import thread_followers
from inters4.community.queries.tied import subject_of
from inters4.community.queries.unread import first_unread, marker
from inters4.community.services.accepting import may_accept
from inters4.community.services.drafting import mark_of_draft
from inters4.community.services.editing import may_retitle, may_revise
from inters4.community.services.quoting import quoted
from inters4.community.services.removing import may_remove
from inters4.community.services.summing_up import may_sum_up
from inters4.community.views.markers import remember_page
from inters4.core.clock import now
from inters4.core.web.requests import viewer

NOTHING = Refused()
_FARTHEST = 1_000_000


def draw_thread(
    session: Session,
    thread: Thread,
    *,
    sent: Sent | None = None,
    refused: Refused = NOTHING,
) -> ResponseReturnValue:
    """The page; with `sent`, the composer holds what was typed and says why it stands there."""
    space = thread.space
    access = access_to(session, space, viewer=viewer())
    pages = pages_of(thread)
    page = _wanted_page(pages) if sent is None else pages
    lines = read_posts(session, thread, page, viewer=viewer())
    read = marker(session, viewer(), thread)
    may_write = access.can_post and (not thread.is_locked or access.moderates)
    body = render_template(
        "community/thread.html",
        space=space,
        access=access,
        place="fil",
        thread=thread,
        kind_name=kind_label(thread.kind),
        subject=subject_of(session, thread, viewer=viewer()),
        lines=lines,
        page=page,
        pages=pages,
        url_of=lambda number: _address(thread, page=number),
        post_url=lambda number: (
            request.script_root + post_path(space.slug, thread.id, thread.title, number)
        ),
        posts_url=f"{request.script_root}/communaute/{space.slug}/{thread.id}/",
        token=generate_csrf(),
        author=name_of(session, thread.author_id),
        accepted=find_accepted(session, thread, viewer=viewer()),
        summary=find_summary(session, thread),
        unread=first_unread(session, viewer(), thread) if access.belongs else None,
        followed=read.level,
        read=read,
        followers=thread_followers(session, thread, access=access),
        Appreciation=Appreciation,
        may=_rights(thread, access, at=now()),
        may_write=may_write,
        flagged=(
            flagged_in(session, thread, viewer=viewer()) if access.awaiting.flagged else frozenset()
        ),
        **(_composer(session, thread, sent, refused, lines) if may_write else {"form": None}),
        refused=refused,
        given_back=sent.text if sent is not None else "",
    )
    remember_page(thread, page)
    answer = make_response(body, refused.status)
    if refused.retry_after:
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer


def _wanted_page(pages: int) -> int:
    wanted = request.args.get("page", 1, type=int)
    return min(max(wanted, 1), pages)


def _address(thread: Thread, *, page: int = 1) -> str:
    path = request.script_root + thread_path(thread.space.slug, thread.id, thread.title)
    return f"{path}?page={page}" if page > 1 else path


def _rights(
    thread: Thread, access: SpaceAccess, *, at: datetime
) -> dict[str, bool | Callable[[Post], bool]]:
    """What the page offers: the services decide."""
    space, by = thread.space, viewer()
    writes = access.standing.is_clear
    return {
        "revise": lambda post: writes and may_revise(post, thread, space, by=by, at=at),
        "remove": lambda post: may_remove(post, space, by=by),
        "see_history": lambda post: post.author_id == by.member_id or access.moderates,
        "react": lambda post: (
            access.belongs
            and access.can_post
            and post.is_published
            and post.author_id != by.member_id
        ),
        "accept": writes and may_accept(thread, space, by=by),
        "retitle": writes and may_retitle(thread, space, by=by, at=at),
        "sum_up": may_sum_up(thread, space, by=by),
    }


def _composer(
    session: Session,
    thread: Thread,
    sent: Sent | None,
    refused: Refused,
    lines: Sequence[PostLine],
) -> dict[str, object]:
    draft = find_draft(session, place_of_thread(thread), viewer=viewer())
    text = sent.text if sent is not None else draft.source if draft else ""
    quotation = _quotation(lines) if sent is None else ""
    form = AnswerForm(formdata=None, texte=text + quotation)
    return {
        "form": form,
        "quotation": quotation,
        "draft": draft,
        "draft_mark": mark_of_draft(draft),
        "attached": files_of_draft(session, draft),
        "key": new_key() if sent is None or refused.theirs or not sent.key else sent.key,
        "chosen": sent.chosen if sent else (),
        "writing_place": place_of_thread(thread),
        "writing_url": url_for(".answer", slug=thread.space.slug, thread_id=thread.id),
    }


def _quotation(lines: Sequence[PostLine]) -> str:
    """What `?citer=12` puts in the composer: a post of this page."""
    wanted = request.args.get("citer", 0, type=int)
    if not 0 < wanted < _FARTHEST:
        return ""
    for line in lines:
        if line.post.number == wanted and not line.is_removed:
            return quoted(line.post.source, author=line.author, number=wanted)
    return ""
