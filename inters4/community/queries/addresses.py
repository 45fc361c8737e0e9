"""Where spaces, threads and posts are read: one place writes their paths."""

from inters4.core.slugs import identifier_from

ROOT = "/communaute"
PAGE_POSTS = 20
"""Posts of one page of a thread: the page of a post follows from its number."""


def space_path(slug: str) -> str:
    """The page of a space."""
    return f"{ROOT}/{slug}"


def thread_path(slug: str, thread_id: int, title: str) -> str:
    """The page of a thread; its number alone finds it, the words are for people."""
    words = identifier_from(title)
    return f"{ROOT}/{slug}/{thread_id}-{words}" if words else f"{ROOT}/{slug}/{thread_id}"


def post_path(slug: str, thread_id: int, title: str, number: int) -> str:
    """A post on its page of its thread."""
    page = (number - 1) // PAGE_POSTS + 1
    query = f"?page={page}" if page > 1 else ""
    return f"{thread_path(slug, thread_id, title)}{query}#m{number}"
