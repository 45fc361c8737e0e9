"""`/communaute/non-lus`: what awaits a person in their spaces, and « tout marquer comme lu »."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.community.exports.paths import post_path, thread_path
from inters4.community.exports.words import kind_label
from inters4.community.queries.following import follows_own
from inters4.community.queries.unread import news_of, own_spaces, unread_counts, unread_threads
from inters4.community.services.reading import mark_all_read
from inters4.community.views.blueprint import bp
from inters4.core.db import reading, writing
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer

_MOST_SPACES, _LONGEST = 500, 12


@bp.get("/non-lus")
@signed_in
def unread() -> ResponseReturnValue:
    """Threads with something new, in all spaces or in one, since the last visit or ever."""
    is_since = request.args.get("depuis") == "visite"
    number = request.args.get("page", 1, type=int)
    with reading() as session:
        g.session = session
        counts = unread_counts(session, viewer())
        spaces = own_spaces(session, viewer())
        chosen = next((one for one in spaces if one.slug == request.args.get("espace")), None)
        total = counts.get(chosen.id, 0) if chosen else sum(counts.values())
        page = unread_threads(
            session,
            viewer(),
            space_id=chosen.id if chosen else None,
            is_since_visit=is_since,
            page=number,
            total=None if is_since else total,
        )
        kept = {
            "espace": chosen.slug if chosen else None,
            "depuis": "visite" if is_since else None,
        }
        return render_template(
            "community/unread.html",
            page=page,
            news=news_of(session, viewer(), page.rows),
            counts=counts,
            spaces=[one for one in spaces if counts.get(one.id)],
            chosen=chosen,
            is_since=is_since,
            has_spaces=bool(spaces),
            follows_own=follows_own(session, viewer().member_id or 0),
            kind_label=kind_label,
            thread_path=thread_path,
            post_path=post_path,
            url_of=lambda number: url_for(".unread", **{**kept, "page": number}),
        )


@bp.post("/non-lus")
@signed_in
def read_all() -> ResponseReturnValue:
    """Everything that the page knew counts as read; what came since does not."""
    known = dict(_places(request.form.getlist("lu")[:_MOST_SPACES]))
    with writing() as session:
        marked = [one for one in own_spaces(session, viewer()) if one.slug in known]
        for space in sorted(marked, key=lambda one: one.id):
            mark_all_read(session, viewer(), space, seq=known[space.slug])
    if marked:
        flash(_("Tout est marqué comme lu."), "success")
    return redirect(url_for(".unread"), 303)


def _places(typed: list[str]) -> list[tuple[str, int]]:
    """`ours-polaire:812`: a space, and the number of its newest post when the page was drawn."""
    found = []
    for one in typed:
        slug, _colon, number = one.rpartition(":")
        if slug and number.isascii() and number.isdigit() and len(number) <= _LONGEST:
            found.append((slug, int(number)))
    return found
