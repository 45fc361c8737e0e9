"""Whichever library reads the fields, they say the same; so do the mistakes found in them."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inters4.core.frontmatter import ContentErrors, parse
from inters4.core.frontmatter.nodes import compose
from inters4.core.paths import content_dir

SIGNS = (
    *("a", "b: ", "- ", "? ", ": ", ":", "-", "\n", "\n  ", "\n    ", " ", "[", "]", "{", "}", ","),
    *(
        "'",
        '"',
        "''",
        "|",
        "|2",
        "|-",
        ">",
        "> ",
        "|+\n  ",
        "#",
        " # c",
        "&x ",
        "*x",
        "!t ",
        "!!str ",
    ),
    *("%YAML 1.1\n", "---\n", "...\n", "é", "\U0001f600", "\\n", "\\x41", "\\ud800", "\\U00110000"),
    *(
        "0",
        "null",
        "~",
        "1:2",
        "@",
        "`",
        "=",
        "<<",
        "\u00a0",
        "key: value\n",
        "- item\n",
        "  - x\n",
    ),
    *(
        "a:b",
        "https://x",
        "l: [a, b]\n",
        "m: {c: d}\n",
        "t: |\n  un\n  deux\n\n",
        "f: >\n  un\n  deux\n",
    ),
)


def found(head: str) -> Any:
    """What the fields in `head` say, or each mistake with its line."""
    try:
        return parse(f"---\n{head}\n---\n".encode(), path="fiche.md")
    except ContentErrors as refused:
        return [(error.line, error.message) for error in refused.errors]


def found_with_care(head: str) -> Any:
    """The same, by PyYAML alone."""
    with pytest.MonkeyPatch.context() as without:
        without.setattr(yaml, "__with_libyaml__", False)
        return found(head)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(SIGNS), max_size=14).map("".join))
@example("a: |# c\n  un")
@example("a: &x un\nb: *x")
@example("a: [[[[[[[[[[un]]]]]]]]]]")
@example("a: un\n--- \nb: deux")
def test_whatever_is_written_is_read_or_refused_alike(head: str) -> None:
    assert found(head) == found_with_care(head)


def test_all_that_ships_is_plain_and_read_alike() -> None:
    texts = [path.read_text(encoding="utf-8") for path in content_dir().rglob("*.md")]
    heads = [text.split("\n---\n")[0].removeprefix("---\n") for text in texts]
    assert len(heads) > 50

    for head in heads:
        assert compose(f"{head}\n", refuse) is not None
        assert found(head) == found_with_care(head)


def refuse(text: str) -> yaml.Node | None:
    raise AssertionError(f"not plain: {text[:200]}")
