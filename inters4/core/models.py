"""The tables of core, gathered so that migrations see them all."""

from inters4.core.audit import AuditEntry
from inters4.core.content.models import ContentImport
from inters4.core.files.models import StoredFile
from inters4.core.installation import Installation
from inters4.core.mail.models import QueuedMail
from inters4.core.outbox import OutboxRow

__all__ = ["AuditEntry", "ContentImport", "Installation", "OutboxRow", "QueuedMail", "StoredFile"]
