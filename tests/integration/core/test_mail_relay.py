"""The relay as it is met in life: a scripted server on loopback, and aiosmtpd for the rest."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inters4.core.mail.check import check_mail
from inters4.core.mail.compose import Envelope as Ours
from inters4.core.mail.contract import RefusedForGood, RefusedForNow, RelayUnreachable
from inters4.core.mail.smtp import SmtpTransport
from inters4.settings import Settings
from tests.builders.guarded_relay import GuardedRelay
from tests.builders.scripted_relays import CUT, HANG, HOST, Script, ScriptedRelay

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(params=[{}, {"EHLO": "250-relais\r\n250 PIPELINING"}], ids=["in turn", "at once"])
def relay(request: pytest.FixtureRequest) -> Iterator[Callable[[Script], ScriptedRelay]]:
    """Starts a relay that is told one command at a time, then one that is told several at once."""
    started: list[ScriptedRelay] = []

    def start(script: Script) -> ScriptedRelay:
        started.append(ScriptedRelay({**request.param, **script}))
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


SENT = b"Subject: Bonjour\r\n\r\n..une ligne qui commence par un point\r\n"
"""What `_envelope` says, as it travels."""
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


@pytest.mark.parametrize(
    "script",
    [
        {"MAIL": ["552 trop gros", "250 oui"]},
        {"RCPT": ["550 inconnu", "250 oui"]},
        {"RCPT": ["550 inconnu", "250 oui"], "RSET": "502 jamais"},
    ],
)
def test_a_relay_that_asks_for_a_refused_message_gets_nothing_of_it(
    relay: Start, transport: Open, script: Script
) -> None:
    server = relay(script)
    server.is_naive = True
    carrier = transport(server.port)
    with pytest.raises(RefusedForGood):
        carrier.send(_envelope(1))

    carrier.send(_envelope(2))

    assert [message for message in server.messages if message] == [SENT]
    assert server.connections == 1


def test_a_command_cannot_hold_another(relay: Start, transport: Open) -> None:
    server = relay({})

    with pytest.raises(ValueError, match="one line"):
        transport(server.port).send(
            Ours("savoirs@exemple.ca", "p1@exemple.ca>\r\nRCPT TO:<p2@exemple.ca", "<1@x>", b"")
        )


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


@pytest.fixture
def real_relay() -> Iterator[GuardedRelay]:
    relay = GuardedRelay()
    yield relay
    relay.stop()


def test_a_message_arrives_byte_for_byte(real_relay: GuardedRelay, transport: Open) -> None:
    transport(real_relay.port).send(_envelope())

    assert real_relay.messages == [_envelope().data]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("bon secret", "a accepté le message"),
        ("faux secret", "refuse le compte ou le mot de passe (535"),
        ("secret accentué", "ne prend que des caractères sans accent"),
    ],
)
def test_an_account_opens_the_relay(
    real_relay: GuardedRelay, tmp_path: Path, password: str, words: str
) -> None:
    account = {"INTERS4_SMTP_USER": "courtage", "INTERS4_SMTP_PASSWORD": password}

    result = check_mail(_settings(real_relay.port, tmp_path, **account), "ada@exemple.ca")

    assert words in result.message
    assert "secret" not in result.message
    assert len(real_relay.messages) == result.is_ok


def test_the_check_says_that_the_relay_took_the_message(
    real_relay: GuardedRelay, tmp_path: Path
) -> None:
    result = check_mail(_settings(real_relay.port, tmp_path), "ada@exemple.ca")

    assert result.is_ok
    assert f"{HOST}:{real_relay.port} a accepté le message pour ada@exemple.ca" in result.message
    assert b"\r\nTo: ada@exemple.ca\r\n" in real_relay.messages[0]
