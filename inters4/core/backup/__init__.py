"""One file that holds a whole installation, and the way back.

A backup is one archive: the database as one transaction saw it (the queues are its rows), the
files that people deposited, the settings that are no secret, and a manifest with the SHA-256 of
each. It has its final name only once it was read again from the disk and found whole.
"""

from inters4.core.backup.archive import BackupRefused, Manifest
from inters4.core.backup.erased import ERASED, Erased, note_erased, read_erased
from inters4.core.backup.restoring import (
    is_unfinished,
    note_finished,
    refuse_half_extracted,
    restore,
    verify,
)
from inters4.core.backup.saving import Saved, back_up

__all__ = [
    "ERASED",
    "BackupRefused",
    "Erased",
    "Manifest",
    "Saved",
    "back_up",
    "is_unfinished",
    "note_erased",
    "note_finished",
    "read_erased",
    "refuse_half_extracted",
    "restore",
    "verify",
]
