"""Pages of newsletters: the archive that everyone reads, and the desk of the team."""

from inters4.newsletters.views.wiring import install

__all__ = ["install"]
