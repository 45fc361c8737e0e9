"""Guessing passwords gets slower and slower; nobody can lock someone else out by guessing.

Failures of the last hour are counted for the pair (account, address), for the address, and for
the account and the portal as a whole. Only those of the pair make one wait, a minute at most. When
an account, an address or the portal is under attack, each pair is allowed fewer errors before it
waits, never none: a neighbour who tries many accounts, or invents them, keeps nobody else of the
same network out. An address from which the account was already opened is judged on the errors of
the pair alone; a browser in which it was opened counts as an address of its own, so that a
neighbour who guesses does not make the owner wait. Whoever proves the account by a letter gets such
a browser. How many hashes an address costs is bounded before: forms are, by the minute.
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import case, delete, exists, func, select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import Instant
from inters4.core.errors import TooMany
from inters4.core.i18n import ngettext
from inters4.core.jobs import jobs
from inters4.core.turns import Turn, wait_for_turn
from inters4.core.values import dataclass
from inters4.members.models import SignInAttempt, normalise_email

WINDOW = timedelta(hours=1)
FREE_ERRORS = 5
FREE_ERRORS_UNDER_ATTACK = 2
ERRORS_OF_AN_ADDRESS_UNDER_ATTACK = 100
ERRORS_OF_AN_ACCOUNT_UNDER_ATTACK = 20
ERRORS_OF_A_PORTAL_UNDER_ATTACK = 500
LONGEST_WAIT = 60


@dataclass(frozen=True, slots=True)
class RecentErrors:
    """What the attempts of the last hour say about one account and one address.

    Attributes:
        of_pair, of_address, of_account, of_portal: how many errors.
        last_of_pair: when the latest of the pair was made.
        is_familiar: the account was opened from this address in the last 90 days.
    """

    of_pair: int = 0
    of_address: int = 0
    of_account: int = 0
    of_portal: int = 0
    last_of_pair: datetime | None = None
    is_familiar: bool = False


def seconds_to_wait(errors: RecentErrors, *, at: datetime) -> int:
    """How long before the next password may be tried; 0 when it may be at once."""
    is_under_attack = not errors.is_familiar and (
        errors.of_address >= ERRORS_OF_AN_ADDRESS_UNDER_ATTACK
        or errors.of_account >= ERRORS_OF_AN_ACCOUNT_UNDER_ATTACK
        or errors.of_portal >= ERRORS_OF_A_PORTAL_UNDER_ATTACK
    )
    free = FREE_ERRORS_UNDER_ATTACK if is_under_attack else FREE_ERRORS
    return _remaining(_delay(errors.of_pair - free), since=errors.last_of_pair, at=at)


def admit(session: Session, *, email: str, network: str) -> SignInAttempt:
    """Write the attempt down before the password is looked at, as a failure until shown otherwise.

    `network` is the mark of a network or of a known browser, not an address. Parallel guesses are
    counted one after the other. A refused attempt leaves no row: hammering does not lengthen the
    wait.

    Raises:
        TooMany: says how long to wait.
    """
    wait_for_turn(session, Turn.PASSWORD)
    account, moment = account_mark(email), now()
    wait = seconds_to_wait(_count(session, account, network, moment), at=moment)
    if wait:
        raise TooMany(
            ngettext(
                "Trop d’essais. Attendez %(num)s seconde, puis réessayez.",
                "Trop d’essais. Attendez %(num)s secondes, puis réessayez.",
                wait,
            ),
            retry_after=wait,
        )
    attempt = SignInAttempt(at=moment, account=account, address=network)
    session.add(attempt)
    session.flush()
    return attempt


def count_errors(session: Session, email: str, *, since: datetime, network: str = "") -> int:
    """How many errors were made with this account since then; from `network`, or from anywhere."""
    statement = select(func.count()).where(
        SignInAttempt.account == account_mark(email),
        SignInAttempt.at >= since,
        SignInAttempt.has_succeeded.is_(False),
    )
    if network:
        statement = statement.where(SignInAttempt.address == network)
    return session.scalar(statement) or 0


def forget_errors(session: Session, email: str, *, network: str) -> None:
    """The account was proved from there otherwise: errors of this pair count no more."""
    session.execute(
        delete(SignInAttempt).where(
            SignInAttempt.account == account_mark(email),
            SignInAttempt.address == network,
            SignInAttempt.has_succeeded.is_(False),
        )
    )


def purge_attempts(session: Session, before: datetime) -> int:
    """Forget the attempts made before that instant; say how many there were."""
    statement = delete(SignInAttempt).where(SignInAttempt.at < before)
    return len(session.scalars(statement.returning(SignInAttempt.id)).all())


def account_mark(email: str) -> bytes:
    """What is kept of the address typed: without the installation's key nobody finds it back."""
    key = jobs.settings.secret_key.encode()
    return hmac.digest(key, f"account {normalise_email(email)}".encode(), "sha256")


def _delay(errors_beyond: int) -> int:
    """2, 4, 8… seconds from the first error beyond those allowed."""
    if errors_beyond < 0:
        return 0
    return int(min(2 ** min(errors_beyond + 1, 20), LONGEST_WAIT))


def _remaining(delay: int, *, since: datetime | None, at: datetime) -> int:
    if not delay or since is None:
        return 0
    left = (since + timedelta(seconds=delay) - at).total_seconds()
    return max(0, -int(-left // 1))


def _count(session: Session, account: bytes, network: str, moment: datetime) -> RecentErrors:
    is_account = SignInAttempt.account == account
    is_address = SignInAttempt.address == network
    is_pair = is_account & is_address
    familiar = exists().where(is_pair, SignInAttempt.has_succeeded).correlate(None)
    row = session.execute(
        select(
            func.count(case((is_pair, 1))).label("of_pair"),
            func.count(case((is_address, 1))).label("of_address"),
            func.count(case((is_account, 1))).label("of_account"),
            func.count().label("of_portal"),
            func.max(case((is_pair, SignInAttempt.at)), type_=Instant()).label("last_of_pair"),
            familiar.label("is_familiar"),
        ).where(SignInAttempt.at > moment - WINDOW, SignInAttempt.has_succeeded.is_(False))
    ).one()
    return RecentErrors(*row)
