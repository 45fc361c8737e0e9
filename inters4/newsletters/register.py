"""What newsletters adds elsewhere."""

from inters4.core.hooks import Hooks


def register(hooks: Hooks) -> None:
    """Fill the registries."""
