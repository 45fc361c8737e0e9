"""OPML: what readers export, what strangers break, and what is written is read back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inters4.core.errors import TooLarge
from inters4.veille.exports.opml import write_opml
from inters4.veille.forms.opml import MOST_FEEDS, OpmlRefused, read_opml, tidy
from inters4.veille.models import Source, SourceKind, SourceTheme
from inters4.veille.services.subscribing import Wanted

NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mes flux</title></head><body>
  <outline text="Santé"><outline title="Télésanté">
    <outline type="rss" text="Une revue" xmlUrl="https://revue.example/flux"
      htmlUrl="https://revue.example/" language="fr-CA"/>
  </outline></outline>
  <outline TEXT="Seule" XMLURL="https://seule.example/flux" category="/domicile,/telesante/ia"/>
</body></opml>""".encode()


def test_folders_and_categories_are_read() -> None:
    assert read_opml(NESTED) == [
        Wanted(
            line=4,
            name="Une revue",
            url="https://revue.example/flux",
            site_url="https://revue.example/",
            language="fr",
            folders=("Santé", "Télésanté"),
        ),
        Wanted(
            line=7,
            name="Seule",
            url="https://seule.example/flux",
            themes=("domicile", "telesante.ia"),
        ),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Bonjour",
        b"<rss/>",
        b"<opml><body>",
        b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body/></opml>',
        b'<!DOCTYPE o [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><opml>&b;</opml>',
        b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml>&a;</opml>',
        b'<!DOCTYPE o [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]><opml/>',
        b"<?xml version='1.0' encoding='utf-7'?><opml/>",
        b"<opml>" + b"<outline>" * 50,
        b"<opml><body><outline text='a\xff'/></body></opml>",
    ],
)
def test_what_is_no_opml_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(OpmlRefused) as refusal:
        read_opml(data)

    assert refusal.value.message.endswith(".")


def test_an_external_doctype_is_never_fetched() -> None:
    data = b'<!DOCTYPE opml SYSTEM "http://127.0.0.1/x.dtd"><opml><body/></opml>'

    assert read_opml(data) == []


def test_a_file_that_holds_too_much_is_refused() -> None:
    line = b'<outline xmlUrl="https://a.example/"/>'
    with pytest.raises(TooLarge):
        read_opml(b"<opml>" + line * (MOST_FEEDS + 1) + b"</opml>")
    with pytest.raises(TooLarge):
        read_opml(b" " * 5_000_001)


texts = st.text(max_size=40).map(tidy)
names = texts.filter(bool)
addresses = st.integers(0, 10_000).map(lambda number: f"https://revue.example/{number}?a=1&b=<2>")
themes = st.lists(st.sampled_from(["domicile", "telesante.ia", "aines"]), unique=True, max_size=3)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    return Source(
        kind=SourceKind.FEED,
        name=draw(names),
        url=draw(addresses),
        site_url=draw(st.sampled_from(["", "https://revue.example/\"'&"])),
        language=draw(st.sampled_from(["", "fr", "en"])),
        category=draw(st.lists(names, max_size=4)),
        themes=[SourceTheme(theme=one, position=at) for at, one in enumerate(draw(themes))],
    )


@given(st.lists(sources(), max_size=8), st.text(max_size=30))
def test_what_is_exported_is_read_back_the_same(given: list[Source], title: str) -> None:
    found = read_opml(write_opml(title, given).encode("utf-8", errors="replace"))

    def told(one: Wanted) -> tuple[object, ...]:
        return (one.name, one.url, one.site_url, one.language, one.folders, one.themes)

    expected = [
        (
            one.name,
            one.url,
            one.site_url,
            one.language,
            tuple(one.category),
            tuple(row.theme for row in one.themes),
        )
        for one in given
    ]
    assert sorted(map(told, found), key=repr) == sorted(expected, key=repr)
