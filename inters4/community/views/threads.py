"""`/communaute/SLUG/ID-titre`: a thread, and what its author or who facilitates changes of it."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.paths import thread_path
from inters4.community.forms.writing import (
    Refused,
    SummaryForm,
    TitleForm,
    put_error,
    read_sent,
    refused,
)
from inters4.community.models import Thread
from inters4.community.queries.access import access_to
from inters4.community.queries.posts import find_merged, find_summary
from inters4.community.queries.spaces import find_moved
from inters4.community.queries.visibility import find_thread
from inters4.community.services.detecting import seen_in
from inters4.community.services.editing import may_retitle, retitle
from inters4.community.services.summing_up import mark_of_summary, may_sum_up, sum_up
from inters4.community.views.blueprint import bp
from inters4.community.views.thread_page import NOTHING, draw_thread
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.core.web.requests import public, signed_in, viewer


@bp.get("/<slug>/<int:thread_id>", defaults={"words": ""})
@bp.get("/<slug>/<int:thread_id>-<words>")
@public
def thread(slug: str, thread_id: int, words: str) -> ResponseReturnValue:  # noqa: ARG001
    """The posts of a thread, page by page; another address of it leads to the present one."""
    with reading() as session:
        g.session = session
        found = find_thread(session, slug, thread_id, viewer=viewer())
        if found is None or found.merged_into_id is not None:
            return _elsewhere(session, slug, thread_id)
        if request.path != thread_path(slug, found.id, found.title):
            return _lead(found)
        return draw_thread(session, found)


@bp.get("/<slug>/<int:thread_id>/titre")
@signed_in
def title_form(slug: str, thread_id: int) -> ResponseReturnValue:
    """The title, to be changed."""
    with reading() as session:
        g.session = session
        found = _thread(session, slug, thread_id)
        if not may_retitle(found, found.space, by=viewer(), at=now()):
            raise NotAllowed(_("Ce titre ne se modifie plus : demandez à l’animation."))
        form = TitleForm(formdata=None, titre=found.title, version=found.version)
        return _page(session, found, "community/thread_title.html", form)


@bp.post("/<slug>/<int:thread_id>/titre")
@signed_in
def change_title(slug: str, thread_id: int) -> ResponseReturnValue:
    """Keep another title; the address follows, and the former one leads there."""
    sent = read_sent()
    try:
        with writing() as session:
            found = _thread(session, slug, thread_id)
            retitle(
                session, found, sent.title, version=sent.version, by=viewer(), space=found.space
            )
            address = _address(found)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        return _title_again(slug, thread_id, refusal)
    flash(_("Le titre est changé."), "success")
    return redirect(address, 303)


@bp.get("/<slug>/<int:thread_id>/synthese")
@signed_in
def summary_form(slug: str, thread_id: int) -> ResponseReturnValue:
    """The summary of a thread, to be written."""
    with reading() as session:
        g.session = session
        found = _thread(session, slug, thread_id)
        if not may_sum_up(found, found.space, by=viewer()):
            raise NotAllowed(_("L’animation de l’espace écrit la synthèse d’un fil."))
        known = find_summary(session, found)
        stands = known[0] if known else None
        form = SummaryForm(
            formdata=None, texte=stands.source if stands else "", vu=mark_of_summary(stands)
        )
        return _page(session, found, "community/thread_summary.html", form)


@bp.post("/<slug>/<int:thread_id>/synthese")
@signed_in
def write_summary(slug: str, thread_id: int) -> ResponseReturnValue:
    """Keep the summary; an empty one is erased."""
    sent = read_sent()
    try:
        with writing() as session:
            found = _thread(session, slug, thread_id)
            sum_up(
                session,
                found,
                sent.text,
                seen=request.form.get("vu", ""),
                by=viewer(),
                space=found.space,
                is_meant=sent.means(seen_in(storable(sent.text).strip())),
            )
            address = _address(found)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        return _summary_again(slug, thread_id, refusal)
    flash(_("La synthèse est enregistrée."), "success")
    return redirect(f"{address}#synthese", 303)


def _title_again(slug: str, thread_id: int, refusal: DomainError) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = _thread(session, slug, thread_id)
        sent = request.form
        version = found.version if _has_both(refusal) else sent.get("version", "")
        form = TitleForm(formdata=None, titre=sent.get("titre", ""), version=version)
        put_error(form, refusal)
        told = refused(refusal)
        return _page(session, found, "community/thread_title.html", form, told), told.status


def _summary_again(slug: str, thread_id: int, refusal: DomainError) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = _thread(session, slug, thread_id)
        sent = request.form
        known = find_summary(session, found) if _has_both(refusal) else None
        mark = mark_of_summary(known[0] if known else None)
        form = SummaryForm(
            formdata=None,
            texte=sent.get("texte", ""),
            vu=mark if _has_both(refusal) else sent.get("vu", ""),
        )
        told = refused(refusal)
        put_error(form, refusal)
        return _page(session, found, "community/thread_summary.html", form, told), told.status


def _has_both(refusal: DomainError) -> bool:
    """True when the page shows what stands now: only then does the form speak of that."""
    return isinstance(refusal, Conflict)


def _page(
    session: Session,
    found: Thread,
    template: str,
    form: TitleForm | SummaryForm,
    told: Refused = NOTHING,
) -> str:
    return render_template(
        template,
        space=found.space,
        access=access_to(session, found.space, viewer=viewer()),
        place="fil",
        thread=found,
        thread_url=_address(found),
        form=form,
        refused=told,
    )


def _thread(session: Session, slug: str, thread_id: int) -> Thread:
    found = find_thread(session, slug, thread_id, viewer=viewer())
    if found is None or found.merged_into_id is not None:
        abort(404)
    return found


def _elsewhere(session: Session, slug: str, thread_id: int) -> ResponseReturnValue:
    """Where a thread went: another space, another thread, or its space has another address."""
    if (moved := find_merged(session, slug, thread_id, viewer=viewer())) is not None:
        return _lead(moved)
    if (renamed := find_moved(session, slug, viewer=viewer())) is not None:
        return redirect(url_for(".thread", slug=renamed, thread_id=thread_id, words=""), 301)
    return abort(404)


def _lead(found: Thread) -> ResponseReturnValue:
    query = request.query_string.decode("ascii", "ignore")
    return redirect(_address(found) + (f"?{query}" if query else ""), 301)


def _address(found: Thread) -> str:
    return request.script_root + thread_path(found.space.slug, found.id, found.title)
