"""`/communaute/SLUG/signalement/ID/NUMBER`: to say that a post has a problem."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.community.exports.moderation_words import REASON_HELP, REASON_VALUES, REASONS
from inters4.community.exports.paths import space_path, thread_path
from inters4.community.models import FlagReason
from inters4.community.queries.access import access_to
from inters4.community.queries.flags import names_of
from inters4.community.services.flagging import flag_post
from inters4.community.services.journaling import LONGEST_REASON
from inters4.community.views.blueprint import bp
from inters4.community.views.moderation_places import post_to_look_at, tried
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer


@bp.get("/<slug>/signalement/<int:thread_id>/<int:number>")
@signed_in
def flag_form(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """What the problem is, and what one has to add."""
    return _page(slug, thread_id, number)


@bp.post("/<slug>/signalement/<int:thread_id>/<int:number>")
@signed_in
def flag(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """Flag the post; personal data hides it at once."""

    def act() -> ResponseReturnValue:
        reason = REASON_VALUES.get(request.form.get("motif", ""))
        if reason is None:
            raise DomainError(_("Choisissez ce qui ne va pas."), about="motif")
        with writing() as session:
            post = post_to_look_at(session, slug, thread_id, number)
            thread = post.thread
            flag_post(
                session,
                post,
                reason,
                by=viewer(),
                note_text=request.form.get("precision", ""),
                request_id=request_id(),
            )
        flash(
            _("Merci : le message est masqué, et la modération le regardera.")
            if reason is FlagReason.PERSONAL
            else _("Merci : la modération regardera ce message, et vous aurez une réponse."),
            "success",
        )
        still = thread.last_seq > 0
        where = thread_path(slug, thread.id, thread.title) if still else space_path(slug)
        return redirect(request.script_root + where, 303)

    return tried(act, lambda **refused: _page(slug, thread_id, number, **refused))


def _page(
    slug: str,
    thread_id: int,
    number: int,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        post = post_to_look_at(session, slug, thread_id, number)
        space = post.thread.space
        body = render_template(
            "community/flag.html",
            space=space,
            access=access_to(session, space, viewer=viewer()),
            place="",
            post=post,
            thread=post.thread,
            author=names_of(session, [post.author_id]).get(post.author_id or 0),
            back=url_for(".space", slug=slug),
            thread_url=request.script_root + thread_path(slug, thread_id, post.thread.title),
            reasons=[
                (value, REASONS[one](), REASON_HELP[one]()) for value, one in REASON_VALUES.items()
            ],
            typed=request.form,
            refusal=refusal,
            longest=LONGEST_REASON,
        )
    return body, status
