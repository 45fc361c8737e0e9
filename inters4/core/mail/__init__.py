"""Courriels: a row says what to send to whom, and everything else is settled when it is sent."""

from inters4.core.mail.kinds import MailKind, kinds
from inters4.core.mail.models import MailState, QueuedMail
from inters4.core.mail.queue import Addressee, enqueue, enqueue_many

__all__ = [
    "Addressee",
    "MailKind",
    "MailState",
    "QueuedMail",
    "enqueue",
    "enqueue_many",
    "kinds",
]
