"""Files into rows: whole or not at all, never over what people changed."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.content.cli import content
from inters4.core.content.exporting import export_files
from inters4.core.content.importing import (
    Outcome,
    Report,
    check_files,
    files_of,
    import_files,
)
from inters4.core.content.models import ContentImport
from inters4.core.db import reading, writing
from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import ContentItem, Earlier, hooks
from inters4.core.paths import content_dir
from inters4.home.models import Page
from inters4.practices.models import Practice, PracticeState
from inters4.practices.queries import load_practice
from inters4.veille.models import Summary, SummaryState
from inters4.vocabulary.models import Term
from tests.builders.commands import IMPORTED
from tests.builders.copied import Begun
from tests.builders.practices import make_practice, sheet, sheet_file
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with room for sheets, and a vocabulary in the database."""
    with writing() as session:
        make_vocabulary(session)
    (tmp_path / "content" / "practices").mkdir(parents=True)
    return tmp_path / "content"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / "practices" / name
    path.write_text(text)
    return path


def run(folder: Path) -> Report:
    return import_files(files_of(folder, list(hooks.content_kinds.values())), folder)


def plain(told: Sequence[object]) -> list[str]:
    """Sentences without their no-break spaces."""
    return [str(sentence).replace("\u00a0", " ") for sentence in told]


def titles() -> dict[str, str]:
    with reading() as session:
        return {row.id: row.title for row in session.execute(select(Practice.id, Practice.title))}


def test_a_file_becomes_a_row_once(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))

    first, second = run(folder), run(folder)

    assert first.count(Outcome.CREATED) == 1
    assert second.count(Outcome.UNCHANGED) == 1
    assert titles() == {"a": "Fiche a"}


def test_a_changed_file_changes_a_row_that_nobody_touched(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    run(folder)
    put(folder, "a.md", sheet_file("a", title="Un autre titre"))

    assert run(folder).count(Outcome.UPDATED) == 1
    assert titles() == {"a": "Un autre titre"}


def test_a_row_changed_here_is_left_and_said(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    run(folder)
    with writing() as session:
        practice = load_practice(session, "a")
        assert practice is not None
        practice.references[0].title = "Corrigé ici"
    put(folder, "a.md", sheet_file("a", title="Un autre titre"))

    report = run(folder)

    assert report.count(Outcome.LEFT) == 1
    assert plain(report.left) == [
        "practices/a.md:2: « a » a été modifié dans le portail; sa version est gardée."
    ]
    assert not report.errors
    assert titles() == {"a": "Fiche a"}


def test_a_row_that_was_never_imported_is_left(folder: Path) -> None:
    from inters4.practices.services import save_sheet

    with writing() as session:
        save_sheet(session, sheet("a", title="Née ici"))
    put(folder, "a.md", sheet_file("a"))

    assert run(folder).count(Outcome.LEFT) == 1
    assert titles() == {"a": "Née ici"}


def test_a_row_removed_here_stays_removed(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    run(folder)
    with writing() as session:
        practice = load_practice(session, "a")
        session.delete(practice)

    report = run(folder)

    assert report.count(Outcome.LEFT) == 1
    assert titles() == {}


def test_the_same_change_made_on_both_sides_is_no_conflict(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    run(folder)
    with writing() as session:
        practice = load_practice(session, "a")
        assert practice is not None
        practice.title = "Un autre titre"
    put(folder, "a.md", sheet_file("a", title="Un autre titre"))
    assert run(folder).count(Outcome.UNCHANGED) == 1
    put(folder, "a.md", sheet_file("a", title="Encore un autre"))

    assert run(folder).count(Outcome.UPDATED) == 1


def test_a_refused_file_does_not_stop_the_others(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    put(folder, "b.md", sheet_file("b").replace("stage: test", "stage: apogee"))
    put(folder, "c.md", sheet_file("c"))

    report = run(folder)

    assert report.refused == ["practices/b.md"]
    assert sorted(titles()) == ["a", "c"]


def test_the_same_id_in_two_files_is_refused_by_name(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    put(folder, "b.md", sheet_file("a", title="Une copie"))

    report = run(folder)

    assert plain(report.errors) == [
        "practices/b.md:2: L’identifiant « a » est déjà donné par practices/a.md."
    ]
    assert titles() == {"a": "Fiche a"}


def test_the_same_address_in_two_files_is_refused_by_name(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    put(folder, "b.md", sheet_file("b", slug="a"))

    report = run(folder)

    assert plain(report.errors) == ["practices/b.md:3: L’adresse « a » est déjà celle de « a »."]


def put_page(folder: Path, page_id: str, *fields: str) -> None:
    """A page about the portal."""
    (folder / "pages").mkdir(exist_ok=True)
    lines = ["---", f"id: {page_id}", *fields, "title: Une page", "---", "", "Un texte.", ""]
    (folder / "pages" / f"{page_id}.md").write_text("\n".join(lines))


def check(folder: Path) -> Report:
    return check_files(files_of(folder, list(hooks.content_kinds.values())), folder)


def slugs() -> dict[str, str]:
    with reading() as session:
        return {row.id: row.slug for row in session.execute(select(Page.id, Page.slug))}


@pytest.mark.parametrize("judge", [check, run])
def test_a_page_address_given_twice_is_refused_by_name(
    folder: Path, judge: Callable[[Path], Report]
) -> None:
    put_page(folder, "a-propos")
    run(folder)
    put_page(folder, "aa", "slug: a-propos")
    put_page(folder, "bb", "slug: cc")
    put_page(folder, "cc")
    put_page(folder, "dd")

    report = judge(folder)

    assert plain(report.errors) == [
        "pages/aa.md:3: L’adresse « a-propos » est déjà celle de « a-propos ».",
        "pages/cc.md:2: L’adresse « cc » est déjà celle de « bb ».",
    ]
    assert report.count(Outcome.CREATED) == 2


@pytest.mark.parametrize("judge", [check, run])
def test_a_page_that_moves_leaves_its_address_to_the_next(
    folder: Path, judge: Callable[[Path], Report]
) -> None:
    put_page(folder, "aa", "slug: ici")
    run(folder)
    put_page(folder, "aa")
    put_page(folder, "bb", "slug: ici")

    assert judge(folder).errors == []


@pytest.mark.parametrize("judge", [check, run])
def test_a_page_translates_a_page_that_exists(
    folder: Path, judge: Callable[[Path], Report]
) -> None:
    put_page(folder, "a-propos")
    put_page(folder, "a-propos.en", "language: en", "translation_of: a-propos")
    put_page(folder, "zz.en", "language: en", "translation_of: zz")

    report = judge(folder)

    assert plain(report.errors) == ["pages/zz.en.md:4: « zz » n’existe pas dans « pages »."]
    assert report.count(Outcome.CREATED) == 2


def test_what_only_the_database_refuses_is_refused_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_page(folder, "aa")
    put_page(folder, "bb")
    put_page(folder, "cc")
    kind = hooks.content_kinds["page"]

    def read(session: Session, document: FrontMatter, earlier: Earlier) -> list[ContentItem]:
        (item,) = kind.read(session, document, earlier)
        taken = Page(id=item.id, slug="aa", title="Une page")
        taken.write("Un texte.")
        apply = item.apply if item.id != "bb" else partial(session.add, taken)
        return [replace(item, apply=apply)]

    monkeypatch.setitem(hooks.content_kinds, "page", replace(kind, read=read))

    report = run(folder)

    (refusal,) = plain(report.errors)
    assert refusal.startswith("pages/bb.md:2: Ce fichier donne une valeur déjà prise ailleurs")
    assert slugs() == {"aa": "aa", "cc": "cc"}


def test_a_file_with_windows_line_ends_is_read_as_the_others(folder: Path) -> None:
    path = put(folder, "a.md", sheet_file("a"))
    run(folder)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert run(folder).count(Outcome.UNCHANGED) == 1


def test_a_translation_is_imported_after_its_original(folder: Path) -> None:
    put(folder, "a.en.md", sheet_file("a-en", language="en", translation_of="a"))
    put(folder, "a.md", sheet_file("a"))

    report = run(folder)

    assert not report.errors
    assert sorted(titles()) == ["a", "a-en"]


def test_a_check_says_the_same_and_changes_nothing(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    put(folder, "b.md", "---\nid: b\n---\n")

    report = check(folder)

    assert report.count(Outcome.CREATED) == 1
    assert report.refused == ["practices/b.md"]
    assert titles() == {}
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(ContentImport)) == 0


def test_a_check_of_an_empty_database_says_what_an_import_does(tmp_path: Path) -> None:
    files = files_of(content_dir(), list(hooks.content_kinds.values()))

    checked = check_files(files, content_dir())

    assert checked.errors == []
    assert checked.counts == run(content_dir()).counts


def test_a_check_sees_an_address_given_twice(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    put(folder, "b.md", sheet_file("b", slug="a"))

    report = check(folder)

    assert plain(report.errors) == ["practices/b.md:3: L’adresse « a » est déjà celle de « a »."]


class Writer:
    """Someone who writes to the database between two files."""

    def __init__(self) -> None:
        self.written = 0

    def advance(self, count: int = 1) -> None:
        with writing() as session:
            session.get_one(Term, ("themes", "domicile")).rank = self.written
        self.written += count


def test_a_check_keeps_nobody_from_writing(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    put(folder, "b.md", sheet_file("b"))
    writer = Writer()

    check_files(files_of(folder, list(hooks.content_kinds.values())), folder, progress=writer)

    assert writer.written == 2


def test_a_change_under_way_is_waited_for_and_kept(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    run(folder)
    put(folder, "a.md", sheet_file("a", title="Un autre titre"))

    with ThreadPoolExecutor(1) as pool:
        with writing() as session:
            practice = load_practice(session, "a")
            assert practice is not None
            practice.title = "Corrigé ici"
            session.flush()
            imported = pool.submit(run, folder)
        report = imported.result()

    assert report.count(Outcome.LEFT) == 1
    assert titles() == {"a": "Corrigé ici"}


def test_a_row_that_moves_while_it_is_imported_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a.md", sheet_file("a"))
    run(folder)
    put(folder, "a.md", sheet_file("a", title="Un autre titre"))
    kind = hooks.content_kinds["practice"]

    def read(session: Session, document: FrontMatter, earlier: Earlier) -> list[ContentItem]:
        (item,) = kind.read(session, document, earlier)

        def apply() -> None:
            practice = load_practice(session, "a")
            assert practice is not None
            session.connection().exec_driver_sql("UPDATE practices SET version = version + 1")
            practice.title = "Un autre titre"

        return [replace(item, apply=apply)]

    monkeypatch.setitem(hooks.content_kinds, "practice", replace(kind, read=read))

    report = run(folder)

    assert plain(report.left) == [
        "practices/a.md:2: « a » a été modifié dans le portail; sa version est gardée."
    ]
    assert titles() == {"a": "Fiche a"}


def _symlink(path: Path) -> None:
    outside = path.parent.parent.parent / "outside.md"
    outside.write_text(sheet_file("outside"))
    path.symlink_to(outside)


def _folder(path: Path) -> None:
    path.mkdir()


def _fifo(path: Path) -> None:
    os.mkfifo(path)


HOSTILE: dict[str, bytes | Callable[[Path], None]] = {
    "symlink": _symlink,
    "directory": _folder,
    "fifo": _fifo,
    "bom": "\ufeff".encode() + sheet_file("x").encode(),
    "latin-1": sheet_file("x").encode("latin-1", "replace"),
    "nul": sheet_file("x").replace("Inconnues", "Incon\0nues").encode(),
    "20 MB line": b"---\nid: x\ntitle: " + b"a" * 20_000_000 + b"\n---\n",
    "python object": sheet_file("x")
    .replace("title: Fiche x", "title: !!python/object/apply:os.system [id]")
    .encode(),
    "alias bomb": b"---\nid: x\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\n---\n",
    "merge key": b"---\nid: x\n<<: {title: y}\n---\n",
    "impossible date": sheet_file("x").replace("2026-11-21", "2026-02-30").encode(),
    "bad yaml": b"---\nid: [x\n---\n",
    "no front matter": b"# Bonjour\n",
    "unclosed front matter": b"---\nid: x\n",
    "duplicate key": b"---\nid: x\nid: y\n---\n",
    "unknown key": sheet_file("x").replace("stage:", "etape:").encode(),
    "deep": b"---\nid: " + b"[" * 60 + b"]" * 60 + b"\n---\n",
    "path as id": sheet_file("x").replace("id: x", "id: ../../etc").encode(),
    "script as address": sheet_file("x").replace("https://exemple.ca/1", "javascript:a()").encode(),
    "empty": b"",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_by_name_and_line(folder: Path, case: str) -> None:
    path, made = folder / "practices" / "hostile.md", HOSTILE[case]
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        made(path)
    put(folder, "sane.md", sheet_file("sane"))

    report = run(folder)

    assert report.refused == ["practices/hostile.md"]
    assert all(error.line >= 1 for error in report.errors)
    assert sorted(titles()) == ["sane"]


def test_a_file_of_another_sort_is_refused_and_a_hidden_one_ignored(folder: Path) -> None:
    put(folder, "notes.docx", "x")
    put(folder, ".DS_Store", "x")

    assert run(folder).refused == ["practices/notes.docx"]


@pytest.mark.parametrize("name", ["practices", "organisations.yaml"])
def test_a_place_that_is_a_symbolic_link_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / name).symlink_to(tmp_path)

    assert run(tmp_path / "content").refused == [name]


def export(root: Path, *names: str) -> list[Path]:
    kinds = [kind for name, kind in hooks.content_kinds.items() if not names or name in names]
    with reading() as session:
        return export_files(session, root, kinds)


def test_what_ships_is_imported_whole_and_comes_back_byte_for_byte(tmp_path: Path) -> None:
    report = run(content_dir())
    written = export(tmp_path, "vocabulary", "organisation", "practice")

    assert report.errors == []
    assert len(written) >= 5
    for path in written:
        assert (tmp_path / path).read_bytes() == (content_dir() / path).read_bytes(), path


def test_an_export_imported_then_exported_is_the_same(tmp_path: Path) -> None:
    run(content_dir())
    written = export(tmp_path / "first")

    again = run(tmp_path / "first")
    export(tmp_path / "second")

    assert again.errors == []
    assert again.count(Outcome.CREATED) + again.count(Outcome.UPDATED) + len(again.left) == 0
    for path in written:
        first, second = tmp_path / "first" / path, tmp_path / "second" / path
        assert first.read_bytes() == second.read_bytes(), path


def test_a_term_changed_here_is_left_and_the_others_follow_the_file(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(
        "---\nschemes:\n  themes:\n    - id: a\n      fr: A\n    - id: b\n      fr: B\n"
    )
    run(tmp_path)
    with writing() as session:
        session.get_one(Term, ("themes", "a")).fr = "Changé ici"
    path.write_text(
        "---\nschemes:\n  themes:\n    - id: a\n      fr: X\n    - id: b\n      fr: Y\n"
    )

    report = run(tmp_path)

    assert plain(report.left) == [
        "vocabulary.yaml:4: « themes/a » a été modifié dans le portail; sa version est gardée."
    ]
    with reading() as session:
        assert session.get_one(Term, ("themes", "a")).fr == "Changé ici"
        assert session.get_one(Term, ("themes", "b")).fr == "Y"


def test_an_import_killed_midway_is_completed_by_the_next(
    folder: Path, database: str, tmp_path: Path
) -> None:
    for number in range(25):
        put(folder, f"p{number:02}.md", sheet_file(f"p{number:02}"))
    script = (
        "from pathlib import Path\n"
        "from inters4.core import db\n"
        "from inters4.core.content.importing import files_of, import_files\n"
        "from inters4.core.hooks import hooks\n"
        f"db.bind({database!r}); root = Path({str(folder)!r})\n"
        "import_files(files_of(root, list(hooks.content_kinds.values())), root)\n"
    )
    child = Begun(script, tmp_path, {}, imported=IMPORTED)
    deadline = time.monotonic() + 60
    while len(titles()) < 3 and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    child.kill()
    child.wait(60)
    with reading() as session:
        before = session.scalar(select(func.count()).select_from(ContentImport))
    assert before == len(titles())

    report = run(folder)

    assert not report.errors
    assert not report.left
    assert report.count(Outcome.UNCHANGED) == before
    assert len(titles()) == 25


def test_the_command_says_what_it_did_and_fails_when_a_file_is_refused(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    good = CliRunner().invoke(content, ["import", str(folder)])
    put(folder, "b.md", "---\nid: b\n---\n")
    bad = CliRunner().invoke(content, ["check", str(folder)])

    assert good.exit_code == 0
    assert "Créés : 1. Mis à jour : 0. Inchangés : 0." in plain([good.stdout])[0]
    assert bad.exit_code == 1
    assert "practices/b.md:1: Il manque « title »." in plain([bad.stderr])[0]
    assert "Fichiers refusés : 1." in plain([bad.stdout])[0]


def test_a_file_full_of_mistakes_is_told_in_few_lines(folder: Path) -> None:
    unknown = "".join(f"inconnu{number}: a\n" for number in range(60))
    put(folder, "a.md", sheet_file("a").replace("state:", f"{unknown}state:"))

    done = CliRunner().invoke(content, ["check", str(folder)])

    told = done.stderr.splitlines()
    assert done.exit_code == 1
    assert sum("inconnu" in line for line in told) == 20
    assert "… et 40 autres erreurs dans practices/a.md." in told


def test_the_command_exports_what_is_public(folder: Path, tmp_path: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    put(folder, "b.md", sheet_file("b").replace("state: published", "state: drafting"))
    CliRunner().invoke(content, ["import", str(folder)])

    done = CliRunner().invoke(content, ["export", str(tmp_path / "out")])

    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "out" / "practices").iterdir()) == ["a.md"]


def test_a_folder_that_does_not_exist_is_said() -> None:
    done = CliRunner().invoke(content, ["import", "/nulle/part"])

    assert done.exit_code == 1
    assert "Ce dossier n’existe pas." in done.stderr


def test_an_export_where_nothing_can_be_written_is_said(folder: Path, tmp_path: Path) -> None:
    put(folder, "a.md", sheet_file("a"))
    run(folder)
    (tmp_path / "out").write_text("un fichier")

    done = CliRunner().invoke(content, ["export", str(tmp_path / "out")])

    assert done.exit_code == 1
    assert "Impossible d’écrire" in done.stderr


def test_a_translation_is_imported_after_its_original_whatever_their_names(folder: Path) -> None:
    put(folder, "a.md", sheet_file("a", language="en", translation_of="z"))
    put(folder, "z.md", sheet_file("z"))

    checked = check_files(files_of(folder, [hooks.content_kinds["practice"]]), folder)
    report = run(folder)

    assert checked.errors == report.errors == []
    assert report.count(Outcome.CREATED) == 2


def test_an_export_names_nothing_that_is_not_in_it_and_is_imported_elsewhere(
    folder: Path, tmp_path: Path
) -> None:
    with writing() as session:
        for name in ("cachee", "montree"):
            make_practice(session, name)
        make_practice(session, "traduite", language="en", translation_of="cachee")
        make_practice(session, "montree.en", language="en", translation_of="montree")
        make_summary(session, "cache")
        make_summary(session, "montre", practices=("cachee", "montree"), replaced_by="cache")
        make_summary(session, "traduit", language="en", translation_of="cache")
        make_summary(session, "remplace", replaced_by="montre")
    with writing() as session:
        session.get_one(Practice, "cachee").state = PracticeState.DRAFTING
        session.get_one(Summary, "cache").state = SummaryState.DRAFT

    written = export(tmp_path / "out")

    texts = {path.name: (tmp_path / "out" / path).read_text() for path in written}
    assert len(texts) >= 7
    assert [name for name, text in texts.items() if "cache" in text] == []
    assert "translation_of: montree" in texts["montree.en.en.md"]
    assert "  - montree" in texts["montre.md"]
    assert "replaced_by: montre" in texts["remplace.md"]
    for is_translation in (True, False):
        with writing() as session:
            rows = (*session.scalars(select(Summary)), *session.scalars(select(Practice)))
            for row in rows:
                if bool(row.translation_of) is is_translation:
                    session.delete(row)
    assert run(tmp_path / "out").errors == []


@pytest.mark.parametrize("place", ["practices", "vocabulary.yaml"])
def test_an_export_never_writes_through_a_symbolic_link(
    folder: Path, tmp_path: Path, place: str
) -> None:
    put(folder, "a.md", sheet_file("a"))
    run(folder)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_text("précieux")
    (tmp_path / "out").mkdir()
    is_folder = place == "practices"
    (tmp_path / "out" / place).symlink_to(outside if is_folder else outside / "a.md")

    done = CliRunner().invoke(content, ["export", str(tmp_path / "out")])

    assert done.exit_code == (1 if is_folder else 0)
    assert is_folder == ("est un lien" in done.stderr)
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("a.md", "précieux")]
