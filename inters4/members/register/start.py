"""Called once, at start: each concern fills the registries."""

from inters4.core.hooks import Hooks
from inters4.members.register import (
    classifying,
    counting,
    joining,
    privacy,
    signing_in,
    telling,
)


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    signing_in.register(hooks)
    joining.register(hooks)
    privacy.register(hooks)
    telling.register(hooks)
    counting.register(hooks)
    classifying.register()
