"""Sending the link of a registration again: the same form, filled anew, under the same limits.

The form is kept once more rather than its letter sent twice: letters are counted by forms. Whoever
gave its password at the sign-in holds a pass for an hour; the coordination needs none.
"""

import hmac
from datetime import timedelta

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import STAFF, Viewer
from inters4.core.clock import now
from inters4.core.errors import NotAllowed, NotFound, TooMany
from inters4.core.i18n import _, use_locale
from inters4.core.jobs import jobs
from inters4.members.models import Registration
from inters4.members.queries.registrations import Letter, letter_due
from inters4.members.queries.unconfirmed import find_unconfirmed
from inters4.members.services.registration import Said, Typed, register
from inters4.members.services.tokens import DeadToken

_PASS_LIFETIME = timedelta(hours=1)


def pass_for(number: int) -> str:
    """What lets whoever gave the password of a form ask for its link again."""
    until = int((now() + _PASS_LIFETIME).timestamp())
    return f"{number}.{until}.{_signature(number, until)}"


def send_own_link(session: Session, held: str, *, network: str) -> None:
    """Send the link again to the address of the form that `held` was given for.

    Raises:
        DeadToken: `held` was not made here, is too old, or the form waits no more.
        TooMany: this network sent too many forms, or this address got its letters of the day.
        DomainError: no address of this domain opens an account.
    """
    row = find_unconfirmed(session, _number_of(held))
    if row is None:
        raise DeadToken(_("Cette page a attendu trop longtemps : reprenez la connexion."))
    _send(session, row, network=network)


def send_link_of(session: Session, number: int, *, by: Viewer, request_id: str = "") -> str:
    """Send someone's link again, for the coordination; give their name.

    Raises:
        NotAllowed: `by` does not look after accounts.
        NotFound: the form waits no more.
        TooMany: this address got its letters of the day, or `by` sent too many.
        DomainError: no address of this domain opens an account.
    """
    if not by.holds_any(*STAFF):
        raise NotAllowed(_("La coordination s’occupe des inscriptions."))
    row = find_unconfirmed(session, number)
    if row is None:
        raise NotFound(_("Cette inscription n’attend plus son lien."))
    _send(session, row, network=f"staff {by.member_id}")
    audit.record(
        session,
        "members.link_sent_again",
        by=by,
        subject=f"registration:{row.id}",
        request_id=request_id,
    )
    return row.name


def _send(session: Session, row: Registration, *, network: str) -> None:
    said = Said(
        name=row.name,
        organisation_id=row.organisation_id,
        other_organisation=row.other_organisation,
        consent_text=row.consent_text,
    )
    typed = Typed(
        said=said,
        email=row.email,
        password_hash=row.password_hash,
        invitation_id=row.invitation_id,
    )
    with use_locale(row.locale):
        again = register(session, typed, network=network)
    if letter_due(session, again) is Letter.NONE:
        raise TooMany(
            _(
                "Plusieurs courriels sont déjà partis à cette adresse aujourd’hui : il faut "
                "regarder dans les indésirables, ou réessayer dans une heure."
            ),
            retry_after=3600,
        )


def _number_of(held: str) -> int:
    """The form of a pass; 0, which is no form, when it opens nothing."""
    number, _dot, rest = held.partition(".")
    until, _dot, signature = rest.partition(".")
    if not (number.isascii() and number.isdigit() and until.isascii() and until.isdigit()):
        return 0
    if len(number) > 18 or len(until) > 18:
        return 0
    wanted = _signature(int(number), int(until))
    if not hmac.compare_digest(signature.encode(), wanted.encode()):
        return 0
    return int(number) if now().timestamp() < int(until) else 0


def _signature(number: int, until: int) -> str:
    key = jobs.settings.secret_key.encode()
    return hmac.digest(key, f"link of {number} again until {until}".encode(), "sha256").hex()
