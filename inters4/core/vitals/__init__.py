"""How the portal is doing: real figures, and what to do when one is bad."""

from inters4.core.vitals.model import Action, Level, Section, Sign, Vitals, vitals

__all__ = ["Action", "Level", "Section", "Sign", "Vitals", "vitals"]
