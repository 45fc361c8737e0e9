"""What went wrong with a source, in words."""

import re
from pathlib import Path

import pytest

from inters4.core import fetch
from inters4.veille.exports.failures import worded


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", ""),
        ("status 404", "Cette adresse n’existe pas, ou n’existe plus (404)."),
        ("status 418", "Le site n’a pas donné le flux (418)."),
        ("status 502", "Le site est en panne (502)."),
        ("private localhost", "« localhost » mène à un réseau privé : le portail n’y va pas."),
        ("doctype", "Ce flux déclare des entités dans un DOCTYPE : il n’est pas lu."),
        ("late revue.example", "Le site n’a pas répondu en entier dans le temps prévu."),
        ("d’un autre temps", "La visite a échoué."),
    ],
)
def test_a_code_is_a_sentence(code: str, sentence: str) -> None:
    assert worded(code) == sentence


def test_every_word_that_fetching_says_has_a_sentence() -> None:
    room = Path(fetch.__file__).parent
    said = {
        code
        for path in room.glob("*.py")
        for code in re.findall(r'code(?: =|=)\s*"([a-z]+)"', path.read_text(encoding="utf-8"))
    }

    unknown = worded("d’un autre temps")
    assert {"private", "late", "unreadable", "certificate"} <= said
    assert {code for code in said - {"failed"} if worded(code) == unknown} == set()
