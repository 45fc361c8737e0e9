"""What is done to one post: mended, removed, appreciated, named as the answer."""

from flask import abort, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path, thread_path
from inters4.community.forms.writing import (
    Refused,
    RevisionForm,
    Sent,
    put_error,
    read_sent,
    refused,
)
from inters4.community.models import Appreciation, Post, Thread
from inters4.community.queries.access import access_to
from inters4.community.queries.posts import files_of, find_post, name_of, versions_of
from inters4.community.queries.visibility import find_thread, moderates
from inters4.community.services.accepting import accept, take_back
from inters4.community.services.editing import may_revise, revise, signs_added
from inters4.community.services.reacting import react
from inters4.community.services.removing import may_remove, remove_post
from inters4.community.views.blueprint import bp
from inters4.community.views.composing import received_file
from inters4.community.views.thread_page import NOTHING
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed, NotFound
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.practices.services.comparing import compare

_APPRECIATIONS = {"utile": Appreciation.USEFUL, "merci": Appreciation.THANKS}
_YES = "oui"


@bp.get("/<slug>/<int:thread_id>/<int:number>/modifier")
@signed_in
def revision_form(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """The text of one's own post, to be mended."""
    with reading() as session:
        g.session = session
        found, thread = _find(session, slug, thread_id, number)
        if not may_revise(found, thread, thread.space, by=viewer(), at=now()):
            raise NotAllowed(_("Ce message ne se modifie plus : répondez dans le fil."))
        form = RevisionForm(formdata=None, texte=found.source, version=found.version)
        return _revision_page(session, found, thread, form)


@bp.post("/<slug>/<int:thread_id>/<int:number>/modifier")
@signed_in
def change(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """Keep the mended text; its former one stays in the history."""
    sent = read_sent()
    try:
        deposited = received_file()
        with writing() as session:
            found, thread = _find(session, slug, thread_id, number)
            revise(
                session,
                found,
                sent.text,
                version=sent.version,
                by=viewer(),
                thread=thread,
                space=thread.space,
                chosen=sent.chosen,
                is_meant=sent.means(signs_added(found, sent.text)),
                dropped=request.form.getlist("retirer")[:20],
                files=deposited,
            )
            address = post_path(slug, thread.id, thread.title, number)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        return _revision_again(slug, thread_id, number, sent, refusal)
    flash(_("Votre message est modifié."), "success")
    return redirect(request.script_root + address, 303)


@bp.get("/<slug>/<int:thread_id>/<int:number>/historique")
@signed_in
def post_history(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """The texts that a post had: for its author and who moderates."""
    with reading() as session:
        g.session = session
        found, thread = _find(session, slug, thread_id, number)
        if found.author_id != viewer().member_id and not moderates(viewer(), thread.space_id):
            abort(404)
        versions = versions_of(session, found)
        texts = [found.source, *(version.source for version, _name in versions)]
        return render_template(
            "community/post_history.html",
            **_around(session, found, thread),
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
        found, thread = _find(session, slug, thread_id, number)
        if not may_remove(found, thread.space, by=viewer()):
            raise NotAllowed(_("Seules la personne qui l’a écrit et l’animation le retirent."))
        return render_template("community/post_removal.html", **_around(session, found, thread))


@bp.post("/<slug>/<int:thread_id>/<int:number>/retrait")
@signed_in
def remove(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """Leave a mark in its place."""
    with writing() as session:
        if find_post(session, slug, thread_id, number, viewer=viewer()) is None:
            return _gone(session, slug, thread_id)
        found, thread = _find(session, slug, thread_id, number)
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
        found, thread = _find(session, slug, thread_id, number)
        react(session, found, kind, is_wanted=is_wanted, by=viewer(), space=thread.space)
        address = _post_path(slug, thread, number)
    return redirect(request.script_root + address, 303)


@bp.post("/<slug>/<int:thread_id>/<int:number>/reponse")
@signed_in
def accept_answer(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """This post answers the question, or does not after all."""
    act = accept if request.form.get("vouloir") == _YES else take_back
    with writing() as session:
        found, thread = _find(session, slug, thread_id, number)
        act(session, found, by=viewer(), thread=thread, space=thread.space)
        address = _post_path(slug, thread, number)
    return redirect(request.script_root + address, 303)


def _revision_again(
    slug: str, thread_id: int, number: int, sent: Sent, refusal: DomainError
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found, thread = _find(session, slug, thread_id, number)
        form = RevisionForm(formdata=None, texte=sent.text, version=found.version)
        told = refused(refusal)
        if not told.seen:
            put_error(form, refusal)
        return _revision_page(session, found, thread, form, told, chosen=sent.chosen), told.status


def _revision_page(
    session: Session,
    found: Post,
    thread: Thread,
    form: RevisionForm,
    told: Refused = NOTHING,
    *,
    chosen: tuple[str, ...] = (),
) -> str:
    return render_template(
        "community/post_revision.html",
        **_around(session, found, thread),
        form=form,
        refused=told,
        chosen=chosen,
        attached=files_of(session, [found.id]).get(found.id, []),
    )


def _gone(session: Session, slug: str, thread_id: int) -> ResponseReturnValue:
    """The button was pressed twice: the thread shows the mark."""
    thread = find_thread(session, slug, thread_id, viewer=viewer()) or abort(404)
    return redirect(request.script_root + thread_path(slug, thread.id, thread.title), 303)


def _around(session: Session, found: Post, thread: Thread) -> dict[str, object]:
    space = thread.space
    return {
        "space": space,
        "access": access_to(session, space, viewer=viewer()),
        "place": "fil",
        "thread": thread,
        "post": found,
        "author": name_of(session, found.author_id),
        "thread_url": request.script_root + thread_path(space.slug, thread.id, thread.title),
        "post_url": request.script_root + _post_path(space.slug, thread, found.number),
    }


def _find(session: Session, slug: str, thread_id: int, number: int) -> tuple[Post, Thread]:
    return find_post(session, slug, thread_id, number, viewer=viewer()) or abort(404)


def _post_path(slug: str, thread: Thread, number: int) -> str:
    return post_path(slug, thread.id, thread.title, number)
