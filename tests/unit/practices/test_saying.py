"""What says something to a reader, and what only looks like text to a program."""

import pytest

from inters4.practices.services.saying import says_something, words_in


@pytest.mark.parametrize(
    "text",
    [
        "Inconnues.",
        "12",
        "[Le guide](https://exemple.ca)",
        "<b>Inconnu</b>",
        "<!-- note --> Inconnu",
        "```\nInconnu\n```",
        "- [1] Deux & trois [1].",
        "&Eacute;quipe",
        "Æ",
        ("", "Aucun"),
        {"name": "Un centre", "reference": None},
        True,
    ],
)
def test_a_word_says_something(text: object) -> None:
    assert says_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u00a0",
        "\u200b",
        "\u3164\u115f",
        "[1] [2].",
        "- \n- ",
        "&nbsp;&#8203;",
        "<!-- mot",
        "<div hidden></div>",
        "[nom]: https://exemple.ca",
        (),
        ("\u200b",),
        {"name": "\u200b", "reference": 1},
        None,
        False,
    ],
)
def test_what_draws_no_word_says_nothing(text: object) -> None:
    assert not says_something(text)


def test_a_letter_that_is_not_drawn_is_no_word() -> None:
    assert words_in("Deux \u3164 mots") == 2
