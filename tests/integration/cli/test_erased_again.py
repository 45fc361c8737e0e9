"""A backup put back does not bring back whoever was erased since."""

from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Role
from inters4.core.jobs import jobs
from inters4.members.models import Erasure, Member
from inters4.members.services.erasure import erase_member
from inters4.members.services.people import OPERATOR
from inters4.search.jobs.forgetting import scrub
from inters4.settings import Settings
from tests.builders.members import give_role, make_member
from tests.integration.cli.test_commands import rows, run

LIST = "erasures.txt"


@pytest.fixture(autouse=True)
def _on_sqlite(database_kind: str, settings: Settings) -> None:
    if database_kind != "sqlite":
        pytest.skip("the copy is that of SQLite")
    jobs.bind(settings)


@pytest.fixture
def copy(settings: Settings, session: Session, tmp_path: Path) -> Path:
    """A backup made before a person left and another became the last to administer."""
    make_member(session, name="Zénobie Quatrefages", email="zenobie@exemple.ca")
    admin = make_member(session, name="Noa Seul", email="noa@exemple.ca")
    give_role(session, admin, Role.ADMIN)
    session.commit()
    (tmp_path / "copies").mkdir()
    target = tmp_path / "copies" / "copie.zip"
    done = run(settings.data_dir, "backup", str(target))
    assert done.returncode == 0, done.stderr
    return target


def leave(session: Session, email: str) -> str:
    """Someone is erased, and the worker has passed; give back who they were."""
    member = session.query(Member).filter_by(email=email).one()
    public_id = member.public_id
    erase_member(session, member, keeps_posts=False, by=ANONYMOUS)
    session.commit()
    scrub()
    return public_id


def state_of(who: str, folder: Path) -> object:
    ((state,),) = (
        row[1:] for row in rows(folder, "SELECT public_id, state FROM members") if row[0] == who
    )
    return state


def put_back(copy: Path, folder: Path, *options: str) -> tuple[str, str]:
    done = run(folder, "restore", str(copy), *options)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_the_list_that_waits_in_the_folder_erases_again(
    settings: Settings, session: Session, copy: Path, tmp_path: Path
) -> None:
    who = leave(session, "zenobie@exemple.ca")
    kept = (settings.data_dir / LIST).read_text()
    new = tmp_path / "neuf"
    new.mkdir()
    (new / LIST).write_text(kept)

    said, _errors = put_back(copy, new)

    assert who in kept
    assert "1 personne effacée depuis la sauvegarde l’est de nouveau" in said
    assert state_of(who, new) == "erased"
    assert ("Personne retirée",) in rows(new, "SELECT name FROM members")
    assert rows(new, "SELECT keeps_posts FROM erasures") == [(0,)]
    assert (new / LIST).read_text() == kept


def test_a_later_backup_leaves_its_list_beside_the_earlier(
    settings: Settings, session: Session, copy: Path, tmp_path: Path
) -> None:
    who = leave(session, "zenobie@exemple.ca")
    assert run(settings.data_dir, "backup", str(copy.with_name("demain.zip"))).returncode == 0

    put_back(copy, tmp_path / "neuf")

    assert state_of(who, tmp_path / "neuf") == "erased"
    assert who in (tmp_path / "neuf" / LIST).read_text()


def test_without_a_list_the_command_says_so_and_can_be_finished_with_one(
    settings: Settings, session: Session, copy: Path, tmp_path: Path
) -> None:
    (copy.parent / LIST).unlink()
    who = leave(session, "zenobie@exemple.ca")
    new = tmp_path / "neuf"

    _said, errors = put_back(copy, new)
    assert "Aucune liste d’effacements" in errors
    assert state_of(who, new) == "active"

    put_back(copy, new, "--finish", "--erased", str(settings.data_dir / LIST))
    assert state_of(who, new) == "erased"


def test_whoever_administers_alone_is_left_and_told(
    settings: Settings, session: Session, copy: Path, tmp_path: Path
) -> None:
    other = make_member(session, email="relais@exemple.ca")
    give_role(session, other, Role.ADMIN)
    session.commit()
    who = leave(session, "noa@exemple.ca")

    _said, errors = put_back(copy, tmp_path / "neuf", "--erased", str(settings.data_dir / LIST))

    assert f"/admin/personnes/{who}" in errors
    assert state_of(who, tmp_path / "neuf") == "active"


def test_an_erasure_is_not_over_before_it_is_on_the_list(
    settings: Settings, session: Session
) -> None:
    member = make_member(session)
    erase_member(session, member, keeps_posts=True, by=OPERATOR)
    session.execute(update(Erasure).values(rounds=2))
    session.commit()
    (settings.data_dir / LIST).mkdir()

    with pytest.raises(OSError, match=LIST):
        scrub()

    session.expire_all()
    assert session.get_one(Erasure, member.id).scrubbed_at is None
