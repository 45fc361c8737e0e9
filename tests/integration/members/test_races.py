"""Guesses made at the same instant are counted one after the other."""

from concurrent.futures import ThreadPoolExecutor

from inters4.core import db
from inters4.core.errors import TooMany
from inters4.members.services.throttle import FREE_ERRORS, admit


def test_parallel_guesses_do_not_slip_past_the_count(database: str) -> None:
    def guess(_number: int) -> bool:
        try:
            with db.writing() as session:
                admit(session, email="ariane@exemple.ca", address="192.0.2.1")
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        admitted = sum(pool.map(guess, range(12)))

    assert admitted == FREE_ERRORS
