"""Is the process alive (`/healthz`), and can it serve (`/readyz`)?"""

from collections.abc import Callable

import structlog
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from indexer import IndexUnavailable
from inters4.core.db import reading
from inters4.core.migrate import is_current
from inters4.core.trouble import is_away
from inters4.core.web.requests import public

log = structlog.get_logger(__name__)
bp = Blueprint("health", __name__)
Check = Callable[[], None]


class _Outdated(Exception):
    """The database is not at this release."""


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers; it looks at nothing else."""
    return "ok\n", 200, {"Content-Type": "text/plain", "Cache-Control": "no-store"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 when every check passes, else 503; the body names each check and nothing more."""
    checks: dict[str, Check] = {"database": _database, **current_app.config["READY_CHECKS"]}
    states: dict[str, str] = {}
    for name, check in checks.items():
        try:
            check()
        except Exception as error:  # whatever fails, the answer is « not ready »
            reason = " ".join(str(getattr(error, "orig", error)).split())
            is_defect = not (is_away(error) or isinstance(error, IndexUnavailable | _Outdated))
            log.warning("not_ready", check=name, reason=reason, exc_info=is_defect)
            states[name] = "fail"
        else:
            states[name] = "ok"
    status = 200 if set(states.values()) == {"ok"} else 503
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    return {"status": "ok" if status == 200 else "fail", "checks": states}, status, headers


def _database() -> None:
    with reading() as session:
        session.execute(text("SELECT 1"))
        if not is_current(session):
            raise _Outdated("migrations are missing")
