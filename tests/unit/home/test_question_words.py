"""Days of work, and words in which nothing can be clicked."""

from datetime import UTC, date, datetime

import pytest

from inters4.core.working_days import add_working_days
from inters4.home.exports.letters import without_addresses
from inters4.home.exports.questions import questions_csv
from inters4.home.forms.questions import known_origin, one_line
from inters4.home.models import Question, QuestionState, Subject


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_saturdays_and_sundays_are_not_days_of_work(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count) == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://mal.example/x",
        "http://mal.example",
        "www.mal.example",
        "mal.example",
        "mal.example/gagnez",
        "MAL.EXAMPLE",
        "(mal.example)",
        "quelqu-un@mal.example",
        "hxxp://mal",
        "sous.domaine.mal.example:8080",
        "érable.québec",
    ],
)
def test_nothing_that_a_mail_program_links_is_repeated(address: str) -> None:
    repeated = without_addresses(f"Voyez {address} demain")

    assert repeated == "Voyez [adresse retirée] demain"


def test_ordinary_words_are_repeated_as_they_are() -> None:
    text = "Dose de 3.5 mg, p. ex. 2 fois par jour. Merci! (voir 8-1-1)"

    assert without_addresses(text) == text


@pytest.mark.parametrize(
    "path",
    [
        "https://mal.example/",
        "//mal.example",
        "/\\mal.example",
        "javascript:alert(1)",
        "pratiques/gap",
        "/a\nb",
        "/" + "a" * 600,
        "",
        None,
    ],
)
def test_the_page_of_origin_is_a_page_of_the_portal(path: str | None) -> None:
    assert known_origin(path) == ""


def test_a_page_of_the_portal_is_kept_whole() -> None:
    assert known_origin("/recherche?q=soins&region=rss01") == "/recherche?q=soins&region=rss01"


def test_a_line_is_one_line_of_printable_signs() -> None:
    assert one_line(" a\r\nBcc: b\x00\u202e c ", limit=20) == "a Bcc: b c"
    assert len(one_line("a" * 500, limit=120)) == 120


def make_row(text: str, **values: str) -> Question:
    return Question(
        public_id="abc",
        subject=Subject.QUESTION,
        text=text,
        email="camille@exemple.ca",
        name="Camille Tremblay",
        organisation="CISSS du Nord",
        locale="fr",
        asked_at=datetime(2026, 11, 23, 15, tzinfo=UTC),
        due_on=date(2026, 11, 30),
        state=QuestionState.OPEN,
        origin="",
        **values,
    )


def test_the_csv_does_not_say_who_asked() -> None:
    row = make_row("Joignez-moi au 418 555-0199 ou camille@exemple.ca.", query="chutes")

    written = "".join(questions_csv([row]))

    assert written.startswith("\ufeffNuméro;")
    assert "chutes" in written
    for secret in ("418", "0199", "camille", "Camille", "exemple.ca", "CISSS"):
        assert secret not in written


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_the_csv_is_a_formula(start: str) -> None:
    written = "".join(questions_csv([make_row("Une question", query=f"{start}cmd()")]))

    assert f";{start}cmd" not in written
