"""`/admin/courriels`: what to publish, and what a name server says is published."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from dns import resolver
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.mail import names
from inters4.core.mail.published import Record, RecordKind, Verdict, look, records_of
from inters4.settings import MailTransport, Settings
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.names import NameServer, Published

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
SPF = ("exemple.ca", "TXT")
DKIM = ("s1._domainkey.exemple.ca", "TXT")
DMARC = ("_dmarc.exemple.ca", "TXT")
MX = ("exemple.ca", "MX")


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of an installation that sends through a relay, and signs."""
    path = tmp_path / "dkim.pem"
    key = rsa.generate_private_key(65537, 2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return replace(
        settings,
        mail=MailTransport.SMTP,
        mail_from="savoirs@exemple.ca",
        smtp_host="relais.exemple.ca",
        dkim_key=path,
        dkim_selector="s1",
    )


@pytest.fixture
def publish() -> Iterator[Callable[[Published | None], None]]:
    """Starts a name server; the one of the machine is not asked."""
    started: list[NameServer] = []
    before = resolver.default_resolver

    def start(published: Published | None) -> None:
        started.append(NameServer(published))
        resolver.default_resolver = started[-1].resolver()

    yield start
    resolver.default_resolver = before
    for one in started:
        one.stop()


def record(settings: Settings, kind: RecordKind) -> Record:
    return next(one for one in records_of(settings) if one.kind is kind)


def as_text(value: str) -> str:
    """A text as DNS holds it: pieces of 255 signs at most."""
    return " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))


def test_what_to_publish_is_ready_to_be_copied(own: Settings) -> None:
    spf, signature, dmarc, returns = records_of(own)

    assert (spf.name, spf.value) == ("exemple.ca", "v=spf1 a:relais.exemple.ca ~all")
    assert signature.name == "s1._domainkey.exemple.ca"
    assert re.fullmatch(r"v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{300,}=*", signature.value)
    assert dmarc.name == "_dmarc.exemple.ca"
    assert dmarc.value == f"v=DMARC1; p=none; rua=mailto:{own.contact}"
    assert (returns.name, returns.type, returns.value) == ("exemple.ca", "MX", "")


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("localhost", "ip4:ADRESSE-DU-RELAIS"),
        ("10.0.0.4", "ip4:ADRESSE-DU-RELAIS"),
        ("relais.local", "ip4:ADRESSE-DU-RELAIS"),
        ("8.8.8.8", "ip4:8.8.8.8"),
        ("2001:4860:4860::8888", "ip6:2001:4860:4860::8888"),
    ],
)
def test_a_relay_is_named_as_others_may_find_it(own: Settings, host: str, said: str) -> None:
    assert said in record(replace(own, smtp_host=host), RecordKind.SPF).value


def test_what_comes_back_elsewhere_is_published_elsewhere(own: Settings) -> None:
    own = replace(own, returns="retours@rebonds.exemple.ca")

    assert record(own, RecordKind.SPF).name == "rebonds.exemple.ca"
    assert record(own, RecordKind.RETURNS).name == "rebonds.exemple.ca"
    assert record(own, RecordKind.DMARC).name == "_dmarc.exemple.ca"


def test_without_a_key_the_page_says_how_to_sign(own: Settings) -> None:
    found = record(replace(own, dkim_key=None, dkim_selector=""), RecordKind.DKIM)

    assert found.value == ""
    assert "INTERS4_DKIM_KEY" in found.why


def test_a_domain_that_publishes_all_is_right(
    own: Settings, publish: Callable[[Published | None], None]
) -> None:
    publish(
        {
            SPF: ['"v=spf1 a:relais.exemple.ca ~all"', '"google-site-verification=x"'],
            DKIM: [as_text(record(own, RecordKind.DKIM).value)],
            DMARC: ['"v=DMARC1; p=quarantine"'],
            MX: ["10 courrier.exemple.ca."],
        }
    )

    findings = [look(one, names.ask_dns) for one in records_of(own)]

    assert [one.verdict for one in findings] == [Verdict.GOOD] * 4
    assert findings[0].published == ("v=spf1 a:relais.exemple.ca ~all",)


@pytest.mark.parametrize(
    "case",
    [
        ({}, RecordKind.SPF, Verdict.MISSING, "Rien"),
        ({MX: ["10 a."]}, RecordKind.SPF, Verdict.MISSING, "Rien"),
        ({SPF: ['"v=spf1 -all"', '"v=spf1 mx ~all"']}, RecordKind.SPF, Verdict.WATCH, "plusieurs"),
        ({SPF: ['"v=spf1 +all"']}, RecordKind.SPF, Verdict.WATCH, "tout le monde"),
        ({}, RecordKind.DKIM, Verdict.MISSING, "Rien"),
        ({DKIM: ['"v=DKIM1; k=rsa; p=QUFB"']}, RecordKind.DKIM, Verdict.MISSING, "pas celle"),
        ({}, RecordKind.DMARC, Verdict.MISSING, "Rien"),
        ({DMARC: ['"v=DMARC1; p = none"']}, RecordKind.DMARC, Verdict.GOOD, "sans rien refuser"),
        ({SPF: ['"x"']}, RecordKind.RETURNS, Verdict.MISSING, "ne reçoit pas"),
    ],
)
def test_what_is_not_right_is_said_with_what_to_do(
    own: Settings,
    publish: Callable[[Published | None], None],
    case: tuple[Published, RecordKind, Verdict, str],
) -> None:
    published, kind, verdict, words = case
    publish(published)

    found = look(record(own, kind), names.ask_dns)

    assert found.verdict is verdict
    assert words in found.said


def test_what_the_domain_above_publishes_of_dmarc_holds_for_the_one_below(
    own: Settings, publish: Callable[[Published | None], None]
) -> None:
    publish({DMARC: ['"v=DMARC1; p=reject"']})
    below = replace(own, mail_from="savoirs@courriel.sante.exemple.ca")

    found = look(record(below, RecordKind.DMARC), names.ask_dns)

    assert found.verdict is Verdict.GOOD
    assert "au-dessus" in found.said
    assert found.published == ("v=DMARC1; p=reject",)


def test_a_name_server_that_says_nothing_is_not_believed_to_say_no(
    own: Settings, publish: Callable[[Published | None], None]
) -> None:
    publish(None)

    found = look(record(own, RecordKind.SPF), names.ask_dns)

    assert found.verdict is Verdict.UNKNOWN
    assert "pas répondu" in found.said


@pytest.fixture
def staff(app: Flask, own: Settings, client: FlaskClient, session: Session) -> FlaskClient:
    """A browser of an administrator of that installation."""
    app.config["SETTINGS"] = own
    sign_in_as(client, session, make_viewer(session, role=Role.ADMIN))
    return client


def test_nothing_is_asked_before_a_person_says_so(staff: FlaskClient) -> None:
    page = staff.get("/admin/courriels").get_data(as_text=True)
    assert "à demander à qui tient votre relais" in page.partition('id="mx"')[2]

    assert "v=spf1 a:relais.exemple.ca ~all" in page
    assert "relais.exemple.ca" in page
    assert 'name="verifier"' in page
    assert "Rien n’est publié" not in page
    assert "Rien ne part encore" not in page


def test_the_page_says_what_is_published(
    staff: FlaskClient, publish: Callable[[Published | None], None]
) -> None:
    publish({SPF: ['"v=spf1 <b>mx</b> ~all"'], MX: ["10 courrier.exemple.ca."]})

    page = staff.get("/admin/courriels?verifier=oui").get_data(as_text=True)

    assert "v=spf1 &lt;b&gt;mx&lt;/b&gt; ~all" in page
    assert page.count("Rien n’est publié sous ce nom.") == 2
    assert "Ce domaine reçoit du courriel." in page


def test_what_is_found_is_said_in_the_language_of_the_reader(
    staff: FlaskClient, publish: Callable[[Published | None], None]
) -> None:
    publish({})

    page = staff.get("/admin/courriels?verifier=oui&lang=en").get_data(as_text=True)

    assert "Nothing is published under this name." in page


def test_an_installation_that_sends_nothing_is_told_so(
    app: Flask, own: Settings, staff: FlaskClient
) -> None:
    app.config["SETTINGS"] = replace(own, mail=MailTransport.MAILDIR)

    assert "Rien ne part encore" in staff.get("/admin/courriels").get_data(as_text=True)
