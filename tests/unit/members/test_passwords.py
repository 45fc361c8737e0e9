"""What a password may be."""

import pytest

from inters4.members.services import passwords
from inters4.members.services.passwords import (
    WeakPassword,
    check_strength,
    hash_password,
    is_outdated,
    matches,
)

NAME = ("Ariane Bélanger", "ariane.belanger@cisss-exemple.ca")


@pytest.mark.parametrize(
    "password",
    [
        "marée basse et lampe tempête",
        "correct horse battery staple",
        "x9!kQ2#vLp0w",
        "837465019283",
        "Ariane aime quatre tambours bleus",
        "é" * 2 + "raton laveur mandoline" + "a" * 104,
    ],
)
def test_a_long_phrase_is_accepted_whatever_it_is_made_of(password: str) -> None:
    check_strength(password, context=NAME)


@pytest.mark.parametrize("password", ["", "onze lettre", "a" * 129])
def test_a_password_has_12_to_128_characters(password: str) -> None:
    with pytest.raises(WeakPassword, match=r"au (moins\s12|plus\s128) caractères"):
        check_strength(password)


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse2026",
        "Mot de passe 123",
        "M0tDeP@sse2024!",
        "azertyuiop123",
        "QWERTYqwerty!!",
        "123456789012",
        "aaaaaaaaaaaa",
        "121212121212",
        "Bonjour-Québec-2026",
        "CanadiensHockey1",
        "Février2026!!!",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="trop courant"):
        check_strength(password)


@pytest.mark.parametrize(
    "password", ["inters4inters4", "Ariane-Belanger", "arianebélanger1", "cisss.exemple.ariane"]
)
def test_what_others_know_of_the_person_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(password, context=NAME)


def test_the_refusal_names_what_is_reused() -> None:
    with pytest.raises(WeakPassword, match="reprend votre nom"):
        check_strength("Bélanger2024ariane", context=NAME)


@pytest.mark.usefixtures("full_cost")
def test_a_password_opens_its_own_hash_only() -> None:
    kept = hash_password("marée basse et lampe tempête")

    assert kept.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert matches("marée basse et lampe tempête", kept)
    assert not matches("maree basse et lampe tempete", kept)


def test_the_same_accents_typed_on_another_system_are_the_same_password() -> None:
    kept = hash_password("mare\N{COMBINING ACUTE ACCENT}e basse et lampe")

    assert matches("mar\N{LATIN SMALL LETTER E WITH ACUTE}e basse et lampe", kept)


@pytest.mark.usefixtures("full_cost")
def test_the_decoy_costs_a_real_hash_and_opens_nothing() -> None:
    assert passwords.DECOY_HASH.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert not is_outdated(passwords.DECOY_HASH)
    assert not matches("marée basse et lampe tempête", passwords.DECOY_HASH)
    assert not matches("", passwords.DECOY_HASH)


def test_a_hash_nobody_knows_opens_nothing() -> None:
    assert not matches("marée basse et lampe tempête", "")
    assert not matches("marée basse et lampe tempête", "plain text")


def test_the_bundled_list_is_written_in_lower_case_and_without_doubles() -> None:
    words = passwords._common_words()

    assert len(words) > 150
    assert all(word == word.lower() and " " not in word for word in words)
