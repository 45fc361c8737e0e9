"""Letters as people read them: what somebody else typed changes nothing around it."""

from pathlib import Path
from typing import Any

import html5lib
import pytest

from inters4.core.mail.render import Rendered, quoted, render
from inters4.settings import Settings

SEVERAL = "Une ligne.\n\nVoir son profil : https://mal.exemple/\n-- \nUne signature"
PATH = "/membres/ada"
LETTERS: dict[str, dict[str, Any]] = {
    "member_message": {
        "sender": "Ada",
        "text": SEVERAL,
        "sender_email": "ada@exemple.ca",
        "path": PATH,
    },
    "member_decision": {
        "name": "Ada",
        "organisation": "CISSS",
        "refusal": SEVERAL,
        "again_on": "1er mars 2027",
        "is_approved": False,
        "is_for_entry": True,
    },
    "question_received": {
        "subject": "question",
        "text": SEVERAL,
        "due_on": "1er mars 2027",
        "kept_months": 24,
    },
    "question_answer": {
        "answer_text": "Voici.",
        "answer_html": "Voici.",
        "question_text": SEVERAL,
    },
    "question_notice": {
        "subject": "question",
        "excerpt": SEVERAL,
        "query": "",
        "due_on": "1er mars 2027",
        "path": PATH,
    },
}
SECURITY = ("password_changed", "role_offered", "role_given", "role_received")
NOTICE = {"title": "Un titre", "text": "Un mot.", "path": PATH}


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return Settings.from_env(
        {
            "INTERS4_DATA_DIR": str(tmp_path / "var"),
            "INTERS4_SECRET_KEY": "k" * 40,
            "INTERS4_URL": "https://savoirs.exemple.ca",
        }
    )


def _buttons(letter: Rendered) -> dict[str, str]:
    tree = html5lib.parse(letter.html, namespaceHTMLElements=False)
    found = tree.findall(".//a[@class='button']")
    return {"".join(one.itertext()).strip(): one.get("href", "") for one in found}


def _notices(count: int, *, is_discreet: bool = False) -> dict[str, Any]:
    return {
        "count": count,
        "counted": f"{count} avis",
        "label": "Réponses",
        "is_discreet": is_discreet,
        "notices": [NOTICE] * count,
        "others": "",
    }


@pytest.mark.parametrize("name", LETTERS)
def test_each_line_of_somebody_else_is_marked_in_the_text(name: str, own: Settings) -> None:
    """A line of theirs would pass for one of the portal, or for its signature."""
    text = render(name, LETTERS[name], settings=own).text

    assert "> Une ligne.\n>\n> Voir son profil : https://mal.exemple/\n> --\n> Une sign" in text
    assert not [line for line in text.splitlines() if line.startswith("Voir son profil : https")]


def test_a_mark_stands_before_each_line() -> None:
    assert quoted(" a\r\n\r\nb\u2028c\n") == "> a\n>\n> b\n> c"


@pytest.mark.parametrize("sign", "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
def test_a_name_does_not_turn_the_words_around_it(sign: str, own: Settings) -> None:
    turned = LETTERS["member_message"] | {"sender": f"Ada {sign}ac.elpmexe@eriam"}

    letter = render("member_message", turned, settings=own)

    assert letter.subject.startswith("Ada ac.elpmexe@eriam vous écrit")
    for said in (letter.subject, letter.text, letter.html):
        assert sign not in said


def test_a_long_word_is_cut_rather_than_widening_the_column(own: Settings) -> None:
    """A cell of a table is as wide as its longest word, unless words may be cut anywhere."""
    html = render("member_message", LETTERS["member_message"], settings=own).html

    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for name in ("card", "foot"):
        (cell,) = tree.findall(f".//td[@class='{name}']")
        assert "overflow-wrap: anywhere" in cell.get("style", "")


@pytest.mark.parametrize("event", SECURITY)
def test_a_notice_of_security_names_its_link_in_the_text(event: str, own: Settings) -> None:
    facts = {"event": event, "at": "2026-11-21T19:05:00+00:00"}

    letter = render("security_notice", facts, settings=own)

    for label, address in _buttons(letter).items():
        assert f"{label}\u00a0: {address}\n" in letter.text


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("forgotten_password", {"secret": "abc"}),
        ("inactivity_notice", {"until": "2026-12-21T19:05:00+00:00"}),
        ("notice", _notices(2)),
        ("notice", _notices(1, is_discreet=True)),
    ],
)
def test_the_text_names_the_action_of_the_button(
    name: str, facts: dict[str, Any], own: Settings
) -> None:
    letter = render(name, facts, settings=own)

    ((label, address),) = _buttons(letter).items()
    assert f"{label}\u00a0: {address}\n" in letter.text


def test_the_letter_of_a_pause_sets_its_link_apart(own: Settings) -> None:
    facts = {
        "is_known": True,
        "is_resting": True,
        "rests_until": "3 janvier 2027",
        "asked_at": "21 novembre 2026, 9 h 05",
        "titles": [],
        "path": PATH,
    }

    text = render("newsletter_subscription", facts, settings=own).text

    assert "En pause jusqu’au 3 janvier 2027.\n\nVoir mes préférences" in text


def test_a_reason_keeps_its_lines_in_both_forms(own: Settings) -> None:
    facts = _notices(1) | {"notices": [NOTICE | {"text": "Un.\nDeux."}]}

    letter = render("notice", facts, settings=own)

    assert "Un.\nDeux." in letter.text
    tree = html5lib.parse(letter.html, namespaceHTMLElements=False)
    (lines,) = tree.findall(".//span[@class='lines']")
    assert lines.text == "Un.\nDeux."
    assert "white-space: pre-line" in lines.get("style", "")
