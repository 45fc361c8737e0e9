"""What mail adds elsewhere: its job, how long rows are kept, what is a person's own."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.hooks import Hooks, RetentionRule
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.mail.check import TEST_TEMPLATE
from inters4.core.mail.kinds import MailKind, kinds
from inters4.core.mail.models import QueuedMail
from inters4.core.mail.queue import SEND_JOB, erase_member, purge_settled

EVERY_SECONDS = 20
KEPT_DAYS = 30


def register(hooks: Hooks) -> None:
    """Fill the registries; called once, at start."""
    kinds.add(MailKind(TEST_TEMPLATE))
    jobs.periodic(SEND_JOB, every=EVERY_SECONDS)(send_mail)
    hooks.on_member_erased(erase_member)
    hooks.add_member_export("courriels", mail_of_member)
    hooks.add_retention(
        RetentionRule(
            name="mail_queue",
            reason=lambda: _("Courriels envoyés : retrouver pourquoi un message n’est pas arrivé."),
            days=KEPT_DAYS,
            purge=purge_settled,
        )
    )


def send_mail() -> None:
    """The job: send what is due."""
    from inters4.core.mail.send import send_due  # noqa: PLC0415  (web processes never send)

    send_due(jobs.settings, is_stopping=lambda: jobs.is_stopping)


def mail_of_member(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """Every message kept that was addressed to a person."""
    rows = session.scalars(
        select(QueuedMail).where(QueuedMail.member_id == member_id).order_by(QueuedMail.id)
    )
    for row in rows:
        yield {
            "kind": row.kind,
            "recipient": row.recipient,
            "state": row.state.value,
            "created_at": row.created_at.isoformat(),
            "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        }
