import email
import mailbox
import re
from dataclasses import replace
from datetime import datetime, timedelta
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inters4.core.clock import now
from inters4.core.i18n import use_locale
from inters4.core.mail.check import check_mail
from inters4.core.mail.compose import Envelope, UnsafeFieldError, clean_address, compose
from inters4.core.mail.contract import RelayUnreachable
from inters4.core.mail.render import Rendered, one_line, render
from inters4.core.mail.transports import MaildirTransport, MemoryTransport
from inters4.settings import Settings

ASKED_AT = datetime.fromisoformat("2026-11-21T19:05:00+00:00")
RENDERED = Rendered(subject="Bonjour", text="Bonjour\n", html="<p>Bonjour</p>")


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return _settings(tmp_path)


def _settings(directory: Path, **environ: str) -> Settings:
    return Settings.from_env(
        {
            "INTERS4_DATA_DIR": str(directory / "var"),
            "INTERS4_SECRET_KEY": "k" * 40,
            "INTERS4_URL": "https://savoirs.exemple.ca",
            "INTERS4_MAIL_SENDER": "Équipe de courtage « InterS4 »",
            "INTERS4_MAIL_FROM": "savoirs@exemple.ca",
            **environ,
        }
    )


def _compose(
    own: Settings,
    *,
    recipient: str = "ada@exemple.ca",
    rendered: Rendered = RENDERED,
    headers: dict[str, str] | None = None,
) -> Envelope:
    return compose(
        rendered,
        recipient=recipient,
        message_id="<1@exemple.ca>",
        locale="fr",
        settings=own,
        headers=headers,
    )


def _parsed(envelope: Envelope) -> EmailMessage:
    return email.message_from_bytes(envelope.data, policy=policy.default)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_an_address_in_a_header_is_never_encoded_however_long(own: Settings) -> None:
    url = f"<https://savoirs.exemple.ca/avis/desabonnement/{'jeton-' * 30}>"
    ancestors = " ".join(f"<{number:032x}@savoirs.exemple.ca>" for number in range(4))
    envelope = _compose(own, headers={"List-Unsubscribe": url, "References": ancestors})

    assert f"List-Unsubscribe: {url}\r\n".encode() in envelope.data
    message = _parsed(envelope)
    assert message["List-Unsubscribe"] == url
    assert message["References"] == ancestors
    (folded,) = re.findall(rb"References:.*\r\n(?: .*\r\n)*", envelope.data)
    assert max(len(line) for line in folded.split(b"\r\n")) <= 78

    MaildirTransport(own.data_dir).send(envelope)
    (kept,) = mailbox.Maildir(own.data_dir)
    assert kept["List-Unsubscribe"] == url


@pytest.mark.parametrize("name", ["List-Unsubscribe", "References"])
def test_a_header_that_programs_read_takes_no_accent(own: Settings, name: str) -> None:
    with pytest.raises(UnsafeFieldError):
        _compose(own, headers={name: "<https://exemple.ca/équipe>"})


def test_a_message_has_the_headers_that_relays_and_people_expect(own: Settings) -> None:
    message = _parsed(_compose(own))

    assert str(message["From"]) == "Équipe de courtage « InterS4 » <savoirs@exemple.ca>"
    assert message["To"] == "ada@exemple.ca"
    assert message["Message-ID"] == "<1@exemple.ca>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert now() - message["Date"].datetime < timedelta(minutes=1)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]


def test_a_message_travels_as_ascii_lines_that_no_relay_cuts(own: Settings) -> None:
    rendered = Rendered("é" * 300, "« é » " * 400, "<p>" + "« é » " * 400 + "</p>")

    envelope = _compose(own, rendered=rendered)

    assert envelope.data.isascii()
    assert max(len(line) for line in envelope.data.split(b"\r\n")) <= 998
    assert b"\n" not in envelope.data.replace(b"\r\n", b"")
    assert _parsed(envelope)["Subject"] == "é" * 300


@given(
    words=st.lists(
        st.sampled_from(
            [
                *(
                    "Relecture",
                    "demandée",
                    "un",
                    "café",
                    "des",
                    "proches",
                    "l’été",
                    "\u00a0:",
                    "(x)",
                ),
                *("très-longuement", "a,b", '"q"', "=?", "un-mot-sans-accent-et-sans-fin" * 2),
            ]
        ),
        min_size=1,
        max_size=25,
    )
)
@example(words=["Relecture demandée : Exemple fictif : un café des proches"])
def test_a_subject_and_a_name_lose_no_space_where_a_line_is_cut(words: list[str]) -> None:
    text = " ".join(words)
    envelope = compose(
        replace(RENDERED, subject=text),
        recipient="ada@exemple.ca",
        message_id="<1@exemple.ca>",
        locale="fr",
        settings=_settings(Path()),
        sender_name=text,
    )

    message = email.message_from_bytes(envelope.data)
    sender, _address = parseaddr(message["From"])
    assert str(make_header(decode_header(message["Subject"]))) == text
    assert str(make_header(decode_header(sender))) == text
    head, _body = envelope.data.split(b"\r\n\r\n", 1)
    assert max(len(line) for line in head.split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "address",
    [
        "ada@exemple.ca\r\nBcc: tous@exemple.ca",
        "ada@exemple.ca\nBcc: tous@exemple.ca",
        "ada@exemple.ca\0",
        "ada@exemple.ca\u2028x",
        "ada@exemple.ca, bob@exemple.ca",
        "ada@exemple.ca;bob@exemple.ca",
        "Ada <ada@exemple.ca>",
        "ada",
        "@exemple.ca",
        "ada@",
        "ada@exemple..ca ",
        "",
        "a da@exemple.ca",
        "zoé@exemple.ca",
    ],
)
def test_what_is_not_exactly_one_address_is_refused(own: Settings, address: str) -> None:
    with pytest.raises(UnsafeFieldError):
        _compose(own, recipient=address)


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0", "\v", "\x85", "\u2028", "\ud800"])
def test_no_field_can_add_a_header(own: Settings, sign: str) -> None:
    forged = f"Bonjour{sign}Bcc: tous@exemple.ca"

    with pytest.raises(UnsafeFieldError, match=r"."):
        _compose(own, rendered=Rendered(forged, "x", "x"))
    with pytest.raises(UnsafeFieldError):
        _compose(own, headers={"List-Id": forged})


@pytest.mark.parametrize(
    "hidden",
    [
        "=?utf-8?q?Bonjour=0D=0ABcc=3A_tous=40exemple=2Eca?=",
        "=?utf-8?b?Qm9uam91cg0KQmNjOiB0b3VzQGV4ZW1wbGUuY2E=?=",
        "Bonjour =?us-ascii?Q?=0ABcc=3A_tous=40exemple=2Eca?= ici",
    ],
)
def test_what_looks_encoded_is_read_as_it_was_written(own: Settings, hidden: str) -> None:
    """The standard library would decode these words, then write the line that they hide."""
    envelope = compose(
        replace(RENDERED, subject=hidden),
        recipient="ada@exemple.ca",
        message_id="<1@exemple.ca>",
        locale="fr",
        settings=own,
        sender_name=hidden,
    )

    message = _parsed(envelope)
    assert "Bcc" not in message
    assert message.keys().count("Subject") == 1
    as_sent = email.message_from_bytes(envelope.data)
    assert str(make_header(decode_header(as_sent["Subject"]))) == hidden
    assert str(make_header(decode_header(parseaddr(as_sent["From"])[0]))) == hidden
    with pytest.raises(UnsafeFieldError):
        _compose(own, headers={"List-Id": hidden})
    with pytest.raises(UnsafeFieldError):
        clean_address("=?utf-8?q?a=0D=0A?=@exemple.ca")


def test_an_accented_domain_becomes_ascii() -> None:
    assert clean_address("ada@québec.example") == "ada@xn--qubec-csa.example"


def test_a_subject_stays_on_one_line_and_keeps_its_no_break_spaces() -> None:
    assert one_line(" Réponse\n\n  à «\u00a0Répit\u00a0» ") == "Réponse à «\u00a0Répit\u00a0»"


def test_text_and_html_say_the_same(own: Settings) -> None:
    rendered = render("test_message", {"asked_at": ASKED_AT}, settings=own)
    tree = html5lib.parse(rendered.html, namespaceHTMLElements=False)
    shown = " ".join(" ".join(tree.itertext()).split())

    for said in ("Ce message est bien arrivé", "21 novembre 2026", "https://savoirs.exemple.ca/"):
        assert said in rendered.text
        assert said in shown


def test_a_message_speaks_the_language_in_force(own: Settings) -> None:
    with use_locale("en"):
        rendered = render("test_message", {"asked_at": ASKED_AT}, settings=own)

    assert '<html lang="en"' in rendered.html


def test_styles_are_inlined_and_dark_mode_is_kept(own: Settings) -> None:
    html = render("test_message", {"asked_at": ASKED_AT}, settings=own).html

    assert re.search(r'class="button"[^>]*style="[^"]*background-color: #0f4c4a', html)
    assert "prefers-color-scheme: dark" in html
    assert html.count("<style") == 1
    assert "<img" not in html
    assert "http" not in html.replace("https://savoirs.exemple.ca", "").replace(
        "http://www.w3.org/1999/xhtml", ""
    )


def test_markup_in_a_parameter_is_only_text(tmp_path: Path) -> None:
    own = _settings(tmp_path, INTERS4_MAIL_SENDER="<b>Gras</b>")

    rendered = render("test_message", {"asked_at": ASKED_AT}, settings=own)

    assert "<b>" not in rendered.html
    assert "&lt;b&gt;Gras" in rendered.html
    assert "<b>Gras</b>" in rendered.text


def test_a_missing_parameter_is_an_error_and_not_a_hole(own: Settings) -> None:
    with pytest.raises(Exception, match="asked_at"):
        render("test_message", {}, settings=own)


def test_a_maildir_holds_the_message_for_any_mail_program(own: Settings, tmp_path: Path) -> None:
    MaildirTransport(tmp_path / "courriels").send(_compose(own))

    (stored,) = mailbox.Maildir(tmp_path / "courriels", create=False)
    assert stored["Message-ID"] == "<1@exemple.ca>"


def test_a_message_sent_twice_makes_one_file(own: Settings, tmp_path: Path) -> None:
    directory = tmp_path / "courriels"
    MaildirTransport(directory).send(_compose(own))
    MaildirTransport(directory).send(_compose(own))
    (unread,) = (directory / "new").iterdir()
    unread.rename(directory / "cur" / f"{unread.name}:2,S")

    MaildirTransport(directory).send(_compose(own))

    assert not list((directory / "new").iterdir())
    assert not list((directory / "tmp").iterdir())
    assert len(list((directory / "cur").iterdir())) == 1


def test_a_maildir_that_cannot_be_written_says_so(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "courriels").write_text("a file")

    with pytest.raises(RelayUnreachable, match="Impossible d’écrire"):
        MaildirTransport(tmp_path / "courriels").send(_compose(own))


def test_the_check_sends_one_message_and_says_where_it_is(own: Settings) -> None:
    result = check_mail(own, "ada@exemple.ca")

    assert result.is_ok
    assert str(own.data_dir / "courriels") in result.message
    assert len(mailbox.Maildir(own.data_dir / "courriels", create=False)) == 1


def test_the_check_refuses_what_is_not_an_address(own: Settings) -> None:
    transport = MemoryTransport()
    before = len(transport.sent)

    result = check_mail(own, "ada", transport=transport)

    assert not result.is_ok
    assert "n’est pas une adresse" in result.message
    assert len(transport.sent) == before


def test_the_text_part_can_be_read_alone(own: Settings) -> None:
    rendered = render("test_message", {"asked_at": ASKED_AT}, settings=own)
    text = _part(_parsed(_compose(own, rendered=rendered)), "plain")

    assert "<" not in text
    assert "&" not in text
    assert "\n\n\n" not in text


def test_a_message_bears_the_name_it_is_given_and_comes_back_where_it_says(own: Settings) -> None:
    envelope = compose(
        RENDERED,
        recipient="ada@exemple.ca",
        message_id="<1@exemple.ca>",
        locale="fr",
        settings=own,
        sender_name="Infolettre « En bref »",
        returns_to="retours+1@exemple.ca",
    )

    assert envelope.sender == "retours+1@exemple.ca"
    assert _parsed(envelope)["From"] == "Infolettre « En bref » <savoirs@exemple.ca>"


def test_what_is_written_is_what_is_read_whatever_the_signs(own: Settings) -> None:
    text = "Été\u00a0: 50\u00a0%\n.\nFrom ici\nespaces  \n" + "é" * 300 + "\nfin\u2028sans ligne\n"
    rendered = Rendered("Bonjour", text, f"<p>{text}</p>")

    message = _parsed(_compose(own, rendered=rendered))

    assert _part(message, "plain").replace("\r\n", "\n") == text
    assert _part(message, "html").replace("\r\n", "\n") == f"<p>{text}</p>\n"
    body = _compose(own, rendered=rendered).data.partition(b"\r\n\r\n")[2]
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
