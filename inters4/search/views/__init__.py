"""Pages of the search domain."""

from inters4.search.views.wiring import install

__all__ = ["install"]
