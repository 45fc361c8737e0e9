"""What members adds elsewhere, one module for each concern."""

from inters4.members.register.start import register

__all__ = ["register"]
