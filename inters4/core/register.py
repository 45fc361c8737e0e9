"""What core adds: the mail job, the purges that keep the promises of retention, signs of health."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.files import file_store
from inters4.core.hooks import Hooks, RetentionRule, hooks
from inters4.core.jobs import jobs
from inters4.core.mail.register import register as register_mail
from inters4.core.trouble import is_passing
from inters4.core.vitals import machine, queues, vitals

log = structlog.get_logger(__name__)
PURGE_JOB = "retention.purge"
_HOURS = 6


def register(registries: Hooks) -> None:
    """Fill the registries; called once, at start."""
    register_mail(registries)
    jobs.periodic(PURGE_JOB, every=_HOURS * 3600)(purge)
    vitals.add("mail", queues.mail, order=10)
    vitals.add("work", queues.work, order=30)
    vitals.add("disk", machine.disk, order=40)
    vitals.add("backup", machine.backup, order=50)
    vitals.add("versions", machine.versions, order=60)


class PurgeFailed(Exception):
    """Something was kept longer than promised; the journal says why, one event a rule."""


def purge() -> None:
    """The job: remove what was kept long enough, each kind apart from the others.

    Raises:
        PurgeFailed: the rules that it names failed; all others were followed.
    """
    work: dict[str, Callable[[], int]] = {
        rule.name: partial(_follow, rule) for rule in hooks.retention.values()
    }
    work["files without a row"] = _sweep_files
    failed = [what for what, remove in work.items() if not _attempt(what, remove)]
    if failed:
        raise PurgeFailed(", ".join(failed))


def _attempt(what: str, remove: Callable[[], int]) -> bool:
    try:
        removed = remove()
    except Exception as error:
        if is_passing(error):
            raise  # no rule is to blame: the whole job is run again in a moment
        log.exception("purge_failed", what=what)
        return False
    if removed:
        log.info("purged", what=what, rows=removed)
    return True


def _follow(rule: RetentionRule) -> int:
    with writing() as session:
        return rule.purge(session, now() - timedelta(days=rule.days))


def _sweep_files() -> int:
    """Outside `writing()`: nothing is written to the database, and a disk may be slow."""
    store = file_store(jobs.settings)
    with reading() as session:
        return store.sweep(session)
