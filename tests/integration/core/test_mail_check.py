"""`inters4 check --mail`: what a relay refuses, said in French with the setting to look at."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inters4.core.mail.check import CheckResult, check_mail
from inters4.core.mail.smtp import SmtpTransport
from inters4.settings import Settings
from tests.builders.certificates import Authority
from tests.builders.guarded_relay import ACCOUNT
from tests.builders.scripted_relays import CUT, HANG, HOST, Script, ScriptedRelay

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
LOGIN: Script = {"EHLO": "250-relais\r\n250 AUTH PLAIN"}


@pytest.fixture
def check(tmp_path: Path) -> Iterator[Callable[..., CheckResult]]:
    """Checks through a relay that follows a script."""
    started: list[ScriptedRelay] = []

    def run(script: Script, *, is_protected: bool = False, **environ: str) -> CheckResult:
        relay = ScriptedRelay(script)
        started.append(relay)
        if is_protected:
            relay.tls = Authority.made(tmp_path).context()
        settings = Settings.from_env(
            {
                "INTERS4_DATA_DIR": str(tmp_path / "var"),
                "INTERS4_SECRET_KEY": "k" * 40,
                "INTERS4_MAIL": "smtp",
                "INTERS4_MAIL_FROM": "savoirs@exemple.ca",
                "INTERS4_SMTP_HOST": HOST,
                "INTERS4_SMTP_PORT": str(relay.port),
                "INTERS4_SMTP_SECURITY": "none",
                **environ,
            }
        )
        carrier = SmtpTransport(settings, timeout=0.4, last_word=0.4)
        result = check_mail(settings, "ada@exemple.ca", transport=carrier)
        assert "secret" not in result.message
        return result

    yield run
    for relay in started:
        relay.stop()


@pytest.mark.parametrize(
    ("script", "environ", "words"),
    [
        ({}, {"INTERS4_SMTP_SECURITY": "starttls"}, "INTERS4_SMTP_SECURITY"),
        (
            {"EHLO": "250-relais\r\n250 STARTTLS", "STARTTLS": "454 4.7.0 pas de TLS"},
            {"INTERS4_SMTP_SECURITY": "starttls"},
            "454 4.7.0 pas de TLS",
        ),
        ({}, {"INTERS4_SMTP_SECURITY": "tls"}, "ne parle pas TLS"),
        ({**LOGIN, "AUTH": "535 5.7.8 non"}, ACCOUNT, "INTERS4_SMTP_PASSWORD"),
        ({}, ACCOUNT, "INTERS4_SMTP_USER"),
        ({"MAIL": "550 5.7.1 pas vous"}, {}, "INTERS4_MAIL_FROM"),
        ({"RCPT": "550 5.1.1 inconnue"}, {}, "l’adresse du destinataire (550 5.1.1 inconnue)"),
        ({"RCPT": "554 5.7.1 relais refusé"}, {}, "554 5.7.1 relais refusé"),
        ({"message": "451 4.7.1 liste grise"}, {}, "le message (451 4.7.1 liste grise)"),
        ({"RCPT": "450 4.2.0 liste grise"}, {}, "Réessayez dans dix minutes"),
        ({"message": "554 5.6.0 indésirable"}, {}, "le message (554 5.6.0 indésirable)"),
        ({"greeting": "554 allez-vous-en"}, {}, "554 allez-vous-en"),
        ({"greeting": HANG}, {}, "ne répond pas"),
        ({"RCPT": HANG}, {}, "ne répond pas"),
        ({"greeting": CUT}, {}, "a coupé la connexion"),
        ({"DATA": CUT}, {}, "a coupé la connexion"),
        ({"message": CUT}, {}, "on ne sait pas si le message est parti"),
        ({"message": HANG}, {}, "on ne sait pas si le message est parti"),
    ],
)
def test_each_refusal_says_what_was_refused(
    check: Callable[..., CheckResult], script: Script, environ: dict[str, str], words: str
) -> None:
    result = check(script, **environ)

    assert not result.is_ok
    assert words in result.message
    assert "\n" not in result.message
    assert ("Réessayez" in result.message) == ("liste grise" in result.message)


def test_a_certificate_that_nobody_vouches_for_is_refused(
    check: Callable[..., CheckResult],
) -> None:
    script: Script = {"EHLO": "250-relais\r\n250 STARTTLS", "STARTTLS": "220 allez"}

    result = check(script, is_protected=True, INTERS4_SMTP_SECURITY="starttls")

    assert not result.is_ok
    assert "INTERS4_SMTP_CA" in result.message


def test_a_message_that_was_taken_is_said_to_be(check: Callable[..., CheckResult]) -> None:
    result = check({})

    assert result.is_ok
    assert "a accepté le message pour ada@exemple.ca" in result.message
