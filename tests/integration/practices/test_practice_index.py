"""A sheet in the outbox and in the index."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS
from inters4.core.db import reading
from inters4.core.outbox import BulkChangeRefused, OutboxRow
from inters4.members.models import OrganisationKind
from inters4.members.services.organisations import upsert_organisation
from inters4.practices.documents import confirm, every_id, load_document
from inters4.practices.exports.citing import cite
from inters4.practices.models import (
    Block,
    Practice,
    PracticeBlock,
    PracticeReference,
    PracticeState,
    PracticeTerm,
    Scheme,
)
from inters4.practices.queries import load_practice
from inters4.vocabulary.services import save_term
from tests.builders.practices import BLOCKS, make_practice
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary


def queued(session: Session) -> set[tuple[str, str]]:
    rows = session.execute(select(OutboxRow.kind, OutboxRow.document_id))
    return {(kind, identifier) for kind, identifier in rows}


def forget(session: Session) -> None:
    session.flush()
    session.connection().execute(delete(OutboxRow))


def _title(practice: Practice) -> None:
    practice.title = "Un autre titre"


def _block(practice: Practice) -> None:
    practice.blocks[0].source = "Autre chose."


def _new_term(practice: Practice) -> None:
    practice.terms.append(PracticeTerm(scheme=Scheme.THEMES, term="domicile", position=1))


def _lost_term(practice: Practice) -> None:
    practice.terms.pop()


def _reference(practice: Practice) -> None:
    practice.references[0].title = "Un autre titre"


def _lost_references(practice: Practice) -> None:
    practice.references.clear()


@pytest.mark.parametrize(
    "change", [_title, _block, _new_term, _lost_term, _reference, _lost_references]
)
def test_any_change_of_a_sheet_or_of_a_part_reaches_the_outbox(
    session: Session, change: Callable[[Practice], None]
) -> None:
    practice = make_practice(session)
    forget(session)

    change(practice)
    session.flush()

    assert queued(session) == {("fiche", "visites-virtuelles")}


def test_saving_the_same_sheet_again_changes_nothing(session: Session) -> None:
    practice = make_practice(session)
    version = practice.version
    forget(session)

    make_practice(session)

    assert queued(session) == set()
    assert practice.version == version


def test_a_part_that_changes_raises_the_version_of_the_sheet(session: Session) -> None:
    practice = make_practice(session)
    version = practice.version

    make_practice(session, blocks={**BLOCKS, Block.CONTEXT: "Un autre contexte."})

    assert practice.version == version + 1


@pytest.mark.parametrize("table", [Practice, PracticeBlock, PracticeReference])
def test_no_statement_goes_round_the_outbox(session: Session, table: type) -> None:
    with pytest.raises(BulkChangeRefused):
        session.execute(delete(table))


def test_a_deleted_sheet_reaches_the_outbox_and_leaves_the_index(session: Session) -> None:
    practice = make_practice(session)
    forget(session)

    session.delete(practice)
    session.flush()

    assert queued(session) == {("fiche", "visites-virtuelles")}
    assert load_document(session, "visites-virtuelles") is None


def test_the_document_of_a_sheet_says_what_a_hit_shows(session: Session) -> None:
    upsert_organisation(
        session, slug="cisss-bsl", name="CISSS du BSL", kind=OrganisationKind.ESTABLISHMENT
    )
    organisations = ({"id": "cisss-bsl", "name": ""}, {"id": "", "name": "Un partenaire"})
    make_practice(session, organisations=organisations, started_year=2021)
    session.expire_all()

    document = load_document(session, "visites-virtuelles")

    assert document is not None
    assert document.key == "fiche:visites-virtuelles"
    assert document.audience == "public"
    assert document.date == date(2026, 11, 21)
    assert document.abstract == "Le problème. La solution. Pour les aînés."
    assert "Le contexte." in document.body
    assert "[1]" not in document.body
    assert dict(document.facets) == {
        "author": ("CISSS du BSL", "Un partenaire"),
        "theme": ("telesante.teleconsultation",),
        "region": ("rss01",),
        "setting": ("domicile",),
        "population": ("aines",),
        "stage": ("test",),
        "evidence": ("suggestive",),
        "maturity": ("prometteuse",),
        "proposed": ("maturity", "evidence"),
        "organisation": ("cisss-bsl",),
    }
    assert dict(document.fields) == {
        "slug": "visites-virtuelles",
        "organisation": "CISSS du BSL; Un partenaire",
        "region": "rss01",
        "maturity": "prometteuse",
        "evidence": "suggestive",
        "rating_status": "proposed",
        "origin": "starter",
        "stage": "test",
        "year": "2021",
    }


@pytest.mark.parametrize("state", [state for state in PracticeState if state.value != "published"])
def test_only_a_sheet_that_everyone_reads_is_in_the_index(
    session: Session, state: PracticeState
) -> None:
    make_practice(session, state=state)
    is_readable = state is PracticeState.REVIEW_DUE

    assert (load_document(session, "visites-virtuelles") is not None) is is_readable
    assert list(every_id(session)) == (["visites-virtuelles"] if is_readable else [])


def test_a_long_text_is_rendered_once_and_again_when_it_changes(session: Session) -> None:
    practice = make_practice(session)
    context = practice.block(Block.CONTEXT)
    assert context is not None
    context.html = "<p>gardé</p>"
    make_practice(session)
    assert context.html == "<p>gardé</p>"

    make_practice(session, blocks={**BLOCKS, Block.CONTEXT: "Un autre."})

    assert context.html == "<p>Un autre.</p>"


def test_a_text_that_an_older_renderer_made_is_rendered_again(session: Session) -> None:
    practice = make_practice(session)
    context = practice.block(Block.CONTEXT)
    assert context is not None
    context.html, context.renderer = "<p>vieux</p>", 0

    assert "vieux" not in context.markup
    assert "Le contexte" in context.markup


def test_stored_html_passes_the_allow_list_before_it_is_shown(session: Session) -> None:
    practice = make_practice(session)
    context = practice.block(Block.CONTEXT)
    assert context is not None
    context.html = "<p>vu<script>alert(1)</script></p>"

    assert context.markup == "<p>vu</p>"


def test_the_parts_of_a_sheet_follow_its_file(session: Session) -> None:
    one = {"title": "Une", "publisher": "", "year": None, "url": "", "doi": ""}
    make_practice(session, references=({"number": 1, **one}, {"number": 2, **one}))
    make_practice(session, references=({"number": 2, **one}, {"number": 1, **one, "title": "X"}))
    session.expire_all()

    practice = load_practice(session, "visites-virtuelles")

    assert practice is not None
    assert [(row.number, row.title) for row in practice.references] == [(1, "X"), (2, "Une")]


def test_a_sheet_is_found_by_the_names_of_its_terms_in_both_languages(session: Session) -> None:
    make_vocabulary(session)
    telehealth = {"fr": "Télésanté", "en": "Telehealth and digital health"}
    save_term(session, "themes", "telesante", position=0, values=telehealth)
    make_practice(session, professions=("inf",))

    document = load_document(session, "visites-virtuelles")

    assert document is not None
    assert document.keywords[:3] == (
        "Télésanté",
        "Telehealth and digital health",
        "Téléconsultation et soins virtuels",
    )
    assert {"Domicile", "Personnes âgées", "Infirmière ou infirmier"} <= {*document.keywords}


def test_a_term_that_is_renamed_sends_the_sheets_below_it_to_the_index(session: Session) -> None:
    make_vocabulary(session)
    make_practice(session)
    forget(session)

    save_term(session, "regions", "rss01", position=0, values={"fr": "Autre"})
    save_term(session, "themes", "domicile", position=0, values={"fr": "Autre"})
    assert queued(session) == set()
    save_term(session, "themes", "telesante", position=0, values={"fr": "Autre"})

    assert queued(session) == {("fiche", "visites-virtuelles")}


def test_confirming_and_citing_cost_the_same_statements_whatever_the_number(
    session: Session,
) -> None:
    ids = [f"p{number}" for number in range(12)]
    for practice_id in ids:
        make_practice(session, practice_id)
    make_practice(session, "retiree", state=PracticeState.WITHDRAWN)
    session.commit()

    asked = [*ids, "retiree", "inconnue"]

    with reading() as fresh, statements() as found:
        confirmed = confirm(fresh, asked, ANONYMOUS)
    with reading() as fresh, statements() as cited:
        citations = cite(fresh, asked, ANONYMOUS)

    assert sorted(confirmed) == sorted(citations) == sorted(ids)
    assert len(found) == 3, found
    assert len(cited) == 1, cited


def test_a_confirmed_sheet_says_what_its_document_says(session: Session) -> None:
    make_practice(session, result="92 %")
    document = load_document(session, "visites-virtuelles")

    present = confirm(session, ["visites-virtuelles"], ANONYMOUS)["visites-virtuelles"]

    assert document is not None
    assert (present.title, present.abstract) == (document.title, document.abstract)
    assert (present.day, present.fields) == (document.date, document.fields)
