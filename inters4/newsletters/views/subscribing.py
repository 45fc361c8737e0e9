"""`/infolettres/abonnement`: the form, the letter's button, and the page that follows."""

import structlog
from flask import abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import NotFound, TooMany
from inters4.core.i18n import LANGUAGES, current_locale
from inters4.core.web.requests import network_of_request, public
from inters4.members.services.sessions import shortened
from inters4.newsletters.exports.tokens import choices_path, read_confirming
from inters4.newsletters.exports.words import CONSENT_VERSION, CONSENT_WORDS, frequency_label
from inters4.newsletters.forms.subscribing import Offered, Typed, read_subscription
from inters4.newsletters.models import Frequency
from inters4.newsletters.queries.subscribers import (
    find_by_address,
    find_request,
    newsletters_received,
    offered_newsletters,
)
from inters4.newsletters.services import subscribing as services
from inters4.newsletters.services.preferences import RECEIVING
from inters4.newsletters.services.subscriber_life import Proof
from inters4.newsletters.views.blueprint import bp
from inters4.vocabulary.queries import vocabulary

log = structlog.get_logger(__name__)


def offered(session: Session) -> Offered:
    """What a subscriber may choose: every newsletter, the main themes, the languages spoken."""
    codes = current_app.config["SETTINGS"].languages
    return Offered(
        newsletters=tuple((one.id, one.title) for one in offered_newsletters(session)),
        themes=tuple(
            (node.entry.id, node.entry.label()) for node in vocabulary(session).tree("themes")
        ),
        languages=tuple((code, LANGUAGES[code]) for code in codes),
    )


@bp.get("/abonnement")
@public
def subscription() -> ResponseReturnValue:
    """The form; the address says which newsletter was being read."""
    with reading() as session:
        g.session = session
        choice = offered(session)
        ids = [identifier for identifier, _title in choice.newsletters]
        asked = request.args.get("infolettre", "")
        chosen = (asked,) if asked in ids else tuple(ids[:1])
        typed = Typed(newsletters=chosen, language=current_locale())
        return _form(choice, typed)


@bp.post("/abonnement")
@public
def subscribe() -> ResponseReturnValue:
    """The same work and the same answer, whether the address is known or not."""
    with reading() as session:
        g.session = session
        choice = offered(session)
        typed = read_subscription(request.form, choice)
        if typed.errors:
            return _form(choice, typed), 422
    asked = redirect(url_for(".subscription_asked"), code=303)
    if typed.is_from_a_robot:
        log.info("subscription_from_a_robot")
        return asked
    proof = Proof(
        text=str(CONSENT_WORDS),
        version=CONSENT_VERSION,
        source=url_for(".subscription"),
        network=shortened(request.remote_addr or ""),
    )
    try:
        with writing() as session:
            services.ask_to_subscribe(
                session, typed.email, typed.choices, proof=proof, mark=network_of_request()
            )
    except TooMany as refusal:
        log.info("subscription_slowed", seconds=refusal.retry_after)
        with reading() as session:
            g.session = session
            page = _form(choice, typed, told=refusal.message)
        return page, 429, {"Retry-After": str(refusal.retry_after)}
    return asked


@bp.get("/abonnement/merci")
@public
def subscription_asked() -> ResponseReturnValue:
    """Look at your mail: the same page for everyone."""
    return render_template("newsletters/subscription_asked.html", kept_days=services.KEPT_DAYS)


@bp.get("/abonnement/<token>")
@public
def confirmation(token: str) -> ResponseReturnValue:
    """A button, for mail scanners follow links; where things stand once it was pressed."""
    named = read_confirming(token)
    with reading() as session:
        g.session = session
        row = find_request(session, named) if named else None
        if row is None:
            return _dead()
        found = find_by_address(session, row.address) if row.used_at else None
        receives = found if found is not None and found.state in RECEIVING else None
        choice = offered(session)
        chosen = newsletters_received(receives) if receives else row.newsletters
        body = render_template(
            "newsletters/confirmation.html",
            token=token,
            is_done=row.used_at is not None,
            titles=[title for identifier, title in choice.newsletters if identifier in chosen],
            themes=[words for identifier, words in choice.themes if identifier in row.themes],
            frequency=frequency_label(row.frequency),
            text=row.text,
            preferences=choices_path(receives.public_id, key=receives.key) if receives else "",
        )
    return secret_page(body)


@bp.post("/abonnement/<token>")
@public
def confirm_subscription(token: str) -> ResponseReturnValue:
    """Subscribe; twice, nothing more happens."""
    named = read_confirming(token)
    try:
        with writing() as session:
            services.confirm(session, named or abort(404))
    except NotFound:
        return _dead()
    return redirect(url_for(".confirmation", token=token), code=303)


def secret_page(body: str, status: int = 200) -> ResponseReturnValue:
    """A page whose address is a secret: no cache keeps it, no link tells it."""
    return body, status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def _dead() -> ResponseReturnValue:
    body = render_template("newsletters/dead_link.html", kept_days=services.KEPT_DAYS)
    return secret_page(body, 404)


def _form(choice: Offered, typed: Typed, *, told: str = "") -> str:
    return render_template(
        "newsletters/subscription.html",
        offered=choice,
        typed=typed,
        told=told,
        frequencies=[(one.value, frequency_label(one)) for one in Frequency],
        consent_words=CONSENT_WORDS,
        kept_days=services.KEPT_DAYS,
    )
