"""Paths of communities, for pages, notices, feeds and search."""

from inters4.core.paging import PAGE_SIZE
from inters4.core.slugs import identifier_from

HOME = "/communaute"


def space_path(slug: str) -> str:
    """The page of a space."""
    return f"{HOME}/{slug}"


def thread_path(slug: str, thread_id: int, title: str) -> str:
    """The page of a thread; its number finds it, the words are for people."""
    words = identifier_from(title)
    return f"{HOME}/{slug}/{thread_id}-{words}" if words else f"{HOME}/{slug}/{thread_id}"


def post_path(
    slug: str, thread_id: int, title: str, number: int, *, page: int | None = None
) -> str:
    """A post, on its page of the thread: twenty numbers a page, whatever was removed."""
    page = page or (max(number, 1) - 1) // PAGE_SIZE + 1
    paged = f"?page={page}" if page > 1 else ""
    return f"{thread_path(slug, thread_id, title)}{paged}#m{number}"


def meetings_path(slug: str) -> str:
    """The meetings of a space."""
    return f"{HOME}/{slug}/rencontres"


def meeting_path(slug: str, public_id: str) -> str:
    """The page of a meeting."""
    return f"{meetings_path(slug)}/{public_id}"
