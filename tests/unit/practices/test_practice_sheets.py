"""A sheet and its file: what one says, the other says, and what is wrong has a line."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inters4.core.frontmatter import ContentErrors, parse
from inters4.practices.exports.rows import CHECKS
from inters4.practices.exports.sheets import CLASSIFICATION, PRACTICE, Sheet, write_sheet
from inters4.practices.forms.sheets import read_sheet
from inters4.practices.models import (
    Accessibility,
    Block,
    Check,
    CostKind,
    Evaluation,
    Licence,
    Nature,
    Origin,
    PracticeState,
    RatingStatus,
    TranslationState,
)
from inters4.practices.services.requirements import GATES, Gate
from inters4.practices.services.saying import words_in
from tests.builders.practices import BLOCKS, answered_values, sheet, sheet_file
from tests.builders.vocabulary import TERMS

KNOWN = {name: set(terms) for name, terms in TERMS.items()} | {
    "organisations": {"cisss-bsl", "uqar"},
    "practices": {"visites-virtuelles"},
}


def read(text: str, *, owner: str | None = None) -> Sheet:
    document = parse(text.encode(), path="practices/a.md")
    return read_sheet(document, known=KNOWN, owner_of_slug=lambda _slug: owner)


def refusals(text: str, *, owner: str | None = None) -> list[str]:
    with pytest.raises(ContentErrors) as caught:
        read(text, owner=owner)
    return [str(error).replace("\u00a0", " ") for error in caught.value.errors]


# A line that the schema keeps as it is: no space at an end, none doubled, no citation. Its text is
# drawn at once, which takes a tenth of what its words would, one by one; a control ends a word.
_PRINTABLE = st.characters(
    exclude_categories=("Cs", "Cf", "Zl", "Zp", "Zs", "Cn", "Co"),
    include_characters="\u00a0",
    exclude_characters="[",
)
_BETWEEN_WORDS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def _line(drawn: str) -> str:
    words = _BETWEEN_WORDS.split(drawn)
    return " ".join(word for word in words if word.strip()) or "Mot"


_LINE = st.one_of(
    [
        st.text(_PRINTABLE, min_size=least, max_size=most).map(_line)
        for least, most in ((1, 12), (13, 40), (41, 104))
    ]
)
_MAYBE = st.one_of(st.just(""), _LINE.map(lambda text: text[:60].strip(" ")))
_TEXT = st.lists(_LINE, min_size=1, max_size=4).map("\n\n".join)
_WHOLE = st.one_of(st.none(), st.integers(1900, 2200))


def _rows(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[dict[str, Any], ...]]:
    return st.lists(st.fixed_dictionaries(fields), max_size=3).map(tuple)


def _some(scheme: str) -> st.SearchStrategy[tuple[str, ...]]:
    values = st.sampled_from(sorted(KNOWN[scheme]))
    return st.lists(values, min_size=1, unique=True).map(tuple)


_SHORT = _LINE.map(lambda text: text[:80].strip(" "))
_SOURCE = st.sampled_from([None, 1])
_NAMES = st.lists(_SHORT, max_size=3, unique=True).map(tuple)
_DAY = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2100, 1, 1)))


def _once(key: str, among: list[str], note: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    row = st.fixed_dictionaries({key: st.sampled_from(among), "note": note})
    return st.lists(row, max_size=2, unique_by=lambda given: given[key]).map(tuple)


_FRONT: dict[str, st.SearchStrategy[Any]] = {
    "title": _LINE.map(lambda text: f"Mot {text}"[:100].strip(" ")),
    "subtitle": _MAYBE,
    "state": st.sampled_from(PracticeState),
    "state_reason": _MAYBE,
    "published_at": st.one_of(
        st.just(datetime(2024, 3, 10, tzinfo=timezone(timedelta(hours=-5)))),
        st.datetimes(
            min_value=datetime(1990, 1, 1),  # noqa: DTZ001
            timezones=st.just(timezone(timedelta(0))),
        ),
    ),
    "review_due": _DAY,
    "team": _MAYBE,
    "started": _MAYBE,
    "started_year": _WHOLE,
    "problem": _LINE.map(lambda text: f"Mot {text}"),
    "result_nature": st.one_of(st.none(), st.sampled_from(Nature)),
    "evaluation_design": _MAYBE,
    "equipment": _MAYBE,
    "training": _MAYBE,
    "funding": _MAYBE,
    "interests": _MAYBE,
    "approval": _MAYBE,
    "approved_on": _DAY,
    "no_patient_information": st.booleans(),
    "funders": _NAMES,
    "edition": st.integers(1, 9),
    "translation_state": st.sampled_from(TranslationState),
    **{key: _some(scheme.value) for scheme, key in CLASSIFICATION.items()},
}
_TABLES: dict[str, st.SearchStrategy[Any]] = {
    "organisations": _rows(id=st.sampled_from(["", "cisss-bsl", "uqar"]), name=_SHORT),
    "adopters": _rows(
        organisation=st.sampled_from(["", "uqar"]),
        name=_SHORT,
        region=st.just(""),
        everywhere=st.booleans(),
        since=_MAYBE,
        source=_SOURCE,
    ),
    "baselines": _rows(indicator=_SHORT, value=_SHORT, unit=_MAYBE, date=_MAYBE, reference=_SOURCE),
    "outcomes": _rows(
        indicator=_SHORT,
        before=_MAYBE,
        after=_MAYBE,
        value=_SHORT,
        unit=_MAYBE,
        n=_MAYBE,
        period=_MAYBE,
        design=_MAYBE,
        reference=_SOURCE,
    ),
    "staffing": _rows(
        profession=st.sampled_from(["", "inf"]), name=_SHORT, fte=_MAYBE, reference=_SOURCE
    ),
    "costs": _rows(kind=st.sampled_from(CostKind), amount=_SHORT, period=_MAYBE, reference=_SOURCE),
    "success_conditions": _once("condition", ["cs01", "cs09"], _MAYBE),
    "transferability": _once("dimension", ["ruralite", "couts"], _SHORT),
    "attachments": _rows(
        **dict.fromkeys(CHECKS, st.sampled_from(Check)),
        title=_SHORT,
        url=st.just("https://exemple.ca/a.pdf"),
        file=st.just(""),
        name=_MAYBE,
        terms=st.sampled_from(Licence),
        licence=_MAYBE,
        language=st.sampled_from(["", "en", "iu"]),
        accessibility=st.sampled_from(Accessibility),
        checked_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    ),
}
_RATINGS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {
            "rating_status": st.just(RatingStatus.REVIEWED),
            "rated_on": st.just(date(2026, 3, 4)),
            "reviewers": st.just(("Une personne, CISSS X", "Une autre, UQAR")),
        }
    ),
)
_ASKING = {Gate.OWNER, Gate.REVIEW, Gate.APPROVAL}


def _standing(front: Mapping[str, Any], ratings: Mapping[str, Any]) -> dict[str, Any]:
    """Reviewers stand behind a proposed sheet only; a sheet that is drafted may lack anything."""
    if ratings:
        return {"origin": Origin.PROPOSED, "state": PracticeState.DRAFTING}
    return {"state": PracticeState.DRAFTING} if GATES.get(front["state"], 0) in _ASKING else {}


_BLOCKS = st.fixed_dictionaries(
    dict.fromkeys(
        (Block.CONTEXT, Block.DESCRIPTION, Block.RESOURCES),
        _TEXT.map(lambda text: f"Mot.\n\n{text}"),
    ),
    optional={block: _TEXT for block in Block if block not in BLOCKS},
)
SHEETS = st.builds(
    lambda front, tables, ratings, blocks: replace(
        sheet(**{**front, **tables, **ratings, **_standing(front, ratings)}), blocks=blocks
    ),
    st.fixed_dictionaries(_FRONT),
    st.fixed_dictionaries(_TABLES),
    _RATINGS,
    _BLOCKS,
)


@given(SHEETS)
def test_a_sheet_written_then_read_is_the_same_sheet(given_sheet: Sheet) -> None:
    text = write_sheet(given_sheet)

    again = read(text)

    assert again == given_sheet
    assert write_sheet(again) == text


def test_the_plainest_sheet_is_read() -> None:
    assert read(sheet_file()) == sheet()


def test_an_english_sheet_has_english_headings() -> None:
    text = sheet_file(language="en")

    assert "## Context\n" in text
    assert read(text).blocks == sheet().blocks


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("origin: starter", "origin: autre"), "« autre » n’est pas une valeur de « origin »"),
        (("stage: test", "stage: apogee"), "n’existe pas dans « implementation_stage »"),
        (("  - rss01", "  - rss99"), "« rss99 » n’existe pas dans « regions »"),
        (("stage: test", "sagte: test"), "« sagte » n’est pas un champ connu ici"),
        (("stage: test", "language: tlh"), "« tlh » n’est pas une langue du portail"),
        (("La solution [1]", "La solution [7]"), "La source [7] n’est pas dans « references »"),
        (("Le contexte [1]", "Le contexte [9]"), "La source [9] n’est pas dans « references »"),
        (("id: visites-virtuelles", "id: comparer"), "Cette adresse est celle d’une autre page"),
        (
            ("audience: Pour les aînés.\n", ""),
            "« audience » : Dites en une phrase à qui elle sert.",
        ),
        (
            ("published_at: 2026-11-21\n", ""),
            "« published_at » : Donnez le jour de la publication.",
        ),
        (("## Ressources\n\nInconnues.", ""), "« ## Ressources » : Décrivez les ressources"),
        (("evaluation: not-evaluated\n", ""), "Dites comment la pratique est évaluée"),
        (("## Ressources", "## Ressouces"), "« Ressouces » n’est pas un titre de fiche"),
        (("## Ressources", "## Contexte"), "Ce titre est donné deux fois"),
        (("## Contexte", "Contexte"), "Ce texte doit être sous un titre « ## »"),
        (("Inconnues.", ""), "Cette section est vide"),
        (("Inconnues.", "```\nInconnues."), "Un bloc de code de cette section n’est pas fermé"),
        (("Inconnues.", "x" * 20_001), "Cette section dépasse 20 000 caractères"),
        (("2026-11-21", "2026-11-31"), "n’est pas un moment"),
        (("Le contexte [1]", "mot " * 251), "« ## Contexte » a 251 mots : la limite est de 250"),
        (("On fait ceci", "mot " * 400), "« ## La pratique » a 402 mots : la limite est de 400"),
        (("Déployée [1]", "mot " * 101), "« maturity_reason » a 101 mots : la limite est de 100"),
        (("origin: starter", "origin: proposed"), "« interests » : Déclarez les intérêts"),
        (("origin: starter", "origin: proposed"), "« no_patient_information » : Confirmez"),
        (("maturity:", "rating_status: reviewed\nmaturity:"), "ont besoin de « rated_on »"),
        (("maturity:", "rating_status: reviewed\nmaturity:"), "Une fiche de départ n’est jamais"),
        (("maturity:", "rating_status: reviewed\nmaturity:"), "ont besoin de deux « reviewers »"),
    ],
)
def test_a_mistake_is_told_with_its_line(change: tuple[str, str], message: str) -> None:
    text = sheet_file()
    assert change[0] in text

    found = refusals(text.replace(*change, 1))

    assert any(message in error for error in found), found
    assert all(error.startswith("practices/a.md:") for error in found)


def test_rows_without_what_they_need_are_refused() -> None:
    text = sheet_file().replace(
        "maturity:",
        "organisations:\n  - {}\noutcomes:\n  - indicator: Visites\n    reference: 4\n"
        "adopters:\n  - since: hier\n  - name: Partout\n    region: rss01\n    everywhere: true\n"
        "staffing:\n  - fte: un [5]\nsuccess_conditions:\n  - condition: cs01\n"
        "  - condition: cs01\nmaturity:",
        1,
    )

    found = "\n".join(refusals(text))

    assert "Donnez « id » ou « name »" in found
    assert "Donnez « organisation » ou « name »" in found
    assert "Donnez « profession » ou « name »" in found
    assert "Donnez « value », ou « before » et « after »" in found
    assert "« everywhere » et « region » ne vont pas ensemble" in found
    assert "« cs01 » est donné deux fois" in found
    assert "La source [4]" in found
    assert "La source [5]" in found


def test_rows_that_lack_what_tells_them_apart_are_not_said_to_be_the_same() -> None:
    text = sheet_file().replace(
        "maturity:",
        "success_conditions:\n  - note: Une auto.\n  - note: Un téléphone.\nmaturity:",
        1,
    )

    found = "\n".join(refusals(text))

    assert found.count("« condition »") == 2
    assert "deux fois" not in found


def test_a_proposed_sheet_that_answers_for_itself_is_read() -> None:
    answered = sheet(**answered_values())

    assert read(write_sheet(answered)) == answered


def test_signs_and_citations_are_not_words() -> None:
    assert words_in("- Deux mots [1] — puis\u00a0trois : **ici**.") == 5


def test_the_address_of_another_sheet_is_refused() -> None:
    assert "est déjà celle de « autre »" in refusals(sheet_file(), owner="autre")[0]


def test_a_draft_may_be_incomplete() -> None:
    draft = sheet(
        state=PracticeState.DRAFTING,
        evaluation=None,
        solution="",
        themes=(),
        published_at=None,
        blocks={},
    )

    assert read(write_sheet(draft)) == draft


def test_a_described_evaluation_needs_its_text() -> None:
    text = sheet_file(evaluation=Evaluation.DESCRIBED)

    assert "Dites comment la pratique est évaluée" in refusals(text)[0]


def test_every_field_is_written_in_the_order_of_the_schema() -> None:
    keys = [line.partition(":")[0] for line in sheet_file().split("\n") if line[:1].isalpha()]
    known = [key for key in keys if key in PRACTICE.keys]

    assert known == [key for key in PRACTICE.keys if key in known]
