"""Infolettres: newsletters, their issues, and the archive that everyone reads."""
