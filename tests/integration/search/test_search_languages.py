"""Sheets written in French are found by those who search in English."""

import pytest
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS
from inters4.search.jobs import bring_up_to_date
from inters4.search.models import Criteria
from inters4.search.services.searching import search
from inters4.settings import Settings
from inters4.vocabulary.services import save_term
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("typed", ["telehealth", "digital health", "older adults", "home care"])
def test_an_english_name_of_a_term_finds_a_french_sheet(
    settings: Settings, session: Session, typed: str
) -> None:
    make_vocabulary(session)
    for scheme, term, french, english in (
        ("themes", "telesante", "Télésanté", "Telehealth and digital health"),
        ("populations", "aines", "Personnes âgées", "Older adults"),
        ("settings", "domicile", "Domicile", "Home care"),
    ):
        save_term(session, scheme, term, position=0, values={"fr": french, "en": english})
    make_practice(session)
    make_practice(session, "autre", themes=("domicile",), populations=(), settings=())
    session.commit()
    assert bring_up_to_date(settings)

    page = search(session, Criteria(text=typed), viewer=ANONYMOUS)

    assert [card.key for card in page.cards] == ["fiche:visites-virtuelles"]
    snippet = "".join(part.text for part in page.cards[0].snippet)
    assert "Le problème" in snippet
    assert typed not in snippet.lower()
