"""A change of a part is a change of the whole: what pages remember of it is drawn again."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.wholes import Whole
from inters4.newsletters.models import Issue, IssueItem, ItemKind
from inters4.practices.models import Practice, PracticeOrganisation
from inters4.veille.models import Scheme, Summary, SummaryTerm
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

ISSUE, SUMMARY = "/infolettres/en-bref/1", "/veille/resumes/suivi-a-domicile"
ORGANISATIONS = ({"id": "", "name": "Un milieu"},)


@pytest.fixture(autouse=True)
def _issue(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_newsletter(session)
        make_practice(session, organisations=ORGANISATIONS)
        make_summary(session, practices=("visites-virtuelles",))
        make_issue(
            session,
            items=(
                item(ItemKind.PRACTICE, practice="visites-virtuelles"),
                item(ItemKind.SUMMARY, summary="suivi-a-domicile"),
            ),
        )


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def retitle_the_practice(session: Session) -> None:
    session.scalars(select(Practice)).one().title = "Tout a changé"


def rename_a_carrier(session: Session) -> None:
    session.scalars(select(PracticeOrganisation)).one().name = "Tout a changé"


def rewrite_the_summary(session: Session) -> None:
    session.scalars(select(Summary)).one().write("Tout a changé.")


def say_a_word_before_an_item(session: Session) -> None:
    session.scalars(select(IssueItem).where(IssueItem.position == 0)).one().write("Tout a changé")


def add_a_term(session: Session) -> None:
    session.add(
        SummaryTerm(
            summary_id="suivi-a-domicile", scheme=Scheme.SETTINGS, term="Tout a changé", position=9
        )
    )


@pytest.mark.parametrize(
    ("address", "change"),
    [
        (ISSUE, retitle_the_practice),
        (ISSUE, rename_a_carrier),
        (ISSUE, rewrite_the_summary),
        (ISSUE, say_a_word_before_an_item),
        (SUMMARY, retitle_the_practice),
        (SUMMARY, rewrite_the_summary),
        (SUMMARY, add_a_term),
    ],
)
def test_a_change_is_on_the_next_page(
    client: FlaskClient, address: str, change: Callable[[Session], None]
) -> None:
    assert "Tout a changé" not in page(client, address)

    with writing() as session:
        change(session)

    assert "Tout a changé" in page(client, address)


@pytest.mark.parametrize("address", [ISSUE, SUMMARY])
def test_each_language_has_its_own(client: FlaskClient, address: str) -> None:
    assert 'aria-label="Fil d’Ariane"' in page(client, address)
    assert "Fiche de pratique prometteuse" not in page(client, f"{address}?lang=en")
    assert "Résumé d’article" not in page(client, f"{address}?lang=en")


KINDS: tuple[type[Whole], ...] = (Practice, Summary, Issue)


def versions() -> list[int]:
    with reading() as session:
        return [row.version for kind in KINDS for row in session.scalars(select(kind))]


def test_what_does_not_change_keeps_its_version() -> None:
    before = versions()

    with writing() as session:
        make_practice(session, organisations=ORGANISATIONS)
        make_summary(session, practices=("visites-virtuelles",))

    assert versions() == before


def test_a_part_that_leaves_changes_the_whole() -> None:
    before = versions()

    with writing() as session:
        session.delete(session.scalars(select(PracticeOrganisation)).one())
        session.delete(session.scalars(select(IssueItem).where(IssueItem.position == 1)).one())

    assert versions() == [before[0] + 1, before[1], before[2] + 1]


def test_a_whole_may_be_deleted_with_its_parts() -> None:
    with writing() as session:
        for row in session.scalars(select(IssueItem)):
            session.delete(row)
        session.flush()
        session.delete(session.scalars(select(Issue)).one())

    assert len(versions()) == 2
