"""How many rows a page of a list has. Every list of the portal is cut the same way."""

PAGE_SIZE = 20


def page_count(total: int) -> int:
    """How many pages hold `total` rows; none for none."""
    return -(-total // PAGE_SIZE)
