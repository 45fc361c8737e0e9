"""A database of the first release keeps its sheets when it comes to this one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inters4.core import db, migrate
from inters4.practices.exports.sheets import sheet_of, write_sheet
from inters4.practices.models import Practice, TranslationState
from inters4.practices.queries import load_practice
from inters4.practices.queries.revisions import worked_on
from tests.builders.upgraded import AT, ORGANISATION, STAMPS, database_at, upgraded_from

_ROWS = {
    "organisations": ORGANISATION,
    "practices": {
        "id": "guichet",
        "slug": "guichet-acces",
        "language": "fr",
        "title": "Un guichet",
        "subtitle": "",
        "origin": "starter",
        "state": "published",
        "state_reason": "",
        "stage": "test",
        "stage_note": "",
        "started": "2019 ou 2020",
        "problem": "Le problème [1].",
        "solution": "La solution.",
        "result": "",
        "audience": "Tout le monde.",
        "evaluation": "not-evaluated",
        "rating_status": "proposed",
        "maturity": "prometteuse",
        "maturity_reason": "",
        "evidence_strength": "suggestive",
        "evidence_reason": "",
        "published_at": AT,
        "version": 3,
        **STAMPS,
    },
    "practice_blocks": {
        "practice_id": "guichet",
        "block": "context",
        "source": "Le contexte [1].",
        "html": "<p>Le contexte.</p>",
        "renderer": 1,
    },
    "practice_terms": {
        "practice_id": "guichet",
        "scheme": "themes",
        "term": "telesante",
        "position": 0,
    },
    "practice_references": {
        "practice_id": "guichet",
        "number": 1,
        "title": "Une source",
        "publisher": "",
        "url": "",
        "doi": "",
    },
    "practice_outcomes": {
        "practice_id": "guichet",
        "position": 0,
        "indicator": "Appels",
        "before": "",
        "after": "",
        "value": "plus de 7 000",
        "unit": "",
        "n": "",
        "period": "",
        "design": "",
        "reference": 1,
    },
    "practice_adopters": {
        "practice_id": "guichet",
        "position": 0,
        "organisation_id": 1,
        "name": "",
        "region": "rss01",
        "since": "2022",
        "source": 1,
    },
    "practice_organisations": {
        "practice_id": "guichet",
        "position": 0,
        "organisation_id": 1,
        "name": "",
    },
}
_FILE = """\
---
id: guichet
slug: guichet-acces
title: Un guichet
origin: starter
state: published
published_at: 2026-11-21
organisations:
  - id: cisss-bsl
started: 2019 ou 2020
stage: test
problem: Le problème [1].
solution: La solution.
audience: Tout le monde.
evaluation: not-evaluated
outcomes:
  - indicator: Appels
    value: plus de 7 000
    reference: 1
maturity: prometteuse
evidence_strength: suggestive
themes:
  - telesante
adopters:
  - organisation: cisss-bsl
    region: rss01
    since: 2022
    source: 1
references:
  - number: 1
    title: Une source
---

## Contexte

Le contexte [1].
"""


@pytest.fixture
def first_release(tmp_path: Path, database_kind: str) -> Iterator[None]:
    """A database of its own at revision 0001, bound."""
    with database_at("0001", _ROWS, kind=database_kind, folder=tmp_path):
        yield


@pytest.fixture
def come_through(tmp_path: Path, database_kind: str) -> Iterator[None]:
    """The same, once it has come to the newest revision."""
    with upgraded_from("0001", _ROWS, kind=database_kind, folder=tmp_path):
        yield


def _reloaded() -> Practice:
    with db.reading() as session:
        found = load_practice(session, "guichet")
        assert found is not None
        return found


def test_a_sheet_of_the_first_release_comes_through_whole(first_release: None) -> None:
    assert migrate.upgrade()

    practice = _reloaded()

    assert write_sheet(sheet_of(practice)) == _FILE
    assert practice.version == 3
    assert practice.edition == 1
    assert practice.translation_state is TranslationState.ABSENT
    assert not practice.no_patient_information
    assert practice.reviewers == []
    assert practice.references[0].language == ""


def test_the_upgraded_database_is_what_the_models_say(come_through: None) -> None:
    with db.engine().connect() as connection:
        assert migrate.differences(connection) == []


def test_an_upgraded_sheet_can_be_changed(come_through: None) -> None:
    with db.writing() as session:
        practice = load_practice(session, "guichet")
        assert practice is not None
        practice.funders = ["Un ministère"]
        practice.adopters[0].everywhere = True

    again = _reloaded()
    assert again.funders == ["Un ministère"]
    assert again.adopters[0].everywhere


def test_who_wrote_last_before_the_upgrade_still_had_a_hand_in_the_sheet(
    tmp_path: Path, database_kind: str
) -> None:
    rows = {
        "practices": _ROWS["practices"],
        "members": {
            "id": 7,
            "public_id": "00112233aabbccdd",
            "name": "Ariane Essai",
            "email": "ariane@exemple.ca",
            "state": "active",
            "locale": "fr",
            **STAMPS,
        },
        "practice_revisions": {
            "id": 1,
            "practice_id": "guichet",
            "state": "drafting",
            "state_since": AT,
            "values": {},
            "blocks": {},
            "stamps": {},
            "base": 1,
            "round": 0,
            "is_minor": False,
            "note": "",
            "written_by_id": 7,
            "version": 1,
            **STAMPS,
        },
    }
    with database_at("0017", rows, kind=database_kind, folder=tmp_path):
        assert migrate.upgrade()
        with db.reading() as session:
            assert worked_on(session, "guichet") == {7}
