"""What looks like the data of a patient, and what does not."""

import pytest

from inters4.community.services.detecting import Sign, mark_of_seen, seen_in


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("TREM 5801 0112", Sign.HEALTH_NUMBER),
        ("sa carte trem58510112, vue hier", Sign.HEALTH_NUMBER),
        ("NAM : TREM-5801-0112", Sign.HEALTH_NUMBER),
        ("TREM 58 01 01 12", Sign.HEALTH_NUMBER),
        ("TREM\u00a05801\u00a00112", Sign.HEALTH_NUMBER),
        ("le 418 555-0199", Sign.TELEPHONE),
        ("(418) 555-0199", Sign.TELEPHONE),
        ("+1 418.555.0199", Sign.TELEPHONE),
        ("4185550199", Sign.TELEPHONE),
        ("418\u00a0555\u20110199", Sign.TELEPHONE),
        ("écrire à ariane.lebrun@exemple.ca", Sign.EMAIL),
        ("<a+b@sous.exemple.qc.ca>", Sign.EMAIL),
        ("né le 3 mars 1958", Sign.BIRTH),
        ("Née le 1er août 1944", Sign.BIRTH),
        ("date de naissance : 1958-03-02", Sign.BIRTH),
        ("DDN 02/03/1958", Sign.BIRTH),
        ("née : 02-03-58", Sign.BIRTH),
    ],
)
def test_what_may_identify_someone_is_seen(text: str, sign: Sign) -> None:
    assert sign in {one.sign for one in seen_in(text)}


@pytest.mark.parametrize(
    "text",
    [
        "La réunion est le 3 mars 2026, à 14 h.",
        "Voir la page https://exemple.ca/a/2026-03-02/4185550199123",
        "TREM 5813 0112",  # no month 13
        "TREM 5801 3212",  # no day 32
        "Le numéro 418 555 de la salle",
        "L’étude de 2019-2021 (n = 1 234 567 890 000)",
        "@ariane, merci!",
        "10.1016/j.jamda.2020.01.1234567890",
        "né sous une bonne étoile",
        "PRISMA 2009 0112345",
        "",
    ],
)
def test_what_identifies_nobody_is_let_through(text: str) -> None:
    assert seen_in(text) == ()


def test_each_sign_is_told_once_whatever_the_number_of_texts() -> None:
    assert len(seen_in("418 555-0199 ou 418 555-0199", "418 555-0199")) == 1


def test_a_mark_stands_for_the_very_signs_that_were_shown() -> None:
    shown = mark_of_seen(seen_in("418 555-0199"))

    assert shown
    assert shown != mark_of_seen(seen_in("418 555-0100"))
    assert mark_of_seen(()) == ""


@pytest.mark.parametrize("piece", ["a" * 32_000, "1" * 32_000, "a@" * 16_000, "TREM " * 6_000])
def test_no_text_takes_long_to_look_at(piece: str) -> None:
    assert seen_in(piece + "!") == ()


def test_a_long_row_of_dots_takes_no_time() -> None:
    assert seen_in("né " + " " * 10_000 + "a." * 10_000) == ()
