"""Lists are cut in pages: none is empty, and none is past the last."""

import pytest

from inters4.core.paging import PAGE_SIZE, Page, nearest_page, page_count, page_start


@pytest.mark.parametrize(("total", "pages"), [(0, 0), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_the_last_page_holds_something(total: int, pages: int) -> None:
    assert page_count(total) == pages
    assert page_start(pages + 1) >= total


@pytest.mark.parametrize(
    ("asked", "total", "given"), [(0, 50, 1), (-3, 50, 1), (3, 50, 3), (4, 50, 3), (9, 0, 1)]
)
def test_a_page_that_does_not_exist_is_the_nearest(asked: int, total: int, given: int) -> None:
    assert nearest_page(asked, total) == given


def test_a_list_without_rows_has_one_page() -> None:
    assert Page([], 1, 0).pages == 1
    assert Page([], 1, PAGE_SIZE).pages == 1
