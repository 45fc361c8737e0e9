"""What changes people, organisations and sessions, one module for each concern."""

from inters4.members.services.demo import DEMO_PEOPLE, DemoAccount, enter_demo, seed_demo
from inters4.members.services.invitations import already_known, invite
from inters4.members.services.organisations import DatedName, upsert_organisation
from inters4.members.services.passwords import WeakPassword
from inters4.members.services.people import (
    OPERATOR,
    create_member,
    grant_role,
    join_organisation,
    may_grant,
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
from inters4.members.services.tokens import (
    DeadToken,
    UsedToken,
    find_token,
    issue_token,
    secret_of_token,
    use_token,
)

__all__ = [
    "DEMO_PEOPLE",
    "OPERATOR",
    "DatedName",
    "DeadToken",
    "DemoAccount",
    "OpenedSession",
    "Origin",
    "UsedToken",
    "WeakPassword",
    "already_known",
    "begin_sign_in",
    "create_member",
    "enter_demo",
    "find_token",
    "finish_sign_in",
    "grant_role",
    "invite",
    "issue_token",
    "join_organisation",
    "judge",
    "mark_seen",
    "may_grant",
    "open_session",
    "purge_attempts",
    "purge_sessions",
    "revoke_session",
    "revoke_sessions",
    "secret_of_token",
    "seed_demo",
    "sign_out",
    "upsert_organisation",
    "use_token",
]
