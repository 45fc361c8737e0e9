"""Pages of communities."""

from inters4.community.views.wiring import install

__all__ = ["install"]
