"""A page added tomorrow is drawn, and read by axe, tomorrow."""

from flask import Flask

from tests.e2e.screenshots import is_page, pages
from tests.e2e.test_every_page import (
    AROUND,
    OF_A_REVIEWER,
    OF_A_TEAM,
    OF_COMMUNITIES,
    OF_INFOLETTRES,
    OF_THE_ACCOUNT,
    OF_THE_COORDINATION,
    OF_THE_TEAM,
    OF_THE_WATCH,
    OF_WHO_BELONGS,
    OF_WHO_LEADS,
    READING,
)

NOWHERE = {"/nulle-part", "/cette-page-n-existe-pas"}
ASKED_FIRST = {"home.question_page", "newsletters.carrying", "newsletters.sending"}
"""A demonstration opens with no question, and sends no issue: one is asked, one is sent there or
taken away, then its page is looked at."""


def forgotten(app: Flask, paths: set[str]) -> set[str]:
    """Pages of which no example is among `paths`."""
    address = app.url_map.bind("localhost")
    seen = {address.match(path.partition("?")[0])[0] for path in paths - NOWHERE}
    return {rule.endpoint for rule in app.url_map.iter_rules() if is_page(rule)} - seen


def test_every_page_has_its_pictures(app: Flask) -> None:
    assert forgotten(app, {path for _name, path in pages(app)}) == ASKED_FIRST


def test_every_page_is_read_by_axe(app: Flask) -> None:
    assert (
        forgotten(
            app,
            {
                *READING,
                *AROUND,
                *OF_A_REVIEWER,
                *OF_A_TEAM,
                *OF_COMMUNITIES,
                *OF_INFOLETTRES,
                *OF_THE_ACCOUNT,
                *OF_THE_TEAM,
                *OF_THE_WATCH,
                *OF_THE_COORDINATION,
                *OF_WHO_BELONGS,
                *OF_WHO_LEADS,
            },
        )
        == ASKED_FIRST
    )
