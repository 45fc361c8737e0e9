"""Commands typed without waiting for the portal to be imported again.

Starting `inters4` takes a second of processor time, nearly all of it to import: here it is copied
from a process that has. A command goes through the entry point of the console script.
"""

import subprocess
from importlib.util import find_spec

from inters4.app import DOMAINS
from tests.builders.copied import done

IMPORTED = (
    *("inters4.cli.root", "alembic.command", "inters4.app:load_domains"),
    *("indexer.backends.whoosh_engine", "indexer.backends.whoosh_writer"),
)
"""What commands import, and not they: their help is worded in the language chosen before."""
PORTAL = (
    *IMPORTED,
    *("inters4.core.processes.web", "inters4.core.processes.worker", "inters4.core.jobs.consumer"),
    *(f"inters4.{domain}.views" for domain in DOMAINS if find_spec(f"inters4.{domain}.views")),
)
"""What both halves of a portal import."""


def typed(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `inters4 ARGUMENTS` answers, with these settings and no other."""
    code = "from inters4.cli import main\nmain()"
    return done(code, environment, imported=IMPORTED, arguments=("inters4", *arguments))


def ran(module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `python -m MODULE ARGUMENTS` answers, with these settings and no other.

    The status is minus the number of the signal that killed it, if one did.
    """
    code = f"import runpy\nrunpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    return done(code, environment, imported=IMPORTED, arguments=(module, *arguments))
