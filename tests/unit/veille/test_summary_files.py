"""A summary and its file: what one says, the other says, and what is wrong has a line."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inters4.core.frontmatter import ContentErrors, parse
from inters4.veille.exports.citations import citation_of
from inters4.veille.exports.files import SUMMARY, SummaryFile, write_file
from inters4.veille.forms.files import read_summary
from inters4.veille.models import (
    MAX_CHARACTERS,
    AppraisalTool,
    LimitSource,
    OpenAccess,
    Origin,
    Summary,
    SummaryState,
    count_words,
)
from tests.builders.veille import PARAGRAPH, summary_file, summary_text
from tests.builders.vocabulary import TERMS

KNOWN = {name: set(terms) for name, terms in TERMS.items()} | {
    "practices": {"visites-virtuelles"},
    "summaries": {"autre"},
}


def read(text: str, *, owner: str | None = None) -> SummaryFile:
    document = parse(text.encode(), path="summaries/a.md")
    return read_summary(document, known=KNOWN, owner_of_slug=lambda _slug: owner)


def refusals(text: str, *, owner: str | None = None) -> list[str]:
    with pytest.raises(ContentErrors) as caught:
        read(text, owner=owner)
    return [str(error).replace("\u00a0", " ") for error in caught.value.errors]


_PRINTABLE = st.characters(
    exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Cn", "Co"), include_characters="\u00a0"
)
_WORD = st.text(_PRINTABLE, min_size=1, max_size=12)
_LINE = (
    st.lists(_WORD, min_size=1, max_size=6)
    .map(" ".join)
    .map(lambda text: text[:40].strip(" "))
    .filter(str.strip)  # nothing but no-break spaces says nothing
)
_MAYBE = st.one_of(st.just(""), _LINE)
_SOME = st.lists(_LINE, max_size=4, unique=True).map(tuple)
_MOMENTS = st.one_of(
    st.just(datetime(2024, 3, 10, tzinfo=timezone(timedelta(hours=-5)))),
    st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(timezone(timedelta(0)))),  # noqa: DTZ001
)


def _terms(scheme: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(KNOWN[scheme])), min_size=1, unique=True).map(tuple)


_VALUES: st.SearchStrategy[Mapping[str, Any]] = st.fixed_dictionaries(
    {
        "title": _LINE,
        "hook": _LINE,
        "origin": st.sampled_from(Origin),
        "state": st.sampled_from(SummaryState),
        "state_reason": _LINE,
        "published_at": _MOMENTS,
        "replaced_by": st.sampled_from(["", "autre"]),
        "limit": _LINE,
        "limit_source": st.sampled_from(LimitSource),
        "context": _LINE,
        "themes": _terms("themes"),
        "settings": _terms("settings"),
        "populations": _terms("populations"),
        "professions": _terms("professions"),
        "regions": _terms("regions"),
        "appraisal_tool": st.sampled_from(AppraisalTool),
        "appraisal_result": _MAYBE,
        "country": _MAYBE,
        "population_studied": _MAYBE,
        "open_access": st.sampled_from(OpenAccess),
        "article_title": _LINE,
        "authors": _SOME.filter(bool),
        "journal": _MAYBE,
        "year": st.one_of(st.none(), st.integers(1800, 2200)),
        "volume": _MAYBE,
        "number": _MAYBE,
        "pages": _MAYBE,
        "practices": st.sampled_from([(), ("visites-virtuelles",)]),
    }
)


@given(_VALUES)
def test_what_is_written_is_read_back_the_same(values: Mapping[str, Any]) -> None:
    file = summary_file(**values)

    text = write_file(file)

    assert read(text) == file
    assert write_file(read(text)) == text


@given(_VALUES)
def test_any_article_can_be_cited(values: Mapping[str, Any]) -> None:
    kept = {
        name: value
        for name, value in summary_file(**values).values.items()
        if name in {"article_title", "journal", "year", "volume", "number", "pages", "doi"}
    }

    citation = citation_of(
        Summary(
            id="a", authors=list(values["authors"]), pmid="", url="", article_language="", **kept
        )
    )

    assert citation.key == "resume/a"
    assert values["journal"] in {citation.container, citation.publisher}


def test_every_field_is_written_in_the_order_of_the_schema() -> None:
    keys = [line.partition(":")[0] for line in summary_text().split("\n") if line[:1].isalpha()]
    known = [key for key in keys if key in SUMMARY.keys]

    assert known == [key for key in SUMMARY.keys if key in known]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("state: published", "state: publie"), "« publie » n’est pas une valeur de « state »"),
        (("hook: Une", "hook: " + "très " * 30 + "Une"), "« hook » a"),
        (("hook: Une façon de faire, comparée à une autre.\n", ""), "Remplissez « hook »"),
        (("limit: Petit échantillon.\n", ""), "Remplissez « limit »"),
        (("context: Une piste pour le soutien à domicile.\n", ""), "Remplissez « context »"),
        (("published_at: 2026-11-21\n", ""), "Remplissez « published_at »"),
        (("url: https://exemple.ca/article\n", ""), "Remplissez « url »"),
        (("  - telesante.tele", "  - tele"), "n’existe pas dans « themes »"),
        (("design: gris", "design: rose"), "« rose » n’existe pas dans « evidence_types »"),
        (("doi: 10.1234", "doi: https://doi.org/10.1234"), "n’est pas un doi"),
        (("url: https://exemple.ca", "url: exemple.ca"), "doit être une adresse"),
        (("year: 2019", "year: vers 2019"), "doit être un nombre entier"),
        (("pages: 10-19", "pmid: PMC12"), "« PMC12 » n’est pas un pmid"),
        (("url: https", "inferred:\n  - annee\nurl: https"), "« annee » n’est pas un champ"),
        (("url: https", "inferred:\n  - pmcid\nurl: https"), "« pmcid » est dit déduit"),
        (("url: https", "missing:\n  - Le DOI.\nurl: https"), "Videz « missing »"),
        (("year: 2019", "appraisal_result: 8/10\nyear: 2019"), "avec quel outil"),
        (("state: published", "state: retracted"), "Dites aux lecteurs pourquoi"),
        (("state: published", "state: corrected"), "Dites aux lecteurs pourquoi"),
        (("title: R", "translation_of: autre\ntitre: R"), "« titre » n’est pas un champ connu"),
        (("year: 2019", "replaced_by: suivi-a-domicile\nyear: 2019"), "se nommer lui-même"),
        (("year: 2019", "practices:\n  - rien\nyear: 2019"), "n’existe pas dans « practices »"),
    ],
)
def test_a_mistake_is_told_with_its_line(change: tuple[str, str], message: str) -> None:
    text = summary_text()
    assert change[0] in text

    found = refusals(text.replace(*change, 1))

    assert any(message in error for error in found), found
    assert all(error.startswith("summaries/a.md:") for error in found)


@pytest.mark.parametrize(
    ("paragraph", "message"),
    [
        ("Trop court.", "Le résumé a 2 mots : il en faut de 80 à 150"),
        (f"{PARAGRAPH} " + "mot " * 60, "mots : il en faut de 80 à 150"),
        ("", "Le résumé a 0 mots"),
        (f"{PARAGRAPH}\n\n{PARAGRAPH}", "un seul paragraphe"),
        (f"## Titre\n{PARAGRAPH}", "un seul paragraphe"),
        (f"- {PARAGRAPH}", "un seul paragraphe"),
        (f"> {PARAGRAPH}", "un seul paragraphe"),
        (f"    {PARAGRAPH}", "un seul paragraphe"),
        (f"```\n{PARAGRAPH}\n```", "un seul paragraphe"),
        (f"{PARAGRAPH}[^1]\n\n[^1]: Une note.", "un seul paragraphe"),
        ("Un mot long " * 110, "caractères : la limite est de 1 200"),
    ],
)
def test_a_paragraph_that_is_not_one_is_refused(paragraph: str, message: str) -> None:
    text = summary_text(paragraph=paragraph)
    body = text.rstrip("\n").count("\n", 0, text.index("\n---\n") + 5)

    found = refusals(text)

    assert any(message in error for error in found), found
    assert all(int(error.split(":")[1]) >= body for error in found)


def test_the_words_of_a_paragraph_are_what_stands_between_spaces() -> None:
    assert count_words("L’urgence\u00a0: 23\u00a0% des « gens », dit-on; 18\u00a0813 visites.") == 8
    assert count_words(PARAGRAPH) == 98
    assert count_words("") == 0


def test_a_draft_may_be_incomplete_but_never_too_long() -> None:
    nothing: dict[str, Any] = {"hook": "", "limit": "", "context": "", "themes": (), "authors": ()}
    draft = summary_file(
        state=SummaryState.DRAFT,
        published_at=None,
        url="",
        missing=("Le DOI.",),
        paragraph="Un début.",
        **nothing,
    )

    assert read(write_file(draft)) == draft
    too_long = summary_text(state=SummaryState.DRAFT, paragraph="long " * (MAX_CHARACTERS // 4))
    assert "la limite est de 1 200" in refusals(too_long)[0]


def test_a_paragraph_may_hold_emphasis_and_links() -> None:
    file = summary_file(paragraph=f"**Bref.** [Ici](https://exemple.ca), {PARAGRAPH}")

    assert read(write_file(file)) == file


def test_a_retracted_summary_says_why() -> None:
    file = summary_file(state=SummaryState.RETRACTED, state_reason="L’article est rétracté.")

    assert read(write_file(file)) == file


def test_the_address_of_another_summary_is_refused() -> None:
    assert "est déjà celle de « autre »" in refusals(summary_text(), owner="autre")[0]


def test_a_field_that_is_wrong_is_told_once() -> None:
    found = refusals(summary_text().replace("url: https://exemple.ca", "url: exemple.ca"))

    assert len(found) == 1
