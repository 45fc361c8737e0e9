"""The pages of figures: the balance sheet, its lists, reference tables."""

from inters4.indicators.views.wiring import install

__all__ = ["install"]
