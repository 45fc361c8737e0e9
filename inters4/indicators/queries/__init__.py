"""Reads of figures: those that others published, and what the portal counts of itself."""

from inters4.indicators.queries.reference import (
    facts_of,
    find_plan,
    list_facts,
    lock_facts,
    lock_plans,
    plans_of,
)

__all__ = ["facts_of", "find_plan", "list_facts", "lock_facts", "lock_plans", "plans_of"]
