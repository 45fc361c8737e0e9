"""`/veille/dispositifs`: what the team watches, for whom, by which criteria and from where."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.veille.forms.watches import read_watch
from inters4.veille.models import Scheme, Watch
from inters4.veille.queries.inbox import team_of
from inters4.veille.queries.sources import yields_of
from inters4.veille.queries.watches import list_watches, load_watch, sources_of
from inters4.veille.services.watches import (
    LONGEST,
    WatchSaid,
    add_watch,
    change_watch,
    close_watch,
    latest_review,
    open_watch,
)
from inters4.veille.views import watch_wording
from inters4.veille.views.blueprint import bp
from inters4.veille.views.inbox import check_desk
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services.editing import Misfilled

_FIELDS = {
    "name": "nom",
    "purpose": "but",
    "audience": "public",
    "review_on": "relecture",
    "languages": "langues",
    "team": "equipe",
}


@bp.get("/dispositifs")
@signed_in
def watches() -> ResponseReturnValue:
    """Every watch, with what awaits in each."""
    check_desk()
    with reading() as session:
        g.session = session
        return render_template(
            "veille/watches/index.html",
            lines=list_watches(session),
            today=local(now()).date(),
            wording=watch_wording,
        )


@bp.get("/dispositifs/nouveau")
@signed_in
def new_watch() -> ResponseReturnValue:
    """The empty form."""
    check_desk()
    return _form(None)


@bp.post("/dispositifs/nouveau")
@signed_in
def create_watch() -> ResponseReturnValue:
    """Keep it; what was typed stays when it cannot be kept."""
    check_desk()
    said = _said()
    try:
        with writing() as session:
            public_id = add_watch(session, said, by=viewer()).public_id
    except Misfilled as refusal:
        return _form(None, said=said, refusal=refusal)
    flash(_("Le dispositif est ouvert. Donnez-lui maintenant des sources."), "success")
    return redirect(url_for(".watch", public_id=public_id), code=303)


@bp.get("/dispositifs/<public_id>")
@signed_in
def watch(public_id: str) -> ResponseReturnValue:
    """One watch: its criteria, its team, its sources."""
    check_desk()
    with reading() as session:
        g.session = session
        found = load_watch(session, public_id) or abort(404)
        page = sources_of(session, found, page=request.args.get("page", 1, type=int))
        people = team_of(session)
        return render_template(
            "veille/watches/watch.html",
            watch=found,
            page=page,
            brought=yields_of(session, [row.id for row in page.rows]),
            team=[people[row.member_id] for row in found.team if row.member_id in people],
            words=vocabulary(session),
            today=local(now()).date(),
            url_of=lambda number: url_for(".watch", public_id=public_id, page=number),
            wording=watch_wording,
        )


@bp.get("/dispositifs/<public_id>/modifier")
@signed_in
def edit_watch(public_id: str) -> ResponseReturnValue:
    """The form of one watch."""
    check_desk()
    return _form(public_id)


@bp.post("/dispositifs/<public_id>/modifier")
@signed_in
def save_watch(public_id: str) -> ResponseReturnValue:
    """Keep what was changed; what was typed stays when it cannot be kept."""
    check_desk()
    said = _said()
    try:
        with writing() as session:
            found = load_watch(session, public_id, is_locked=True) or abort(404)
            version = request.form.get("version", 0, type=int)
            change_watch(session, found, said, version=version, by=viewer())
    except (Misfilled, Conflict) as refusal:
        return _form(public_id, said=said, refusal=refusal)
    flash(_("Le dispositif est enregistré."), "success")
    return redirect(url_for(".watch", public_id=public_id), code=303)


@bp.post("/dispositifs/<public_id>/fermeture")
@signed_in
def close_one(public_id: str) -> ResponseReturnValue:
    """Nothing is collected for it any more."""
    return _move(public_id, close_watch, _("Le dispositif est fermé : rien n’y entre plus."))


@bp.post("/dispositifs/<public_id>/ouverture")
@signed_in
def open_one(public_id: str) -> ResponseReturnValue:
    """It collects again."""
    return _move(public_id, open_watch, _("Le dispositif est rouvert."))


def _move(public_id: str, change: Callable[..., None], told: str) -> ResponseReturnValue:
    check_desk()
    with writing() as session:
        found = load_watch(session, public_id, is_locked=True) or abort(404)
        change(session, found, by=viewer())
    flash(told, "success")
    return redirect(url_for(".watch", public_id=public_id), code=303)


def _said() -> WatchSaid:
    with reading() as session:
        people = {one.public_id: one.id for one in team_of(session).values()}
    return read_watch(request.form, people=people)


def _form(
    public_id: str | None,
    *,
    said: WatchSaid | None = None,
    refusal: Misfilled | Conflict | None = None,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = None
        if public_id is not None:
            found = load_watch(session, public_id) or abort(404)
        body = render_template(
            "veille/watches/watch_form.html", **_shown(session, found, said, refusal)
        )
    return body, refusal.status if refusal else 200


def _shown(
    session: Session, found: Watch | None, said: WatchSaid | None, refusal: Exception | None
) -> dict[str, Any]:
    by: Viewer = viewer()
    errors = refusal.errors if isinstance(refusal, Misfilled) else {}
    today = local(now()).date()
    return {
        "watch": found,
        "said": said,
        "shown": said or _as_said(found, by),
        "errors": {_FIELDS.get(name, name): told for name, told in errors.items()},
        "conflict": refusal.message if isinstance(refusal, Conflict) else "",
        "longest": LONGEST,
        "people": team_of(session),
        "themes": vocabulary(session).options(Scheme.THEMES),
        "typed_day": request.form.get("relecture", ""),
        "latest": latest_review(today),
        "spoken": watch_wording.spoken(),
        "wording": watch_wording,
    }


def _as_said(found: Watch | None, by: Viewer) -> WatchSaid:
    """What the form shows before anything is typed: oneself in the team of a new watch."""
    if found is None:
        team = (by.member_id,) if by.member_id else ()
        return WatchSaid(
            name="",
            purpose="",
            languages=("fr", "en"),
            team=team,
            review_on=latest_review(local(now()).date()),
        )
    return WatchSaid(
        **{name: getattr(found, name) for name in LONGEST},
        languages=tuple(found.languages),
        rhythm=found.rhythm,
        is_sorted_twice=found.is_sorted_twice,
        themes=tuple(row.theme for row in found.themes),
        team=tuple(row.member_id for row in found.team),
        review_on=found.review_on,
    )
