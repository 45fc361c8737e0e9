"""What differs between two texts, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from inters4.practices.forms.words import in_words
from inters4.practices.services.comparing import Mark, Run, compare


def test_only_the_words_that_change_are_marked() -> None:
    assert compare("Une visite par semaine.", "Une visite par mois.") == [
        Run("Une visite par ", Mark.SAME),
        Run("semaine.", Mark.GONE),
        Run("mois.", Mark.NEW),
    ]


def test_texts_that_are_the_same_have_one_run() -> None:
    assert compare("Pareil.", "Pareil.") == [Run("Pareil.", Mark.SAME)]
    assert compare("", "") == []


_TEXTS = st.text(alphabet="ab é\n.", max_size=80)


@given(before=_TEXTS, after=_TEXTS)
def test_both_texts_are_read_in_the_runs(before: str, after: str) -> None:
    runs = compare(before, after)

    assert "".join(run.text for run in runs if run.mark is not Mark.NEW) == before
    assert "".join(run.text for run in runs if run.mark is not Mark.GONE) == after


def test_a_text_too_long_for_words_is_compared_by_lines() -> None:
    before = "mot " * 5_000 + "\nfin"

    runs = compare(before, before.replace("fin", "suite"))

    assert [run.mark for run in runs] == [Mark.SAME, Mark.GONE, Mark.NEW]


def test_one_word_of_a_long_text_is_told_whatever_the_length() -> None:
    around = "mot " * 5_000

    assert compare(f"{around}lundi {around}", f"{around}mardi {around}") == [
        Run(around, Mark.SAME),
        Run("lundi ", Mark.GONE),
        Run("mardi ", Mark.NEW),
        Run(around, Mark.SAME),
    ]


def test_long_texts_that_differ_everywhere_are_not_compared_word_by_word() -> None:
    """The square of thousands of words is seconds, and a post has as many texts as one likes."""
    before = " ".join(f"{number} avant{number}" for number in range(1_000))
    after = " ".join(f"{number} après{number}" for number in range(1_000))

    assert compare(before, after) == [
        Run(before, Mark.GONE),
        Run(after, Mark.NEW),
    ]


def test_a_mistake_names_fields_as_the_form_does() -> None:
    assert (
        in_words("«\u00a0started_year\u00a0» doit être") == "«\u00a0Année du début\u00a0» doit être"
    )
    assert in_words("“indicator” is missing") == "“Indicateur” is missing"
    assert in_words("«\u00a0une valeur\u00a0» n’existe pas") == (
        "«\u00a0une valeur\u00a0» n’existe pas"
    )
