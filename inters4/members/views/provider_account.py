"""Someone came back from the provider whom no account knows: they join, or show which is theirs."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, TooMany
from inters4.core.i18n import _
from inters4.core.web.requests import network_of_request, public, request_id, safe_next
from inters4.members import services
from inters4.members.forms.registration import (
    OTHER,
    ProviderRegistrationForm,
    RegistrationForm,
)
from inters4.members.models import Organisation
from inters4.members.queries.domains import find_domain, hinted_organisation
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.services import identities
from inters4.members.services.arrivals import Arrived, Standing, standing_of
from inters4.members.services.provider_joining import join_by_provider
from inters4.members.services.registration import KEPT_DAYS, Said, refuse_flood
from inters4.members.services.sessions import OpenedSession
from inters4.members.services.tokens import DeadToken
from inters4.members.views import browser, provider_browser
from inters4.members.views.provider import welcome
from inters4.members.views.sign_in import bp, say_where_it_stands


@bp.get("/connexion/organisation/compte")
@public
def provider_account() -> ResponseReturnValue:
    """What comes next, by what is known of the address they came back with."""
    found = _arrived()
    if found is None:
        return _too_late()
    with reading() as session:
        standing, member = standing_of(session, found)
        if standing is Standing.JOIN:
            return _form_page(session, found, _form(session, found))
        if standing is Standing.ELSEWHERE:
            return _elsewhere(session, found)
    if standing is Standing.CLOSED and member is not None:
        return say_where_it_stands(member.id, by_provider=True)
    return _known(found)


@bp.post("/connexion/organisation/compte")
@public
def provider_join() -> ResponseReturnValue:
    """Make the account; a second time, say where it stands."""
    found = _arrived()
    if found is None:
        return _too_late()
    form = ProviderRegistrationForm()
    with reading() as session:
        form.offer(list_organisations(session))
        if standing_of(session, found)[0] is not Standing.JOIN:
            return redirect(url_for(".provider_account"), code=303)
        if not form.validate():
            return _form_page(session, found, form, status=422)
        chosen = find_organisation(session, form.organisation.data)
    said = form.said(chosen)
    try:
        return _join(found, said)
    except DomainError as refusal:
        form.refuse(refusal.message)
        with reading() as session:
            status = 429 if isinstance(refusal, TooMany) else 422
            return _form_page(session, found, form, status=status)


@bp.post("/connexion/organisation/lettre")
@public
def provider_letter() -> ResponseReturnValue:
    """Send the owner of the address a link, to be opened in this browser."""
    found = _arrived()
    if found is None:
        return _too_late()
    secret = provider_browser.fresh_secret()
    try:
        with writing() as session:
            standing, member = standing_of(session, found)
            if standing is Standing.LINK and member is not None:
                identities.send_letter(
                    session, found, member, browser=secret, request_id=request_id()
                )
    except TooMany as refusal:
        response = make_response(_known(found, refusal=refusal.message), 429)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    flash(
        _(
            "Un courriel est parti vers %(address)s : ouvrez son lien ici, dans ce navigateur, "
            "dans l’heure.",
            address=found.email,
        ),
        "success",
    )
    response = make_response(redirect(url_for(".provider_account"), code=303))
    provider_browser.give_secret(response, secret)
    return response


@bp.route("/connexion/organisation/lien/<secret>", methods=["GET", "POST"])
@public
def provider_letter_link(secret: str) -> ResponseReturnValue:
    """The page of the letter's link; its button links, once, in the browser that asked."""
    provider_browser.client_or_404()
    held = provider_browser.secret_of_browser()
    try:
        if request.method == "POST":
            with writing() as session:
                identities.use_letter(session, secret, browser=held, request_id=request_id())
            flash(
                _(
                    "C’est relié : entrez maintenant avec %(name)s.",
                    name=provider_browser.provider_label(),
                ),
                "success",
            )
            return redirect(url_for(".sign_in"), code=303)
        with reading() as session:
            email = identities.letter_address(session, secret, browser=held)
    except DeadToken as refusal:
        body = render_template("members/dead_link.html", message=refusal.message, again="")
        return body, refusal.status
    response = make_response(
        render_template(
            "members/provider_letter.html",
            secret=secret,
            email=email,
            label=provider_browser.provider_label(),
        )
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _join(found: Arrived, said: Said) -> ResponseReturnValue:
    origin = browser.origin()
    with writing() as session:
        refuse_flood(session, network=network_of_request())
        arrival = join_by_provider(
            session, found, said, network=network_of_request(), request_id=request_id()
        )
        entered = None
        if arrival.member is not None and arrival.member.is_active:
            entered = identities.enter_account(
                session, arrival.member.id, is_strong=found.is_strong, origin=origin
            )
        if isinstance(entered, OpenedSession):
            services.sign_out(session, browser.token_of_request(), origin=origin)
    if entered is not None:
        opened = welcome(entered, request.form.get("suite", ""), strongly=found.is_strong)
        flash(_("Votre compte est ouvert."), "success")
        return opened
    return redirect(url_for(".provider_account"), code=303)


def _arrived() -> Arrived | None:
    provider_browser.client_or_404()
    found = provider_browser.arrived_of_request()
    return None if found is None or found.session_id else found


def _too_late() -> ResponseReturnValue:
    flash(_("Plus de dix minutes ont passé : recommencez."))
    return redirect(url_for(".sign_in"), code=303)


def _form(session: Session, found: Arrived) -> ProviderRegistrationForm:
    """Filled with what the provider and the address say."""
    hinted = hinted_organisation(find_domain(session, found.email), found.email)
    organisation = session.get(Organisation, hinted) if hinted else None
    return ProviderRegistrationForm(
        formdata=None,
        nom=found.name,
        organisation=organisation.slug if organisation else "",
    )


def _form_page(
    session: Session, found: Arrived, form: ProviderRegistrationForm, *, status: int = 200
) -> ResponseReturnValue:
    form.offer(list_organisations(session))
    body = render_template(
        "members/provider_join.html",
        form=form,
        email=found.email,
        label=provider_browser.provider_label(),
        target=safe_next(request.values.get("suite"), default=""),
    )
    return body, status


def _elsewhere(session: Session, found: Arrived) -> ResponseReturnValue:
    """The provider does not answer for this address: the form of everyone, with its letter."""
    form = RegistrationForm(formdata=None, nom=found.name, courriel=found.email)
    form.offer(list_organisations(session))
    return render_template(
        "members/registration.html",
        form=form,
        invitation=None,
        other=OTHER,
        kept_days=KEPT_DAYS,
        unproved=found.email,
        provider=provider_browser.provider_label(),
    )


def _known(found: Arrived, *, refusal: str = "") -> str:
    return render_template(
        "members/provider_known.html",
        email=found.email,
        label=provider_browser.provider_label(),
        refusal=refusal,
    )
