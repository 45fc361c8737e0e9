"""Messages of a series are what each of them would be, written alone."""

import email
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inters4.core.clock import now
from inters4.core.mail.bodies import Body
from inters4.core.mail.compose import Letterhead, UnsafeFieldError, compose
from inters4.core.mail.render import Rendered
from inters4.settings import Settings

LEAVE, CHOOSE = "\uf8f0leave\uf8f1", "\uf8f0choose\uf8f1"
VALUES = {LEAVE: "https://exemple.ca/a?b=1&c=é" + "x" * 90, CHOOSE: "https://exemple.ca/d"}


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return Settings.from_env(
        {
            "INTERS4_DATA_DIR": str(tmp_path / "var"),
            "INTERS4_SECRET_KEY": "k" * 40,
            "INTERS4_MAIL_SENDER": "Équipe de courtage",
            "INTERS4_MAIL_FROM": "savoirs@exemple.ca",
        }
    )


words = st.lists(
    st.one_of(
        st.sampled_from([LEAVE, CHOOSE, "\n", ".\n", " \n", "\r\n", "=", "é" * 40, "\u2028", "."]),
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\uf8f0\uf8f1")),
    )
)


@given(text=words, html=words)
@example(text=["\n", LEAVE], html=[LEAVE, LEAVE, "\n", "a", "\n", CHOOSE])
def test_a_body_with_gaps_filled_is_the_body_of_the_filled_message(
    text: list[str], html: list[str]
) -> None:
    gapped = Rendered("", "".join(text), "".join(html))
    whole = Rendered(
        "",
        gapped.text.replace(LEAVE, VALUES[LEAVE]).replace(CHOOSE, VALUES[CHOOSE]),
        gapped.html.replace(LEAVE, VALUES[LEAVE].replace("&", "&amp;")).replace(
            CHOOSE, VALUES[CHOOSE]
        ),
    )

    assert Body(gapped, gaps=tuple(VALUES)).filled(VALUES) == Body(whole).filled()


def test_a_letterhead_writes_what_is_its_own_to_each(own: Settings) -> None:
    letterhead = Letterhead(
        "L’infolettre", locale="fr", settings=own, headers={"List-Id": "<en-bref.exemple.ca>"}
    )
    body = Body(Rendered("", "Bonjour\n", "<p>Bonjour</p>")).filled()

    for name in ("ada", "bea"):
        envelope = letterhead.address(
            body,
            recipient=f"{name}@exemple.ca",
            message_id=f"<{name}@exemple.ca>",
            headers={"List-Unsubscribe": f"<https://exemple.ca/{name}>, <mailto:x@exemple.ca>"},
        )
        message = email.message_from_bytes(envelope.data, policy=policy.strict)
        assert not message.defects
        assert message["To"] == envelope.recipient == f"{name}@exemple.ca"
        assert message["Message-ID"] == envelope.message_id == f"<{name}@exemple.ca>"
        assert message["List-Unsubscribe"].startswith(f"<https://exemple.ca/{name}>,")
        assert message["List-Id"] == "<en-bref.exemple.ca>"
        assert message["Subject"] == "L’infolettre"
        assert now() - message["Date"].datetime < timedelta(minutes=1)
        assert len(message.keys()) == len(set(message.keys()))
        assert {part.get_content().strip() for part in message.iter_parts()} == {
            "Bonjour",
            "<p>Bonjour</p>",
        }


@pytest.mark.parametrize(
    "field",
    [
        {"recipient": "ada@exemple.ca\r\nBcc: tous@exemple.ca"},
        {"recipient": "ada@exemple.ca, bea@exemple.ca"},
        {"message_id": "<1@exemple.ca>\r\nBcc: tous@exemple.ca"},
        {"headers": {"List-Unsubscribe": "<https://exemple.ca>\r\nBcc: tous@exemple.ca"}},
        {"headers": {"List-Unsubscribe": "<https://exemple.ca/é>"}},
        {"returns_to": "retours@exemple.ca> SIZE=1\r\nRCPT TO:<tous@exemple.ca"},
    ],
)
def test_nothing_that_is_a_reader_s_own_adds_a_field(
    own: Settings, field: dict[str, object]
) -> None:
    letterhead = Letterhead("Objet", locale="fr", settings=own)
    given_ = {"recipient": "ada@exemple.ca", "message_id": "<1@exemple.ca>", **field}

    with pytest.raises(UnsafeFieldError):
        letterhead.address(b"", **given_)  # type: ignore[arg-type]


def test_one_message_is_a_series_of_one(own: Settings) -> None:
    rendered = Rendered("Objet", "Bonjour\n", "<p>Bonjour</p>")

    envelope = compose(
        rendered, recipient="ada@exemple.ca", message_id="<1@exemple.ca>", locale="fr", settings=own
    )

    assert envelope.data.endswith(Body(rendered).filled())
