"""What communities add elsewhere, by area."""

from inters4.community.register.start import register

__all__ = ["register"]
