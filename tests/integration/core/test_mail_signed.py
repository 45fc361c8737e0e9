"""Messages signed by DKIM: what the relay receives is verified by another hand than ours."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from inters4.core.mail.check import check_mail
from inters4.core.mail.compose import Envelope, compose
from inters4.core.mail.contract import RelayUnreachable
from inters4.core.mail.render import Rendered
from inters4.core.mail.smtp import SmtpTransport
from inters4.settings import Settings, SettingsError
from tests.builders.scripted_relays import HOST, ScriptedRelay

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
ELLIPTIC = ec.generate_private_key(ec.SECP256R1())
RENDERED = Rendered("L’été", ".un point\n.\n..deux\nBonjour  \n", "<p>.\n.Bonjour, é</p>")


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    *,
    encryption: KeySerializationEncryption | None = None,
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


@pytest.fixture
def relay() -> Iterator[ScriptedRelay]:
    started = ScriptedRelay({})
    yield started
    started.stop()


@pytest.fixture
def own(relay: ScriptedRelay, tmp_path: Path, key: rsa.RSAPrivateKey) -> Callable[..., Settings]:
    """Settings that sign, with the key in `tmp_path`."""

    def make(**environ: str) -> Settings:
        path = tmp_path / "dkim.pem"
        if not path.exists():
            path.write_bytes(pem(key))
            path.chmod(0o600)
        return Settings.from_env(
            {
                "INTERS4_DATA_DIR": str(tmp_path / "var"),
                "INTERS4_SECRET_KEY": "k" * 40,
                "INTERS4_MAIL": "smtp",
                "INTERS4_MAIL_FROM": "savoirs@infolettres.exemple.ca",
                "INTERS4_SMTP_HOST": HOST,
                "INTERS4_SMTP_PORT": str(relay.port),
                "INTERS4_SMTP_SECURITY": "none",
                "INTERS4_DKIM_KEY": str(path),
                "INTERS4_DKIM_SELECTOR": "s2026",
                **environ,
            }
        )

    return make


def written(settings: Settings) -> Envelope:
    return compose(
        RENDERED,
        recipient="ada@exemple.ca",
        message_id="<1@exemple.ca>",
        locale="fr",
        settings=settings,
        headers={
            "List-Unsubscribe": f"<https://exemple.ca/{'x' * 90}>, <mailto:a@exemple.ca>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def received(relay: ScriptedRelay) -> bytes:
    """The last message, as a relay reads it: the dots that travel doubled are made one."""
    lines = relay.messages[-1].split(b"\r\n")
    return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)


def told(own: Callable[..., Settings], **environ: str) -> str:
    """The one line that these settings are refused with."""
    with pytest.raises(SettingsError) as refused:
        own(**environ)
    (problem,) = map(str, refused.value.problems)
    assert "\n" not in problem
    return problem


def published(key: rsa.RSAPrivateKey, asked: list[bytes]) -> Callable[..., bytes]:
    """What DNS would say; the names asked are kept."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    text = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])

    def answer(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return text

    return answer


@pytest.mark.parametrize("domain", ["", "exemple.ca"])
def test_what_leaves_is_signed_as_others_verify_it(
    relay: ScriptedRelay, own: Callable[..., Settings], key: rsa.RSAPrivateKey, domain: str
) -> None:
    settings = own(INTERS4_DKIM_DOMAIN=domain)
    envelope = written(settings)

    carrier = SmtpTransport(settings)
    carrier.send(envelope)
    carrier.close()

    message, asked = received(relay), list[bytes]()
    assert message.endswith(envelope.data)
    assert dkim.verify(message, dnsfunc=published(key, asked))
    signer = domain or "infolettres.exemple.ca"
    assert asked == [f"s2026._domainkey.{signer}.".encode()]
    assert not dkim.verify(message.replace(b"Bonjour", b"Bonsoir", 1), dnsfunc=published(key, []))


@pytest.mark.parametrize(
    "added",
    [
        b"From: quelqu.un@ailleurs.ca",
        b"Subject: Autre objet",
        b"List-Unsubscribe: <https://ailleurs.ca>",
        b"List-Unsubscribe-Post: Autre",
    ],
)
def test_a_field_that_is_changed_breaks_the_signature(
    relay: ScriptedRelay, own: Callable[..., Settings], key: rsa.RSAPrivateKey, added: bytes
) -> None:
    settings = own()
    carrier = SmtpTransport(settings)
    carrier.send(written(settings))
    carrier.close()
    signature, _from, rest = received(relay).partition(b"From: ")
    name = added.partition(b":")[0]
    if name == b"From":
        forged = signature + added + b"\r\n" + _from + rest
    else:
        first, _name, after = rest.partition(b"\r\n" + name + b":")
        forged = signature + _from + first + b"\r\n" + added + after[after.index(b"\r\n") :]

    assert not dkim.verify(forged, dnsfunc=published(key, []))


@pytest.mark.parametrize(
    "added",
    [
        *(b"From: Autre <a@ailleurs.ca>", b"Subject: Autre objet", b"To: bea@exemple.ca"),
        *(b"Reply-To: a@ailleurs.ca", b"Date: Mon, 1 Jan 2024 00:00:00 +0000"),
        *(b"Message-ID: <2@ailleurs.ca>", b"Content-Type: text/html", b"MIME-Version: 1.0"),
        *(b"Content-Transfer-Encoding: base64", b"List-Id: <ailleurs.ca>"),
        *(b"List-Unsubscribe: <https://ailleurs.ca>", b"List-Unsubscribe-Post: Autre"),
    ],
)
def test_a_field_put_before_ours_breaks_the_signature(
    relay: ScriptedRelay, own: Callable[..., Settings], key: rsa.RSAPrivateKey, added: bytes
) -> None:
    settings = own()
    carrier = SmtpTransport(settings)
    carrier.send(written(settings))
    carrier.close()
    message = received(relay)

    assert dkim.verify(b"X-Relay: a word\r\n" + message, dnsfunc=published(key, []))
    assert not dkim.verify(added + b"\r\n" + message, dnsfunc=published(key, []))


@pytest.mark.parametrize("ends", [b"\r\n", b" \n"])
def test_a_key_written_on_another_system_signs(
    relay: ScriptedRelay,
    own: Callable[..., Settings],
    key: rsa.RSAPrivateKey,
    tmp_path: Path,
    ends: bytes,
) -> None:
    path = tmp_path / "dkim.pem"
    path.write_bytes(pem(key).replace(b"\n", ends))
    path.chmod(0o600)
    settings = own()

    carrier = SmtpTransport(settings)
    carrier.send(written(settings))
    carrier.close()

    assert dkim.verify(received(relay), dnsfunc=published(key, []))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
        pem(ELLIPTIC),
        pem(ELLIPTIC, encryption=BestAvailableEncryption(b"x")),
    ],
    ids=["empty", "no base64", "cut", "elliptic", "locked"],
)
def test_a_key_that_became_unreadable_lets_mail_wait(
    relay: ScriptedRelay, own: Callable[..., Settings], tmp_path: Path, content: bytes
) -> None:
    settings = own()
    (tmp_path / "dkim.pem").write_bytes(content)

    with pytest.raises(RelayUnreachable, match="INTERS4_DKIM_KEY"):
        SmtpTransport(settings).send(written(settings))
    assert not check_mail(settings, "ada@exemple.ca").is_ok
    assert relay.messages == []


def test_without_a_key_nothing_is_signed(
    relay: ScriptedRelay, own: Callable[..., Settings]
) -> None:
    settings = own(INTERS4_DKIM_KEY="", INTERS4_DKIM_SELECTOR="")
    carrier = SmtpTransport(settings)
    envelope = written(settings)

    carrier.send(envelope)

    carrier.close()
    assert received(relay) == envelope.data


def test_a_key_that_went_away_lets_nothing_leave_unsigned(
    relay: ScriptedRelay, own: Callable[..., Settings], tmp_path: Path
) -> None:
    settings = own()
    (tmp_path / "dkim.pem").unlink()

    with pytest.raises(RelayUnreachable, match="INTERS4_DKIM_KEY"):
        SmtpTransport(settings).send(written(settings))

    result = check_mail(settings, "ada@exemple.ca")
    assert (result.is_ok, "dkim.pem" in result.message) == (False, True)
    assert relay.messages == []


def test_the_check_says_that_its_message_was_signed(
    relay: ScriptedRelay, own: Callable[..., Settings], key: rsa.RSAPrivateKey
) -> None:
    result = check_mail(own(), "ada@exemple.ca")

    assert result.is_ok
    assert "s2026._domainkey.infolettres.exemple.ca" in result.message
    assert dkim.verify(received(relay), dnsfunc=published(key, []))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"INTERS4_DKIM_SELECTOR": ""}, "INTERS4_DKIM_SELECTOR"),
        ({"INTERS4_DKIM_SELECTOR": "été"}, "nom de domaine"),
        ({"INTERS4_DKIM_DOMAIN": "ailleurs.ca"}, "ailleurs.ca"),
        ({"INTERS4_DKIM_DOMAIN": "xemple.ca"}, "xemple.ca"),
        ({"INTERS4_DKIM_KEY": "/nulle/part.pem"}, "ne peut pas être lu"),
    ],
)
def test_settings_that_cannot_sign_are_told_at_once(
    own: Callable[..., Settings], change: dict[str, str], words: str
) -> None:
    assert words in told(own, **change)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "pas de clé privée"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "pas de clé privée"),
        (pem(ELLIPTIC), "clé RSA"),
        (pem(ELLIPTIC, encryption=BestAvailableEncryption(b"x")), "mot de passe"),
    ],
    ids=["empty", "broken", "elliptic", "locked"],
)
def test_a_key_that_cannot_serve_is_told_at_once(
    own: Callable[..., Settings], tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "dkim.pem"
    path.write_bytes(content)
    path.chmod(0o600)

    assert words in told(own)


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604])
def test_a_key_that_others_may_read_is_told_at_once(
    own: Callable[..., Settings], tmp_path: Path, mode: int
) -> None:
    own()
    (tmp_path / "dkim.pem").chmod(mode)

    assert "chmod 600" in told(own)


def test_a_key_that_the_group_may_read_serves(own: Callable[..., Settings], tmp_path: Path) -> None:
    own()
    (tmp_path / "dkim.pem").chmod(0o640)

    assert own().dkim_key == tmp_path / "dkim.pem"
