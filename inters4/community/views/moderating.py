"""`/communaute/SLUG/moderation`: what awaits who moderates a space, and the journal of it."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.community.exports.moderation_words import ACTS, FLAG_STATES, POST_STATES, REASONS
from inters4.community.exports.paths import thread_path
from inters4.community.models import Act
from inters4.community.queries.flags import list_flagged, list_waiting, names_of
from inters4.community.queries.moderation import journal
from inters4.community.views.blueprint import bp
from inters4.community.views.moderation_places import head_of, space_to_moderate, wanted_page
from inters4.core.db import reading
from inters4.core.richtext import Profile, excerpt
from inters4.core.web.requests import signed_in, viewer

_QUEUES = ("signales", "premiers", "regles")
_SHORT = 220


@bp.get("/<slug>/moderation")
@signed_in
def moderation(slug: str) -> ResponseReturnValue:
    """Posts that are flagged, first posts that wait, and what was decided lately."""
    chosen = request.args.get("etat", "")
    chosen = chosen if chosen in _QUEUES else _QUEUES[0]
    with reading() as session:
        g.session = session
        space = space_to_moderate(session, slug)
        waiting = flagged = None
        ids: list[int | None] = []
        if chosen == "premiers":
            waiting = list_waiting(session, space.id, viewer=viewer(), page=wanted_page())
            ids += [post.author_id for post in waiting.rows]
        else:
            flagged = list_flagged(
                session,
                space.id,
                viewer=viewer(),
                is_settled=chosen == "regles",
                page=wanted_page(),
            )
            for row in flagged.rows:
                ids += [row.post.author_id, *(flag.handled_by_id for flag in row.flags)]
        return render_template(
            "community/moderation/queue.html",
            **head_of(session, space),
            chosen=chosen,
            flagged=flagged,
            waiting=waiting,
            page=waiting or flagged,
            names=names_of(session, ids),
            reasons=REASONS,
            flag_states=FLAG_STATES,
            post_states=POST_STATES,
            short=lambda post: excerpt(post.source, length=_SHORT, profile=Profile.POST),
            url_of=lambda number: url_for(".moderation", slug=slug, etat=chosen, page=number),
        )


@bp.get("/<slug>/moderation/journal")
@signed_in
def moderation_journal(slug: str) -> ResponseReturnValue:
    """Who did what, and why."""
    wanted = request.args.get("geste", "")
    act = Act(wanted) if wanted in set(Act) else None
    with reading() as session:
        g.session = session
        space = space_to_moderate(session, slug)
        page = journal(session, space.id, viewer=viewer(), act=act, page=wanted_page())
        ids = [one.act.by_id for one in page.rows] + [one.act.member_id for one in page.rows]
        return render_template(
            "community/moderation/journal.html",
            **head_of(session, space),
            page=page,
            names=names_of(session, ids),
            acts=ACTS,
            offered=[(one.value, ACTS[one]()) for one in Act],
            chosen=act.value if act else "",
            thread_path=thread_path,
            url_of=lambda number: url_for(
                ".moderation_journal", slug=slug, geste=act.value if act else None, page=number
            ),
        )
