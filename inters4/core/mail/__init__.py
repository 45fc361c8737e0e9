"""Courriels: a row says what to send to whom, and everything else is settled when it is sent."""

from inters4.core.mail.kinds import MailKind, kinds
from inters4.core.mail.models import MailState, QueuedMail
from inters4.core.mail.queue import enqueue

__all__ = ["MailKind", "MailState", "QueuedMail", "enqueue", "kinds"]
