"""« Pièces »: files deposited in a sheet, from its draft to its readers."""

import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.content.exporting import export_files
from inters4.core.content.importing import Report, files_of, import_files
from inters4.core.db import reading, writing
from inters4.core.files import StoredFile, file_store
from inters4.core.hooks import hooks
from inters4.practices.exports.own_data import files_by
from inters4.practices.models import Check, Practice, PracticeFile, PracticeRevision, PracticeState
from inters4.practices.queries import load_practice
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import open_revision_of
from inters4.practices.services.erasing import forget_author
from inters4.practices.services.leaving import withdraw
from inters4.practices.services.pieces import MOST_FILES, MOST_TRIED, UNNAMED_DAYS, forget_unnamed
from inters4.practices.services.revising import abandon, open_revision, publish
from inters4.practices.services.taking_back import take_back
from inters4.settings import Settings
from tests.builders.members import browser_of
from tests.builders.revisions import Cast, approve, ask, bring_to, make_cast, rate, start
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

ID = "une-visite-par-semaine"
PAGE = f"/pratiques/dossiers/{ID}/pieces"
PDF = b"%PDF-1.7\n% un guide\n%%EOF\n"


@pytest.fixture
def cast(app: Flask) -> Cast:
    with writing() as session:
        make_vocabulary(session)
        cast = make_cast(session)
        start(session, cast, lacking="attachments")
    return cast


@pytest.fixture
def owner(app: Flask, cast: Cast) -> FlaskClient:
    return browser_of(app, cast.owner)


def send(client: FlaskClient, data: bytes = PDF, name: str = "guide.pdf", **more: str) -> Any:
    """The page as a browser sends it, with a file."""
    form = {
        "csrf_token": csrf(client, PAGE),
        "champs": "attachments",
        "version": str(revision().version),
        **kept_rows(),
        **more,
        "depot": FileStorage(io.BytesIO(data), name),
    }
    boundary, body = encode_multipart(form)
    return client.post(PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def save(client: FlaskClient, **more: str) -> TestResponse:
    """The page without a file."""
    form = {
        "csrf_token": csrf(client, PAGE),
        "champs": "attachments",
        "version": str(revision().version),
        **kept_rows(),
        **more,
    }
    return client.post(PAGE, data=form)


def kept_rows() -> dict[str, str]:
    return {
        f"attachments-{place}-{key}": value
        for place, row in enumerate(rows())
        for key, value in row.items()
        if key not in {"name", "checked_on"}
    }


def revision() -> PracticeRevision:
    with writing() as session:
        found = open_revision_of(session, ID)
        assert found is not None
        return found


def rows() -> Sequence[dict[str, str]]:
    found: Sequence[dict[str, str]] = revision().values.get("attachments", [])
    return found


def tokens() -> list[str]:
    return [row["file"] for row in rows() if "file" in row]


def stored() -> list[StoredFile]:
    with reading() as session:
        return list(session.scalars(select(StoredFile).order_by(StoredFile.id)))


def many(number: int) -> None:
    """That many files were deposited, and the draft names them."""
    with writing() as session:
        one = open_revision_of(session, ID)
        assert one is not None
        files = [
            StoredFile(
                token=f"{place:032x}",
                name=f"{place}.pdf",
                media_type="application/pdf",
                size=1,
                sha256="0" * 64,
            )
            for place in range(number)
        ]
        session.add_all(files)
        session.flush()
        session.add_all(PracticeFile(practice_id=ID, file_id=file.id) for file in files)
        named = [{"title": file.name, "file": file.token, "name": file.name} for file in files]
        one.values = {**one.values, "attachments": named}


def on_disk(app: Flask) -> int:
    """How many files there are."""
    return len(list((app.config["SETTINGS"].data_dir / "files").glob("*/*/*")))


def published(cast: Cast) -> Practice:
    """Bring the sheet to its readers."""
    with writing() as session:
        one = open_revision_of(session, ID)
        assert one is not None
        bring_to(session, cast, one, PracticeState.APPROVAL)
        approve(session, cast, one)
        return publish(session, one, by=cast.coordination, known=citable(session))


def test_a_file_is_deposited_in_the_draft_and_named_by_its_sheet(
    owner: FlaskClient, cast: Cast
) -> None:
    answer = send(owner, name="docs/Guide_de démarrage.PDF")

    assert answer.status_code == 303
    assert answer.location.endswith("#attachments-0")
    (row,), (file,) = rows(), stored()
    assert row == {"title": "Guide de démarrage", "file": file.token, "name": file.name}
    assert (file.name, file.uploaded_by) == ("Guide_de démarrage.pdf", cast.owner.member_id)
    shown = owner.get(PAGE).get_data(as_text=True)
    assert f"/fichiers/{file.token}" in shown
    assert 'name="attachments-0-url"' not in shown


def test_whoever_deposits_without_choosing_a_file_is_told_to_choose_one(
    owner: FlaskClient,
) -> None:
    typed = {"attachments-0-title": "Un rapport", "attachments-0-url": "https://exemple.ca/r"}

    answer = save(owner, **typed, deposer="1")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choisissez un fichier." in page.partition('id="depot-error"')[2][:400]
    assert rows() == [{"title": "Un rapport", "url": "https://exemple.ca/r"}]


def test_what_is_typed_beside_a_refused_file_is_kept(owner: FlaskClient, cast: Cast) -> None:
    answer = send(
        owner,
        b"MZ\x90 un programme",
        "guide.pdf",
        **{"attachments-0-title": "Un rapport", "attachments-0-url": "https://exemple.ca/r"},
    )

    assert answer.status_code == 415
    assert "Ce type de fichier n’est pas accepté" in answer.get_data(as_text=True)
    assert rows() == [{"title": "Un rapport", "url": "https://exemple.ca/r"}]
    assert stored() == []


def test_one_file_too_many_is_told_beside_its_field_and_what_is_typed_is_kept(
    app: Flask, owner: FlaskClient
) -> None:
    many(MOST_FILES)

    answer = send(owner, PDF, "guide.pdf", **{"attachments-0-title": "Un titre tapé"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Cette fiche a déjà 30 fichiers" in page.partition('id="depot-error"')[2][:400]
    assert "Un titre tapé" in page
    assert rows()[0]["title"] == "Un titre tapé"
    assert on_disk(app) == 0

    kept = {**kept_rows()}
    for name in [name for name in kept if name.startswith("attachments-29-")]:
        del kept[name]
    form = {"csrf_token": csrf(owner, PAGE), "champs": "attachments"}
    owner.post(PAGE, data={**form, "version": str(revision().version), **kept})
    assert len(rows()) == MOST_FILES - 1
    assert send(owner).status_code == 303
    assert len(tokens()) == MOST_FILES


def test_files_deposited_and_taken_out_one_after_the_other_have_an_end(
    app: Flask, owner: FlaskClient
) -> None:
    many(MOST_TRIED)
    with writing() as session:
        one = open_revision_of(session, ID)
        assert one is not None
        one.values = {**one.values, "attachments": []}

    answer = send(owner)

    assert answer.status_code == 422
    assert "réessayez dans une semaine" in answer.get_data(as_text=True)
    assert on_disk(app) == 0


def test_a_file_too_large_is_refused_in_words(app: Flask, owner: FlaskClient) -> None:
    most = app.config["SETTINGS"].upload_megabytes * 1_000_000

    answer = send(owner, PDF + b"0" * most)

    assert answer.status_code == 413
    assert "10 Mo" in answer.get_data(as_text=True)


def test_an_image_is_painted_anew_without_what_it_hides(owner: FlaskClient) -> None:
    painted = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "chambre 12"
    Image.new("RGB", (4, 4), "red").save(painted, "JPEG", exif=exif)

    send(owner, painted.getvalue(), "photo.jpg")

    answer = owner.get(f"/fichiers/{tokens()[0]}", buffered=True)
    assert b"chambre 12" in painted.getvalue()
    assert b"chambre 12" not in answer.data
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_only_those_who_write_the_draft_read_its_files(
    app: Flask, owner: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    send(owner)
    path = f"/fichiers/{tokens()[0]}"

    answer = owner.get(path, buffered=True)

    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(path, buffered=True).status_code == 404
    assert browser_of(app, cast.stranger).get(path, buffered=True).status_code == 404
    assert browser_of(app, cast.broker).get(path, buffered=True).status_code == 404, (
        "it is a sketch yet"
    )


def test_the_team_reads_the_files_of_a_sheet_once_it_is_proposed(
    app: Flask, owner: FlaskClient, cast: Cast
) -> None:
    send(owner)
    with writing() as session:
        one = open_revision_of(session, ID)
        assert one is not None
        bring_to(session, cast, one, PracticeState.PROPOSED)

    assert (
        browser_of(app, cast.broker).get(f"/fichiers/{tokens()[0]}", buffered=True).status_code
        == 200
    )


def test_those_who_judge_the_sheet_see_its_files_and_its_classification(
    app: Flask, owner: FlaskClient, cast: Cast
) -> None:
    send(owner)
    with writing() as session:
        one = open_revision_of(session, ID)
        assert one is not None
        bring_to(session, cast, one, PracticeState.REVIEW)
        people = (cast.first, cast.second)
        reviews = [ask(session, cast, one, person) for person in people]
    _shows_file_and_themes(browser_of(app, cast.first), f"/relectures/{reviews[0].public_id}")

    with writing() as session:
        one = open_revision_of(session, ID)
        assert one is not None
        for person, review in zip(people, reviews, strict=True):
            rate(session, one, session.merge(review), by=person)
    _shows_file_and_themes(
        browser_of(app, cast.signatory), f"/approbations-fiches/{ID}/{cast.carrying.slug}"
    )


def _shows_file_and_themes(client: FlaskClient, page: str) -> None:
    shown = client.get(page).get_data(as_text=True)
    path = f"/fichiers/{tokens()[0]}"
    assert f'href="{path}"' in shown
    assert "<h2>Classement</h2>" in shown
    assert client.get(path, buffered=True).data == PDF


def test_a_published_file_is_a_download_that_runs_nothing(
    owner: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    send(owner)
    token = tokens()[0]
    published(cast)

    answer = client.get(f"/fichiers/{token}", buffered=True)

    assert (answer.status_code, answer.data) == (200, PDF)
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "no-cache"
    assert "noindex" in headers["X-Robots-Tag"]
    again = client.get(
        f"/fichiers/{token}", headers={"If-None-Match": headers["ETag"]}, buffered=True
    )
    assert (again.status_code, again.data) == (304, b"")
    part = client.get(f"/fichiers/{token}", headers={"Range": "bytes=0-3"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"%PDF")
    assert part.headers["Content-Length"] == "4"


@pytest.mark.parametrize("token", ["0" * 32, "x", "..%2f..%2fetc", "A" * 32])
def test_what_is_no_file_does_not_exist(client: FlaskClient, token: str) -> None:
    assert client.get(f"/fichiers/{token}", buffered=True).status_code == 404


def test_readers_see_what_each_piece_is(
    owner: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    send(owner)
    save(
        owner,
        **{
            "attachments-0-title": "Guide de démarrage",
            "attachments-0-terms": "cc-by",
            "attachments-0-licence": "version 4.0",
            "attachments-0-language": "en",
            "attachments-0-alt_text": "yes",
            "attachments-0-contrast": "no",
        },
    )
    published(cast)

    page = client.get(f"/pratiques/{ID}").get_data(as_text=True)

    told = page.partition("Guide de démarrage")[2].partition("</li>")[0]
    assert (
        "PDF, 1\N{NO-BREAK SPACE}ko; en anglais; CC BY (version 4.0); images décrites, contraste"
        in told
    )
    assert "(vérifié le" in told


def test_the_day_and_the_person_of_a_check_are_kept_by_the_house(
    owner: FlaskClient, cast: Cast
) -> None:
    send(owner)
    save(owner, **{"attachments-0-alt_text": "yes", "attachments-0-checked_on": "1999-01-01"})

    assert rows()[0]["alt_text"] == "yes"
    assert rows()[0]["checked_on"] > "2020"
    with reading() as session:
        assert session.scalars(select(PracticeFile.checked_by_id)).all() == [cast.owner.member_id]
    save(owner, **{"attachments-0-title": "Un autre titre"})
    assert rows()[0]["checked_on"] > "2020", "saving something else does not date it again"
    save(owner, **{"attachments-0-alt_text": "unknown"})
    assert "checked_on" not in rows()[0]


def test_pieces_are_put_in_order_and_taken_out(owner: FlaskClient) -> None:
    send(owner, name="un.pdf")
    send(owner, PDF + b"%", name="deux.pdf")
    send(owner, PDF + b"%%", name="trois.pdf")

    save(owner, monter="attachments-2")
    assert [row["title"] for row in rows()] == ["un", "trois", "deux"]
    save(owner, monter="attachments-0")
    assert [row["title"] for row in rows()] == ["un", "trois", "deux"]
    save(owner, retirer="attachments-0")
    assert [row["title"] for row in rows()] == ["trois", "deux"]


def test_a_sheet_names_no_file_of_another(app: Flask, owner: FlaskClient, cast: Cast) -> None:
    with writing() as session:
        other = StoredFile(token="c" * 32, name="x.pdf", media_type="application/pdf", size=1)
        other.sha256 = "0" * 64
        session.add(other)

    answer = save(owner, **{"attachments-0-title": "Pas à moi", "attachments-0-file": "c" * 32})

    assert answer.status_code == 422
    assert rows() == []


def test_two_people_who_change_the_pieces_lose_nothing(
    app: Flask, owner: FlaskClient, cast: Cast
) -> None:
    before = str(revision().version)
    send(owner)

    answer = save(owner, version=before, **{"attachments-0-title": "Le mien"})

    assert answer.status_code == 409
    assert rows()[0]["title"] == "guide"


def test_a_version_keeps_its_files_when_the_next_has_others(
    app: Flask, owner: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    send(owner)
    token = tokens()[0]
    published(cast)
    with writing() as session:
        practice = session.get_one(Practice, ID)
        one = open_revision(session, practice, by=cast.owner)
        one.values = {**one.values, "attachments": []}
    with writing() as session:
        one_open = open_revision_of(session, ID)
        assert one_open is not None
        publish(session, one_open, by=cast.broker, known=citable(session), is_minor=True)
    purge_far_away()

    assert "guide" not in client.get(f"/pratiques/{ID}").get_data(as_text=True)
    old = client.get(f"/pratiques/{ID}/versions/1").get_data(as_text=True)
    assert f"/fichiers/{token}" in old
    assert client.get(f"/fichiers/{token}", buffered=True).data == PDF


def test_a_file_that_readers_saw_is_taken_back_from_every_version(
    app: Flask, owner: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    send(owner, name="dossier-de-tremblay.pdf")
    token = tokens()[0]
    published(cast)
    team, page = browser_of(app, cast.broker), f"/pratiques/{ID}/fichiers"
    form = {"csrf_token": csrf(team, page), "fichier": token}

    refused = team.post(page, data=form)
    answer = team.post(page, data={**form, "raison": "Il nommait une personne."})

    assert (refused.status_code, answer.status_code) == (422, 303)
    assert f'id="raison-{token}-error"' in refused.get_data(as_text=True)
    gone = client.get(f"/fichiers/{token}", buffered=True)
    assert gone.status_code == 410
    assert "Ce fichier a été retiré" in gone.get_data(as_text=True)
    assert f'href="/pratiques/{ID}/historique"' in gone.get_data(as_text=True)
    assert owner.get(f"/fichiers/{token}", buffered=True).status_code == 410
    for path in ("", "/versions/1", "/versions/2", "/historique"):
        html = client.get(f"/pratiques/{ID}{path}").get_data(as_text=True)
        is_said = "Fichier retiré\N{NO-BREAK SPACE}: Il nommait une personne." in html
        assert is_said == (path in {"/versions/1", "/historique"})
        assert token not in html
        assert "tremblay" not in html
    changes = client.get(f"/pratiques/{ID}/versions/2/differences").get_data(as_text=True)
    assert "Rien n’a changé dans le texte" in changes
    assert "<del" not in changes
    settings: Settings = app.config["SETTINGS"]
    assert [one for one in (settings.data_dir / "files").glob("*/*/*") if one.is_file()] == []
    with reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "practices.file_taken_back")
        ).one()
        assert (entry.actor_id, entry.subject) == (cast.broker.member_id, f"fiche:{ID}")


def test_a_file_taken_back_comes_again_neither_with_a_new_version_nor_with_an_old_export(
    app: Flask, owner: FlaskClient, cast: Cast, tmp_path: Path
) -> None:
    send(owner)
    token = tokens()[0]
    practice = published(cast)
    export(tmp_path)
    with writing() as session:
        take_back(
            session,
            practice,
            token,
            reason="Il nommait une personne.",
            by=cast.broker,
            store=file_store(app.config["SETTINGS"]),
        )
    with writing() as session:
        one = open_revision(session, session.get_one(Practice, ID), by=cast.owner)
        publish(session, one, by=cast.broker, known=citable(session), is_minor=True)

    assert "n’y revient pas" in str(bring(tmp_path).errors)
    with reading() as session:
        whole = load_practice(session, ID)
        assert whole is not None
        assert list(whole.attachments) == []


def test_the_files_of_a_withdrawn_sheet_are_gone_for_everyone(
    owner: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    send(owner)
    token = tokens()[0]
    published(cast)
    with writing() as session:
        session.get_one(Practice, ID).state = PracticeState.WITHDRAWN

    answer = client.get(f"/fichiers/{token}", buffered=True)

    assert answer.status_code == 410
    assert "n’est plus offert" in answer.get_data(as_text=True)
    assert f'href="/pratiques/{ID}">Pourquoi la fiche' in answer.get_data(as_text=True)


def test_a_file_of_the_draft_stays_with_who_carries_a_sheet_withdrawn_meanwhile(
    owner: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    practice = published(cast)
    with writing() as session:
        whole = load_practice(session, practice.id)
        assert whole is not None
        open_revision(session, whole, by=cast.owner)
    send(owner)
    (token,) = tokens()
    with writing() as session:
        withdraw(session, session.get_one(Practice, ID), reason="Elle nuit.", by=cast.coordination)

    assert owner.get(f"/fichiers/{token}", buffered=True).status_code == 200
    assert client.get(f"/fichiers/{token}", buffered=True).status_code == 404


def test_a_draft_given_up_takes_its_files_along(app: Flask, owner: FlaskClient, cast: Cast) -> None:
    send(owner)
    token = tokens()[0]
    with writing() as session:
        one = open_revision_of(session, ID)
        assert one is not None
        abandon(session, one, by=cast.owner)

    assert stored() == []
    assert owner.get(f"/fichiers/{token}", buffered=True).status_code == 404


def test_a_file_that_the_draft_names_no_more_goes_after_a_week(owner: FlaskClient) -> None:
    send(owner, name="un.pdf")
    send(owner, PDF + b"%", name="deux.pdf")
    save(owner, retirer="attachments-0")

    with writing() as session:
        assert forget_unnamed(session, now() - timedelta(days=UNNAMED_DAYS)) == 0
    purge_far_away()

    assert [one.name for one in stored()] == ["deux.pdf"]


def test_a_deposit_that_meets_another_change_leaves_nothing_on_the_disk(
    app: Flask, owner: FlaskClient, cast: Cast
) -> None:
    before = str(revision().version)
    send(owner)
    answer = send(owner, PDF, "guide.pdf", version=before, **{"attachments-0-title": "Le mien"})

    assert answer.status_code == 409
    assert len(stored()) == 1
    assert on_disk(app) == 1


def test_who_is_erased_leaves_the_files_of_published_sheets_under_no_name(
    owner: FlaskClient, cast: Cast
) -> None:
    send(owner)
    save(owner, **{"attachments-0-alt_text": "yes"})
    published(cast)
    assert cast.owner.member_id is not None
    with writing() as session:
        (told,) = files_by(session, cast.owner.member_id)
        assert (told["practice"], told["name"], told["is_checked"]) == (ID, "guide.pdf", True)
        forget_author(session, cast.owner.member_id)

    with reading() as session:
        link = session.scalars(select(PracticeFile)).one()
        assert (link.added_by_id, link.checked_by_id) == (None, None)
    assert stored()[0].uploaded_by is None


def test_open_data_gives_the_address_of_each_file(
    owner: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    send(owner)
    published(cast)

    given = client.get("/pratiques/donnees.json").get_json()["practices"][0]["attachments"][0]

    assert given["url"].endswith(f"/fichiers/{given['file']}")
    assert given["title"] == "guide"


def test_files_are_exported_imported_and_exported_the_same(
    app: Flask, owner: FlaskClient, cast: Cast, tmp_path: Path
) -> None:
    send(owner)
    save(owner, **{"attachments-0-alt_text": "no"})
    token = tokens()[0]
    published(cast)
    first, second = tmp_path / "first", tmp_path / "second"
    export(first)
    assert (first / "files" / f"{token}.pdf").read_bytes() == PDF
    forget_everything()

    report = bring(first)

    assert report.errors == []
    export(second)
    assert contents(second) == contents(first)
    assert app.test_client().get(f"/fichiers/{token}", buffered=True).data == PDF
    assert bring(first).errors == [], "twice is once"


def test_a_sheet_without_its_file_and_a_file_that_hides_something_are_refused_by_name(
    owner: FlaskClient, cast: Cast, tmp_path: Path
) -> None:
    send(owner)
    token = tokens()[0]
    published(cast)
    export(tmp_path)
    (tmp_path / "files" / f"{token}.pdf").write_bytes(b"MZ un programme")
    (tmp_path / "files" / "notes.pdf").write_bytes(PDF)
    forget_everything()

    report = bring(tmp_path)

    assert sorted(report.refused) == sorted(
        [f"files/{token}.pdf", "files/notes.pdf", f"practices/{ID}.md"]
    )
    assert stored() == []


def purge_far_away() -> None:
    with writing() as session:
        forget_unnamed(session, now() + timedelta(days=1))


def export(root: Path) -> None:
    with reading() as session:
        export_files(session, root, kinds())


def bring(root: Path) -> Report:
    return import_files(files_of(root, kinds()), root)


def kinds() -> list[Any]:
    return [hooks.content_kinds[name] for name in ("organisation", "practice-file", "practice")]


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def forget_everything() -> None:
    """Another portal, which has the same vocabulary and people."""
    with writing() as session:
        practice = load_practice(session, ID)
        session.delete(practice)
        session.flush()
        for one in session.scalars(select(StoredFile)):
            session.delete(one)


def test_a_check_is_one_of_four_words() -> None:
    assert [one.value for one in Check] == ["yes", "no", "none", "unknown"]
