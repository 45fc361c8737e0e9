"""Documents with a front matter: what is read, what is refused by line, what is written."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inters4.core.frontmatter import (
    ContentErrors,
    Group,
    Items,
    Plain,
    Scalar,
    dump,
    parse,
    read_document,
    split_sections,
)

UNREADABLE = "\0\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=UNREADABLE), max_size=60
)
LONG_TEXTS = st.lists(
    st.sampled_from(
        ["mot", "#", "-", "a:", " ", "\n", "«\u00a0soin\u00a0»", "x" * 40, "---", "| "]
    ),
    max_size=60,
).map(" ".join)
KEYS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=UNREADABLE),
    min_size=1,
    max_size=30,
).filter(lambda key: key != "<<")
VALUES: st.SearchStrategy[Plain] = st.recursive(
    TEXTS | LONG_TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def _document(head: str, body: str = "") -> bytes:
    return f"---\n{head}---\n{body}".encode()


def _refusals(data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(ContentErrors) as caught:
        parse(data, path="fiche.md")
    assert all(error.path == "fiche.md" for error in caught.value.errors)
    return [(error.line, error.message) for error in caught.value.errors]


def _lines(data: bytes) -> list[int]:
    return [line for line, _message in _refusals(data)]


def _depth(value: Plain) -> int:
    if isinstance(value, str):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max((_depth(item) for item in inner if not isinstance(item, tuple)), default=0)


@pytest.mark.parametrize(
    "written", ["01", "no", "2019-01-01", "1e3", "null", "~", "true", "0x1F", "12:30:45", ".inf"]
)
def test_a_scalar_stays_as_written(written: str) -> None:
    assert parse(_document(f"a: {written}\n"), path="x").entries["a"] == Scalar(written, 2)


def test_lists_and_mappings_carry_their_lines() -> None:
    found = parse(
        _document("title: Télésoins\nthemes:\n  - a\n  - b\nteam:\n  name: Équipe\n  size: 03\n"),
        path="x",
    )

    assert found.entries["themes"] == Items((Scalar("a", 4), Scalar("b", 5)), 3)
    assert found.entries["team"] == Group({"name": Scalar("Équipe", 7), "size": Scalar("03", 8)}, 6)
    assert found.lines == {"title": 2, "themes": 3, "team": 6}


def test_the_body_knows_where_it_starts() -> None:
    found = parse(_document("a: b\n", "\n\nPremier.\n\nSecond.\n\n"), path="x")

    assert (found.body, found.body_line) == ("Premier.\n\nSecond.", 6)


def test_windows_line_ends_are_read_as_ours() -> None:
    found = parse(b"---\r\na: b\r\n---\r\n\r\nUn.\r\nDeux.\r\n", path="x")

    assert found.plain() == {"a": "b"}
    assert found.body == "Un.\nDeux."


def test_a_document_without_fields_or_body_is_read() -> None:
    assert parse(b"---\n---\n", path="x").plain() == {}


def test_a_byte_order_mark_is_refused_with_the_way_out() -> None:
    ((line, message),) = _refusals(b"\xef\xbb\xbf" + _document("a: b\n"))

    assert line == 1
    assert "sans marque" in message


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"---\na: b\nville: Montr\xe9al\n---\n", 3),
        (b"---\na: b\n---\n\nx\0y\n", 5),
        (b"a: b\n", 1),
        (b"", 1),
        (b"---\na: b\n", 3),
        (_document("a: b\nb: [c\n"), 3),
        (_document("a: x: y\n"), 2),
        (_document("a: b\nc: 'ouvert\nd: e\n"), 3),
        (_document("a: b\n\tc: d\n"), 3),
        (_document("a: b\nc: d\na: e\n"), 4),
        (_document("a:\n  b: 1\n  b: 2\n"), 4),
        (_document("a: &x b\n"), 2),
        (_document("a: b\nc: !!python/object/apply:os.system [ls]\n"), 3),
        (_document("a: !!str b\n"), 2),
        (_document("a: ! b\n"), 2),
        (_document("? [a, b]\n: c\n"), 2),
        (_document("? {a: b}\n: c\n"), 2),
        (_document("<<: {a: b}\n"), 2),
        (_document("- a\n- b\n"), 2),
        (_document("texte\n"), 2),
        (_document("a: b\n...\nc: d\n"), 4),
        (_document("%TAG ! tag:x,2000:\na: b\n"), 3),
        (_document("a: x\u2028y\n"), 2),
        (_document("a: x\x1by\n"), 2),
        (_document("a: b\nc: x\u202ey\n"), 3),
        (_document('a: "x\\u2066y"\n'), 2),
        (_document("a: b\n", "x\ny\u202dz"), 5),
        (_document('a: "\\0"\n'), 2),
        (_document('a: "\\ud800"\n'), 2),
        (_document("a: b\n", "x" * 1_000_001), 4),
        (b"---\n" + b"a" * 2_000_000, 1),
        (_document("a: " + "[" * 9 + "]" * 9 + "\n"), 2),
        (_document("a: " + "[" * 100_000 + "\n"), 2),
        (_document("a: " + "x" * 200_000 + "\n"), 2),
        (_document(f"{'k' * 101}: x\n"), 2),
    ],
)
def test_a_mistake_is_named_with_its_line(data: bytes, line: int) -> None:
    assert _lines(data) == [line]


def test_a_billion_laughs_is_refused_at_each_reference() -> None:
    head = "a: &a [lol, lol]\nb: &b [*a, *a]\nc: [*b, *b]\n"

    assert _lines(_document(head)) == [2, 3, 3, 3, 4, 4]


def test_several_mistakes_are_reported_together() -> None:
    head = "a: &x b\na: c\nd: !!int 3\n? [e]\n: f\n"

    assert _lines(_document(head)) == [2, 3, 4, 5]


def test_eight_levels_are_accepted() -> None:
    assert parse(_document("a: " + "[" * 8 + "]" * 8 + "\n"), path="x").entries


def test_sections_are_cut_at_headings_of_level_two() -> None:
    body = (
        "Avant.\n\n## Contexte\n\nTexte.\n### Sous-titre\n```\n## code\n```\n"
        "## La pratique ##\n\nFin."
    )

    found = split_sections(body, first_line=10)

    assert [(section.title, section.line) for section in found] == [
        ("", 10),
        ("Contexte", 12),
        ("La pratique", 19),
    ]
    assert found[1].text == "Texte.\n### Sous-titre\n```\n## code\n```"
    assert found[2].text == "Fin."


def test_an_unclosed_code_fence_hides_what_follows() -> None:
    assert [section.title for section in split_sections("## A\n~~~\n## B\n```\n## C")] == ["A"]


def test_keys_follow_the_given_order_then_the_alphabet() -> None:
    written = dump(
        {"zeta": "1", "title": "T", "alpha": "2", "id": "x"}, "Corps.", key_order=["id", "title"]
    )

    assert written == "---\nid: x\ntitle: T\nalpha: 2\nzeta: 1\n---\n\nCorps.\n"


def test_quotes_appear_only_where_the_reader_needs_them() -> None:
    written = dump(
        {
            "a": "no",
            "b": "01",
            "c": "l’équipe: oui",
            "d": "# titre",
            "e": "-5",
            "f": "",
            "g": [],
            "h": {},
            "i": "12:30",
            "j": 'Le « soin » et "le reste"',
        },
        "",
        key_order=[],
    )

    assert written.split("\n")[1:-2] == [
        "a: no",
        "b: 01",
        'c: "l’équipe: oui"',
        'd: "# titre"',
        "e: -5",
        "f:",
        "g: []",
        "h: {}",
        "i: 12:30",
        'j: Le « soin » et "le reste"',
    ]


def test_long_text_is_folded_and_paragraphs_stay_literal() -> None:
    written = dump(
        {"long": "mot " * 40 + "fin", "text": "Un.\n\nDeux: trois"}, "", key_order=["long", "text"]
    )

    assert written.startswith("---\nlong: >-\n  mot mot")
    assert max(len(line) for line in written.split("\n")) <= 98
    assert written.endswith("\ntext: |-\n  Un.\n\n  Deux: trois\n---\n")


def test_lists_of_mappings_read_naturally() -> None:
    written = dump({"outcomes": [{"name": "Délai", "n": "12"}, ["a", "b"]]}, "", key_order=[])

    assert written == "---\noutcomes:\n  - name: Délai\n    n: 12\n  - - a\n    - b\n---\n"


@pytest.mark.parametrize(
    "mapping", [{"a": "x\0"}, {"a": "\ud800"}, {"": "x"}, {"<<": "x"}, {"k" * 101: "x"}]
)
def test_what_could_not_be_read_back_is_not_written(mapping: dict[str, Plain]) -> None:
    with pytest.raises(ValueError, match=r"key|NUL"):
        dump(mapping, "", key_order=[])


def test_nesting_the_reader_refuses_is_not_written() -> None:
    value: Plain = "x"
    for _level in range(9):
        value = [value]

    with pytest.raises(ValueError, match="deeper"):
        dump({"a": value}, "", key_order=[])


@settings(max_examples=200)
@given(
    mapping=st.dictionaries(KEYS, VALUES.filter(lambda value: _depth(value) <= 8), max_size=5),
    body=TEXTS,
)
def test_what_is_written_is_read_back_the_same(mapping: dict[str, Plain], body: str) -> None:
    written = dump(mapping, body, key_order=["title"])
    found = parse(written.encode(), path="x")

    assert found.plain() == mapping
    assert found.body == body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    assert dump(found.plain(), found.body, key_order=["title"]) == written


@settings(max_examples=100)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: _document(text + "\n")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(ContentErrors):
        parse(data, path="x")


def test_a_document_is_read_below_its_root(tmp_path: Path) -> None:
    (tmp_path / "fiches").mkdir()
    (tmp_path / "fiches" / "a.md").write_bytes(_document("a: b\n"))

    assert read_document(Path("fiches/a.md"), tmp_path).path == "fiches/a.md"
    assert read_document(tmp_path / "fiches" / "a.md", tmp_path).plain() == {"a": "b"}


def test_links_and_ways_out_of_the_root_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    outside = tmp_path / "secret.md"
    outside.write_bytes(_document("a: b\n"))
    (root / "link.md").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path)
    (root / "sub").mkdir()
    os.mkfifo(root / "pipe.md")

    for path in ["link.md", "folder/secret.md", "../secret.md", "sub", "pipe.md", "absent.md"]:
        with pytest.raises(ContentErrors):
            read_document(Path(path), root)
    with pytest.raises(ContentErrors):
        read_document(outside, root)


@pytest.mark.parametrize("text", [r'"\UFFFFFFFF"', r'"\U00110000"'])
def test_an_impossible_character_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ContentErrors) as caught:
        parse(f"---\nid: a\ntitle: {text}\n---\n".encode(), path="a.md")

    assert caught.value.errors[0].line == 3
