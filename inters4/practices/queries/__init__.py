"""Reads of practices: sheets, and lists of them."""

from inters4.practices.queries.lists import (
    FEED_SIZE,
    FILE_SIZE,
    FILTERS,
    Filters,
    Order,
    every_practice,
    list_practices,
    offered_filters,
)
from inters4.practices.queries.sheets import (
    NAMED_SCHEMES,
    SLUGS,
    find_practice,
    find_renamed,
    ids_named_by,
    load_practice,
    lock_organisations,
    lock_practices,
    organisation_slugs,
    practice_ids,
    readable_ids,
    readable_practices,
)

__all__ = [
    "FEED_SIZE",
    "FILE_SIZE",
    "FILTERS",
    "NAMED_SCHEMES",
    "SLUGS",
    "Filters",
    "Order",
    "every_practice",
    "find_practice",
    "find_renamed",
    "ids_named_by",
    "list_practices",
    "load_practice",
    "lock_organisations",
    "lock_practices",
    "offered_filters",
    "organisation_slugs",
    "practice_ids",
    "readable_ids",
    "readable_practices",
]
