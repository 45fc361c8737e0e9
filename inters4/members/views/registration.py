"""`/inscription`: the form, the letter's link, and the page that says who decides."""

import structlog
from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, TooMany
from inters4.core.i18n import _
from inters4.core.web.requests import network_of_request, public, viewer
from inters4.members.forms import SignInForm
from inters4.members.forms.claiming import ClaimForm
from inters4.members.forms.registration import OTHER, ConfirmationForm, RegistrationForm
from inters4.members.models import Invitation, Registration
from inters4.members.queries.approvals import deciders_of, open_request
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.queries.registrations import find_invitation
from inters4.members.services import entry
from inters4.members.services.passwords import hash_password, matches
from inters4.members.services.registration import KEPT_DAYS, Typed, refuse_flood, register
from inters4.members.services.tokens import DeadToken
from inters4.members.views import browser
from inters4.members.views.provider_browser import provider_label
from inters4.members.views.sign_in import bp

log = structlog.get_logger(__name__)


@bp.get("/inscription")
@public
def registration() -> ResponseReturnValue:
    """The form; an invitation fills what it knows."""
    if viewer().is_signed_in:
        return redirect(url_for(".account"), code=303)
    with reading() as session:
        invitation = _invitation(session, request.args.get("invitation"))
        form = RegistrationForm(
            formdata=None,
            courriel=invitation.email if invitation else "",
            organisation=(
                invitation.organisation.slug if invitation and invitation.organisation else ""
            ),
            invitation=request.args.get("invitation", "") if invitation else "",
        )
        return _page(session, form, invitation)


@bp.post("/inscription")
@public
def send_registration() -> ResponseReturnValue:
    """The same work and the same answer, whether the address is known or not."""
    form = RegistrationForm()
    with reading() as session:
        invitation = _invitation(session, form.invitation.data)
        form.offer(list_organisations(session))
        if not form.validate():
            return _page(session, form, invitation, status=422)
        chosen = find_organisation(session, form.organisation.data)
        try:
            refuse_flood(session, network=network_of_request())
        except TooMany as refusal:
            return _refused(form, invitation, refusal)
    sent = redirect(url_for(".registration_sent"), code=303)
    if form.is_from_a_robot:
        log.info("registration_from_a_robot")
        return sent
    typed = Typed(
        said=form.said(chosen),
        email=form.courriel.data,
        password_hash=hash_password(form.mot_de_passe.data),
        invitation_id=invitation.id if invitation else None,
    )
    try:
        with writing() as session:
            register(session, typed, network=network_of_request())
    except DomainError as refusal:
        return _refused(form, invitation, refusal)
    return sent


@bp.get("/inscription/merci")
@public
def registration_sent() -> ResponseReturnValue:
    """Look at your mail: the same page for everyone."""
    return render_template("members/registration_sent.html")


@bp.get("/inscription/confirmation/<secret>")
@public
def confirmation(secret: str) -> ResponseReturnValue:
    """A button, for mail scanners follow links; where things stand once it was pressed."""
    with reading() as session:
        try:
            row, arrival = entry.arrival_of(session, secret)
        except DeadToken as refusal:
            return _dead(refusal)
        if entry.is_the_readers(session, secret):
            form = ClaimForm(formdata=None)
            form.address = row.email
            return _claim_page(session, secret, form)
        return _standing(session, secret, row, arrival, ConfirmationForm())


@bp.post("/inscription/confirmation/<secret>")
@public
def confirm(secret: str) -> ResponseReturnValue:
    """Make the account for who knows the password of the form; twice, nothing more happens."""
    form = ConfirmationForm()
    try:
        with reading() as session:
            is_the_readers = entry.is_the_readers(session, secret)
        if is_the_readers:
            return _claim(secret)
        if form.validate():
            with writing() as session:
                knocked = entry.knock(session, secret, network=network_of_request())
            if knocked is None or matches(form.mot_de_passe.data, knocked.password_hash):
                return _arrive(secret, knocked)
            form.mot_de_passe.errors = [_("Ce n’est pas le mot de passe de ce formulaire.")]
        return _asked_again(secret, form)
    except DeadToken as refusal:
        return _dead(refusal)
    except TooMany as refusal:
        form.refuse(refusal.message)
        return _asked_again(secret, form, retry_after=refusal.retry_after)


def _claim(secret: str) -> ResponseReturnValue:
    """The form of whoever reads the letter; what another typed counts for nothing."""
    form = ClaimForm()
    with reading() as session:
        row, _arrival = entry.arrival_of(session, secret)
        form.address = row.email
        form.offer(list_organisations(session))
        if not form.validate():
            return _claim_page(session, secret, form, status=422)
        chosen = find_organisation(session, form.organisation.data)
    hashed = hash_password(form.mot_de_passe.data)
    try:
        with writing() as session:
            arrival = entry.claim(session, secret, form.said(chosen), password_hash=hashed)
    except DeadToken:
        raise
    except DomainError as refusal:
        form.refuse(refusal.message)
        with reading() as session:
            return _claim_page(session, secret, form, status=422)
    return _confirmed(secret, arrival)


def _claim_page(session: Session, secret: str, form: ClaimForm, *, status: int = 200) -> Response:
    form.offer(list_organisations(session))
    body = render_template(
        "members/claim.html", secret=secret, address=form.address, form=form, kept_days=KEPT_DAYS
    )
    return make_response(body, status)


def _arrive(secret: str, knocked: entry.Knock | None) -> ResponseReturnValue:
    with writing() as session:
        if knocked is not None:
            entry.note_right_password(session, knocked)
        arrival = entry.confirm(session, secret)
    return _confirmed(secret, arrival)


def _confirmed(secret: str, arrival: entry.Arrival) -> ResponseReturnValue:
    """Where things stand; this browser has just proved that it is the account's."""
    response = make_response(redirect(url_for(".confirmation", secret=secret), code=303))
    if arrival.member is not None and arrival.outcome in {
        entry.Outcome.OPEN,
        entry.Outcome.WAITING,
    }:
        browser.know(response, arrival.member.id)
    return response


def _asked_again(
    secret: str, form: ConfirmationForm, *, retry_after: int | None = None
) -> ResponseReturnValue:
    with reading() as session:
        row, arrival = entry.arrival_of(session, secret)
        answer = _standing(session, secret, row, arrival, form)
    answer.status_code = 422
    if retry_after is not None:
        answer.status_code = 429
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _standing(
    session: Session,
    secret: str,
    row: Registration,
    arrival: entry.Arrival | None,
    form: ConfirmationForm,
) -> Response:
    member = arrival.member if arrival else None
    waiting = open_request(session, member.id) if member else None
    body = render_template(
        "members/confirmation.html",
        secret=secret,
        typed=row,
        form=form,
        member=member,
        is_done=arrival is not None,
        waiting=waiting,
        deciders=deciders_of(session, waiting) if waiting else [],
        sign_in=SignInForm(formdata=None, courriel=row.email),
    )
    return make_response(body)


def _dead(refusal: DeadToken) -> ResponseReturnValue:
    body = render_template(
        "members/dead_link.html", message=refusal.message, again=url_for(".registration")
    )
    return body, 410


def _invitation(session: Session, secret: str | None) -> Invitation | None:
    found = find_invitation(session, secret) if secret else None
    return found if found is not None and found.is_live(now()) else None


def _refused(
    form: RegistrationForm, invitation: Invitation | None, refusal: DomainError
) -> ResponseReturnValue:
    form.refuse(refusal.message)
    status = 422
    with reading() as session:
        if isinstance(refusal, TooMany):
            log.info("registration_slowed", seconds=refusal.retry_after)
            status = 429
        answer = _page(session, form, invitation, status=status)
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def _page(
    session: Session,
    form: RegistrationForm,
    invitation: Invitation | None,
    *,
    status: int = 200,
) -> Response:
    form.offer(list_organisations(session))
    body = render_template(
        "members/registration.html",
        form=form,
        invitation=invitation,
        other=OTHER,
        kept_days=KEPT_DAYS,
        provider=provider_label(),
    )
    return make_response(body, status)
