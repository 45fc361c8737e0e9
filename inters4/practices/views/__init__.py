"""Pages of practices: the list, each sheet, and their files."""

from inters4.practices.views.wiring import install

__all__ = ["install"]
