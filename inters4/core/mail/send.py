"""Sends what is due, one row at a time, until nothing is or the relay stops answering.

Nothing is sent inside a transaction. The result of a message and the claim of the next share one,
and that result is written however long the database is busy or away: a message that left and is not
noted would leave twice.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.i18n import use_locale
from inters4.core.mail import queue
from inters4.core.mail.compose import Envelope, UnsafeFieldError, clean_address, compose
from inters4.core.mail.contract import (
    RefusedForGood,
    RefusedForNow,
    RelayUnreachable,
    Transport,
)
from inters4.core.mail.kinds import READY, kinds
from inters4.core.mail.models import QueuedMail
from inters4.core.mail.queue import Claim
from inters4.core.mail.render import Rendered, render
from inters4.core.mail.transports import open_transport
from inters4.core.trouble import is_passing
from inters4.settings import Settings

log = structlog.get_logger(__name__)

Outcome = Callable[[QueuedMail], None]
_WRITE_ATTEMPTS = 12


def send_due(
    settings: Settings,
    *,
    transport: Transport | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send every message that is due; return how many the transport took."""
    owner = secrets.token_hex(8)
    sent = 0
    with closing(transport or open_transport(settings)) as carrier:
        claim = _settle_and_claim(None, None, owner=owner, settings=settings, is_last=is_stopping())
        while claim is not None:
            outcome, is_relay_down = _attempt(claim, carrier, settings)
            sent += outcome is queue.mark_sent
            is_last = is_relay_down or is_stopping()
            claim = _settle_and_claim(
                claim, outcome, owner=owner, settings=settings, is_last=is_last
            )
    return sent


def _settle_and_claim(
    claim: Claim | None,
    outcome: Outcome | None,
    *,
    owner: str,
    settings: Settings,
    is_last: bool,
) -> Claim | None:
    domain = settings.mail_from.rpartition("@")[2]
    for attempt in range(1, _WRITE_ATTEMPTS + 1):
        try:
            with writing() as session:
                if claim is not None and outcome is not None:
                    mail = queue.held_by(session, claim)
                    if mail is not None:
                        outcome(mail)
                        session.flush()
                return None if is_last else queue.claim_next(session, owner=owner, domain=domain)
        except DBAPIError as error:
            if claim is None or not is_passing(error) or attempt == _WRITE_ATTEMPTS:
                raise
            time.sleep(min(0.05 * 2**attempt, 5.0))
    raise AssertionError("unreachable")


def _attempt(claim: Claim, transport: Transport, settings: Settings) -> tuple[Outcome, bool]:
    """Send one message; say what becomes of its row, and whether the relay is out of reach."""
    if claim.is_uncertain:
        log.warning("mail_uncertain", mail=claim.id)
    try:
        envelope = _prepare(claim, settings)
    except UnsafeFieldError as error:
        log.warning("mail_failed", mail=claim.id, reason=str(error))
        return partial(queue.fail, reason=str(error)), False
    except Exception as error:
        if is_passing(error):
            reason = "La base de données était occupée ou hors d’atteinte."
            return partial(queue.postpone, reason=reason), False
        log.exception("mail_unwritable", mail=claim.id)
        reason = f"Le message n’a pas pu être écrit ({type(error).__name__}). Voyez le journal."
        return partial(queue.fail, reason=reason), False
    if envelope is None:
        log.info("mail_cancelled", mail=claim.id)
        return queue.cancel, False
    return _hand_over(claim, envelope, transport)


def _hand_over(claim: Claim, envelope: Envelope, transport: Transport) -> tuple[Outcome, bool]:
    try:
        transport.send(envelope)
    except RefusedForGood as refusal:
        log.warning("mail_failed", mail=claim.id, reason=refusal.reason)
        return partial(queue.fail, reason=refusal.reason), False
    except RefusedForNow as refusal:
        log.warning("mail_postponed", mail=claim.id, reason=refusal.reason)
        return partial(queue.postpone, reason=refusal.reason), False
    except RelayUnreachable as refusal:
        log.error("mail_relay_unreachable", reason=refusal.reason)  # noqa: TRY400  (says it all)
        return partial(queue.wait_for_relay, reason=refusal.reason), True
    log.info("mail_sent", mail=claim.id)
    return queue.mark_sent, False


def _prepare(claim: Claim, settings: Settings) -> Envelope | None:
    with reading() as session:
        mail = queue.held_by(session, claim)
        if mail is None:
            return None
        if queue.is_worn_out(mail):
            raise UnsafeFieldError("L’envoi a été interrompu trop de fois.")
        if mail.kind not in kinds:
            raise LookupError(f"unknown kind of mail: {mail.kind}")
        with use_locale(mail.locale):
            context = kinds[mail.kind].context(session, mail)
            if context is None:
                return None
            way_out = hooks.notifier.way_out(session, mail)
            facts = {**mail.parameters, **context, "stop_path": way_out.path if way_out else ""}
            ready: Rendered | None = context.get(READY)
            rendered = ready or render(mail.template, facts, settings=settings)
        return compose(
            rendered,
            recipient=mail.recipient,
            message_id=mail.message_id or "",
            locale=mail.locale,
            settings=settings,
            headers={**_fields_of(context), **(way_out.headers if way_out else {})},
        )


def _fields_of(context: Mapping[str, Any]) -> dict[str, str]:
    """The fields that the facts of a letter ask for: where an answer goes, its list, its thread."""
    address = str(context.get("reply_to", ""))
    return {
        **context.get("headers", {}),
        **({"Reply-To": clean_address(address)} if address else {}),
    }
