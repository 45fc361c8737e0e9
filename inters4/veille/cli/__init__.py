"""`inters4 veille`: what is done to the watch from a terminal."""

from inters4.veille.cli.files import import_references, opml
from inters4.veille.cli.group import veille
from inters4.veille.cli.poll import poll

__all__ = ["import_references", "opml", "poll", "veille"]
