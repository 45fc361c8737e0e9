"""`/communaute/SLUG/moderation/ID`: a thread locked, pinned, moved, split, merged, removed."""

import re
from collections.abc import Callable, Mapping

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.moderation_words import POST_STATES
from inters4.community.exports.paths import thread_path
from inters4.community.models import Thread
from inters4.community.queries.flags import names_of
from inters4.community.queries.moderation import (
    find_to_moderate,
    other_threads,
    posts_to_split,
    spaces_moderated,
)
from inters4.community.queries.visibility import find_readable_space
from inters4.community.services import moderating_threads as moderating
from inters4.community.services.moving import move, widens
from inters4.community.services.splitting import merge, split
from inters4.community.views.blueprint import bp
from inters4.community.views.moderation_places import (
    desk,
    space_to_moderate,
    tried,
    wanted_page,
)
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.richtext import Profile, excerpt
from inters4.core.web.requests import request_id, signed_in, viewer

_SHORT = 120
_MOST_TYPED = 2_000
_RANGE = re.compile(r"(\d{1,9})(?:\s*[-–]\s*(\d{1,9}))?")
_NUMBER = re.compile(r"(?:^|/)(\d{1,9})(?:-[^/?#]*)?(?:[?#].*)?$")


@bp.get("/<slug>/moderation/<int:thread_id>")
@signed_in
def moderate_thread(slug: str, thread_id: int) -> ResponseReturnValue:
    """The thread, its posts, and the gestures."""
    return _page(slug, thread_id)


@bp.post("/<slug>/moderation/<int:thread_id>/geste/<gesture>")
@signed_in
def act_on_thread(slug: str, thread_id: int, gesture: str) -> ResponseReturnValue:
    """Make one gesture, then go where the thread is."""
    made = _GESTURES.get(gesture) or abort(404)

    def act() -> ResponseReturnValue:
        with writing() as session:
            space_to_moderate(session, slug)
            thread = _thread(session, slug, thread_id)
            where = made(session, thread)
        flash(_SAID[gesture](), "success")
        return redirect(request.script_root + where, 303)

    return tried(act, lambda **refused: _page(slug, thread_id, gesture=gesture, **refused))


def typed_numbers() -> frozenset[int]:
    """Numbers of posts: boxes that are ticked, and « 4, 7-9 »."""
    typed = " ".join([*request.form.getlist("messages"), request.form.get("numeros", "")])
    found: set[int] = set()
    for first, last in _RANGE.findall(typed[:_MOST_TYPED]):
        end = min(int(last or first), int(first) + _MOST_TYPED)
        found.update(range(int(first), end + 1))
    return frozenset(found)


def _plain(act: Callable[..., None]) -> Callable[[Session, Thread], str]:
    def make(session: Session, thread: Thread) -> str:
        act(session, thread, by=viewer(), request_id=request_id())
        return _moderation_of(thread)

    return make


def _remove(session: Session, thread: Thread) -> str:
    reason = request.form.get("raison", "")
    moderating.remove_thread(session, thread, reason=reason, by=viewer(), request_id=request_id())
    return _moderation_of(thread)


def _move(session: Session, thread: Thread) -> str:
    target = find_readable_space(session, request.form.get("espace", ""), viewer=viewer())
    if target is None:
        raise DomainError(_("Choisissez l’espace où va le fil."), about="espace")
    move(
        session,
        thread,
        target,
        is_confirmed=bool(request.form.get("confirmation")),
        by=viewer(),
        request_id=request_id(),
    )
    return thread_path(target.slug, thread.id, thread.title)


def _split(session: Session, thread: Thread) -> str:
    new = split(
        session,
        thread,
        typed_numbers(),
        title=request.form.get("titre", ""),
        by=viewer(),
        request_id=request_id(),
    )
    return thread_path(thread.space.slug, new.id, new.title)


def _merge(session: Session, thread: Thread) -> str:
    typed = request.form.get("numero", "").strip() or request.form.get("fil", "").strip()
    named = _NUMBER.search(typed[:_MOST_TYPED])
    target = (
        find_to_moderate(session, thread.space.slug, int(named[1]), viewer=viewer())
        if named
        else None
    )
    if target is None:
        raise DomainError(_("Choisissez le fil qui reste, dans le même espace."), about="fil")
    merge(session, thread, target, by=viewer(), request_id=request_id())
    return thread_path(thread.space.slug, target.id, target.title)


_GESTURES: Mapping[str, Callable[[Session, Thread], str]] = {
    "verrou": _plain(moderating.lock),
    "deverrou": _plain(moderating.unlock),
    "epingle": _plain(moderating.pin),
    "depingle": _plain(moderating.unpin),
    "retrait": _remove,
    "retour": _plain(moderating.restore_thread),
    "deplacement": _move,
    "scission": _split,
    "fusion": _merge,
}
_SAID: Mapping[str, Callable[[], str]] = {
    "verrou": lambda: _("Le fil est verrouillé : on le lit, on n’y répond plus."),
    "deverrou": lambda: _("Le fil est déverrouillé."),
    "epingle": lambda: _("Le fil est épinglé : il reste en tête de l’espace."),
    "depingle": lambda: _("Le fil n’est plus épinglé."),
    "retrait": lambda: _("Le fil est retiré : seule la modération le lit encore."),
    "retour": lambda: _("Le fil est rétabli."),
    "deplacement": lambda: _("Le fil est dans cet espace, avec tous ses messages."),
    "scission": lambda: _("Les messages choisis forment ce nouveau fil."),
    "fusion": lambda: _("Les deux fils n’en font plus qu’un; l’ancienne adresse mène ici."),
}


def _thread(session: Session, slug: str, thread_id: int) -> Thread:
    found = find_to_moderate(session, slug, thread_id, viewer=viewer())
    return found or abort(404)


def _moderation_of(thread: Thread) -> str:
    return f"/communaute/{thread.space.slug}/moderation/{thread.id}"


def _page(
    slug: str,
    thread_id: int,
    *,
    gesture: str = "",
    refusal: DomainError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        space = space_to_moderate(session, slug)
        thread = _thread(session, slug, thread_id)
        page = posts_to_split(session, thread, viewer=viewer(), page=wanted_page())
        ids = [thread.author_id, *(post.author_id for post in page.rows)]
        spaces = [one for one in spaces_moderated(session, viewer=viewer()) if one.id != space.id]
        return desk(
            session,
            "community/moderation/thread.html",
            space,
            thread=thread,
            page=page,
            names=names_of(session, ids),
            spaces_offered=[(one.slug, one.name) for one in spaces],
            wider=[one.name for one in spaces if widens(space, one)],
            threads_offered=[
                (str(one.id), one.title) for one in other_threads(session, thread, viewer=viewer())
            ],
            post_states=POST_STATES,
            short=lambda post: excerpt(post.source, length=_SHORT, profile=Profile.POST),
            thread_url=request.script_root + thread_path(slug, thread.id, thread.title),
            ticked=typed_numbers() if gesture == "scission" else frozenset(),
            gesture=gesture,
            refusal=refusal,
            status=status,
            url_of=lambda number: url_for(
                ".moderate_thread", slug=slug, thread_id=thread_id, page=number
            ),
        )
