"""Each area fills the registries with its own; this lists the areas."""

from collections.abc import Callable

from inters4.community.queries.visibility import containers, memberships
from inters4.community.register import (
    additions,
    meetings,
    moderation,
    privacy,
    searching,
    spaces,
    telling,
    threads,
    tied,
)
from inters4.core.hooks import Hooks

AREAS: tuple[Callable[[Hooks], None], ...] = (
    additions.register,
    meetings.register,
    moderation.register,
    privacy.register,
    searching.register,
    spaces.register,
    telling.register,
    threads.register,
    tied.register,
)


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.set_space_reader(memberships=memberships, containers=containers)
    for area in AREAS:
        area(hooks)
