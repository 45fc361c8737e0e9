"""A page that is plainly well formed is read by a short cut: html5lib would say the same of it."""

from xml.etree.ElementTree import tostring

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.plain_html import read_plain

_NAMES = (
    *("p", "div", "a", "span", "strong", "ul", "li", "dl", "dt", "dd", "h2", "form", "button"),
    *("pre", "table", "caption", "thead", "tbody", "tr", "td", "th", "colgroup", "select"),
    *("optgroup", "option", "datalist", "textarea", "title", "script", "style", "svg", "g"),
    *("text", "details", "summary", "section", "noscript", "template", "iframe", "label", "em"),
    *("body", "head", "html"),
)
_ATTRIBUTES = (
    *("", "", "", ' class="a  b"', ' id="a" id="b"', " hidden", ' title="a &amp; b>"', " a='\"'"),
    *(' viewBox="0 0 1 1"', ' viewbox=""', ' href="/?a&b"', ' onX=""', ' lang="fr"\n', "/"),
)
_TEXTS = (
    *("texte", " ", "\n", "\r\n", "\n\na", "&nbsp;", "&amp;&#39;", "&copy;", "&", "<", "> ", '"'),
    *("\0", "é", "<br>", "<br/>", "<hr>", "<input required>", "<!-- a -->", "<rect/>", "\x0c"),
    *("</p>", "<p>", "<i", "</div>", '<use href="#a"/>', "<col>", "<meta>", "</a b>", "\U0001f600"),
)


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.tuples(st.sampled_from(_NAMES), st.sampled_from(_ATTRIBUTES), st.lists(inner))
    return tags.map(lambda tag: f"<{tag[0]}{tag[1]}>{''.join(tag[2])}</{tag[0]}>")


_PARTS = st.recursive(st.sampled_from(_TEXTS), _nested, max_leaves=12)


def _page(body: str, *, head: str = "<title>a</title>") -> str:
    return (
        f'<!doctype html>\n<html lang="fr">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n'
        "</html>\n"
    )


def _same(page: str) -> bool:
    """True when the short cut reads the page; then it must be as html5lib reads it."""
    quick = read_plain(page)
    if quick is None:
        return False
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    assert tostring(parser.parse(page)) == tostring(quick)
    assert parser.errors == []
    return True


@given(st.lists(_PARTS, max_size=6), st.lists(_PARTS, max_size=2))
def test_what_is_read_is_what_html5lib_reads_without_an_error(
    body: list[str], head: list[str]
) -> None:
    _same(_page("".join(body)))
    _same(_page("".join(body), head="<title>a</title>" + "".join(head)))


@pytest.mark.parametrize(
    "body",
    [
        "<p>a &amp; b&nbsp;: <a href='/x?a=1&amp;b=2'>c<br></a></p><hr/><ul><li>d</li></ul>",
        "<table><caption>a</caption><colgroup><col></colgroup><tbody><tr></tr></tbody></table>",
        "<table>\n<thead>\n<tr><th>a</th></tr></thead><tbody><tr><td><p>b</p></td></tr></tbody></table>",
        "<form><select><optgroup><option selected>a</option></optgroup></select></form>",
        "<textarea>\n\na</textarea><pre>\nb<br>\nc</pre><dl><div><dt>d</dt></div><dd>e</dd></dl>",
        '<svg viewBox="0 0 1 1"><g><title>a &lt; b</title><rect/></g><text>c</text></svg>',
        "<script>a && b > c</script><style>a > b {}</style><iframe></iframe>é\r\n",
    ],
)
def test_what_pages_are_made_of_is_read_by_the_short_cut(body: str) -> None:
    assert _same(_page(body))


@pytest.mark.parametrize(
    "body",
    [
        *("<p><div></div></p>", "<a><a></a></a>", "<li>a</li><dd>b</dd>", "<table>a</table>"),
        *("<h2><h3>a</h3></h2>", "<div></span></div>", "<div>", "</div>", "<tr></tr>", "&copy;"),
        *("<table><tr></tr></table>", "<p id='a' id='b'></p>", "<div/>", "<b><i></b></i>", "a < b"),
        *("<svg><p></p></svg>", "<svg viewbox=''></svg>", "<select><p></p></select>", "\0"),
        *("<!-- a -->", "<form><p><form></form></p></form>", "<button><button></button></button>"),
    ],
)
def test_what_may_be_wrong_is_looked_at_closer(body: str) -> None:
    assert read_plain(_page(body)) is None
