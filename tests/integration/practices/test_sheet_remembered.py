"""A sheet is drawn once a version: whatever it shows may change, and the page with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.members.models import Organisation, OrganisationKind
from inters4.practices.models import (
    Block,
    Practice,
    PracticeAdopter,
    PracticeBlock,
    PracticeOrganisation,
    PracticeReference,
    PracticeState,
    PracticeTerm,
    Scheme,
)
from inters4.practices.queries import load_practice
from inters4.vocabulary.models import Term, VocabularyRevision
from tests.builders.practices import make_practice, whole_values
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary

ADDRESS = "/pratiques/visites-virtuelles"


@pytest.fixture(autouse=True)
def _sheet(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_practice(session, **whole_values())


def page(client: FlaskClient, address: str = ADDRESS) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def practice(session: Session) -> Practice:
    found = load_practice(session, "visites-virtuelles")
    assert found is not None
    return found


def retitle(session: Session) -> None:
    practice(session).title = "Tout a changé"


def rewrite_a_text(session: Session) -> None:
    row = session.scalars(select(PracticeBlock).where(PracticeBlock.block == Block.CONTEXT)).one()
    row.write("Tout a changé [1].")


def add_an_adopter(session: Session) -> None:
    session.add(PracticeAdopter(practice_id="visites-virtuelles", position=9, name="Tout a changé"))


def add_a_term_to_the_list(session: Session) -> None:
    found = practice(session)
    found.terms.append(PracticeTerm(scheme=Scheme.OUTCOMES, term="Tout a changé", position=9))


def cite_another_title(session: Session) -> None:
    session.scalars(select(PracticeReference)).one().title = "Tout a changé"


def add_an_organisation(session: Session) -> None:
    organisation = Organisation(slug="autre", name="Tout a changé", kind=OrganisationKind.OTHER)
    session.add(
        PracticeOrganisation(
            practice_id="visites-virtuelles", position=9, organisation=organisation
        )
    )


def rename_a_term(session: Session) -> None:
    session.get_one(Term, ("populations", "aines")).fr = "Tout a changé"
    session.scalars(select(VocabularyRevision)).one().token = "autre"


@pytest.mark.parametrize(
    "change",
    [
        retitle,
        rewrite_a_text,
        add_an_adopter,
        add_a_term_to_the_list,
        cite_another_title,
        add_an_organisation,
        rename_a_term,
    ],
)
def test_a_change_is_on_the_next_page(
    client: FlaskClient, change: Callable[[Session], None]
) -> None:
    assert "Tout a changé" not in page(client)

    with writing() as session:
        change(session)

    assert "Tout a changé" in page(client)


@pytest.mark.parametrize(
    ("change", "shown"), [(retitle, "Tout a changé"), (add_an_organisation, "Tout a changé")]
)
def test_a_change_is_on_the_next_list(
    client: FlaskClient, change: Callable[[Session], None], shown: str
) -> None:
    assert shown not in page(client, "/pratiques")

    with writing() as session:
        change(session)

    assert shown in page(client, "/pratiques")


def test_an_organisation_renamed_alone_is_on_the_next_list(client: FlaskClient) -> None:
    with writing() as session:
        add_an_organisation(session)
    page(client, "/pratiques")

    with writing() as session:
        session.scalars(select(Organisation)).one().name = "Encore un autre nom"

    assert "Encore un autre nom" in page(client, "/pratiques")


def test_each_language_has_its_own_list(client: FlaskClient) -> None:
    assert "Fiche de pratique prometteuse" in page(client, "/pratiques")
    assert "Fiche de pratique prometteuse" not in page(client, "/pratiques?lang=en")


def test_an_organisation_renamed_alone_is_on_the_next_page(client: FlaskClient) -> None:
    with writing() as session:
        add_an_organisation(session)
    page(client)

    with writing() as session:
        session.scalars(select(Organisation)).one().name = "Encore un autre nom"

    assert "Encore un autre nom" in page(client)


def test_a_part_that_leaves_is_gone_from_the_next_page(client: FlaskClient) -> None:
    assert "Texte de context" in page(client)

    with writing() as session:
        row = session.scalars(
            select(PracticeBlock).where(PracticeBlock.block == Block.CONTEXT)
        ).one()
        session.delete(row)

    assert "Texte de context" not in page(client)


def test_each_language_has_its_own(client: FlaskClient) -> None:
    assert "Pourquoi ces cotes?" in page(client)
    assert "Pourquoi ces cotes?" not in page(client, f"{ADDRESS}?lang=en")


def test_a_sheet_is_overdue_from_the_day_after(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = local(now()).date()
    with writing() as session:
        practice(session).review_due = today
    assert "À revoir : cette fiche" not in page(client).replace("\xa0", " ")

    tomorrow = now() + timedelta(days=1)
    monkeypatch.setattr("inters4.practices.views.parts.now", lambda: tomorrow)

    assert "À revoir : cette fiche" in page(client).replace("\xa0", " ")


def test_what_is_withdrawn_is_not_shown_because_it_was(client: FlaskClient) -> None:
    page(client)

    with writing() as session:
        practice(session).state = PracticeState.WITHDRAWN

    assert "Texte de context" not in page(client)


def test_the_parts_of_a_sheet_drawn_before_are_not_read_again(client: FlaskClient) -> None:
    page(client)

    with statements(about="practice_") as sent:
        page(client)

    assert [one for one in sent if "practice_blocks" in one or "practice_references" in one] == []


def version() -> int:
    with reading() as session:
        return practice(session).version


def test_importing_the_same_sheet_changes_no_version() -> None:
    before = version()

    with writing() as session:
        make_practice(session, **whole_values())

    assert version() == before
