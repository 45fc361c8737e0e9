"""What changes people, organisations and sessions, one module for each concern."""

from inters4.members.services.demo import DEMO_PEOPLE, DemoAccount, enter_demo, seed_demo
from inters4.members.services.organisations import DatedName, upsert_organisation
from inters4.members.services.passwords import WeakPassword
from inters4.members.services.people import (
    OPERATOR,
    create_member,
    grant_role,
    join_organisation,
    may_grant,
    set_password,
)
from inters4.members.services.sessions import (
    OpenedSession,
    Origin,
    mark_seen,
    open_session,
    purge_sessions,
    revoke_session,
    revoke_sessions,
    sign_out,
)
from inters4.members.services.sign_in import begin_sign_in, finish_sign_in, judge
from inters4.members.services.throttle import purge_attempts

__all__ = [
    "DEMO_PEOPLE",
    "OPERATOR",
    "DatedName",
    "DemoAccount",
    "OpenedSession",
    "Origin",
    "WeakPassword",
    "begin_sign_in",
    "create_member",
    "enter_demo",
    "finish_sign_in",
    "grant_role",
    "join_organisation",
    "judge",
    "mark_seen",
    "may_grant",
    "open_session",
    "purge_attempts",
    "purge_sessions",
    "revoke_session",
    "revoke_sessions",
    "seed_demo",
    "set_password",
    "sign_out",
    "upsert_organisation",
]
