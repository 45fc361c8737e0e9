"""The tables of core, gathered so that migrations see them all."""

from inters4.core.audit import AuditEntry
from inters4.core.installation import Installation
from inters4.core.outbox import OutboxRow

__all__ = ["AuditEntry", "Installation", "OutboxRow"]
