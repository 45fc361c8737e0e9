"""What core adds: the mail job, and the purges that keep the promises of retention."""

from datetime import timedelta

import structlog

from inters4.core.clock import now
from inters4.core.db import writing
from inters4.core.files import FileStore
from inters4.core.hooks import Hooks, hooks
from inters4.core.jobs import jobs
from inters4.core.mail.register import register as register_mail

log = structlog.get_logger(__name__)
PURGE_JOB = "retention.purge"
_HOURS = 6


def register(registries: Hooks) -> None:
    """Fill the registries; called once, at start."""
    register_mail(registries)
    jobs.periodic(PURGE_JOB, every=_HOURS * 3600)(purge)


def purge() -> None:
    """The job: remove what was kept long enough, each kind in its own transaction."""
    for rule in hooks.retention.values():
        with writing() as session:
            removed = rule.purge(session, now() - timedelta(days=rule.days))
        if removed:
            log.info("purged", what=rule.name, rows=removed)
    settings = jobs.settings
    store = FileStore(settings.data_dir / "files", settings.upload_megabytes * 1_000_000)
    with writing() as session:
        removed = store.sweep(session)
    if removed:
        log.info("purged", what="files without a row", rows=removed)
