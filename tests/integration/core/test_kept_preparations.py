"""Preparations of the suite watch every connection, and stand in the way of none."""

import pytest
from sqlalchemy import text

from inters4.core.db import engine
from tests.builders.kept import kept_apart

pytestmark = pytest.mark.usefixtures("database")


def nothing() -> None:
    """What there is to prepare."""


def test_a_connection_cut_between_two_preparations_is_rolled_back_and_serves_again() -> None:
    kept_apart("before", nothing)
    with engine().connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.invalidate()
        connection.rollback()
        assert connection.scalar(text("SELECT 1")) == 1
    kept_apart("after", nothing)
