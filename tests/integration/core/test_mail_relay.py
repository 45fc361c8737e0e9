"""The relay as it is met in life: a scripted server on loopback, and aiosmtpd for the rest."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from inters4.core.mail.check import check_mail
from inters4.core.mail.compose import Envelope as Ours
from inters4.core.mail.contract import RefusedForGood, RefusedForNow, RelayUnreachable
from inters4.core.mail.smtp import SmtpTransport
from inters4.settings import Settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

HOST = "127.0.0.1"
HANG = "hang"
CUT = "cut"
Script = dict[str, str | list[str]]


class ScriptedRelay:
    """Answers each command as the script says; `cut` hangs up and `hang` says nothing."""

    def __init__(self, script: Script) -> None:
        self.script = {
            verb: [said] if isinstance(said, str) else said for verb, said in script.items()
        }
        self.messages: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection.makefile("rb") as lines:
            if not self._say(connection, "greeting", "220 relais"):
                return
            for line in lines:
                verb = line.split()[0].upper().decode("latin-1")
                usual = {"DATA": "354 allez", "QUIT": "221 au revoir"}.get(verb, "250 d'accord")
                if not self._say(connection, verb, usual):
                    return
                if verb == "DATA" and "DATA" not in self.script:
                    message = b""
                    for row in lines:
                        if row == b".\r\n":
                            break
                        message += row
                    self.messages.append(message)
                    if not self._say(connection, "message", "250 pris"):
                        return
                if verb == "QUIT":
                    connection.close()
                    return

    def _say(self, connection: socket.socket, verb: str, usual: str) -> bool:
        prepared = self.script.get(verb)
        said = (prepared.pop(0) if len(prepared) > 1 else prepared[0]) if prepared else usual
        if said == HANG:
            return True
        if said == CUT:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        connection.sendall(said.encode() + b"\r\n")
        return True


@pytest.fixture
def relay() -> Iterator[Callable[[Script], ScriptedRelay]]:
    started: list[ScriptedRelay] = []

    def start(script: Script) -> ScriptedRelay:
        started.append(ScriptedRelay(script))
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


@pytest.fixture
def transport(tmp_path: Path) -> Iterator[Callable[..., SmtpTransport]]:
    opened: list[SmtpTransport] = []

    def make(port: int, *, timeout: float = 5.0, **environ: str) -> SmtpTransport:
        opened.append(
            SmtpTransport(_settings(port, tmp_path, **environ), timeout=timeout, last_word=timeout)
        )
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def _envelope(number: int = 1) -> Ours:
    data = b"Subject: Bonjour\r\n\r\n.une ligne qui commence par un point\r\n"
    return Ours("savoirs@exemple.ca", f"p{number}@exemple.ca", f"<{number}@exemple.ca>", data)


Start = Callable[[Script], ScriptedRelay]
Open = Callable[..., SmtpTransport]


def test_a_batch_uses_one_connection(relay: Start, transport: Open) -> None:
    server = relay({})
    carrier = transport(server.port)
    for number in range(5):
        carrier.send(_envelope(number))

    assert len(server.messages) == 5
    assert server.connections == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA", "message"])
@pytest.mark.parametrize("said", ["450 4.2.1 plus tard", "451 4.7.1 liste grise", "452 plein"])
def test_a_temporary_refusal_may_pass_later(
    relay: Start, transport: Open, step: str, said: str
) -> None:
    server = relay({step: said})

    with pytest.raises(RefusedForNow, match=said):
        transport(server.port).send(_envelope())


@pytest.mark.parametrize("step", ["RCPT", "DATA", "message"])
def test_a_permanent_refusal_never_passes(relay: Start, transport: Open, step: str) -> None:
    server = relay({step: "550 5.1.1 inconnu ici"})

    with pytest.raises(RefusedForGood, match=r"550 5\.1\.1 inconnu ici"):
        transport(server.port).send(_envelope())


def test_a_refusal_does_not_harm_the_next_message(relay: Start, transport: Open) -> None:
    server = relay({"RCPT": ["550 inconnu", "250 connu"]})
    carrier = transport(server.port)
    with pytest.raises(RefusedForGood):
        carrier.send(_envelope(1))

    carrier.send(_envelope(2))

    assert len(server.messages) == 1
    assert server.connections == 1


def test_a_relay_that_closes_after_some_messages_is_called_again(
    relay: Start, transport: Open
) -> None:
    server = relay({"MAIL": ["250 oui", "421 assez pour cette fois", "250 oui"]})
    carrier = transport(server.port)

    carrier.send(_envelope(1))
    carrier.send(_envelope(2))

    assert len(server.messages) == 2
    assert server.connections == 2


def test_a_reused_connection_that_was_cut_is_made_anew(relay: Start, transport: Open) -> None:
    server = relay({"MAIL": ["250 oui", CUT, "250 oui"]})
    carrier = transport(server.port)

    carrier.send(_envelope(1))
    carrier.send(_envelope(2))

    assert len(server.messages) == 2


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"greeting": "421 en entretien"}, "421 en entretien"),
        ({"greeting": "554 allez-vous-en"}, "554 allez-vous-en"),
        ({"greeting": CUT}, "a coupé la connexion"),
        ({"MAIL": "421 surchargé"}, "a coupé la connexion"),
        ({"MAIL": CUT}, "a coupé la connexion"),
        ({"MAIL": "550 5.7.1 expéditeur inconnu"}, "INTERS4_MAIL_FROM"),
        ({"greeting": HANG}, "ne répond pas"),
        ({"MAIL": HANG}, "ne répond pas"),
    ],
)
def test_a_relay_that_takes_nothing_is_not_the_fault_of_the_message(
    relay: Start, transport: Open, script: Script, words: str
) -> None:
    server = relay(script)

    with pytest.raises(RelayUnreachable, match=words):
        transport(server.port, timeout=0.3).send(_envelope())


@pytest.mark.parametrize("end", [CUT, HANG])
def test_a_message_cut_after_data_is_uncertain(relay: Start, transport: Open, end: str) -> None:
    server = relay({"message": end})

    with pytest.raises(RefusedForNow, match="on ne sait pas si le message est parti"):
        transport(server.port, timeout=0.3).send(_envelope())


def test_a_message_too_big_is_the_fault_of_the_message(relay: Start, transport: Open) -> None:
    server = relay({"MAIL": "552 trop gros"})

    with pytest.raises(RefusedForGood, match="552 trop gros"):
        transport(server.port).send(_envelope())


def test_the_answer_of_a_relay_cannot_forge_a_line(relay: Start, transport: Open) -> None:
    server = relay({"RCPT": "550 non\x1b[2J\x00"})

    with pytest.raises(RefusedForGood) as refused:
        transport(server.port).send(_envelope())

    assert refused.value.reason.isprintable()


def test_nobody_listening_is_said_with_what_to_check(transport: Open) -> None:
    with socket.create_server((HOST, 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(RelayUnreachable, match="INTERS4_SMTP_PORT"):
        transport(port).send(_envelope())


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_relay_without_the_wanted_protection_is_never_used(
    relay: Start, transport: Open, security: str
) -> None:
    server = relay({})

    with pytest.raises(RelayUnreachable, match="INTERS4_SMTP_SECURITY"):
        transport(server.port, timeout=2.0, INTERS4_SMTP_SECURITY=security).send(_envelope())
    assert server.messages == []


class Kept:
    """What aiosmtpd received."""

    def __init__(self) -> None:
        self.content: list[bytes] = []

    async def handle_DATA(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.content.append(envelope.original_content or b"")
        return "250 pris"


def _only_courtage(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"courtage", b"bon secret"), handled=False)


@pytest.fixture
def real_relay() -> Iterator[tuple[Kept, int]]:
    kept = Kept()
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        kept,
        hostname=HOST,
        port=port,
        authenticator=_only_courtage,
        auth_require_tls=False,
        decode_data=False,
    )
    controller.start()
    yield kept, port
    controller.stop()


def test_a_message_arrives_byte_for_byte(real_relay: tuple[Kept, int], transport: Open) -> None:
    kept, port = real_relay

    transport(port).send(_envelope())

    assert kept.content == [_envelope().data]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("bon secret", "a accepté le message"),
        ("faux secret", "refuse le compte ou le mot de passe (535"),
        ("secret accentué", "ne prend que des caractères sans accent"),
    ],
)
def test_an_account_opens_the_relay(
    real_relay: tuple[Kept, int], tmp_path: Path, password: str, words: str
) -> None:
    kept, port = real_relay
    account = {"INTERS4_SMTP_USER": "courtage", "INTERS4_SMTP_PASSWORD": password}

    result = check_mail(_settings(port, tmp_path, **account), "ada@exemple.ca")

    assert words in result.message
    assert "secret" not in result.message
    assert len(kept.content) == result.is_ok


def test_the_check_says_that_the_relay_took_the_message(
    real_relay: tuple[Kept, int], tmp_path: Path
) -> None:
    kept, port = real_relay

    result = check_mail(_settings(port, tmp_path), "ada@exemple.ca")

    assert result.is_ok
    assert f"{HOST}:{port} a accepté le message pour ada@exemple.ca" in result.message
    assert b"\r\nTo: ada@exemple.ca\r\n" in kept.content[0]
