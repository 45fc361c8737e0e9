"""Pages of veille: the public list, each summary, feeds, the desk."""

from inters4.veille.views.wiring import install

__all__ = ["install"]
