"""Signed ends of addresses: to leave, to choose, to confirm, to follow a link, to send back.

An HMAC under the installation's key, with a purpose of its own: what was signed to follow a link
does not unsubscribe. Nothing is kept of a token and none expires with time: an infolettre found
years later still unsubscribes its reader. Those that show or change what somebody chose bear the
subscriber's key, and end when it is raised.
"""

import hmac
from base64 import b32encode, urlsafe_b64encode

from inters4.core.jobs import jobs
from inters4.core.values import dataclass

_SIGNED, _SIGNED_RETURN = 16, 10
_RETURNS = 24


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves, by public id, and the issue whose link says so; empty when it was no issue."""

    public_id: str
    issue_id: str = ""


@dataclass(frozen=True, slots=True)
class Choosing:
    """Whose choices, by public id, and the key that the subscriber must still have."""

    public_id: str
    key: int


@dataclass(frozen=True, slots=True)
class Following:
    """A link of an issue, by its position there."""

    issue_id: str
    position: int


def leave_path(public_id: str, issue_id: str = "") -> str:
    """Where the link of a message, or the button of a mail program, unsubscribes."""
    return f"/infolettres/desabonnement/{_token('leave', public_id, issue_id)}"


def read_leaving(token: str) -> Leaving | None:
    """What `leave_path` named; None when it was not made here."""
    parts = _parts("leave", token, 2)
    return Leaving(*parts) if parts else None


def choices_path(public_id: str, *, key: int) -> str:
    """Where a subscriber chooses without an account."""
    return f"/infolettres/preferences/{_token('choose', public_id, str(key))}"


def read_choosing(token: str) -> Choosing | None:
    """What `choices_path` named; its key is still to be compared with the subscriber's."""
    parts = _parts("choose", token, 2)
    return Choosing(parts[0], int(parts[1])) if parts else None


def confirm_path(public_id: str) -> str:
    """Where the request to subscribe named by its public id is confirmed, by a button."""
    return f"/infolettres/abonnement/{_token('confirm', public_id)}"


def read_confirming(token: str) -> str | None:
    """The public id of the request that `confirm_path` named."""
    parts = _parts("confirm", token, 1)
    return parts[0] if parts else None


def link_path(issue_id: str, position: int) -> str:
    """Where a link of an issue is counted and followed: the same for every reader."""
    return f"/infolettres/lien/{_token('follow', issue_id, str(position))}"


def read_following(token: str) -> Following | None:
    """What `link_path` named."""
    parts = _parts("follow", token, 2)
    return Following(parts[0], int(parts[1])) if parts else None


def return_address(base: str, message_id: str) -> str:
    """Where a message comes back that could not be delivered: it names its row, and proves it.

    `base` is the mailbox of returns; what stands before its `@` is followed by `+`.
    """
    name, _at, domain = base.rpartition("@")
    stem = stem_of(message_id)
    return f"{name}+{stem}-{_returned(stem)}@{domain}"


def read_return(address: str) -> str | None:
    """The stem of the Message-ID of what came back to `address`; None when it is not ours."""
    local = address.strip().strip("<>").rpartition("@")[0]
    stem, _dash, signature = local.rpartition("+")[2].lower().rpartition("-")
    if len(stem) != _RETURNS or not _is_same(signature, _returned(stem)):
        return None
    return stem


def stem_of(message_id: str) -> str:
    """What a Message-ID says before its `@`."""
    return message_id.strip("<>").partition("@")[0]


def _token(purpose: str, *named: str) -> str:
    return ".".join((*named, _signature(purpose, named)))


def _parts(purpose: str, token: str, count: int) -> tuple[str, ...] | None:
    *named, signature = token.split(".")
    if len(named) != count or not _is_same(signature, _signature(purpose, tuple(named))):
        return None
    return tuple(named)


def _signature(purpose: str, named: tuple[str, ...]) -> str:
    made = _digest(f"inters4 infolettre {purpose}", "\0".join(named))[:_SIGNED]
    return urlsafe_b64encode(made).decode().rstrip("=")


def _returned(stem: str) -> str:
    """Small letters and figures: relays do not all keep the case of an address."""
    return b32encode(_digest("inters4 infolettre return", stem)[:_SIGNED_RETURN]).decode().lower()


def _digest(purpose: str, named: str) -> bytes:
    key = jobs.settings.secret_key.encode()
    return hmac.digest(key, purpose.encode() + b"\0" + named.encode(), "sha256")


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
