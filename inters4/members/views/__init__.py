"""Pages of the members domain."""

from inters4.members.views.wiring import install

__all__ = ["install"]
