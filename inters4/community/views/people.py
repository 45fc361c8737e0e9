"""`/communaute/SLUG/personnes`: who belongs; for those who lead, roles, removals, invitations."""

from collections.abc import Callable

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.models import Space
from inters4.community.queries.access import access_to
from inters4.community.queries.people import (
    banned_people,
    find_line,
    invited_people,
    list_people,
    people_to_choose,
)
from inters4.community.services import inviting, leading, leaving
from inters4.community.services.belonging import member_of
from inters4.community.services.checking import MESSAGE_MAX, REASON_MAX
from inters4.community.services.seeking import check_seeking, find_person, note_seeking
from inters4.community.views.blueprint import bp
from inters4.community.views.places import led_space, seen_space, space_page
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.members.models import Member

_LONGEST_WORDS = 100


@bp.get("/<slug>/personnes")
@signed_in
def people(slug: str) -> ResponseReturnValue:
    """Who belongs, for those who belong; those who lead see who was shown the door."""
    with reading() as session:
        g.session = session
        space = seen_space(session, slug)
        access = access_to(session, space, viewer=viewer())
        if not access.belongs:
            raise NotAllowed(_("Les personnes de l’espace sont montrées à celles qui en sont."))
        words = request.args.get("q", "")[:_LONGEST_WORDS]
        kept = {"q": words} if words else {}
        return space_page(
            session,
            "community/people.html",
            space,
            place="personnes",
            access=access,
            page=list_people(
                session, space, words=words, page=request.args.get("page", 1, type=int)
            ),
            words=words,
            banned=banned_people(session, space.id) if access.facilitates else [],
            url_of=lambda number: url_for(".people", slug=slug, **{**kept, "page": number}),
        )


@bp.get("/<slug>/personnes/<public_id>")
@signed_in
def person(slug: str, public_id: str) -> ResponseReturnValue:
    """What those who lead may do with one person."""
    return _person_page(slug, public_id)


@bp.post("/<slug>/personnes/<public_id>/retrait")
@signed_in
def remove_person(slug: str, public_id: str) -> ResponseReturnValue:
    """Take the person out."""
    return _show_out(
        slug, public_id, leaving.remove, _("%(name)s ne fait plus partie de l’espace.")
    )


@bp.post("/<slug>/personnes/<public_id>/exclusion")
@signed_in
def ban_person(slug: str, public_id: str) -> ResponseReturnValue:
    """Take the person out for good."""
    return _show_out(slug, public_id, leaving.ban, _("%(name)s est hors de l’espace pour de bon."))


@bp.post("/<slug>/exclusions/<public_id>/levee")
@signed_in
def lift_ban(slug: str, public_id: str) -> ResponseReturnValue:
    """Let the person come back."""
    with writing() as session:
        space = led_space(session, slug)
        member = _known(session, public_id)
        leaving.lift_ban(session, space, member.id, by=viewer())
        name = member.name
    flash(_("%(name)s peut revenir dans l’espace.", name=name), "success")
    return redirect(url_for(".people", slug=slug), 303)


@bp.post("/<slug>/personnes/<public_id>/moderation")
@signed_in
def change_moderation(slug: str, public_id: str) -> ResponseReturnValue:
    """Give or take back the role of who moderates."""
    with writing() as session:
        space = led_space(session, slug)
        member = member_of(session, space, public_id) or abort(404)
        gives = request.form.get("role") == "oui"
        verb = leading.name_moderator if gives else leading.drop_moderator
        verb(session, space, member, by=viewer())
        name = member.name
    flash(
        _("%(name)s modère maintenant l’espace.", name=name)
        if gives
        else _("%(name)s ne modère plus l’espace.", name=name),
        "success",
    )
    return redirect(url_for(".person", slug=slug, public_id=public_id), 303)


@bp.get("/<slug>/releve")
@signed_in
def succession(slug: str) -> ResponseReturnValue:
    """Who leads, and who will."""
    return _succession_page(slug)


@bp.post("/<slug>/releve")
@signed_in
def hand_over(slug: str) -> ResponseReturnValue:
    """Say who leads from now on."""
    try:
        with writing() as session:
            space = seen_space(session, slug)
            facilitator = _chosen(session, space, "animation")
            deputy = _chosen(session, space, "releve")
            leading.hand_over(session, space, facilitator=facilitator, deputy=deputy, by=viewer())
    except DomainError as refusal:
        if refusal.about not in {"animation", "releve"}:
            raise
        return _succession_page(slug, told=(refusal.about, refusal.message)), 422
    flash(_("C’est fait : les deux personnes en sont avisées."), "success")
    return redirect(url_for(".space", slug=slug), 303)


@bp.get("/<slug>/invitations")
@signed_in
def invitations(slug: str) -> ResponseReturnValue:
    """Those who have not answered, and a form to invite."""
    return _invitations_page(slug)


@bp.post("/<slug>/invitations")
@signed_in
def invite(slug: str) -> ResponseReturnValue:
    """Invite someone, found by their address or whole name."""
    with writing() as session:
        led_space(session, slug)
        check_seeking(session, by=viewer())
        note_seeking(session, by=viewer())
    try:
        with writing() as session:
            space = led_space(session, slug)
            member = find_person(session, request.form.get("personne", ""), about="personne")
            message = request.form.get("message", "")
            inviting.invite(session, space, member, message, by=viewer())
            name = member.name
    except DomainError as refusal:
        return _invitations_page(slug, told=(refusal.about or "personne", refusal.message)), 422
    flash(_("L’invitation est envoyée à %(name)s.", name=name), "success")
    return redirect(url_for(".invitations", slug=slug), 303)


@bp.post("/<slug>/invitations/<public_id>/retrait")
@signed_in
def take_back_invitation(slug: str, public_id: str) -> ResponseReturnValue:
    """Invite someone no more."""
    with writing() as session:
        space = led_space(session, slug)
        inviting.take_back(session, space, _known(session, public_id).id, by=viewer())
    flash(_("L’invitation est retirée."), "success")
    return redirect(url_for(".invitations", slug=slug), 303)


def _show_out(
    slug: str, public_id: str, verb: Callable[..., object], told: str
) -> ResponseReturnValue:
    reason = request.form.get("motif", "")
    try:
        with writing() as session:
            space = led_space(session, slug)
            member = member_of(session, space, public_id) or abort(404)
            verb(session, space, member, reason, by=viewer())
            name = member.name
    except DomainError as refusal:
        if refusal.about != "motif":
            raise
        return _person_page(slug, public_id, reason=reason, error=refusal.message), 422
    flash(told % {"name": name}, "success")
    return redirect(url_for(".people", slug=slug), 303)


def _known(session: Session, public_id: str) -> Member:
    """Someone who may not be of the space any more, or not yet."""
    found = session.scalars(select(Member).where(Member.public_id == public_id)).first()
    return found or abort(404)


def _chosen(session: Session, space: Space, field: str) -> Member:
    found = member_of(session, space, request.form.get(field, ""))
    if found is None:
        raise DomainError(_("Choisissez une personne de l’espace."), about=field)
    return found


def _person_page(slug: str, public_id: str, *, reason: str = "", error: str = "") -> str:
    with reading() as session:
        g.session = session
        space = led_space(session, slug)
        return space_page(
            session,
            "community/person.html",
            space,
            place="personnes",
            person=find_line(session, space, public_id) or abort(404),
            reason=reason,
            error=error,
            which=request.path.rpartition("/")[2],
            longest=REASON_MAX,
        )


def _succession_page(slug: str, *, told: tuple[str, str] = ("", "")) -> str:
    with reading() as session:
        g.session = session
        space = seen_space(session, slug)
        if not leading.may_choose_leaders(session, space, viewer()):
            raise NotAllowed(_("Les personnes qui animent cet espace choisissent leur relève."))
        ids = (space.facilitator_id or 0, space.deputy_id or 0)
        rows = session.execute(select(Member.id, Member.public_id).where(Member.id.in_(ids)))
        known = {row.id: row.public_id for row in rows}
        return space_page(
            session,
            "community/succession.html",
            space,
            place="personnes",
            people=people_to_choose(session, space),
            chosen={
                "animation": request.form.get("animation", known.get(ids[0], "")),
                "releve": request.form.get("releve", known.get(ids[1], "")),
            },
            told=told,
        )


def _invitations_page(slug: str, *, told: tuple[str, str] = ("", "")) -> str:
    with reading() as session:
        g.session = session
        space = led_space(session, slug)
        return space_page(
            session,
            "community/invitations.html",
            space,
            place="personnes",
            invited=invited_people(session, space.id),
            typed=request.form,
            told=told,
            longest=MESSAGE_MAX,
        )
