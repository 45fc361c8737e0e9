"""`/communaute/SLUG/reglages`: what a space says of itself, who reads it, its stage."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inters4.community.exports.words import policy_label
from inters4.community.forms.spaces import (
    POLICIES,
    STAGES,
    VISIBILITIES,
    Typed,
    read_revision,
    rich,
    typed_of,
    ways_offered,
)
from inters4.community.queries.widening import what_appears
from inters4.community.services.revising import revise, set_stage
from inters4.community.services.visibility_changes import change_visibility, widens
from inters4.community.views.blueprint import bp
from inters4.community.views.places import led_space, space_page
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.vocabulary.queries import options_of, vocabulary


@bp.get("/<slug>/reglages")
@signed_in
def settings(slug: str) -> ResponseReturnValue:
    """The form, as the space is."""
    return _page(slug)


@bp.post("/<slug>/reglages")
@signed_in
def save_settings(slug: str) -> ResponseReturnValue:
    """Keep it; what someone else changed meanwhile is shown beside what was typed."""
    with reading() as session:
        known = vocabulary(session).ids("themes")
        visibility = led_space(session, slug).visibility
    typed = read_revision(request.form, visibility=visibility, known_themes=known)
    if typed.errors:
        return _page(slug, typed), 422
    try:
        with writing() as session:
            space = led_space(session, slug)
            revise(
                session,
                space,
                typed.description,
                version=typed.version,
                moves=typed.moves,
                known_themes=known,
                by=viewer(),
            )
            present = space.slug
    except Conflict as refusal:
        return _page(slug, typed.refused("", refusal.message), stale=True), 409
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        return _page(slug, typed.refused(refusal.about, refusal.message)), 422
    flash(_("Les réglages sont enregistrés."), "success")
    return redirect(url_for(".settings", slug=present), 303)


@bp.get("/<slug>/reglages/visibilite")
@signed_in
def visibility_page(slug: str) -> ResponseReturnValue:
    """Who reads, and what would become visible; nothing changes here."""
    with reading() as session:
        g.session = session
        space = led_space(session, slug)
        wanted = VISIBILITIES.get(request.args.get("qui", ""), space.visibility)
        return space_page(
            session,
            "community/visibility.html",
            space,
            place="reglages",
            wanted=wanted,
            value=request.args.get("qui", ""),
            widens=widens(space, wanted),
            appearing=what_appears(session, space) if widens(space, wanted) else None,
            visibilities=VISIBILITIES,
        )


@bp.post("/<slug>/reglages/visibilite")
@signed_in
def set_visibility(slug: str) -> ResponseReturnValue:
    """Narrow at once; widen once what appears was shown and confirmed."""
    value = request.form.get("qui", "")
    here = url_for(".visibility_page", slug=slug, qui=value)
    if value not in VISIBILITIES:
        flash(_("Choisissez qui lit l’espace."), "warning")
        return redirect(here, 303)
    try:
        with writing() as session:
            change_visibility(
                session,
                led_space(session, slug),
                VISIBILITIES[value],
                is_confirmed=request.form.get("confirmer") == "oui",
                seen=request.form.get("vu", type=int),
                by=viewer(),
            )
    except Conflict as refusal:
        flash(refusal.message, "warning")
        return redirect(here, 303)
    flash(_("C’est fait : le changement vaut dès maintenant."), "success")
    return redirect(url_for(".settings", slug=slug), 303)


@bp.post("/<slug>/reglages/etape")
@signed_in
def change_stage(slug: str) -> ResponseReturnValue:
    """Say where the community is in its life."""
    wanted = STAGES.get(request.form.get("etape", ""))
    if wanted is None:
        flash(_("Choisissez une étape."), "warning")
        return redirect(url_for(".settings", slug=slug), 303)
    with writing() as session:
        set_stage(session, led_space(session, slug), wanted, by=viewer())
    flash(_("L’étape est enregistrée."), "success")
    return redirect(url_for(".settings", slug=slug), 303)


def _page(slug: str, typed: Typed | None = None, *, stale: bool = False) -> str:
    with reading() as session:
        g.session = session
        space = led_space(session, slug)
        words = vocabulary(session)
        return space_page(
            session,
            "community/settings.html",
            space,
            place="reglages",
            typed=typed or typed_of(space),
            present=typed_of(space) if stale else None,
            themes=options_of(words.tree("themes"), words.ids("themes")),
            words=words,
            policies=[
                (value, policy_label(POLICIES[value])) for value in ways_offered(space.visibility)
            ],
            visibilities=VISIBILITIES,
            stages=STAGES,
            rich=rich,
        )
