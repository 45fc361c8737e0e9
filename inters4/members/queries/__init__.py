"""Reads of people, organisations, sessions and secrets."""

from inters4.members.queries.leaving import addresses_of, keeps_posts
from inters4.members.queries.organisations import (
    find_organisation,
    former_names,
    list_organisations,
)
from inters4.members.queries.people import (
    MemberLine,
    email_of,
    find_member_by_email,
    list_members,
    load_viewer,
)
from inters4.members.queries.sessions import find_live_session, read_live_session
from inters4.members.queries.tokens import binding_of, secret_of_seed, secret_of_token

__all__ = [
    "MemberLine",
    "addresses_of",
    "binding_of",
    "email_of",
    "find_live_session",
    "find_member_by_email",
    "find_organisation",
    "former_names",
    "keeps_posts",
    "list_members",
    "list_organisations",
    "load_viewer",
    "read_live_session",
    "secret_of_seed",
    "secret_of_token",
]
