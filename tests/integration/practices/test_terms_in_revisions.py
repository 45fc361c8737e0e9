"""Terms that sheets being written name are counted, and carried when they move."""

import pytest
from sqlalchemy.orm import Session

from inters4.members.models import OrganisationRegion
from inters4.practices.models import PracticeRevision, PracticeState
from inters4.practices.queries import load_practice
from inters4.practices.queries.revisions import reviews_of
from inters4.practices.services.bearing import (
    REVISIONS,
    carry_terms,
    count_bearing,
    every_bearer,
)
from inters4.practices.services.revising import abandon
from inters4.vocabulary.models import FormerTerm
from inters4.vocabulary.services.saving import renew
from tests.builders.adoptions import adopt
from tests.builders.practices import make_practice
from tests.builders.revisions import Cast, bring_to, make_cast, start
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


def carry(session: Session, scheme: str, term: str, into: str) -> int:
    """Make one term another everywhere; how many of them bore it."""
    found = sum(bearer.count(session, scheme, [term]) for bearer in every_bearer())
    for bearer in every_bearer():
        bearer.carry(session, scheme, {term: into})
    return found


@pytest.mark.parametrize(
    ("scheme", "term", "field"),
    [
        ("implementation_stage", "test", "stage"),
        ("maturity", "prometteuse", "maturity"),
        ("evidence_strength", "suggestive", "evidence_strength"),
    ],
)
def test_the_degrees_of_a_published_sheet_follow(
    session: Session, scheme: str, term: str, field: str
) -> None:
    make_vocabulary(session)
    practice = make_practice(session)

    assert carry(session, scheme, term, "autre") == 1

    assert getattr(practice, field) == "autre"


def test_conditions_and_dimensions_of_a_published_sheet_follow_and_are_named_once(
    session: Session,
) -> None:
    make_vocabulary(session)
    make_practice(
        session,
        success_conditions=(
            {"condition": "cs09", "note": "Une autre."},
            {"condition": "cs01", "note": "La première."},
        ),
        transferability=({"dimension": "ruralite", "note": "Loin."},),
    )

    carry(session, "success_conditions", "cs09", "cs01")
    carry(session, "transferability", "ruralite", "distance")

    practice = load_practice(session, "visites-virtuelles")
    assert practice is not None
    session.refresh(practice, ["success_conditions", "transferability"])
    assert [row.condition for row in practice.success_conditions] == ["cs01"]
    assert [row.dimension for row in practice.transferability] == ["distance"]


def test_what_reviewers_rated_follows(
    session: Session, cast: Cast, revision: PracticeRevision
) -> None:
    bring_to(session, cast, revision, PracticeState.APPROVAL)

    carry(session, "maturity", "prometteuse", "autre")

    assert {one.maturity for one in reviews_of(session, revision)} == {"autre"}


def test_an_adoption_that_names_a_setting_that_moved_keeps_the_present_one(
    session: Session, cast: Cast
) -> None:
    session.add(FormerTerm(scheme="settings", id="chez-soi", present="domicile"))
    session.flush()
    renew(session)
    practice = make_practice(session)
    session.add(OrganisationRegion(organisation_id=cast.carrying.id, region="rss01"))

    adoption = adopt(session, practice, by=cast.owner, setting="chez-soi")

    assert adoption.setting == "domicile"


def test_it_is_told_in_words() -> None:
    assert REVISIONS.told(2) == "2 fiches en cours d’écriture"
