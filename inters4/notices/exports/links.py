"""Links by which a mail is refused: signed, for one person, one kind, and what they chose then.

RFC 8058: mail programs post to them without a cookie. They name the person by public id and open
nothing else; the signature is an HMAC under the installation's key. A link is good until the
person chooses otherwise: an old mail, forwarded or found, never undoes what its owner chose since.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail
from inters4.core.notices import NoticeKind, WayOut
from inters4.core.values import dataclass
from inters4.members.models import Member
from inters4.notices.models import NoticeSettings

EVERY = "tout"
_SIGNED = 16


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a link refuses: a kind, or every mail of notices when `kind` is None.

    Attributes:
        version: that of the choices when the mail left.
    """

    public_id: str
    kind: NoticeKind | None
    version: int = 0


def token_for(public_id: str, kind: str, *, version: int = 0) -> str:
    """The last part of a link to refuse `kind`; `EVERY` for all of them."""
    named = f"{version}.{kind}"
    return f"{public_id}.{_signature(public_id, named)}.{named}"


def read_token(token: str) -> Refusal | None:
    """What a link refuses; None when it was not made here, or cannot be refused."""
    public_id, _, rest = token.partition(".")
    signature, _, named = rest.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(public_id, named).encode()):
        return None
    version, _, name = named.partition(".")
    if name == EVERY:
        return Refusal(public_id, None, int(version))
    kind = hooks.notice_kinds.get(name)
    return Refusal(public_id, kind, int(version)) if kind and _may_be_refused(kind) else None


def way_out(session: Session, mail: QueuedMail) -> WayOut | None:
    """The link and the header fields of `mail`; None when it always leaves."""
    name = _kind_of(mail)
    if not name or mail.member_id is None:
        return None
    row = session.execute(
        select(Member.public_id, func.coalesce(NoticeSettings.version, 0).label("version"))
        .outerjoin(NoticeSettings, NoticeSettings.member_id == Member.id)
        .where(Member.id == mail.member_id)
    ).first()
    if row is None:
        return None
    path = f"/avis/desabonnement/{token_for(row.public_id, name, version=row.version)}"
    return WayOut(
        {
            "List-Unsubscribe": f"<{jobs.settings.url}{path}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        path,
    )


def list_id(name: str) -> Mapping[str, str]:
    """The header by which mail programs sort what is told."""
    words = "-".join(part for part in name.replace("_", ".").split(".") if part)
    return {"List-Id": f"<{words}.avis.{_domain()}>"}


def thread_of(root: str) -> Mapping[str, str]:
    """Headers that put the mails of one group in one conversation."""
    name = hmac.digest(_key(), b"inters4 thread\0" + root.encode(), "sha256").hex()[:32]
    message_id = f"<{name}@{_domain()}>"
    return {"In-Reply-To": message_id, "References": message_id}


def _kind_of(mail: QueuedMail) -> str:
    """The name under which `mail` is refused; empty when it cannot be."""
    named = str(mail.parameters.get("refused_as", ""))
    if named == EVERY:
        return EVERY
    for kind in hooks.notice_kinds.values():
        if (kind.name == named or kind.letter == mail.kind) and _may_be_refused(kind):
            return kind.name
    return ""


def _may_be_refused(kind: NoticeKind) -> bool:
    return kind.may_be_refused and not kind.must_leave


def _signature(public_id: str, named: str) -> str:
    signed = f"{public_id}\0{named}".encode()
    made = hmac.digest(_key(), b"inters4 refusing a mail\0" + signed, "sha256")[:_SIGNED]
    return urlsafe_b64encode(made).decode().rstrip("=")


def _key() -> bytes:
    return jobs.settings.secret_key.encode()


def _domain() -> str:
    return jobs.settings.mail_from.rpartition("@")[2] or urlsplit(jobs.settings.url).netloc
