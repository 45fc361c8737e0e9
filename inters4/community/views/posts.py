"""What is done to one post: removed, appreciated, named as the answer; the texts that it had."""

from flask import abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path, thread_path
from inters4.community.models import Appreciation, Thread
from inters4.community.queries.posts import find_post, versions_of
from inters4.community.queries.visibility import find_thread, moderates
from inters4.community.services.accepting import accept, take_back
from inters4.community.services.reacting import react
from inters4.community.services.removing import may_remove, remove_post
from inters4.community.views.blueprint import bp
from inters4.community.views.post_places import around, find
from inters4.core.db import reading, writing
from inters4.core.errors import NotAllowed
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.practices.services.comparing import compare

_APPRECIATIONS = {"utile": Appreciation.USEFUL, "merci": Appreciation.THANKS}
_YES = "oui"


@bp.get("/<slug>/<int:thread_id>/<int:number>/historique")
@signed_in
def post_history(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """The texts that a post had: for its author and who moderates."""
    with reading() as session:
        g.session = session
        found, thread = find(session, slug, thread_id, number)
        if found.author_id != viewer().member_id and not moderates(viewer(), thread.space_id):
            abort(404)
        versions = versions_of(session, found)
        texts = [found.source, *(version.source for version, _name in versions)]
        return render_template(
            "community/post_history.html",
            **around(session, found, thread),
            changes=[
                (version, name, compare(version.source, texts[place]))
                for place, (version, name) in enumerate(versions)
            ],
        )


@bp.get("/<slug>/<int:thread_id>/<int:number>/retrait")
@signed_in
def removal_form(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """Ask once: what is removed does not come back by itself."""
    with reading() as session:
        g.session = session
        found, thread = find(session, slug, thread_id, number)
        if not may_remove(found, thread.space, by=viewer()):
            raise NotAllowed(_("Seules la personne qui l’a écrit et l’animation le retirent."))
        return render_template("community/post_removal.html", **around(session, found, thread))


@bp.post("/<slug>/<int:thread_id>/<int:number>/retrait")
@signed_in
def remove(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """Leave a mark in its place."""
    with writing() as session:
        if find_post(session, slug, thread_id, number, viewer=viewer()) is None:
            return _gone(session, slug, thread_id)
        found, thread = find(session, slug, thread_id, number)
        remove_post(session, found, by=viewer(), thread=thread)
        is_gone = thread.is_removed and not moderates(viewer(), thread.space_id)
        address = f"/communaute/{slug}" if is_gone else _post_path(slug, thread, number)
    flash(_("Le message est retiré."), "success")
    return redirect(request.script_root + address, 303)


@bp.post("/<slug>/<int:thread_id>/<int:number>/appreciation")
@signed_in
def appreciate(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """« Utile », « Merci », or the same taken back."""
    kind = _APPRECIATIONS.get(request.form.get("genre", "")) or abort(400)
    is_wanted = request.form.get("vouloir") == _YES
    with writing() as session:
        found, thread = find(session, slug, thread_id, number)
        react(session, found, kind, is_wanted=is_wanted, by=viewer(), space=thread.space)
        address = _post_path(slug, thread, number)
    return redirect(request.script_root + address, 303)


@bp.post("/<slug>/<int:thread_id>/<int:number>/reponse")
@signed_in
def accept_answer(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """This post answers the question, or does not after all."""
    act = accept if request.form.get("vouloir") == _YES else take_back
    with writing() as session:
        found, thread = find(session, slug, thread_id, number)
        act(session, found, by=viewer(), thread=thread, space=thread.space)
        address = _post_path(slug, thread, number)
    return redirect(request.script_root + address, 303)


def _gone(session: Session, slug: str, thread_id: int) -> ResponseReturnValue:
    """The button was pressed twice: the thread shows the mark."""
    thread = find_thread(session, slug, thread_id, viewer=viewer()) or abort(404)
    return redirect(request.script_root + thread_path(slug, thread.id, thread.title), 303)


def _post_path(slug: str, thread: Thread, number: int) -> str:
    return post_path(slug, thread.id, thread.title, number)
