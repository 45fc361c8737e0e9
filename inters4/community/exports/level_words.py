"""How levels of following are said, and named in forms."""

from inters4.community.models import Level
from inters4.core.i18n import lazy

LEVEL_VALUES = {"suivre": Level.FOLLOWED, "normal": Level.NORMAL, "muet": Level.MUTED}
"""Levels by their name in forms."""
AS_SPACE = "espace"
"""What a form says of a thread that is followed as its space is."""
_LABELS = {
    Level.FOLLOWED: lazy("Suivre"),
    Level.NORMAL: lazy("Normal"),
    Level.MUTED: lazy("Muet"),
}


def level_label(level: Level) -> str:
    """The level, in a word."""
    return str(_LABELS[level])
