"""The grammar of queries, one rule a test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query import (
    And,
    FacetLeaf,
    Group,
    Leaf,
    Node,
    Not,
    Or,
    PrefixLeaf,
    WordLeaf,
    YearLeaf,
    capitals_count,
    positive_leaves,
    read_query,
)
from indexer.query.lexer import LONGEST_QUERY, MOST_WORDS


def show(node: Node | None) -> str:  # noqa: PLR0911 - one line a case
    """The tree as text: `(a b)` side by side, `(a & b)`, `(a | b)`, `-a`, `"a b"`."""
    match node:
        case None:
            return ""
        case Group(children):
            return f"({' '.join(map(show, children))})"
        case And(children):
            return f"({' & '.join(map(show, children))})"
        case Or(children):
            return f"({' | '.join(map(show, children))})"
        case Not(child):
            return f"-{show(child)}"
        case WordLeaf(patterns):
            words = " ".join(slot.stem for slot in patterns[0])
            shown = f'"{words}"' if node.is_quoted else words
            return f"titre:{shown}" if node.in_title else shown
        case PrefixLeaf(prefix):
            return f"{prefix}*"
        case FacetLeaf(facet, value):
            return f"{facet}={value}"
        case YearLeaf(first, last):
            return f"{first}..{last}"


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        # words
        ("alpha", "alpha"),
        ("alpha beta", "(alpha beta)"),
        ("soins à domicile", "(soin domicile)"),
        ("alpha, beta; gamma.", "(alpha beta gamma)"),
        ("10/20", "(10 20)"),
        ("Titre: un sous-titre", "(titre un soustitre)"),
        # phrases
        ('"soins palliatifs"', '"soin palliatif"'),
        ("« soins palliatifs »", '"soin palliatif"'),
        ("“soins palliatifs”", '"soin palliatif"'),
        ('alpha "beta', "(alpha beta)"),
        ('alpha"', "alpha"),
        ('""', ""),
        # exclusion
        ("alpha -beta", "(alpha -beta)"),
        ('-"soins palliatifs"', '-"soin palliatif"'),
        ("alpha - beta", "(alpha beta)"),
        ("alpha-beta", "alphabeta"),
        ("-(alpha beta)", "-(alpha beta)"),
        # operators
        ("alpha ET beta", "(alpha & beta)"),
        ("alpha AND beta", "(alpha & beta)"),
        ("alpha OU beta", "(alpha | beta)"),
        ("alpha OR beta", "(alpha | beta)"),
        ("alpha SAUF beta", "(alpha -beta)"),
        ("alpha NOT beta", "(alpha -beta)"),
        ("alpha et beta", "(alpha et beta)"),
        ("alpha beta OU gamma delta", "((alpha beta) | (gamma delta))"),
        ("alpha ET beta OU gamma", "((alpha & beta) | gamma)"),
        ("alpha ET SAUF beta", "(alpha & -beta)"),
        # operators without their operand are words
        ("OU alpha", "(ou alpha)"),
        ("alpha OU", "(alpha ou)"),
        ("alpha ET OU beta", "((alpha et) | beta)"),
        ("NOT NOT alpha", "(not -alpha)"),
        # parentheses
        ("(alpha OU beta) gamma", "((alpha | beta) gamma)"),
        ("((alpha))", "alpha"),
        ("(alpha beta", "(alpha beta)"),
        ("alpha) beta", "(alpha beta)"),
        ("() alpha", "alpha"),
        ("adopter(s)", "(adopter s)"),
        # prefixes
        ("infirm*", "infirm*"),
        ("l’infirm*", "infirm*"),
        ("d'app*", "app*"),
        ("télé-sant*", "telesant*"),
        ("titre:infirm*", "infirm*"),
        ("infirm**", "infirm"),
        ("Télé*", "tele*"),
        ("in*", "in"),
        ("*", ""),
        ("x*z", "(x z)"),
        # fields
        ("titre:soins", "titre:soin"),
        ('titre:"soins palliatifs"', 'titre:"soin palliatif"'),
        ("Thème:télésanté", "theme=telesante"),
        ("région:RSS06", "region=rss06"),
        ("type:fiche", "kind=fiche"),
        ('auteur:"Jean Côté"', "author=jean cote"),
        ("annee:2020", "2020..2020"),
        ("année:2021-2018", "2018..2021"),
        ("ANNÉE:2019-2021", "2019..2021"),
        ("année:2019..2021", "2019..2021"),
        ("année:2019–2021", "2019..2021"),
        ("annee:2019-", "2019..9999"),
        ("annee:..2019", "1..2019"),
        ("annee:hier", "hier"),
        ("annee:-", ""),
        ("annee:20192020", "20192020"),
        ("THÈME:Télésanté", "theme=telesante"),
        ("Auteur:Côté", "author=cote"),
        ("R&D C++ C#", "(rd c++ c#)"),
        ("couleur:rouge", "(couleu rouge)"),
        ("-type:fiche", "-kind=fiche"),
        # capitals
        ("SOINS ET SERVICES", "(soin et service)"),
        ("GMF OU IPS", "(gmf | ips)"),
        ("CIUSSS SAUF GMF", "(ciusss -gmf)"),
    ],
)
def test_a_rule_of_the_grammar(typed: str, tree: str) -> None:
    assert show(read_query(typed).root) == tree


@pytest.mark.parametrize(
    ("typed", "is_strict"),
    [
        ("alpha beta", False),
        ("alpha OU beta", False),
        ("alpha ET beta", True),
        ('"alpha beta"', True),
        ('alpha -"beta gamma"', False),
        ("titre:alpha beta", False),
        ("alpha ET", False),
    ],
)
def test_quotes_and_et_make_a_query_strict(typed: str, is_strict: bool) -> None:
    assert read_query(typed).is_strict is is_strict


def test_a_stop_word_of_one_language_is_optional() -> None:
    leaves = list(positive_leaves(read_query("the impact of care").root))

    assert [leaf.is_optional for leaf in leaves if isinstance(leaf, WordLeaf)] == [
        True,
        False,
        True,
        False,
    ]


def test_alone_a_stop_word_counts() -> None:
    (leaf,) = positive_leaves(read_query("thé").root)

    assert isinstance(leaf, WordLeaf)
    assert not leaf.is_optional


def test_a_long_query_is_cut_and_says_so() -> None:
    assert not read_query("soins " * 100).is_cut
    assert read_query("soins " * 501).is_cut
    assert read_query("a" * (LONGEST_QUERY + 1)).is_cut
    assert len(list(positive_leaves(read_query("a/b/d/" * 3_000).root))) <= MOST_WORDS


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("  soins à  domicile", ["soins", "domicile"]),
        ("l’infirmière -enfant titre:soins", ["infirmière", "soins"]),
        ('"soins palliatifs" R&D', ["soins palliatifs", "R&D"]),
        ("« soins palliatifs » télé-santé", ["soins palliatifs", "télé-santé"]),
        ('titre:"soins à domicile"', ["soins à domicile"]),
        ("10/20, C++", ["10", "20", "C++"]),
    ],
)
def test_each_leaf_knows_where_it_was_typed(typed: str, written: list[str]) -> None:
    leaves = [leaf for leaf in positive_leaves(read_query(typed).root) if is_demanding(leaf)]

    shown = [leaf.written for leaf in leaves if isinstance(leaf, WordLeaf) and leaf.written]
    assert [one.text for one in shown] == written
    assert [typed[one.start : one.end] for one in shown] == written


def is_demanding(leaf: Leaf) -> bool:
    return isinstance(leaf, WordLeaf) and not leaf.is_optional


@pytest.mark.parametrize("typed", ["GMF OU IPS", "OU", "soins GAP", "GAP"])
def test_capitals_tell_something(typed: str) -> None:
    assert capitals_count(typed)


def test_capitals_tell_nothing_when_all_is_shouted() -> None:
    assert not capitals_count("SOINS ET SERVICES")


def test_deep_parentheses_are_passed_over() -> None:
    for depth in (21, 900, 2_000):
        typed = "(" * depth + "alpha OU beta" + ")" * depth
        assert show(read_query(typed).root) == "(alpha | beta)"


@given(
    st.lists(
        st.sampled_from(
            [
                *'()"«»“”-*: ',
                "ET",
                "OU",
                "SAUF",
                "NOT ",
                " ",
                "titre:",
                "annee:",
                "2020",
                "soins",
                "l’",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_no_arrangement_of_marks_fails(typed: str) -> None:
    read_query(typed)


@given(st.text(max_size=300))
def test_no_text_fails(typed: str) -> None:
    read_query(typed)
