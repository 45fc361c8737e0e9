"""Trusted HTML: what a text may become, and the attacks that must come out harmless."""

import re
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from inters4.core.errors import DomainError, TooLarge
from inters4.core.richtext import (
    RENDERER_VERSION,
    Profile,
    TooIntricate,
    excerpt,
    plain_text,
    render,
    sanitize,
    with_people,
)

DOCUMENT, POST = Profile.DOCUMENT, Profile.POST

# Written apart from the code's own list, so that widening one fails here.
ALLOWED: dict[str, set[str]] = {
    **{
        tag: set()
        for tag in [
            "p",
            "br",
            "hr",
            "blockquote",
            "pre",
            "code",
            "kbd",
            "em",
            "strong",
            "del",
            "sub",
            "u",
            "b",
            "i",
        ]
    },
    **{
        tag: set()
        for tag in ["ul", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr"]
    },
    **{tag: {"id"} for tag in ["h2", "h3", "h4", "h5", "h6", "li", "sup"]},
    "a": {"href", "title", "rel", "class"},
    "img": {"src", "alt", "title", "loading", "width", "height"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan", "class"},
    "td": {"colspan", "rowspan", "class"},
    "div": {"class"},
}
CLASSES = {
    *("footnote", "footnote-ref", "footnote-backref"),
    *("text-end", "text-center", "text-start"),
}

ATTACKS = [
    # scripts and handlers
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<a href=x onmouseover=alert(1)>x</a>",
    "<sup onclick=alert(1)>1</sup>",
    "<sup\nonclick=alert(1)>1</sup>",
    "<br onmouseover=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<base href=//evil.example/><link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=javascript:alert(1)><form><button formaction=javascript:alert(1)>x",
    "<input autofocus onfocus=alert(1)>",
    "<style>@import '//evil.example';</style>",
    "<p style=background:url(javascript:alert(1))>x</p>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<isindex action=javascript:alert(1)>",
    # parsers that disagree
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<math href='javascript:alert(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<title></title><img src=x onerror=alert(1)></title>",
    "<xmp></xmp><img src=x onerror=alert(1)></xmp>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    "<!DOCTYPE html [<!ENTITY x '<script>alert(1)</script>'>]>&x;",
    "<plaintext><script>alert(1)</script>",
    "<table><td><script>alert(1)</script></td></table>",
    "<select><template><style><!--</style><img src=x onerror=alert(1)>--></select>",
    "</p></div></main><script>alert(1)</script>",
    # links
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](javascript&Tab;:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](blob:https://a/b) [x](filesystem:http://a/b) [x](about:blank)",
    "[x](//evil.example) [x](/\\evil.example) [x](\\\\evil.example) [x](/\t/evil.example)",
    "[x](<javascript:alert(1)>)",
    "[x](javascript://%0aalert(1))",
    "[x](http://a.ca 't\" onmouseover=alert(1) x=\"')",
    "[x](http://a.ca '\"><script>alert(1)</script>')",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[y]\n\n[y]: data:text/html,x '\" onclick=alert(1)'",
    "<javascript:alert(1)>",
    "<javascript://x>",
    "<data:text/html,x>",
    "<a@b.ca' onmouseover='alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    '![x" onerror=alert(1) y="](/fichiers/abc)',
    "![x](/fichiers/../admin)",
    '![x](/fichiers/a?b=" onerror=alert(1))',
    'http://a.ca/"onmouseover=alert(1)',
    "http://a.ca/'onmouseover='alert(1)",
    "www.a.ca/<script>alert(1)</script>",
    "https://a.ca/&quot;onclick=alert(1)&quot;",
    "javascript:alert(1) data:text/html,x",
    "https://a.ca/[x](javascript:alert(1))",
    # clobbering
    "<img name=getElementById><a id=csrf-token>x</a>",
    "<form id=search><input name=attributes></form>",
    "# contenu\n\n[x](#contenu)",
    "x[^contenu]\n\n[^contenu]: y",
    'x[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: y',
    # code
    "```html\n</code></pre><script>alert(1)</script>\n```",
    '```" onclick=alert(1)\nx\n```',
    "``` { .x onclick=alert(1) }\nx\n```",
    "`</code><img src=x onerror=alert(1)>`",
    "    </pre><script>alert(1)</script>",
    # characters
    "\u0002wzxhzdk:0\u0003 \u0002klzzwxh:0\u0003<script>alert(1)</script>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u2028<img\u00a0src=x\u3000onerror=alert(1)>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<\u0130mg src=x onerror=alert(1)> <\u017fcript>alert(1)</\u017fcript>",
    "\ud800<script>\udfffalert(1)</script>",
    "| a | b |\n|---|:-:|\n| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |",
    "{: onclick=alert(1) }\n# x {: #csrf onclick=alert(1) }",
    "*[x]: javascript:alert(1)\nx",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
]


def _elements(html: str) -> list[Element]:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [node for node in tree.iter() if node is not tree]


def _assert_harmless(html: str) -> None:
    for node in _elements(html):
        assert isinstance(node.tag, str), "a comment came through"
        assert node.tag in ALLOWED, html
        for name, value in node.attrib.items():
            assert name in ALLOWED[node.tag], html
            _assert_value_is_harmless(name, value)


def _assert_value_is_harmless(name: str, value: str) -> None:
    if name == "href":
        assert not re.search(r"[\x00-\x20\\]", value.strip("\x20")) or ":" in value
        parts = urlsplit(value)
        assert parts.scheme in {"http", "https", "mailto", "tel"} or re.match(r"[/#?](?!/)", value)
    elif name == "src":
        assert re.fullmatch(r"/fichiers/[\w/.-]+", value)
        assert ".." not in value
    elif name == "id":
        assert value.startswith("texte-")
    elif name == "class":
        assert set(value.split()) <= CLASSES
    elif name == "rel":
        assert "noopener" in value


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_comes_out_harmless(attack: str, profile: Profile) -> None:
    html = render(attack, profile=profile).html
    _assert_harmless(html)
    _assert_harmless(render(f"- a\n\n    > {attack}\n", profile=profile).html)
    if profile is POST:
        assert not any(node.get("id") for node in _elements(html))


@pytest.mark.parametrize("attack", ATTACKS)
def test_html_from_elsewhere_comes_out_harmless(attack: str) -> None:
    cleaned = sanitize(attack.encode("utf-8", "replace").decode())

    _assert_harmless(cleaned)
    assert not [node for node in _elements(cleaned) if node.tag in {"img", "h2"}]


FRAGMENTS = st.sampled_from(
    [
        *("<", ">", '"', "'", "`", "[", "](", ")", "javascript:", "&#106;", "<!--", "-->", "\n"),
        *("\n\n", "<svg>", "<math>", "<style>", "</style>", "<img src=x onerror=1 ", "*", "|"),
        *("> ", "- ", "#", "http://a.ca/", "www.b.ca", "[^1]", "[^1]: ", "~~~\n", "\\", "&"),
        *("<sup>", "</sup>", "\u2028"),
    ]
)


@settings(max_examples=150)
@given(
    source=st.lists(FRAGMENTS | st.text(max_size=4), max_size=30).map("".join),
    profile=st.sampled_from(Profile),
)
def test_any_text_is_rendered_harmless_or_refused(source: str, profile: Profile) -> None:
    try:
        html = render(source, profile=profile).html
    except DomainError:
        return
    _assert_harmless(html)


@pytest.mark.parametrize(
    "sign",
    [
        *(
            "[",
            "![",
            "](",
            "[](",
            "[^",
            "*",
            "_",
            "**a",
            ">",
            "> ",
            "`",
            "``` ",
            "~",
            "<",
            "&",
            "|",
            "(",
        ),
        *(
            "#",
            "\n#",
            "- ",
            "1. ",
            "\\",
            "<!--",
            "*a*",
            "a\n=\n",
            "|a|\n|-|\n",
            "[a]: b\n",
            "<sup>",
        ),
    ],
)
def test_a_hundred_thousand_signs_are_answered(sign: str) -> None:
    source = (sign * 100_000)[:100_000]
    try:
        _assert_harmless(render(source, profile=DOCUMENT).html[:2_000].rpartition("<")[0])
    except DomainError as refusal:
        assert refusal.message  # noqa: PT017  (either answer is right)


@pytest.mark.parametrize(
    "source",
    [
        ">" * 9 + " a",
        "> " * 9 + "a",
        "- " * 9 + "a",
        "1. " * 300 + "a",
        "> - " * 5 + "a",
        " " * 40 + "- a",
        "\t" * 9 + "- a",
        "[" * 2_001,
        "*" * 10_001,
        "\n# a" * 1_001,
        "|" * 200 + "\n" + "|\n" * 200,
        "x[^1] " * 601,
        "a\n\n" * 3_001,
        "- a\n" * 3_001,
        "a  \n" * 3_001,
        "> a\n\n" * 3_001,
        "a\n: b\n: c\n" * 900,
        "[a]: b\n" * 1_500,
        "[a]: b\n&amp; - > a\n" * 900,
        "> # a\n" * 900,
        "a\n---\n" * 990,
        "|a|b|\n" * 2_900,
    ],
)
def test_what_nests_or_repeats_beyond_reason_is_refused(source: str) -> None:
    with pytest.raises(TooIntricate):
        render(source, profile=DOCUMENT)


@pytest.mark.parametrize(
    "source",
    ["a\n\n" * 2_001, "- a\n" * 2_001, "`a` " * 2_001, "|a|b|\n|-|-|\n" + "|c|d|\n" * 999],
)
def test_a_message_repeats_less_than_a_document(source: str) -> None:
    render(source, profile=DOCUMENT)

    with pytest.raises(TooIntricate):
        render(source, profile=Profile.POST)


@pytest.mark.parametrize(
    "source",
    [
        "Un paragraphe d’une taille courante, sur une seule ligne.\n\n" * 1_500,
        "- Un élément de liste assez long pour tenir sur plus d’une ligne d’écran.\n" * 1_000,
        "".join(f"[^{number}]: Une note et sa référence complète.\n" for number in range(150)),
        "|a|b|c|\n|-|-|-|\n" + "|un|deux|trois|\n" * 1_500,
        "## Un titre\n\nUn paragraphe.\n\n" * 500,
    ],
)
def test_a_long_document_is_no_attack(source: str) -> None:
    assert render(source, profile=DOCUMENT).html


@pytest.mark.parametrize("profile", list(Profile))
def test_a_text_past_its_limit_is_refused_with_the_limit(profile: Profile) -> None:
    render("a" * profile.max_chars, profile=profile)
    with pytest.raises(TooLarge, match="raccourcissez"):
        render("a" * (profile.max_chars + 1), profile=profile)


def test_headings_start_where_the_page_wants_them() -> None:
    html = render("### A\n\n#### B\n\n## C\n", profile=DOCUMENT, top_heading=3).html

    assert [node.tag for node in _elements(html)] == ["h4", "h5", "h3"]


def test_headings_never_pass_level_six() -> None:
    html = render("# A\n\n###### B\n", profile=POST).html

    assert [node.tag for node in _elements(html)] == ["h4", "h6"]


def test_two_headings_alike_have_two_anchors() -> None:
    html = render("## Coût\n\n## Coût\n\n## Coût 2\n", profile=DOCUMENT).html

    assert re.findall('id="([^"]+)"', html) == ["texte-cout", "texte-cout--2", "texte-cout-2"]


def test_notes_of_two_texts_on_a_page_stay_apart() -> None:
    first = render("a[^1]\n\n[^1]: b", profile=DOCUMENT, namespace="contexte").html
    second = render("a[^1]\n\n[^1]: b", profile=DOCUMENT, namespace="pratique").html
    anchors = set(re.findall('id="([^"]+)"', first))

    assert anchors == {"texte-contexte-fn:1", "texte-contexte-fnref:1"}
    assert anchors == set(re.findall('href="#([^"]+)"', first))
    assert not anchors & set(re.findall('id="([^"]+)"', second))


def test_a_namespace_is_a_plain_word() -> None:
    with pytest.raises(ValueError, match="namespace"):
        render("a", profile=DOCUMENT, namespace='x" onclick="')


def test_tables_keep_scopes_and_alignment() -> None:
    html = render("| A | B |\n|---|--:|\n| 1 | 2 |\n", profile=DOCUMENT).html

    assert '<th scope="col">A</th>' in html
    assert '<td class="text-end">2</td>' in html


def test_bare_links_of_a_post_are_recognised() -> None:
    html = render(
        "Voir www.exemple.ca/a_(b). Puis (https://x.ca/?a=1&b=2), M.Sc. et `https://code.ca`",
        profile=POST,
    ).html
    links = [(node.get("href"), node.text, node.get("rel")) for node in _elements(html)[1:3]]

    assert links == [
        ("https://www.exemple.ca/a_(b)", "www.exemple.ca/a_(b)", "noopener nofollow ugc"),
        ("https://x.ca/?a=1&b=2", "https://x.ca/?a=1&b=2", "noopener nofollow ugc"),
    ]
    assert html.count("<a ") == 2


def test_only_links_that_leave_the_portal_are_marked() -> None:
    html = render("[a](/pratiques/x) [b](https://b.ca)", profile=POST).html

    assert '<a href="/pratiques/x">a</a>' in html
    assert '<a href="https://b.ca" rel="noopener nofollow ugc">b</a>' in html


def test_a_post_keeps_line_ends() -> None:
    assert "un<br>\ndeux" in render("un\ndeux", profile=POST).html


def test_an_image_from_elsewhere_becomes_a_link() -> None:
    html = render("![plan](https://a.ca/p.png) ![local](/fichiers/ab12)", profile=DOCUMENT).html

    assert '<a href="https://a.ca/p.png" rel="noopener">plan</a>' in html
    assert 'src="/fichiers/ab12"' in html


def test_raw_html_shows_as_text_but_for_bare_tags() -> None:
    html = render("m<sup>2</sup> H<sub>2</sub>O <b>gras</b>", profile=DOCUMENT).html

    assert html == "<p>m<sup>2</sup> H<sub>2</sub>O &lt;b&gt;gras&lt;/b&gt;</p>"


def test_the_version_travels_with_the_html() -> None:
    assert render("a", profile=POST).version == RENDERER_VERSION


def test_plain_text_does_not_glue_neighbours() -> None:
    source = "# Titre\n\nUn **gras**mot.\nsuite\n\n- a\n- b\n\n| c | d |\n|---|---|\n| e | f |\n"

    assert plain_text(source) == "Titre\nUn grasmot. suite\na\nb\nc\nd\ne\nf"


def test_plain_text_reads_markup_as_html_and_drops_scripts() -> None:
    html = Markup("<p>Un<br>deux</p><script>x</script><div>&lt;b&gt; &eacute;</div>")

    assert plain_text(html) == "Un\ndeux\n<b> é"


def test_plain_text_drops_arrows_back_from_notes() -> None:
    assert plain_text("a[^1]\n\n[^1]: b") == "a1\n\nb".replace("\n\n", "\n")


def test_an_excerpt_ends_on_a_word() -> None:
    assert excerpt("Un deux trois quatre", length=13) == "Un deux…"
    assert excerpt("Un deux trois", length=13) == "Un deux trois"
    assert excerpt("x" * 50, length=10) == "x" * 9 + "…"


def test_an_excerpt_tells_titles_and_items_apart() -> None:
    source = "## Ordre du jour\n\n1. Accueil\n2. Où est\n   Rimouski?\n3. a,\n4. Fin\n\n2027."

    assert excerpt(source) == (
        "Ordre du jour\u00a0· Accueil\u00a0· Où est Rimouski? a, Fin\u00a0· 2027."
    )
    assert excerpt("# Un\n\nDeux trois", length=6) == "Un…"


def test_a_person_named_is_told_apart_but_in_links_and_code() -> None:
    source = "@Ana O’Neil, `@Ana O’Neil`, [@Ana O’Neil](/a?b=>) et @Ana O’Neille"
    html = render(source, profile=Profile.POST).html

    shown = with_people(html, ["Ana O’Neil"])

    assert shown.count('<span class="mention">@Ana O’Neil</span>') == 1
    assert with_people(html, []) == html
    assert with_people(Markup('<p title="@Ana > @Ana">@Ana</p>'), ["Ana"]) == Markup(
        '<p title="@Ana > @Ana"><span class="mention">@Ana</span></p>'
    )
