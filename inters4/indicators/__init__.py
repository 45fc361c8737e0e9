"""Figures: the opening facts of the balance sheet, and reference tables."""
