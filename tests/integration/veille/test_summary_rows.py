"""Summaries in the database: files in and out, the outbox, the index, what others are told."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.app import load_domains
from inters4.core.access import ANONYMOUS
from inters4.core.content.exporting import export_files
from inters4.core.content.importing import Outcome, Report, files_of, import_files
from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.outbox import BulkChangeRefused, OutboxRow
from inters4.veille.documents import confirm, every_id, load_document
from inters4.veille.exports.citations import cite
from inters4.veille.models import AppraisalTool, Scheme, Summary, SummaryState, SummaryTerm
from inters4.veille.queries.summaries import load_summary
from inters4.veille.services.summaries import SUMMARY_CORRECTED, SUMMARY_REPLACED, SUMMARY_RETRACTED
from inters4.vocabulary.services import save_term
from tests.builders.practices import make_practice
from tests.builders.statements import statements
from tests.builders.veille import PARAGRAPH, make_summary, summary_text
from tests.builders.vocabulary import make_vocabulary

ID = "suivi-a-domicile"


def queued(session: Session) -> set[tuple[str, str]]:
    rows = session.execute(select(OutboxRow.kind, OutboxRow.document_id))
    return {(kind, identifier) for kind, identifier in rows}


def forget(session: Session) -> None:
    session.flush()
    session.connection().execute(delete(OutboxRow))


# ---- files ----


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """An empty content folder, on a database with a vocabulary and a sheet."""
    load_domains()
    with writing() as session:
        make_vocabulary(session)
        make_practice(session)
    (tmp_path / "content" / "summaries").mkdir(parents=True)
    return tmp_path / "content"


def put(folder: Path, name: str, text: str) -> None:
    (folder / "summaries" / name).write_text(text, encoding="utf-8")


def bring(folder: Path) -> Report:
    return import_files(files_of(folder, list(hooks.content_kinds.values())), folder)


def taken(folder: Path, out: Path) -> dict[str, str]:
    """The summaries exported, by file name."""
    with reading() as session:
        export_files(session, out, [hooks.content_kinds["summary"]])
    return {path.name: path.read_text(encoding="utf-8") for path in (out / "summaries").glob("*")}


def test_what_is_exported_is_what_was_imported(folder: Path, tmp_path: Path) -> None:
    texts = {
        f"{ID}.md": summary_text(
            practices=("visites-virtuelles",), inferred=("year",), number="1\u00a0bis"
        ),
        "ancien.md": summary_text(
            "ancien", state=SummaryState.REPLACED, state_reason="Refait.", replaced_by=ID
        ),
        "home-care.en.md": summary_text("home-care", language="en", translation_of=ID),
        "range.md": summary_text("range", state=SummaryState.ARCHIVED),
    }
    for name, text in texts.items():
        put(folder, name, text)

    report = bring(folder)

    assert not report.errors, report.errors
    assert report.count(Outcome.CREATED) == 4
    assert taken(folder, tmp_path / "out") == texts
    assert bring(folder).count(Outcome.UNCHANGED) == 4


def test_a_draft_is_imported_and_never_exported(folder: Path, tmp_path: Path) -> None:
    put(folder, f"{ID}.md", summary_text(state=SummaryState.DRAFT, published_at=None))

    assert bring(folder).count(Outcome.CREATED) == 1
    assert taken(folder, tmp_path / "out") == {}


def test_a_file_that_changed_changes_the_row(folder: Path) -> None:
    put(folder, f"{ID}.md", summary_text())
    bring(folder)
    put(folder, f"{ID}.md", summary_text(title="Un autre titre", themes=("domicile",)))

    report = bring(folder)

    assert report.count(Outcome.UPDATED) == 1
    with reading() as session:
        found = load_summary(session, ID)
        assert found is not None
        assert (found.title, found.terms_of(Scheme.THEMES)) == ("Un autre titre", ["domicile"])


def test_a_row_that_people_changed_is_left_alone(folder: Path) -> None:
    put(folder, f"{ID}.md", summary_text())
    bring(folder)
    with writing() as session:
        make_summary(session, title="Changé ici")
    put(folder, f"{ID}.md", summary_text(title="Changé là"))

    report = bring(folder)

    assert report.count(Outcome.LEFT) == 1
    assert len(report.left) == 1


def test_one_wrong_file_stops_no_other(folder: Path) -> None:
    put(folder, "bon.md", summary_text("bon"))
    wrong = summary_text("faux", hook="", paragraph="Trop court.")
    put(folder, "faux.md", wrong)
    put(folder, "pris.md", summary_text("pris", slug="bon"))

    report = bring(folder)

    assert report.refused == ["summaries/faux.md", "summaries/pris.md"]
    assert report.count(Outcome.CREATED) == 1
    lines = wrong.split("\n")
    places = {lines[error.line - 1] for error in report.errors if "faux" in error.path}
    assert places == {"state: published", "Trop court."}


# ---- outbox and index ----


def _title(summary: Summary) -> None:
    summary.title = "Un autre titre"


def _paragraph(summary: Summary) -> None:
    summary.write("Autre chose.")


def _authors(summary: Summary) -> None:
    summary.authors = ["Quelqu’un d’autre"]


def _new_term(summary: Summary) -> None:
    summary.terms.append(SummaryTerm(scheme=Scheme.THEMES, term="domicile", position=1))


def _lost_term(summary: Summary) -> None:
    summary.terms.pop()


@pytest.mark.parametrize("change", [_title, _paragraph, _authors, _new_term, _lost_term])
def test_any_change_reaches_the_outbox(session: Session, change: Callable[[Summary], None]) -> None:
    summary = make_summary(session)
    forget(session)

    change(summary)
    session.flush()

    assert queued(session) == {("resume", ID)}


def test_saving_the_same_summary_again_changes_nothing(session: Session) -> None:
    summary = make_summary(session)
    version = summary.version
    forget(session)

    make_summary(session)

    assert queued(session) == set()
    assert summary.version == version


def test_a_term_that_changes_raises_the_version_of_the_summary(session: Session) -> None:
    summary = make_summary(session)
    version = summary.version

    make_summary(session, themes=("domicile",))

    assert summary.version == version + 1


@pytest.mark.parametrize("table", [Summary, SummaryTerm])
def test_no_statement_goes_round_the_outbox(session: Session, table: type) -> None:
    with pytest.raises(BulkChangeRefused):
        session.execute(delete(table))


def test_the_document_says_what_a_hit_shows(session: Session) -> None:
    make_vocabulary(session)
    make_summary(session, regions=("rss01",), professions=("inf",), settings=("domicile",))
    session.expire_all()

    document = load_document(session, ID)

    assert document is not None
    assert (document.key, document.audience) == (f"resume:{ID}", "public")
    assert (document.date, document.counted_year) == (date(2026, 11, 21), 2019)
    assert document.abstract == f"Une façon de faire, comparée à une autre. {PARAGRAPH}"
    assert "Ariane Essai, Camille Exemple, Une revue, 2019" in document.body
    assert {"Télésanté et santé numérique", "Following people at home"} <= {*document.keywords}
    assert dict(document.facets) == {
        "author": ("Ariane Essai", "Camille Exemple"),
        "theme": ("telesante.teleconsultation",),
        "region": ("rss01",),
        "setting": ("domicile",),
        "population": ("aines",),
        "profession": ("inf",),
        "evidence": ("suggestive",),
        "proposed": ("evidence",),
    }
    assert dict(document.fields) == {
        "slug": ID,
        "source": "Une revue, 2019",
        "region": "rss01",
        "profession": "inf",
        "design": "gris",
        "evidence": "suggestive",
        "rating_status": "proposed",
        "origin": "starter",
        "state": "published",
        "year": "2019",
    }


def test_an_appraised_strength_is_no_longer_proposed(session: Session) -> None:
    make_summary(session, appraisal_tool=AppraisalTool.JBI)
    make_summary(session, "sans-cote", evidence_strength="")

    rated, unrated = load_document(session, ID), load_document(session, "sans-cote")

    assert rated is not None
    assert unrated is not None
    assert rated.fields["rating_status"] == "reviewed"
    assert "rating_status" not in unrated.fields


@pytest.mark.parametrize("state", SummaryState)
def test_only_what_everyone_reads_is_in_the_index(session: Session, state: SummaryState) -> None:
    make_summary(session, state=state)
    is_readable = state in {SummaryState.PUBLISHED, SummaryState.CORRECTED}

    assert (load_document(session, ID) is not None) is is_readable
    assert list(every_id(session)) == ([ID] if is_readable else [])
    assert set(cite(session, [ID], ANONYMOUS)) == ({ID} if is_readable else set())


def test_confirming_and_citing_cost_the_same_statements_whatever_the_number(
    session: Session,
) -> None:
    ids = [f"r{number}" for number in range(12)]
    for summary_id in ids:
        make_summary(session, summary_id)
    make_summary(session, "retire", state=SummaryState.RETRACTED)
    session.commit()

    with reading() as fresh, statements() as sent:
        confirmed = confirm(fresh, [*ids, "retire", "inconnu"], ANONYMOUS)
    with reading() as fresh, statements() as cited:
        citations = cite(fresh, [*ids, "retire", "inconnu"], ANONYMOUS)

    assert sorted(confirmed) == sorted(citations) == sorted(ids)
    assert (len(sent), len(cited)) == (2, 2), sent


def test_a_confirmed_summary_says_what_its_document_says(session: Session) -> None:
    make_summary(session)
    document = load_document(session, ID)

    present = confirm(session, [ID], ANONYMOUS)[ID]

    assert document is not None
    assert (present.title, present.abstract) == (document.title, document.abstract)
    assert (present.day, present.fields) == (document.date, document.fields)


def test_a_term_that_is_renamed_sends_the_summaries_below_it_to_the_index(session: Session) -> None:
    make_vocabulary(session)
    make_summary(session)
    forget(session)

    save_term(session, "regions", "rss01", position=0, values={"fr": "Autre"})
    save_term(session, "themes", "domicile", position=0, values={"fr": "Autre"})
    assert queued(session) == set()
    save_term(session, "themes", "telesante", position=0, values={"fr": "Autre"})

    assert queued(session) == {("resume", ID)}


# ---- what others are told ----


@pytest.fixture
def told() -> Iterator[list[tuple[str, str]]]:
    """(event, summary) of each event, in order."""
    load_domains()
    found: list[tuple[str, str]] = []
    added = []
    for event in (SUMMARY_CORRECTED, SUMMARY_REPLACED, SUMMARY_RETRACTED):

        def handler(_session: Session, *, summary: Summary, name: str = event) -> None:
            found.append((name, summary.id))

        hooks.events.setdefault(event, []).append(handler)
        added.append((event, handler))
    yield found
    for event, handler in added:
        hooks.events[event].remove(handler)


def test_a_retraction_is_told_once_in_the_same_transaction(
    session: Session, told: list[tuple[str, str]]
) -> None:
    make_summary(session)
    make_summary(session, state=SummaryState.CORRECTED, state_reason="Une coquille.")
    make_summary(session, state=SummaryState.RETRACTED, state_reason="Faux.")
    make_summary(session, state=SummaryState.RETRACTED, state_reason="Faux, et pourquoi.")

    assert told == [(SUMMARY_CORRECTED, ID), (SUMMARY_RETRACTED, ID)]


def test_nobody_is_told_of_what_nobody_received(
    session: Session, told: list[tuple[str, str]]
) -> None:
    make_summary(session, "jamais-lu", state=SummaryState.RETRACTED, state_reason="Faux.")
    make_summary(session, state=SummaryState.DRAFT, published_at=None)
    make_summary(session, state=SummaryState.RETRACTED, state_reason="Faux.")

    assert told == []
