"""Paths of communities, for pages, notices, feeds and search."""

from inters4.core.slugs import identifier_from

HOME = "/communaute"


def space_path(slug: str) -> str:
    """The page of a space."""
    return f"{HOME}/{slug}"


def thread_path(slug: str, thread_id: int, title: str) -> str:
    """The page of a thread; its number finds it, the words are for people."""
    words = identifier_from(title)
    return f"{HOME}/{slug}/{thread_id}-{words}" if words else f"{HOME}/{slug}/{thread_id}"


def post_path(slug: str, thread_id: int, title: str, number: int, *, page: int = 1) -> str:
    """A post, on its page of the thread."""
    paged = f"?page={page}" if page > 1 else ""
    return f"{thread_path(slug, thread_id, title)}{paged}#m{number}"
