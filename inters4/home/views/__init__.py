"""Pages of home."""

from inters4.home.views.wiring import install

__all__ = ["install"]
