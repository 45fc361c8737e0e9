"""Newsletters and issues as files: refused with a line, written back byte for byte."""

from pathlib import Path
from typing import Any

import pytest

from inters4.core.content.exporting import export_files
from inters4.core.content.importing import Outcome, Report, files_of, import_files
from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.newsletters.models import IssueState, ItemKind
from inters4.newsletters.queries import load_issue
from inters4.practices.models import PracticeState
from inters4.veille.models import SummaryState
from tests.builders.newsletters import issue_file, item, make_issue, newsletter_file
from tests.builders.practices import make_practice
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

pytestmark = pytest.mark.usefixtures("database")
KINDS = ("newsletter", "issue")
EVERY_KIND = (
    item(ItemKind.HEADING, title="À distance"),
    item(ItemKind.TEXT, text="Un paragraphe.\n\nUn autre, « entre guillemets »."),
    item(ItemKind.PRACTICE, practice="visites-virtuelles", text="Un mot."),
    item(ItemKind.SUMMARY, summary="suivi-a-domicile"),
    item(ItemKind.LINK, title="Un guide", url="https://exemple.ca/guide", text="À lire."),
    item(ItemKind.EVENT, title="Une rencontre", themes=("telesante",)),
    item(ItemKind.QUESTION, title="Et chez vous?", themes=("domicile", "telesante")),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with one newsletter; what its issues cite is in the database."""
    with writing() as session:
        make_vocabulary(session)
        make_practice(session)
        make_summary(session)
    root = tmp_path / "content"
    for name in ("newsletters", "issues"):
        (root / name).mkdir(parents=True)
    put(root, "newsletters/en-bref.md", newsletter_file(themes=("telesante", "domicile")))
    return root


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)


def run(folder: Path) -> Report:
    kinds = [hooks.content_kinds[name] for name in KINDS]
    return import_files(files_of(folder, kinds), folder)


def refusals(folder: Path) -> list[str]:
    return [str(error).replace("\u00a0", " ") for error in run(folder).errors]


def exported(folder: Path, root: Path) -> dict[str, str]:
    with reading() as session:
        paths = export_files(session, root, [hooks.content_kinds[name] for name in KINDS])
    return {path.as_posix(): (root / path).read_text() for path in paths}


def test_what_is_imported_is_exported_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    texts = {
        "newsletters/en-bref.md": newsletter_file(themes=("telesante", "domicile")),
        "issues/en-bref-1.md": issue_file(1, items=EVERY_KIND, correction="Une erreur."),
        "issues/en-bref-2.md": issue_file(2, state=IssueState.SENT, sent_elsewhere=120),
    }
    for name, text in texts.items():
        put(folder, name, text)

    report = run(folder)

    assert [str(error) for error in report.errors] == []
    assert report.count(Outcome.CREATED) == 3
    assert exported(folder, tmp_path / "out") == texts
    assert run(folder).count(Outcome.UNCHANGED) == 3


def test_a_changed_file_changes_the_issue(folder: Path) -> None:
    put(folder, "issues/en-bref-1.md", issue_file(1, items=EVERY_KIND))
    run(folder)
    put(folder, "issues/en-bref-1.md", issue_file(1, items=EVERY_KIND[1:], opening="Autre mot."))

    assert run(folder).count(Outcome.UPDATED) == 1
    with reading() as session:
        issue = load_issue(session, "en-bref-1")
        assert issue is not None
        assert [row.kind for row in issue.items] == [row["kind"] for row in EVERY_KIND[1:]]
        assert issue.source == "Autre mot."


def test_an_issue_that_people_changed_here_is_left(folder: Path) -> None:
    put(folder, "issues/en-bref-1.md", issue_file(1))
    run(folder)
    with writing() as session:
        make_issue(session, 1, items=EVERY_KIND)
    put(folder, "issues/en-bref-1.md", issue_file(1, title="Du fichier"))

    assert run(folder).count(Outcome.LEFT) == 1


def test_an_issue_that_did_not_come_out_is_not_exported(folder: Path, tmp_path: Path) -> None:
    put(folder, "issues/en-bref-1.md", issue_file(1, state=IssueState.DRAFT))
    run(folder)

    assert list(exported(folder, tmp_path / "out")) == ["newsletters/en-bref.md"]


def test_what_is_not_public_is_left_out_of_the_file(folder: Path, tmp_path: Path) -> None:
    put(folder, "issues/en-bref-1.md", issue_file(1, items=EVERY_KIND))
    run(folder)
    with writing() as session:
        make_practice(session, state=PracticeState.WITHDRAWN, state_reason="Fermé.")
        make_summary(session, state=SummaryState.DRAFT)

    text = exported(folder, tmp_path / "out")["issues/en-bref-1.md"]

    assert "visites-virtuelles" not in text
    assert "suivi-a-domicile" not in text
    assert "À distance" in text


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            {"id": "autre-1"},
            "issues/a.md:2: L’identifiant de ce numéro est « en-bref-1 ».",
        ),
        (
            {"newsletter": "rien", "id": "rien-1"},
            "issues/a.md:3: « rien » n’existe pas dans « newsletters ».",
        ),
        ({"items": ()}, "issues/a.md:7: Un numéro paru a besoin de « items »."),
        ({"published_at": None}, "issues/a.md:7: Un numéro paru a besoin de « published_at »."),
        (
            {"items": (item(ItemKind.SUMMARY, summary="rien"),)},
            "issues/a.md:11: « rien » n’existe pas dans « summaries ».",
        ),
        (
            {"items": (item(ItemKind.PRACTICE, practice="rien"),)},
            "issues/a.md:11: « rien » n’existe pas dans « practices ».",
        ),
        (
            {"items": (item(ItemKind.HEADING, text="Sans titre"),)},
            "issues/a.md:10: Un élément « heading » a besoin de « title ».",
        ),
        (
            {"items": (item(ItemKind.TEXT, text="Un mot.", title="De trop"),)},
            "issues/a.md:10: Un élément « text » n’a pas de « title ».",
        ),
        (
            {"items": (item(ItemKind.TEXT, text="a" * 1201),)},
            "issues/a.md:11: « text » a 1201 caractères : la limite est de 1200.",
        ),
        ({"opening": "mot " * 6000}, "issues/a.md:14: Ce texte dépasse 20 000 caractères."),
    ],
)
def test_a_mistake_is_told_with_its_line(folder: Path, values: dict[str, Any], told: str) -> None:
    put(folder, "issues/a.md", issue_file(1, **values))

    assert told in refusals(folder)


def test_a_number_is_given_once(folder: Path) -> None:
    put(folder, "issues/en-bref-1.md", issue_file(1))
    put(folder, "issues/z.md", issue_file(1, id="en-bref-2"))

    assert "issues/z.md:4: Ce numéro est déjà celui de « en-bref-1 »." in refusals(folder)


def test_a_newsletter_without_its_title_is_refused(folder: Path) -> None:
    put(folder, "newsletters/autre.md", newsletter_file("autre", title=""))

    assert "newsletters/autre.md:1: Il manque « title »." in refusals(folder)


def test_a_newsletter_never_takes_the_address_of_another_page(folder: Path) -> None:
    put(folder, "newsletters/bureau.md", newsletter_file("bureau"))

    assert any("newsletters/bureau.md:2: " in told for told in refusals(folder))
