"""What the links of a message open: one's choices, and the way out. No account, no cookie.

The signature of the address is what is checked. A GET changes nothing: mail scanners follow links.
The way out takes a bare POST of a mail program (RFC 8058), and answers the same once or many times.
"""

from collections.abc import Callable

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import public, signed_in, viewer
from inters4.members.exports.letters import masked
from inters4.newsletters.exports.tokens import (
    Leaving,
    choices_path,
    read_choosing,
    read_leaving,
)
from inters4.newsletters.exports.words import frequency_label, state_label
from inters4.newsletters.forms.subscribing import Typed, read_choices
from inters4.newsletters.models import Frequency, Issue, Newsletter, Subscriber, SubscriberState
from inters4.newsletters.queries.subscribers import (
    find_by_member,
    find_subscriber,
    newsletters_received,
    state_at,
    was_sent_where_now,
)
from inters4.newsletters.services import preferences as services
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.subscribing import offered, secret_page

_PLACE = "/infolettres/preferences"
_WAY_OUT = "/infolettres/desabonnement"


@bp.get("/preferences")
@signed_in
def own_preferences() -> ResponseReturnValue:
    """From the account: one's own choices, or the form when there are none."""
    with reading() as session:
        found = find_by_member(session, viewer().member_id or 0)
        if found is None or found.state not in services.RECEIVING:
            return redirect(url_for(".subscription"), code=303)
        return redirect(choices_path(found.public_id, key=found.key), code=303)


@bp.get("/preferences/<token>")
@public
def preferences(token: str) -> ResponseReturnValue:
    """Newsletters, themes, how often, a pause, leaving."""
    with reading() as session:
        g.session = session
        return _page(session, token)


@bp.post("/preferences/<token>")
@public
def save_preferences(token: str) -> ResponseReturnValue:
    """Keep the choices."""
    with reading() as session:
        g.session = session
        typed = read_choices(request.form, offered(session))
    return _change(
        token,
        lambda session, found: services.choose(session, found, typed.choices),
        _("Vos choix sont enregistrés."),
        typed=typed,
    )


@bp.post("/preferences/<token>/pause")
@public
def pause_subscription(token: str) -> ResponseReturnValue:
    """Nothing for some months."""
    months = request.form.get("duree", 0, type=int)
    return _change(
        token,
        lambda session, found: services.pause(session, found, months=months, source=_PLACE),
        _("La pause commence maintenant; elle se termine d’elle-même."),
    )


@bp.post("/preferences/<token>/reprise")
@public
def resume_subscription(token: str) -> ResponseReturnValue:
    """Receive again."""
    return _change(
        token,
        lambda session, found: services.resume(session, found, source=_PLACE),
        _("La pause est terminée : vous recevrez le prochain numéro."),
    )


@bp.post("/preferences/<token>/depart")
@public
def leave_all(token: str) -> ResponseReturnValue:
    """Leave every newsletter."""

    def leave(session: Session, found: Subscriber) -> None:
        services.leave(session, found, source=_PLACE)

    return _change(token, leave, _("C’est fait : vous ne recevrez plus d’infolettre."))


@bp.post("/preferences/<token>/effacement")
@public
def erase_subscription(token: str) -> ResponseReturnValue:
    """Forget the address."""
    with writing() as session:
        found = _chooser(session, token, for_update=True)
        if found is not None:
            services.erase(session, found, source=_PLACE)
    flash(_("Votre adresse et vos choix sont effacés."), "success")
    return redirect(url_for(".index"), code=303)


@bp.route("/desabonnement/<token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """A page with a button; the POST acts, once or many times."""
    named = read_leaving(token)
    if named is None:
        return secret_page(render_template("newsletters/unsubscribe.html", is_dead=True), 404)
    is_done = request.method == "POST"
    if is_done:
        with writing() as session:
            found = find_subscriber(session, named.public_id, for_update=True)
            wants_all = request.form.get("portee") == "toutes"
            issue = _issue_of(session, named)
            newsletter_id = issue.newsletter_id if issue and not wants_all else ""
            if found is not None:
                services.leave(
                    session,
                    found,
                    newsletter_id=newsletter_id,
                    source=_WAY_OUT,
                    issue_id=issue.id if issue else None,
                )
    with reading() as session:
        g.session = session
        return _way_out(session, named, is_done=is_done)


def _way_out(session: Session, named: Leaving, *, is_done: bool) -> ResponseReturnValue:
    found = find_subscriber(session, named.public_id)
    receiving = found if found is not None and found.state in services.RECEIVING else None
    received = newsletters_received(receiving) if receiving else frozenset()
    newsletter = _newsletter_of(session, named)
    # An old mailbox may hold the link of an old message: it leads out, never to what was chosen.
    may_choose = receiving is not None and was_sent_where_now(session, receiving, named.issue_id)
    body = render_template(
        "newsletters/unsubscribe.html",
        is_dead=False,
        is_done=is_done or not received,
        newsletter=newsletter,
        has_others=bool(received - {newsletter.id}) if newsletter else False,
        still_receives=receiving is not None,
        preferences=(
            choices_path(receiving.public_id, key=receiving.key)
            if receiving is not None and may_choose
            else ""
        ),
    )
    return secret_page(body)


def _issue_of(session: Session, named: Leaving) -> Issue | None:
    return session.get(Issue, named.issue_id) if named.issue_id else None


def _newsletter_of(session: Session, named: Leaving) -> Newsletter | None:
    issue = _issue_of(session, named)
    return session.get(Newsletter, issue.newsletter_id) if issue else None


def _change(
    token: str,
    act: Callable[[Session, Subscriber], None],
    done: str,
    *,
    typed: Typed | None = None,
) -> ResponseReturnValue:
    try:
        with writing() as session:
            found = _chooser(session, token, for_update=True)
            if found is not None:
                act(session, found)
    except DomainError as refusal:
        with reading() as session:
            g.session = session
            status = 409 if isinstance(refusal, Conflict) else 422
            told = (refusal.about, refusal.message)
            return _page(session, token, typed=typed, told=told, status=status)
    if found is not None:
        flash(done, "success")
    return redirect(url_for(".preferences", token=token), code=303)


def _chooser(session: Session, token: str, *, for_update: bool = False) -> Subscriber | None:
    """Whose choices `token` opens; None when its key was raised since, or they were erased."""
    named = read_choosing(token)
    if named is None:
        return None
    found = find_subscriber(session, named.public_id, for_update=for_update)
    if found is None or found.key != named.key or found.state is SubscriberState.ERASED:
        return None
    return found


def _page(
    session: Session,
    token: str,
    *,
    typed: Typed | None = None,
    told: tuple[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    found = _chooser(session, token)
    if found is None:
        return secret_page(render_template("newsletters/dead_link.html", kept_days=0), 404)
    held = typed or Typed(
        newsletters=tuple(sorted(newsletters_received(found))),
        themes=tuple(one.theme for one in found.themes),
        language=found.language,
        frequency=found.frequency,
    )
    state = state_at(found, now())
    body = render_template(
        "newsletters/preferences.html",
        token=token,
        address=masked(found.email or ""),
        state=state,
        state_words=state_label(state),
        paused_until=found.paused_until,
        is_receiving=state in services.RECEIVING,
        offered=offered(session),
        typed=held,
        told=told,
        frequencies=[(one.value, frequency_label(one)) for one in Frequency],
        pauses=services.PAUSES,
    )
    return secret_page(body, status)
