"""The text part of a message: read as it stands, without any HTML."""

import pytest

from inters4.newsletters.exports.message.plain import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Un</p><p>Deux</p>", "Un\n\nDeux"),
        ("<p>Un<br>Deux</p>", "Un\nDeux"),
        ("<h2>Titre</h2><p>Un</p>", "Titre\n-----\n\nUn"),
        ("<p>Un</p><ul>\n<li>a</li>\n<li>b</li>\n</ul><p>Deux</p>", "Un\n\n- a\n- b\n\nDeux"),
        ("<ul><li>a</li></ul><ol><li>b</li><li>c</li></ol>", "- a\n\n1. b\n2. c"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b"),
        ("<blockquote><p>Un</p></blockquote><p>Deux</p>", "> Un\n\nDeux"),
        (
            "<table><tr>\n<th>A</th>\n<th>B</th></tr>\n<tr>\n<td>1</td>\n<td>2</td></tr></table>",
            "A | B\n1 | 2",
        ),
        ('<p><img alt="Une carte" src="/x.png"></p>', "Une carte"),
        ('<p><a href="https://exemple.ca/a">Lire</a></p>', "Lire <https://exemple.ca/a>"),
        ('<p><a href="https://exemple.ca/a">exemple.ca/a</a></p>', "exemple.ca/a"),
        ('<div class="preheader">Caché</div><p>Vu</p>', "Vu"),
        ("<!--[if mso]><table><tr><td>x<![endif]--><p>Vu</p>", "Vu"),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert text_of(html) == text


def test_lines_are_short_but_for_addresses() -> None:
    address = "https://exemple.ca/" + "a" * 90

    lines = text_of(f"<p>{'des mots ' * 40}</p><p>{address}</p>").split("\n")

    assert max(len(line) for line in lines if line != address) <= 72
    assert address in lines
