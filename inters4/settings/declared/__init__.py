"""Every setting, declared once: its variable, how it is read, its help in French, its default."""

from inters4.settings.declared.whole import Settings, declarations

__all__ = ["Settings", "declarations"]
