"""`/communaute/SLUG/moderation/ID/NUMBER`: one post, what is said of it, and what may be done.

A refusal comes back with the page as it is now, and what was typed.
"""

from collections.abc import Callable, Mapping

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.moderation_words import (
    ACTS,
    FLAG_STATES,
    POST_STATES,
    REASONS,
)
from inters4.community.exports.paths import post_path
from inters4.community.forms.moderating import EditedPostForm
from inters4.community.forms.writing import read_sent, refused
from inters4.community.models import FlagState, Post
from inters4.community.queries.flags import flags_of, names_of
from inters4.community.queries.moderation import acts_about
from inters4.community.queries.posts import files_of
from inters4.community.services import flagging, moderating
from inters4.community.services.editing import signs_added
from inters4.community.views.blueprint import bp
from inters4.community.views.moderation_places import (
    desk,
    post_to_look_at,
    space_to_moderate,
    tried,
)
from inters4.community.views.thread_page import NOTHING
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer


@bp.get("/<slug>/moderation/<int:thread_id>/<int:number>")
@signed_in
def moderate_post(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """The post, its flags, its history, and the gestures."""
    return _page(slug, thread_id, number)


@bp.post("/<slug>/moderation/<int:thread_id>/<int:number>/<gesture>")
@signed_in
def act_on_post(slug: str, thread_id: int, number: int, gesture: str) -> ResponseReturnValue:
    """Make one gesture; made twice, it is made once."""
    made = _GESTURES.get(gesture) or abort(404)

    def act() -> ResponseReturnValue:
        with writing() as session:
            space_to_moderate(session, slug)
            post = post_to_look_at(session, slug, thread_id, number)
            made(session, post)
        flash(_SAID[gesture](), "success")
        return redirect(_after(slug, thread_id, number), 303)

    return tried(act, lambda **refused: _page(slug, thread_id, number, gesture=gesture, **refused))


def _after(slug: str, thread_id: int, number: int) -> str:
    """The list of first posts for who approves from there, else the page of the post."""
    if request.form.get("retour") == "premiers":
        return url_for(".moderation", slug=slug, etat="premiers")
    return url_for(".moderate_post", slug=slug, thread_id=thread_id, number=number)


def _reason() -> str:
    return request.form.get("raison", "")


def _hide(session: Session, post: Post) -> None:
    moderating.hide(session, post, reason=_reason(), by=viewer(), request_id=request_id())


def _restore(session: Session, post: Post) -> None:
    moderating.restore(session, post, reason=_reason(), by=viewer(), request_id=request_id())


def _edit(session: Session, post: Post) -> None:
    sent = read_sent()
    moderating.edit_post(
        session,
        post,
        sent.text,
        version=sent.version,
        reason=_reason(),
        is_meant=sent.means(signs_added(post, sent.text)),
        by=viewer(),
        request_id=request_id(),
    )


def _approve(session: Session, post: Post) -> None:
    moderating.approve(session, post, by=viewer(), request_id=request_id())


def _decline(session: Session, post: Post) -> None:
    moderating.decline(session, post, reason=_reason(), by=viewer(), request_id=request_id())


def _take(session: Session, post: Post) -> None:
    flagging.take_flags(session, post, by=viewer(), request_id=request_id())


def _decide(session: Session, post: Post) -> None:
    decision, answer = request.form.get("decision", ""), request.form.get("reponse", "")
    if decision == "non-retenu":
        flagging.reject(session, post, answer=answer, by=viewer(), request_id=request_id())
    elif decision in {"retenu-masque", "retenu-affiche"}:
        flagging.uphold(
            session,
            post,
            answer=answer,
            is_hidden=decision == "retenu-masque",
            by=viewer(),
            request_id=request_id(),
        )
    else:
        raise DomainError(_("Choisissez votre décision."), about="decision")


_GESTURES: Mapping[str, Callable[[Session, Post], None]] = {
    "masquage": _hide,
    "retablissement": _restore,
    "modification": _edit,
    "approbation": _approve,
    "refus": _decline,
    "prise": _take,
    "decision": _decide,
}
_SAID: Mapping[str, Callable[[], str]] = {
    "masquage": lambda: _("Le message est masqué; la personne qui l’a écrit l’apprend."),
    "retablissement": lambda: _("Le message est rétabli."),
    "modification": lambda: _("Le message est modifié; l’ancien texte reste dans son historique."),
    "approbation": lambda: _("Le message est publié."),
    "refus": lambda: _("Le message n’est pas publié; la personne qui l’a écrit sait pourquoi."),
    "prise": lambda: _("Vous vous occupez de ce signalement; les autres le voient."),
    "decision": lambda: _("C’est décidé; les personnes qui ont signalé ont votre réponse."),
}


def _page(
    slug: str,
    thread_id: int,
    number: int,
    *,
    gesture: str = "",
    refusal: DomainError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        space = space_to_moderate(session, slug)
        post = post_to_look_at(session, slug, thread_id, number)
        flags = flags_of(session, post.id, states=tuple(FlagState))
        acts = acts_about(session, post, viewer=viewer())
        ids = [post.author_id, post.removed_by_id]
        ids += [one for flag in flags for one in (flag.member_id, flag.handled_by_id)]
        ids += [line.by_id for line in acts]
        thread = post.thread
        form = EditedPostForm(data={"texte": post.source}, formdata=None)
        if gesture == "modification":
            form.texte.data = read_sent().text
            if refusal is not None and refusal.about == "texte":
                form.texte.errors = [refusal.message]
        return desk(
            session,
            "community/moderation/post.html",
            space,
            post=post,
            form=form,
            thread=thread,
            is_own=post.author_id == viewer().member_id,
            files=files_of(session, [post.id]).get(post.id, []),
            flags=flags,
            open_flags=[one for one in flags if one.decided_at is None],
            acts=acts,
            names=names_of(session, ids),
            words={"reasons": REASONS, "flags": FLAG_STATES, "posts": POST_STATES, "acts": ACTS},
            post_url=request.script_root + post_path(slug, thread.id, thread.title, number),
            gesture=gesture,
            refusal=refusal,
            status=status,
            refused=refused(refusal) if refusal is not None else NOTHING,
        )
