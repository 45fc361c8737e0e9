"""Relays that protect what they are told, and relays that only wish harm."""

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import UnionType

import pytest
from sqlalchemy import select

from inters4.core.db import reading, writing
from inters4.core.mail.check import TEST_TEMPLATE
from inters4.core.mail.compose import Envelope as Ours
from inters4.core.mail.contract import FateUnknown, RefusedForNow, RelayUnreachable, TransportError
from inters4.core.mail.models import MailState, QueuedMail
from inters4.core.mail.queue import enqueue
from inters4.core.mail.send import send_due
from inters4.core.mail.smtp import SmtpTransport
from inters4.settings import Settings
from tests.builders.certificates import Authority
from tests.builders.guarded_relay import ACCOUNT, HOST, GuardedRelay

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    # aiosmtpd does not see that a connection protected from the start is protected.
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]
Start = Callable[..., GuardedRelay]
MESSAGE = Ours("savoirs@exemple.ca", "ada@exemple.ca", "<1@exemple.ca>", b"Subject: a\r\n\r\nb\r\n")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificates of relays."""
    return Authority.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def relay(authority: Authority) -> Iterator[Start]:
    started: list[GuardedRelay] = []

    def start(*, security: str, address: str = HOST) -> GuardedRelay:
        started.append(GuardedRelay(security=security, context=authority.context(address)))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def _settings(port: int, directory: Path, **environ: str) -> Settings:
    return Settings.from_env(
        {
            "INTERS4_DATA_DIR": str(directory),
            "INTERS4_SECRET_KEY": "k" * 40,
            "INTERS4_MAIL": "smtp",
            "INTERS4_MAIL_FROM": "savoirs@exemple.ca",
            "INTERS4_SMTP_HOST": HOST,
            "INTERS4_SMTP_PORT": str(port),
            "INTERS4_SMTP_SECURITY": "none",
            **environ,
        }
    )


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_protected_relay_known_by_its_authority_takes_the_message(
    relay: Start, authority: Authority, tmp_path: Path, security: str
) -> None:
    server = relay(security=security)
    protection = {"INTERS4_SMTP_SECURITY": security, "INTERS4_SMTP_CA": str(authority.file)}
    carrier = SmtpTransport(_settings(server.port, tmp_path, **protection, **ACCOUNT))

    carrier.send(MESSAGE)
    carrier.send(MESSAGE)
    carrier.close()

    assert server.messages == [MESSAGE.data] * 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    "case",
    [(HOST, False, "autorité est inconnue"), ("192.0.2.1", True, "au nom d’une autre machine")],
)
def test_a_relay_that_cannot_be_trusted_gets_neither_the_account_nor_the_message(
    relay: Start,
    authority: Authority,
    tmp_path: Path,
    security: str,
    case: tuple[str, bool, str],
) -> None:
    address, is_known, words = case
    server = relay(security=security, address=address)
    trusted = {"INTERS4_SMTP_CA": str(authority.file)} if is_known else {}
    settings = _settings(
        server.port, tmp_path, INTERS4_SMTP_SECURITY=security, **trusted, **ACCOUNT
    )

    with pytest.raises(RelayUnreachable, match="INTERS4_SMTP_CA") as refused:
        SmtpTransport(settings).send(MESSAGE)

    assert words in refused.value.reason
    assert server.messages == []


def test_mail_refused_for_a_certificate_waits_and_leaves_once_trusted(
    relay: Start, authority: Authority, database: str, tmp_path: Path
) -> None:
    server = relay(security="tls")
    base = {"INTERS4_SMTP_SECURITY": "tls", "INTERS4_DATABASE_URL": database, **ACCOUNT}
    with writing() as session:
        enqueue(
            session,
            kind=TEST_TEMPLATE,
            template=TEST_TEMPLATE,
            recipient="ada@exemple.ca",
            locale="fr",
            parameters={"asked_at": "2026-11-21T19:05:00+00:00"},
        )

    assert send_due(_settings(server.port, tmp_path, **base)) == 0

    with writing() as session:
        mail = session.scalars(select(QueuedMail)).one()
        assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
        assert "certificat" in (mail.last_error or "")
        mail.not_before -= dt.timedelta(hours=1)
    trusted = {**base, "INTERS4_SMTP_CA": str(authority.file)}
    assert send_due(_settings(server.port, tmp_path, **trusted)) == 1
    assert send_due(_settings(server.port, tmp_path, **trusted)) == 0
    with reading() as session:
        assert session.scalars(select(QueuedMail.state)).all() == [MailState.SENT]
    assert len(server.messages) == 1


Evil = Callable[[socket.socket], None]


def _flood(connection: socket.socket, piece: bytes) -> None:
    for _ in range(100_000_000 // len(piece)):
        connection.sendall(piece)


def _drip_greeting(connection: socket.socket) -> None:
    for _ in range(200):
        connection.sendall(b"2")
        time.sleep(0.05)


def _drip_lines(connection: socket.socket) -> None:
    for _ in range(200):
        connection.sendall(b"220-a\r\n")
        time.sleep(0.05)


def _endless_line(connection: socket.socket) -> None:
    _flood(connection, b"220 " + b"a" * 65_536)


def _endless_lines(connection: socket.socket) -> None:
    _flood(connection, b"220-aaaaaaaa\r\n" * 5_000)


def _until_data(connection: socket.socket, lines: Iterator[bytes]) -> None:
    connection.sendall(b"220 relais\r\n")
    for line in lines:
        if line.upper().startswith(b"DATA"):
            return
        connection.sendall(b"250 oui\r\n")


def _huge_answer_to_ehlo(connection: socket.socket) -> None:
    connection.sendall(b"220 relais\r\n")
    connection.recv(1000)
    _flood(connection, b"250-SIZE 1\r\n" * 5_000)


@pytest.fixture
def evil() -> Iterator[Callable[[Evil], int]]:
    """Starts a relay that does as told with its connections; gives its port."""
    listeners: list[socket.socket] = []

    def start(behave: Evil) -> int:
        listener = socket.create_server((HOST, 0))
        listeners.append(listener)

        def talk(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                behave(connection)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (_drip_greeting, "ne répond pas"),
        (_drip_lines, "ne répond pas"),
        (_endless_line, "n’est pas un relais de courriel"),
        (_endless_lines, "n’est pas un relais de courriel"),
        (_huge_answer_to_ehlo, "n’est pas un relais de courriel"),
    ],
)
def test_a_relay_without_end_is_left(
    evil: Callable[[Evil], int], tmp_path: Path, behaviour: Evil, words: str
) -> None:
    patience = 0.4 if "drip" in behaviour.__name__ else 10.0  # what has no end needs no clock
    carrier = SmtpTransport(_settings(evil(behaviour), tmp_path), timeout=patience)

    with pytest.raises(RelayUnreachable, match=words):
        carrier.send(MESSAGE)


def _cuts_amid_data(connection: socket.socket) -> None:
    with connection.makefile("rb") as lines:
        _until_data(connection, iter(lines))
        connection.sendall(b"354 allez\r\n")
        connection.recv(10)
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )


def _drips_after_data(connection: socket.socket) -> None:
    with connection.makefile("rb") as lines:
        _until_data(connection, iter(lines))
        connection.sendall(b"354 allez\r\n")
        for _ in range(200):
            connection.sendall(b"2")
            time.sleep(0.05)


def _floods_after_data(connection: socket.socket) -> None:
    with connection.makefile("rb") as lines:
        _until_data(connection, iter(lines))
        connection.sendall(b"354 allez\r\n")
        _flood(connection, b"250-pris\r\n" * 5_000)


def _says_yes_instead_of_go(connection: socket.socket) -> None:
    with connection.makefile("rb") as lines:
        _until_data(connection, iter(lines))
        connection.sendall(b"250 c'est pris sans le lire\r\n")
        for line in lines:
            connection.sendall(b"221 adieu\r\n" if line.startswith(b"QUIT") else b"250 oui\r\n")


def _says_go_at_the_end(connection: socket.socket) -> None:
    with connection.makefile("rb") as lines:
        _until_data(connection, iter(lines))
        connection.sendall(b"354 allez\r\n")
        for line in lines:
            if line == b".\r\n":
                connection.sendall(b"354 encore\r\n")


@pytest.mark.parametrize(
    ("behaviour", "kinds"),
    [
        (_cuts_amid_data, RefusedForNow),
        (_drips_after_data, RefusedForNow),
        # what floods is heard before the message, or amid it: nothing has left, or nobody knows
        (_floods_after_data, RefusedForNow | RelayUnreachable),
        (_says_yes_instead_of_go, RefusedForNow),
        (_says_go_at_the_end, RefusedForNow),
    ],
)
def test_a_message_that_was_not_taken_is_kept_for_later(
    evil: Callable[[Evil], int],
    tmp_path: Path,
    behaviour: Evil,
    kinds: type[TransportError] | UnionType,
) -> None:
    settings = _settings(evil(behaviour), tmp_path)
    big = Ours(MESSAGE.sender, MESSAGE.recipient, MESSAGE.message_id, MESSAGE.data * 200_000)

    with (
        closing(SmtpTransport(settings, timeout=0.4, last_word=0.8)) as carrier,
        pytest.raises(TransportError) as refused,
    ):
        carrier.send(big)

    assert isinstance(refused.value, kinds)


def _says_two_things_at_once(connection: socket.socket) -> None:
    with connection.makefile("rb") as lines:
        _until_data(connection, iter(lines))
        connection.sendall(b"354 allez\r\n250 pris\r\n")
        for line in lines:
            if line == b".\r\n":
                connection.sendall(b"550 5.7.1 jamais\r\n")


def test_a_relay_that_answers_too_much_takes_no_message(
    evil: Callable[[Evil], int], tmp_path: Path
) -> None:
    settings = _settings(evil(_says_two_things_at_once), tmp_path)

    with (
        closing(SmtpTransport(settings, timeout=1, last_word=1)) as carrier,
        pytest.raises(RelayUnreachable),
    ):
        carrier.send(MESSAGE)


@pytest.mark.parametrize(
    "said", [b"garbage\r\n", b"\r\n", b"354 encore\r\n", b"999 quoi\r\n"], ids=repr
)
def test_a_message_of_which_nothing_is_said_may_have_left(
    evil: Callable[[Evil], int], tmp_path: Path, said: bytes
) -> None:
    def mumbles(connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            _until_data(connection, iter(lines))
            connection.sendall(b"354 allez\r\n")
            for line in lines:
                if line == b".\r\n":
                    connection.sendall(said)

    settings = _settings(evil(mumbles), tmp_path)

    with (
        closing(SmtpTransport(settings, timeout=1, last_word=1)) as carrier,
        pytest.raises(FateUnknown),
    ):
        carrier.send(MESSAGE)


def test_a_code_that_does_not_exist_refuses_nobody_for_good(
    evil: Callable[[Evil], int], tmp_path: Path
) -> None:
    def invents(connection: socket.socket) -> None:
        connection.sendall(b"220 relais\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                is_rcpt = line.upper().startswith(b"RCPT")
                connection.sendall(b"999 inconnu\r\n" if is_rcpt else b"250 oui\r\n")

    settings = _settings(evil(invents), tmp_path)

    with (
        closing(SmtpTransport(settings, timeout=1, last_word=1)) as carrier,
        pytest.raises(RefusedForNow),
    ):
        carrier.send(MESSAGE)


def test_an_account_asked_for_in_no_known_way_is_a_relay_out_of_reach(
    evil: Callable[[Evil], int], tmp_path: Path
) -> None:
    def challenges(connection: socket.socket) -> None:
        connection.sendall(b"220 relais\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                is_auth = line.upper().startswith(b"AUTH")
                connection.sendall(b"334 abc\r\n" if is_auth else b"250-oui\r\n250 AUTH LOGIN\r\n")

    settings = _settings(evil(challenges), tmp_path, **ACCOUNT)

    with (
        closing(SmtpTransport(settings, timeout=1, last_word=1)) as carrier,
        pytest.raises(RelayUnreachable),
    ):
        carrier.send(MESSAGE)


def test_what_was_said_before_the_protection_is_not_believed_after_it(
    evil: Callable[[Evil], int], tmp_path: Path
) -> None:
    def injects(connection: socket.socket) -> None:
        connection.sendall(b"220 relais\r\n")
        connection.recv(1000)
        connection.sendall(b"250-relais\r\n250 STARTTLS\r\n")
        connection.recv(1000)
        connection.sendall(b"220 allez\r\n250 injecte\r\n")
        connection.recv(1000)
        connection.sendall(b"pas du TLS du tout")

    settings = _settings(evil(injects), tmp_path, INTERS4_SMTP_SECURITY="starttls")

    with pytest.raises(RelayUnreachable, match="ne parle pas TLS"):
        SmtpTransport(settings, timeout=1.0).send(MESSAGE)
