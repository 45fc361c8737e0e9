"""Terms that sheets being written name are counted, and carried when they move."""

import pytest
from sqlalchemy.orm import Session

from inters4.practices.models import PracticeRevision
from inters4.practices.services.bearing import REVISIONS, carry_terms, count_bearing
from inters4.practices.services.revising import abandon
from tests.builders.revisions import Cast, make_cast, start
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


@pytest.fixture
def revision(session: Session, cast: Cast) -> PracticeRevision:
    return start(session, cast)


@pytest.mark.parametrize(
    ("scheme", "term", "field", "expected"),
    [
        ("populations", "aines", "populations", ["autre"]),
        ("regions", "rss01", "regions", ["autre"]),
        ("implementation_stage", "test", "stage", "autre"),
        (
            "success_conditions",
            "cs01",
            "success_conditions",
            [{"condition": "autre", "note": "Une vision claire [1]."}],
        ),
    ],
)
def test_a_term_that_moves_is_carried_wherever_a_sheet_names_it(
    session: Session,
    revision: PracticeRevision,
    *,
    scheme: str,
    term: str,
    field: str,
    expected: object,
) -> None:
    assert count_bearing(session, scheme, [term]) == 1
    assert count_bearing(session, "themes", [term]) == 0

    carry_terms(session, scheme, {term: "autre"})

    assert revision.values[field] == expected
    assert count_bearing(session, scheme, [term]) == 0


def test_two_terms_that_become_one_are_named_once(
    session: Session, revision: PracticeRevision
) -> None:
    revision.values = {**revision.values, "regions": ["rss02", "rss01", "rss09"]}

    carry_terms(session, "regions", {"rss01": "rss02"})

    assert revision.values["regions"] == ["rss02", "rss09"]


def test_a_sheet_that_is_no_longer_written_bears_nothing(
    session: Session, cast: Cast, revision: PracticeRevision
) -> None:
    abandon(session, revision, by=cast.owner)

    assert count_bearing(session, "populations", ["aines"]) == 0


def test_it_is_told_in_words() -> None:
    assert REVISIONS.told(2) == "2 fiches en cours d’écriture"
