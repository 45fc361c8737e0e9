"""What members adds to the balance sheet."""

from inters4.core.hooks import Hooks
from inters4.members.exports.figures import FIGURES


def register(hooks: Hooks) -> None:
    """Fill the registry."""
    hooks.add_figures(FIGURES)
