"""Coming in by oneself where anyone may, or asking to; answering who asks."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import (
    DECISION_KIND,
    REQUEST_KIND,
    about_request,
)
from inters4.community.models import JoinPolicy, JoinRequest, RequestState, Space
from inters4.community.queries.access import access_to, pending_request
from inters4.community.queries.leading import facilitators_of
from inters4.community.services.belonging import close_request, enter
from inters4.community.services.checking import (
    MESSAGE_MAX,
    REASON_MAX,
    check_leads,
    check_lives,
    words_of,
)
from inters4.community.services.publishing import lock_space
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, NotAllowed, NotFound, TooMany
from inters4.core.hooks import hooks
from inters4.core.i18n import _

MOST_REQUESTS, WITHIN = 3, timedelta(days=30)
"""How many times one person asks to join one space."""


def join(session: Session, space: Space, *, by: Viewer) -> None:
    """Come in where anyone may.

    Raises:
        NotAllowed: one must ask or be invited, the space is archived, or they were banned.
    """
    member_id = _signed_in(by)
    check_lives(space)
    space = lock_space(session, space.id)
    access = access_to(session, space, viewer=by)
    if access.standing.is_banned:
        raise NotAllowed(_("Vous ne pouvez plus entrer dans cet espace."))
    if not access.belongs and not access.may_join:
        raise NotAllowed(_refusal(space))
    enter(session, space, member_id, by=by, how="open")


def ask_to_join(session: Session, space: Space, message: str, *, by: Viewer) -> JoinRequest:
    """Send a request to those who facilitate. One waits at a time.

    Raises:
        NotAllowed: anyone may come in, or only whoever is invited; archived; banned.
        Conflict: a request waits already, or they belong.
        DomainError: the message is too long.
        TooMany: they asked several times of late.
    """
    member_id = _signed_in(by)
    check_lives(space)
    space = lock_space(session, space.id)
    access = access_to(session, space, viewer=by)
    if access.belongs:
        raise Conflict(_("Vous faites déjà partie de cet espace."))
    if pending_request(session, space.id, member_id) is not None:
        raise Conflict(_("Votre demande est déjà envoyée : elle attend une réponse."))
    if access.standing.is_banned:
        raise NotAllowed(_("Vous ne pouvez plus entrer dans cet espace."))
    if not access.may_ask:
        raise NotAllowed(_refusal(space))
    message = words_of(message, most=MESSAGE_MAX, about="message")
    _check_pace(session, space, member_id)
    request = JoinRequest(space_id=space.id, member_id=member_id, message=message)
    session.add(request)
    session.flush()
    audit.record(session, "community.join_asked", by=by, subject=space.container)
    hooks.notifier.notify(
        session,
        REQUEST_KIND,
        sorted(facilitators_of(session, [space.id])[space.id]),
        subject=about_request(request.id),
    )
    return request


def withdraw_request(session: Session, space: Space, *, by: Viewer) -> None:
    """Ask no more.

    Raises:
        Conflict: nothing waits: it was decided meanwhile.
    """
    request = pending_request(session, space.id, _signed_in(by), for_update=True)
    if request is None:
        raise Conflict(_("Cette demande n’attend plus : elle a reçu une réponse."))
    close_request(session, request, RequestState.WITHDRAWN, by=by)
    audit.record(session, "community.join_withdrawn", by=by, subject=space.container)


def accept_request(session: Session, space: Space, request: JoinRequest, *, by: Viewer) -> None:
    """Let the person in, and tell them.

    Raises:
        NotAllowed: `by` does not facilitate; the space is archived; the person was banned.
        Conflict: it was decided or withdrawn meanwhile.
    """
    request = _to_decide(session, space, request, by=by)
    check_lives(space)
    enter(session, space, request.member_id, by=by, how="request")
    audit.record(session, "community.join_accepted", by=by, subject=space.container)
    tell_decision(session, request)


def refuse_request(
    session: Session, space: Space, request: JoinRequest, reason: str, *, by: Viewer
) -> None:
    """Do not let the person in, and tell them why.

    Raises:
        NotAllowed: `by` does not facilitate.
        Conflict: it was decided or withdrawn meanwhile.
        DomainError: no reason, or a long one.
    """
    request = _to_decide(session, space, request, by=by)
    reason = words_of(
        reason,
        most=REASON_MAX,
        about="motif",
        missing=_("Dites pourquoi : la personne lira ce motif."),
    )
    close_request(session, request, RequestState.REFUSED, by=by, reason=reason)
    audit.record(session, "community.join_refused", by=by, subject=space.container)
    tell_decision(session, request)


def close_waiting_requests(session: Session, space: Space, reason: str, *, by: Viewer) -> int:
    """Nobody joins by asking any more: whoever waits is answered. How many did."""
    waiting = session.scalars(
        select(JoinRequest)
        .where(JoinRequest.space_id == space.id, JoinRequest.state == RequestState.PENDING)
        .with_for_update()
    ).all()
    for request in waiting:
        close_request(session, request, RequestState.REFUSED, by=by, reason=reason)
        tell_decision(session, request)
    return len(waiting)


def tell_decision(session: Session, request: JoinRequest) -> None:
    """The person learns what was decided."""
    session.flush()
    subject = about_request(request.id)
    hooks.notifier.notify(
        session, DECISION_KIND, [request.member_id], subject=subject, once=subject
    )


def _to_decide(session: Session, space: Space, request: JoinRequest, *, by: Viewer) -> JoinRequest:
    """The same row, locked: two who decide at once do not both do so."""
    check_leads(space, by)
    lock_space(session, space.id)
    found = session.scalars(
        select(JoinRequest)
        .where(JoinRequest.id == request.id, JoinRequest.space_id == space.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None or found.state is not RequestState.PENDING:
        raise Conflict(
            _("Cette demande n’attend plus : elle a reçu une réponse, ou la personne l’a retirée.")
        )
    return found


def _check_pace(session: Session, space: Space, member_id: int) -> None:
    asked = session.scalar(
        select(func.count()).where(
            JoinRequest.space_id == space.id,
            JoinRequest.member_id == member_id,
            JoinRequest.asked_at > now() - WITHIN,
        )
    )
    if (asked or 0) >= MOST_REQUESTS:
        raise TooMany(
            _("Vous avez déjà fait plusieurs demandes ce mois-ci. Reprenez un peu plus tard."),
            retry_after=24 * 3600,
        )


def _signed_in(by: Viewer) -> int:
    if by.member_id is None:
        raise NotFound(_("Connectez-vous pour entrer dans cet espace."))
    return by.member_id


def _refusal(space: Space) -> str:
    if space.join_policy is JoinPolicy.OPEN:
        return _("Tout le monde peut entrer dans cet espace : il n’y a rien à demander.")
    if space.join_policy is JoinPolicy.REQUEST:
        return _("On entre dans cet espace sur demande.")
    return _("On entre dans cet espace sur invitation seulement.")
