"""Pages of the vocabulary, all under `/admin/vocabulaire`."""

from inters4.vocabulary.views.wiring import install

__all__ = ["install"]
