"""Pages are read by a short cut in the tests: it gives what html5lib gives, faults included."""

from xml.etree.ElementTree import tostring

import html5lib
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.quick_html import QuickParser

_PIECES = (
    *("<p>", "</p>", '<a href="/x" class="b c">', "</a>", "<ul>", "<li>", "</ul>", "<br>", "<br/>"),
    *("<table>", "<tr><td>", "</table>", "<svg viewBox='0'>", '<use href="#a"/>', "</svg>"),
    *('<input id="a" id="a">', '<input value="a&amp;b" required>', "<div/>", "</p class=x>"),
    *("<script>if (a<b) {}</script>", "<textarea>\n<p></textarea>", "<title>a</title>", "<B>"),
    *("texte", " ", "\n", "&nbsp;", "&", "<", ">", '"', "=", "\0", "é", "<!-- a -->", '<p a="\n">'),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=40))
def test_the_short_cut_reads_what_the_state_machine_reads(pieces: list[str]) -> None:
    html = "<!doctype html><html lang=fr><head></head><body>" + "".join(pieces)
    slow, quick = (
        parser(namespaceHTMLElements=False) for parser in (html5lib.HTMLParser, QuickParser)
    )

    trees = [tostring(parser.parse(html)) for parser in (slow, quick)]

    assert trees[0] == trees[1]
    assert quick.errors == slow.errors


def test_a_tag_cut_by_the_end_of_what_was_read_is_whole() -> None:
    html = "<!doctype html><title>a</title>" + '<p class="b">a</p>\n' * 2_000 + "</i>"
    slow, quick = (
        parser(namespaceHTMLElements=False) for parser in (html5lib.HTMLParser, QuickParser)
    )

    assert tostring(slow.parse(html)) == tostring(quick.parse(html))
    assert quick.errors == slow.errors
    assert quick.errors[0][0] == (2_001, 4)
