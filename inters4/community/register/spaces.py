"""What spaces and joining add elsewhere: the menu entry."""

from inters4.core.hooks import Hooks, MenuEntry
from inters4.core.i18n import _


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_menu(MenuEntry(lambda: _("Communauté"), "community.index", "/communaute", 40))
