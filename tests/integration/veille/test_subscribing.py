"""Sources by the hundred, from another reader and to another: pages, commands, line by line."""

from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.core.fetch import FetchPolicy
from inters4.core.jobs import jobs
from inters4.members.models import Member
from inters4.settings import Settings
from inters4.veille.cli import veille
from inters4.veille.exports.opml import write_opml
from inters4.veille.forms.opml import read_opml
from inters4.veille.models import Finding, Source, Watch
from inters4.veille.queries.sources import every_feed
from inters4.veille.services.subscribing import Outcome, Wanted, subscribe
from tests.builders.members import give_role, make_member, make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_source, make_watch
from tests.builders.web import csrf

POLICY = FetchPolicy()
FILE = """<opml version="2.0"><body>
<outline text="Téléconsultation et soins virtuels">
<outline text="Une revue" xmlUrl="https://revue.example/flux"/>
<outline text="La même" xmlUrl="http://www.revue.example/flux/"/>
</outline>
<outline text="Mes revues"><outline text="Une troisième" xmlUrl="https://tiers.example/"/></outline>
<outline text="Interdite" xmlUrl="file:///etc/passwd"/>
<outline text="Son thème est inconnu" xmlUrl="https://autre.example/" category="/inconnu"/>
</body></opml>""".encode()


@pytest.fixture
def broker(client: FlaskClient, session: Session) -> Member:
    make_vocabulary(session)
    member = make_member(session)
    give_role(session, member, Role.BROKER)
    sign_in_as(client, session, member)
    return member


def page_of(watch: Watch) -> str:
    return f"/veille/dispositifs/{watch.public_id}/opml"


def count(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_each_line_of_the_file_is_told(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        watch = make_watch(session)
    path = page_of(watch)

    answer = client.post(
        path, data={"csrf_token": csrf(client, path), "fichier": (BytesIO(FILE), "flux.opml")}
    )

    assert answer.status_code == 200
    for told in (
        "3 ajoutés",
        "Rangée dans « Mes revues », qui n’est le nom d’aucun thème.",
        "1 déjà là",
        "1 refusé",
        "http:// ou https://",
        "n’est pas repris",
    ):
        assert told in answer.text
    with reading() as session:
        first = session.scalars(
            select(Source).order_by(Source.id).options(selectinload(Source.themes))
        ).first()
        assert first is not None
        assert first.category == ["Téléconsultation et soins virtuels"]
        assert [row.theme for row in first.themes] == ["telesante.teleconsultation"]


@pytest.mark.parametrize("body", [b"", b"<rss/>"])
def test_a_file_that_cannot_be_read_is_said(
    client: FlaskClient, broker: Member, body: bytes
) -> None:
    with writing() as session:
        path = page_of(make_watch(session))

    answer = client.post(
        path, data={"csrf_token": csrf(client, path), "fichier": (BytesIO(body), "flux.opml")}
    )

    assert answer.status_code == 422
    assert count(Source) == 0
    assert client.post(path, data={"csrf_token": csrf(client, path)}).status_code == 422


def test_an_export_taken_in_again_is_the_same(session: Session) -> None:
    make_vocabulary(session)
    broker = make_viewer(session, role=Role.BROKER)
    first, second = make_watch(session), make_watch(session, "Autre")
    subscribe(session, first, read_opml(FILE), policy=POLICY, by=broker)
    text = write_opml("Une liste", every_feed(session, first.id))

    report = subscribe(session, second, read_opml(text.encode()), policy=POLICY, by=broker)

    assert {one.outcome for one in report} == {Outcome.ADDED}
    assert write_opml("Une liste", every_feed(session, second.id)) == text


def test_a_thousand_feeds_ask_a_few_things_of_the_database(session: Session) -> None:
    make_vocabulary(session)
    broker = make_viewer(session, role=Role.BROKER)
    watch = make_watch(session)
    wanted = [
        Wanted(line=one, name=f"Revue {one}", url=f"https://revue.example/{one}")
        for one in range(1_000)
    ]

    with statements() as sent:
        report = subscribe(session, watch, wanted, policy=POLICY, by=broker)

    assert len(report) == 1_000
    assert len(sent) < 20
    due = session.scalars(select(Source.next_check_at)).all()
    assert len(set(due)) == 1_000


def test_nothing_is_added_to_a_closed_watch(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)

    with pytest.raises(Conflict):
        subscribe(session, make_watch(session, closed_at=now()), [], policy=POLICY, by=broker)


def test_the_sources_of_a_watch_are_given_as_a_file(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        watch = make_watch(session)
        make_source(session, watch)

    answer = client.get(f"/veille/dispositifs/{watch.public_id}/sources.opml")

    assert answer.mimetype == "text/x-opml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert [one.url for one in read_opml(answer.data)] == ["https://revue.example/flux"]


def test_nobody_else_takes_sources_in_or_out(client: FlaskClient, session: Session) -> None:
    watch = make_watch(session)
    sign_in_as(client, session, make_member(session))

    assert client.get(page_of(watch)).status_code == 404
    assert client.get(f"/veille/dispositifs/{watch.public_id}/sources.opml").status_code == 404
    token = csrf(client, "/question")
    assert client.post(page_of(watch), data={"csrf_token": token}).status_code == 404


def test_an_operator_takes_sources_in_and_out(
    settings: Settings, database: str, tmp_path: Path
) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_watch(session)
    jobs.bind(settings)
    file = tmp_path / "flux.opml"
    file.write_bytes(FILE)

    done = CliRunner().invoke(veille, ["opml", "import", str(file)], obj=settings)
    assert done.exit_code == 0, done.output
    assert "Ajoutées\u00a0: 3" in done.output
    assert "Refusées\u00a0: 1" in done.output

    written = CliRunner().invoke(veille, ["opml", "export"], obj=settings)
    assert len(read_opml(written.output.encode())) == 3
    jobs.close()


def test_an_operator_brings_references(settings: Settings, database: str, tmp_path: Path) -> None:
    with writing() as session:
        make_watch(session, "Premier")
        make_watch(session, "Second")
    file = tmp_path / "refs.ris"
    file.write_text("TY  - JOUR\nTI  - Un premier article\nER  -\nTY  - JOUR\nER  -\n")

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(veille, ["import", str(file), *words], obj=settings)
        return done.exit_code, done.output

    assert run()[0] == 1
    assert run("--watch", "Troisième")[0] == 1
    status, said = run("--watch", "second")
    assert status == 0
    assert "Trouvailles nouvelles\u00a0: 1" in said
    assert "Ligne 4" in said
    assert count(Finding) == 1
