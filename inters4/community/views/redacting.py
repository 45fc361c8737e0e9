"""`/communaute/SLUG/moderation/ID/NUMBER/effacement`: what may make a person known is erased."""

from collections.abc import Mapping

from flask import current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inters4.community.queries.posts import files_of
from inters4.community.services.detecting import seen_in
from inters4.community.services.file_words import unread_in_space, words_of
from inters4.community.services.redacting import Redacted, read_passages, redact
from inters4.community.views.blueprint import bp
from inters4.community.views.moderation_places import (
    desk,
    post_to_look_at,
    space_to_moderate,
    tried,
)
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.files import FileStore, file_store
from inters4.core.i18n import _, ngettext
from inters4.core.web.requests import request_id, signed_in, viewer


@bp.get("/<slug>/moderation/<int:thread_id>/<int:number>/effacement")
@signed_in
def redaction(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """What to erase."""
    return _page(slug, thread_id, number)


@bp.post("/<slug>/moderation/<int:thread_id>/<int:number>/effacement")
@signed_in
def redact_post(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """Erase it; nothing brings it back."""

    def act() -> ResponseReturnValue:
        passages = read_passages(request.form.get("passages", ""))
        store = file_store(current_app.config["SETTINGS"])
        read = _read_files(slug, store) if passages else {}
        with writing() as session:
            space_to_moderate(session, slug)
            done = redact(
                session,
                post_to_look_at(session, slug, thread_id, number),
                passages=passages,
                is_whole=bool(request.form.get("entier")),
                files=frozenset(request.form.getlist("fichiers")),
                reason=request.form.get("raison", ""),
                by=viewer(),
                store=store,
                read=read,
                request_id=request_id(),
            )
        _say(done)
        where = url_for(".moderate_post", slug=slug, thread_id=thread_id, number=number)
        return redirect(where, 303)

    return tried(act, lambda **refused: _page(slug, thread_id, number, **refused))


def _read_files(slug: str, store: FileStore) -> Mapping[int, str]:
    """The text of files that nobody read yet, drawn out before anyone has to wait."""
    with reading() as session:
        files = unread_in_space(session, space_to_moderate(session, slug).id)
    return {stored.id: words_of(store, stored) for stored in files}


def _say(done: Redacted) -> None:
    flash(_("C’est effacé, dans le message comme dans son historique."), "success")
    if done.places:
        flash(
            ngettext(
                "Un autre endroit de l’espace le répétait : c’est effacé là aussi.",
                "%(num)s autres endroits de l’espace le répétaient : c’est effacé là aussi.",
                done.places,
            ),
            "success",
        )
    if done.sheets:
        flash(
            _(
                "Une fiche a repris ce message : prévenez l’équipe de courtage (%(sheets)s).",
                sheets=", ".join(done.sheets),
            ),
            "warning",
        )


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
        space = space_to_moderate(session, slug)
        post = post_to_look_at(session, slug, thread_id, number)
        seen = "\n".join(one.text for one in seen_in(post.thread.title, post.source))
        return desk(
            session,
            "community/moderation/redaction.html",
            space,
            post=post,
            thread=post.thread,
            files=files_of(session, [post.id]).get(post.id, []),
            passages=request.form.get("passages", seen),
            refusal=refusal,
            status=status,
        )
