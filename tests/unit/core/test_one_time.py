"""Codes as RFC 6238 gives them; the secret under a key; the picture as others draw it."""

import hashlib
from datetime import UTC, datetime

import pytest

from inters4.core import one_time, qr
from inters4.core.sealing import SealBroken, seal, unseal

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)

    assert one_time.code_at(SECRET, one_time.step_of(moment)) == code
    assert one_time.matching_step(SECRET, code, at=moment) == seconds // 30


def test_a_clock_half_a_minute_off_is_forgiven_and_no_more() -> None:
    moment = datetime.fromtimestamp(1_000_000_020, UTC)
    step = one_time.step_of(moment)
    accepted = [
        offset
        for offset in range(-3, 4)
        if one_time.matching_step(SECRET, one_time.code_at(SECRET, step + offset), at=moment)
    ]

    assert accepted == [-1, 0, 1]


def test_a_step_passes_once() -> None:
    moment = datetime.fromtimestamp(1_000_000_020, UTC)
    step = one_time.step_of(moment)
    code = one_time.code_at(SECRET, step)

    assert one_time.matching_step(SECRET, code, at=moment, after=step) is None
    assert one_time.matching_step(SECRET, "élégant", at=moment) is None


def test_the_address_names_the_portal_and_the_account() -> None:
    assert one_time.address(SECRET, issuer="InterS4", account="a b@exemple.ca") == (
        "otpauth://totp/InterS4:a%20b%40exemple.ca"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=InterS4"
    )
    assert one_time.spelled(SECRET).startswith("GEZD GNBV")


def test_what_is_sealed_opens_under_the_same_key_for_the_same_use_only() -> None:
    sealed = seal(SECRET, key="k" * 32, purpose="a")

    assert unseal(sealed, key="k" * 32, purpose="a") == SECRET
    assert SECRET not in sealed
    assert seal(SECRET, key="k" * 32, purpose="a") != sealed
    for key, purpose in (("x" * 32, "a"), ("k" * 32, "b")):
        with pytest.raises(SealBroken):
            unseal(sealed, key=key, purpose=purpose)
    with pytest.raises(SealBroken):
        unseal(b"", key="k" * 32, purpose="a")
    with pytest.raises(SealBroken):
        unseal(sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:], key="k" * 32, purpose="a")


@pytest.mark.parametrize(
    ("text", "side", "digest"),
    [
        ("otpauth://totp/" + "y" * 47, 33, "3c70933c57eda6d2"),
        ("otpauth://totp/" + "z" * 198, 57, "c91d9897a56e5a6e"),
    ],
)
def test_a_picture_is_the_one_that_readers_were_tried_on(text: str, side: int, digest: str) -> None:
    squares = qr.modules(text)
    drawn = "\n".join("".join("#" if dark else "." for dark in row) for row in squares)

    assert len(squares) == side
    assert hashlib.sha256(drawn.encode()).hexdigest().startswith(digest)


def test_a_picture_keeps_a_quiet_border_and_refuses_what_it_cannot_hold() -> None:
    squares = qr.modules("a")

    assert qr.side_of(squares) == 29
    assert qr.path_of(squares).startswith("M4 4h7v1h-7z")
    with pytest.raises(ValueError, match="too large"):
        qr.modules("a" * 4_000)
