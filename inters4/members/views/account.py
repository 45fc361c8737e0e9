"""`/compte`: « Mon tableau », what awaits the person; their profile, organisations, language.

What awaits in other domains is told by them, in the slot `account.board`.
"""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.access import Role
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import LANGUAGES, _
from inters4.core.web.requests import signed_in, viewer
from inters4.members.exports.words import field_label, role_label, visibility_label
from inters4.members.models import Member, ProfileKey, Visibility
from inters4.members.queries.approvals import count_open_requests, open_request
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.queries.people import links_of, preference_of
from inters4.members.queries.profiles import is_listed, own_fields
from inters4.members.services import profiles as services
from inters4.members.services.approvals import request_approval, withdraw_request
from inters4.members.services.people import join_organisation
from inters4.members.services.roles import leave_organisation
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
            is_staff=present.holds_any(Role.COORDINATION, Role.ADMIN),
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
    """Keep the profile and the place in the directory."""
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
            services.save_profile(session, said, by=viewer())
            services.set_listed(
                session,
                is_listed="repertoire" in request.form,
                text=_listing(),
                by=viewer(),
                source=request.path,
            )
    except DomainError as refusal:
        return _profile_page(told=refusal.message, status=422)
    flash(_("Votre profil est enregistré."), "success")
    return redirect(url_for(".profile"), code=303)


@bp.post("/compte/organisation")
@signed_in
def ask_organisation() -> ResponseReturnValue:
    """Ask another organisation to say that one is of it."""
    with writing() as session:
        member = session.get_one(Member, viewer().member_id)
        organisation = find_organisation(session, request.form.get("organisation", ""))
        if organisation is None:
            flash(_("Choisissez une organisation."), "danger")
            return redirect(url_for(".profile"), code=303)
        join_organisation(session, member, organisation, is_confirmed=False)
        request_approval(session, member, organisation_id=organisation.id, is_for_entry=False)
    flash(_("La demande est envoyée à %(name)s.", name=organisation.name), "success")
    return redirect(url_for(".account"), code=303)


@bp.post("/compte/organisation/retrait")
@signed_in
def leave() -> ResponseReturnValue:
    """Say that one is no longer of an organisation, or drop what one asked."""
    with writing() as session:
        member = session.get_one(Member, viewer().member_id)
        organisation = find_organisation(session, request.form.get("organisation", ""))
        if organisation is None:
            withdraw_request(session, member)
        else:
            leave_organisation(session, member, organisation, by=viewer())
    flash(_("C’est fait."), "success")
    return redirect(url_for(".account"), code=303)


@bp.post("/compte/langue")
@signed_in
def choose_language() -> ResponseReturnValue:
    """The language of the pages and of the letters."""
    code = request.form.get("langue", "")
    if code in LANGUAGES and code in current_app.config["SETTINGS"].languages:
        with writing() as session:
            services.set_locale_of(session, code, by=viewer())
        flash(_("La langue est enregistrée."), "success")
    return redirect(url_for(".profile", lang=code if code in LANGUAGES else None), code=303)


def _listing() -> str:
    return _("Je veux apparaître dans le répertoire, avec ce que je laisse voir ci-dessus.")


def _visibility(typed: str | None) -> Visibility:
    return Visibility(typed) if typed in {one.value for one in Visibility} else Visibility.NOBODY


def _profile_page(*, told: str = "", status: int = 200) -> ResponseReturnValue:
    present = viewer()
    number = present.member_id or 0
    with reading() as session:
        g.session = session
        body = render_template(
            "members/profile.html",
            fields=own_fields(session, number),
            keys=list(ProfileKey),
            Key=ProfileKey,
            typed=request.form if status != 200 else None,
            visibilities=[(one.value, visibility_label(one)) for one in Visibility],
            field_label=field_label,
            is_listed=is_listed(session, number),
            listing=_listing(),
            words=vocabulary(session),
            links=links_of(session, number),
            asked=open_request(session, number),
            organisations=list_organisations(session),
            spoken=[
                (code, LANGUAGES[code]) for code in current_app.config["SETTINGS"].languages
            ],
            told=told,
        )
    return body, status
