"""`/compte`: « Mon tableau », what awaits the person; their name, profile, organisations.

What awaits in other domains is told by them, in the slot `account.board`.
"""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import Role
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.members.exports.words import field_label, role_label, visibility_label
from inters4.members.models import Member, ProfileKey, Visibility
from inters4.members.queries.approvals import count_open_requests, open_request
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.queries.people import links_of, preference_of
from inters4.members.queries.profiles import is_listed, own_fields
from inters4.members.services import profiles as services
from inters4.members.services.approvals import ask_to_join, withdraw_request
from inters4.members.services.people import LONGEST_NAME
from inters4.members.services.roles import leave_organisation
from inters4.members.views.asking import ask, is_agreed
from inters4.members.views.sign_in import bp
from inters4.vocabulary.queries import vocabulary

_NEXT_STEP = "profile_offered"


@bp.get("/compte")
@signed_in
def account() -> ResponseReturnValue:
    """What awaits the person, then their own pages."""
    present = viewer()
    is_decider = present.holds_any(Role.APPROVER, Role.COORDINATION, Role.ADMIN)
    with reading() as session:
        g.session = session
        fields = own_fields(session, present.member_id or 0)
        is_new = not fields and preference_of(session, present.member_id, _NEXT_STEP) is None
        return render_template(
            "members/account.html",
            waiting=count_open_requests(session, viewer=present) if is_decider else 0,
            is_decider=is_decider,
            is_staff=present.is_staff,
            links=links_of(session, present.member_id or 0),
            asked=open_request(session, present.member_id or 0),
            roles=sorted({role_label(grant.role) for grant in present.grants}),
            is_new=is_new,
        )


@bp.post("/compte/plus-tard")
@signed_in
def put_off_profile() -> ResponseReturnValue:
    """The profile is not offered again."""
    with writing() as session:
        services.set_preference(session, _NEXT_STEP, "later", by=viewer())
    return redirect(url_for(".account"), code=303)


@bp.get("/compte/profil")
@signed_in
def profile() -> ResponseReturnValue:
    """What one says of oneself, and to whom; everything may stay empty."""
    return _profile_page()


@bp.post("/compte/profil")
@signed_in
def save_profile() -> ResponseReturnValue:
    """Keep the name, the profile and the place in the directory."""
    said = {
        key: (request.form.get(key.value, ""), _visibility(request.form.get(f"{key.value}_pour")))
        for key in ProfileKey
    }
    try:
        with writing() as session:
            words = vocabulary(session)
            for key, scheme in (
                (ProfileKey.REGION, "regions"),
                (ProfileKey.PROFESSION, "professions"),
            ):
                if said[key][0] and (scheme, said[key][0]) not in words:
                    said[key] = ("", said[key][1])
            if "nom" in request.form:
                services.rename(session, request.form["nom"], by=viewer())
            services.save_profile(session, said, by=viewer())
            services.set_listed(
                session,
                is_listed="repertoire" in request.form,
                text=_listing(),
                by=viewer(),
                source=request.path,
            )
    except DomainError as refusal:
        field = "nom" if refusal.about == "name" else refusal.about
        return _profile_page(told=refusal.message, field=field, status=422)
    flash(_("Votre profil est enregistré."), "success")
    return redirect(url_for(".profile"), code=303)


@bp.post("/compte/organisation")
@signed_in
def ask_organisation() -> ResponseReturnValue:
    """Ask another organisation to say that one is of it."""
    try:
        with writing() as session:
            member = session.get_one(Member, viewer().member_id)
            organisation = find_organisation(session, request.form.get("organisation", ""))
            name = ask_to_join(session, member, organisation).name
    except DomainError as refusal:
        status = 409 if refusal.status == 409 else 422
        return _profile_page(told=refusal.message, field="organisation", status=status)
    flash(_("La demande est envoyée à %(name)s.", name=name), "success")
    return redirect(url_for(".account"), code=303)


@bp.post("/compte/organisation/retrait")
@signed_in
def leave() -> ResponseReturnValue:
    """Say that one is no longer of an organisation, or drop what one asked; asked once."""
    if not is_agreed():
        return _ask_to_leave(request.form.get("organisation", ""))
    with writing() as session:
        member = session.get_one(Member, viewer().member_id)
        organisation = find_organisation(session, request.form.get("organisation", ""))
        if organisation is None:
            withdraw_request(session, member)
            told = _("Votre demande est retirée.")
        else:
            leave_organisation(session, member, organisation, by=viewer())
            told = _("Vous ne faites plus partie de %(name)s.", name=organisation.name)
    flash(told, "success")
    return redirect(url_for(".account"), code=303)


def _ask_to_leave(chosen: str) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        organisation = find_organisation(session, chosen)
        if organisation is not None:
            return ask(
                _("Ne plus faire partie de « %(name)s »?", name=organisation.name),
                _(
                    "Ce qui est réservé à ses équipes se ferme, et vos rôles s’y retirent. "
                    "Y revenir demande une nouvelle confirmation."
                ),
                button=_("Je n’en fais plus partie"),
                back=url_for(".profile"),
            )
        asked = open_request(session, viewer().member_id or 0)
        if asked is None:
            return redirect(url_for(".profile"), code=303)
        place = asked.organisation.name if asked.organisation else asked.other_organisation
        return ask(
            _("Retirer votre demande à « %(name)s »?", name=place or _("La coordination")),
            _("Vous pourrez en faire une autre."),
            button=_("Retirer ma demande"),
            back=url_for(".profile"),
        )


def _listing() -> str:
    return _("Je veux apparaître dans le répertoire, avec ce que je laisse voir ci-dessus.")


def _visibility(typed: str | None) -> Visibility:
    return Visibility(typed) if typed in {one.value for one in Visibility} else Visibility.NOBODY


def _profile_page(*, told: str = "", field: str = "", status: int = 200) -> ResponseReturnValue:
    present = viewer()
    number = present.member_id or 0
    with reading() as session:
        g.session = session
        links = links_of(session, number)
        held = {link.organisation_id for link in links}
        body = render_template(
            "members/profile.html",
            fields=own_fields(session, number),
            keys=list(ProfileKey),
            Key=ProfileKey,
            typed=request.form if field and field != "organisation" else None,
            field=field,
            visibilities=[(one.value, visibility_label(one)) for one in Visibility],
            field_label=field_label,
            is_listed=is_listed(session, number),
            listing=_listing(),
            words=vocabulary(session),
            links=links,
            asked=open_request(session, number),
            places=[
                (one.slug, one.name) for one in list_organisations(session) if one.id not in held
            ],
            name=present.display_name,
            longest_name=LONGEST_NAME,
            told=told,
        )
    return body, status
