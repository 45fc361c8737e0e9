"""Sources of a watch: tried before they are kept, then changed, paused, moved or deleted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.core.fetch import FeedParser, Fetcher, FetchPolicy
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.web.requests import signed_in, viewer
from inters4.members.views.asking import ask, is_agreed
from inters4.settings import Settings
from inters4.veille.forms.watches import read_source
from inters4.veille.jobs import POLL_JOB
from inters4.veille.models import POLLED, Scheme, Source, SourceKind
from inters4.veille.queries.sources import load_source
from inters4.veille.queries.watches import load_watch
from inters4.veille.services.sources import (
    WITH_ADDRESS,
    SourceSaid,
    accept_address,
    add_source,
    address_trouble,
    change_source,
    delete_source,
    pause_source,
    refuse_address,
    resume_source,
)
from inters4.veille.services.trying import TRY_SECONDS, Tried, try_out
from inters4.veille.services.watches import SPOKEN
from inters4.veille.views import watch_wording
from inters4.veille.views.blueprint import bp
from inters4.veille.views.inbox import check_desk
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services.editing import Misfilled

_FIELDS = {"name": "nom", "url": "adresse", "site_url": "site", "language": "langue"}
_TRY = "essai"
_CHOSEN = "flux"
Change = Callable[[Session, Source], object]


def policy() -> FetchPolicy:
    """Where this installation lets the portal go."""
    settings: Settings = current_app.config["SETTINGS"]
    return FetchPolicy.from_settings(settings)


@bp.get("/dispositifs/<public_id>/sources/nouvelle")
@signed_in
def new_source(public_id: str) -> ResponseReturnValue:
    """One field: the address of what is to be followed."""
    check_desk()
    return _new_page(public_id, SourceSaid(name=""))


@bp.post("/dispositifs/<public_id>/sources/nouvelle")
@signed_in
def create_source(public_id: str) -> ResponseReturnValue:
    """Try the address, or keep the source: the button says which."""
    check_desk()
    kind = SourceKind.PAGE if request.form.get("sorte") == SourceKind.PAGE else SourceKind.FEED
    said = read_source(request.form, kind=kind)
    if chosen := request.form.get(_CHOSEN, ""):
        return _try(public_id, replace(said, url=chosen))
    if kind is SourceKind.FEED and (request.form.get("geste") == _TRY or not said.name):
        return _try(public_id, said)
    try:
        with writing() as session:
            watch = load_watch(session, public_id, is_locked=True) or abort(404)
            add_source(session, watch, said, policy=policy(), by=viewer())
    except Misfilled as refusal:
        return _new_page(public_id, said, errors=refusal.errors, status=refusal.status)
    jobs.nudge(POLL_JOB)
    flash(_("« %(name)s » est ajoutée au dispositif.", name=said.name), "success")
    return redirect(url_for(".watch", public_id=public_id), code=303)


@bp.get("/sources/<public_id>")
@signed_in
def source(public_id: str) -> ResponseReturnValue:
    """The form of one source, and what can be done to it."""
    check_desk()
    return _page(public_id)


@bp.post("/sources/<public_id>")
@signed_in
def save_source(public_id: str) -> ResponseReturnValue:
    """Keep what was changed; what was typed stays when it cannot be kept."""
    check_desk()
    said = read_source(request.form, kind=SourceKind.PAGE)
    try:
        with writing() as session:
            row, watch = load_source(session, public_id, is_locked=True) or abort(404)
            said = replace(said, kind=row.kind)
            version = request.form.get("version", 0, type=int)
            change_source(session, row, said, version=version, policy=policy(), by=viewer())
            back = watch.public_id
    except (Misfilled, Conflict) as refusal:
        return _page(public_id, said=said, refusal=refusal)
    jobs.nudge(POLL_JOB)
    flash(_("La source est enregistrée."), "success")
    return redirect(url_for(".watch", public_id=back), code=303)


@bp.post("/sources/<public_id>/pause")
@signed_in
def pause_one(public_id: str) -> ResponseReturnValue:
    """It is visited no more."""
    return _change(
        public_id,
        lambda session, row: pause_source(session, row, by=viewer()),
        _("La source est en pause : le portail ne la visite plus."),
    )


@bp.post("/sources/<public_id>/reprise")
@signed_in
def resume_one(public_id: str) -> ResponseReturnValue:
    """It is visited again."""
    return _change(
        public_id,
        lambda session, row: resume_source(session, row, by=viewer()),
        _("La source reprend : le portail la visite dans la minute."),
    )


@bp.post("/sources/<public_id>/nouvelle-adresse")
@signed_in
def accept_one(public_id: str) -> ResponseReturnValue:
    """The address that its server leads to becomes its own."""
    return _change(
        public_id,
        lambda session, row: accept_address(session, row, policy=policy(), by=viewer()),
        _("La source a sa nouvelle adresse."),
    )


@bp.post("/sources/<public_id>/nouvelle-adresse/refus")
@signed_in
def refuse_one(public_id: str) -> ResponseReturnValue:
    """The address that its server leads to is not offered any more."""
    return _change(
        public_id,
        lambda session, row: refuse_address(session, row, by=viewer()),
        _("L’adresse proposée est refusée : la source garde la sienne."),
    )


@bp.post("/sources/<public_id>/suppression")
@signed_in
def delete_one(public_id: str) -> ResponseReturnValue:
    """It goes, once one has said yes; what it brought stays."""
    check_desk()
    if not is_agreed():
        with reading() as session:
            g.session = session
            row, _watch = load_source(session, public_id) or abort(404)
            return ask(
                _("Supprimer la source « %(name)s »?", name=row.name),
                _("Les trouvailles qu’elle a apportées restent au bureau de veille."),
                button=_("Supprimer la source"),
                back=url_for(".source", public_id=public_id),
            )
    with writing() as session:
        row, watch = load_source(session, public_id, is_locked=True) or abort(404)
        delete_source(session, row, by=viewer())
        back = watch.public_id
    flash(_("La source est supprimée."), "success")
    return redirect(url_for(".watch", public_id=back), code=303)


def _change(public_id: str, change: Change, told: str) -> ResponseReturnValue:
    check_desk()
    with writing() as session:
        row, _watch = load_source(session, public_id, is_locked=True) or abort(404)
        change(session, row)
    jobs.nudge(POLL_JOB)
    flash(told, "success")
    return redirect(url_for(".source", public_id=public_id), code=303)


def _try(public_id: str, said: SourceSaid) -> ResponseReturnValue:
    """What the address gives, and the rest of the form filled with it."""
    told = address_trouble(said.url, policy=policy())
    if told:
        return _new_page(public_id, said, errors={"url": told}, status=422)
    with reading() as session:
        load_watch(session, public_id) or abort(404)
    with FeedParser() as parser:
        tried = try_out(said.url, fetcher=_fetcher(policy()), parser=parser)
    said = replace(
        said,
        url=tried.url,
        name=said.name or tried.name,
        site_url=said.site_url or tried.site_url,
        language=said.language or (tried.language if tried.language in SPOKEN else ""),
    )
    return _new_page(public_id, said, tried=tried)


@cache
def _fetcher(wanted: FetchPolicy) -> Fetcher:
    """One for the process: reading the certificates of the system takes a while."""
    return Fetcher(replace(wanted, total_seconds=TRY_SECONDS))


def _new_page(
    public_id: str,
    said: SourceSaid,
    *,
    errors: Mapping[str, str] | None = None,
    tried: Tried | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        watch = load_watch(session, public_id) or abort(404)
        body = render_template(
            "veille/watches/source_new.html",
            watch=watch,
            said=said,
            tried=tried,
            is_page=said.kind is SourceKind.PAGE,
            errors={_FIELDS.get(name, name): told for name, told in (errors or {}).items()},
            themes=vocabulary(session).options(Scheme.THEMES),
            spoken=watch_wording.spoken(),
        )
    return body, status


def _page(
    public_id: str,
    *,
    said: SourceSaid | None = None,
    refusal: Misfilled | Conflict | None = None,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        row, watch = load_source(session, public_id) or abort(404)
        errors = refusal.errors if isinstance(refusal, Misfilled) else {}
        body = render_template(
            "veille/watches/source.html",
            source=row,
            watch=watch,
            said=said or _as_said(row),
            errors={_FIELDS.get(name, name): told for name, told in errors.items()},
            conflict=refusal.message if isinstance(refusal, Conflict) else "",
            has_address=row.kind in WITH_ADDRESS,
            is_polled=row.kind in POLLED,
            themes=vocabulary(session).options(Scheme.THEMES),
            spoken=watch_wording.spoken(),
            wording=watch_wording,
        )
    return body, refusal.status if refusal else 200


def _as_said(row: Source) -> SourceSaid:
    return SourceSaid(
        kind=row.kind,
        name=row.name,
        url=row.url,
        site_url=row.site_url,
        language=row.language,
        themes=tuple(one.theme for one in row.themes),
    )
