"""Returns as the mail servers of the world write them, read from files by the command."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import reading
from inters4.core.jobs import jobs
from inters4.newsletters.cli import newsletters
from inters4.newsletters.exports.tokens import return_address
from inters4.newsletters.models import Bounce, Delivery, DeliveryState, Subscriber, SubscriberState
from inters4.settings import Settings
from tests.builders.kept import kept
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_sending, make_subscriber

ADA, BEA = "ada@example.org", "bea@example.org"
RETURNS = Path(__file__).parent / "returns"
GONE = ("postfix", "exchange", "gmail", "exim", "words", "nested")
KEPT = {"full": "5.2.2", "words-without-code": "", "delayed": None, "forwarded": None}
"""Files after which the address is still written to: the code of what is noted, if anything is."""


@pytest.fixture
def to_ada(session: Session, settings: Settings) -> Iterator[str]:
    """Where the message to Ada comes back, of an issue that left to Ada and Bea."""

    def make() -> str:
        make_newsletter(session)
        for address in (ADA, BEA):
            make_subscriber(session, address=address)
        make_sending(session, settings=settings)
        rows = {row.address: row for row in session.scalars(select(Delivery)).all()}
        for row in rows.values():
            row.state, row.sent_at = DeliveryState.SENT, now()
        return return_address("retours@example.org", rows[ADA].message_id)

    jobs.bind(settings)
    sent = kept(session, "an issue that left", make)
    session.commit()
    yield sent
    jobs.close()


def read(name: str, folder: Path, *, to: str, named: str = ADA, crlf: bool = False) -> str:
    """Have the command read the file; what it says."""
    text = (RETURNS / f"{name}.eml").read_text(encoding="utf-8")
    data = text.replace("{to}", to).replace("{named}", named).encode()
    path = folder / "retour.eml"
    path.write_bytes(data.replace(b"\n", b"\r\n") if crlf else data)
    done = CliRunner().invoke(newsletters, ["bounce", str(path)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def states() -> dict[str | None, SubscriberState]:
    with reading() as session:
        rows = session.execute(select(Subscriber.address, Subscriber.state))
        return {row.address: row.state for row in rows}


def noted() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Bounce.status)))


def test_every_file_is_read() -> None:
    assert {path.stem for path in RETURNS.iterdir()} == {*GONE, *KEPT}


@pytest.mark.parametrize("crlf", [False, True])
@pytest.mark.parametrize("name", GONE)
def test_a_return_leaves_its_own_recipient_and_nobody_else(
    to_ada: str, tmp_path: Path, name: str, crlf: bool
) -> None:
    said = read(name, tmp_path, to=to_ada, crlf=crlf)

    assert "Adresses quittées\u00a0: 1" in said
    assert states() == {ADA: SubscriberState.BOUNCED, BEA: SubscriberState.ACTIVE}
    read(name, tmp_path, to=to_ada)
    assert states()[BEA] is SubscriberState.ACTIVE


@pytest.mark.parametrize("name", GONE)
def test_whoever_a_return_names_only_its_address_says_whom_it_is_about(
    to_ada: str, tmp_path: Path, name: str
) -> None:
    read(name, tmp_path, to=to_ada, named=BEA)

    assert states() == {ADA: SubscriberState.BOUNCED, BEA: SubscriberState.ACTIVE}


@pytest.mark.parametrize("name", [*GONE, *KEPT])
@pytest.mark.parametrize(
    "forge",
    [
        lambda _to: "retours@example.org",
        lambda to: to.replace("-", "-a", 1),
        lambda to: to.replace("+", "+0", 1),
        lambda to: f"{to.partition('-')[0]}-aaaaaaaaaaaaaaaa@example.org",
    ],
)
def test_a_forged_return_changes_nothing(
    to_ada: str, tmp_path: Path, name: str, forge: object
) -> None:
    assert callable(forge)
    said = read(name, tmp_path, to=forge(to_ada))

    assert "Autres messages\u00a0: 1" in said
    assert set(states().values()) == {SubscriberState.ACTIVE}
    assert noted() == []


@pytest.mark.parametrize(("name", "status"), KEPT.items())
def test_what_does_not_say_that_an_address_is_gone_leaves_nobody(
    to_ada: str, tmp_path: Path, name: str, status: str | None
) -> None:
    read(name, tmp_path, to=to_ada)

    assert set(states().values()) == {SubscriberState.ACTIVE}
    assert noted() == ([] if status is None else [status])
