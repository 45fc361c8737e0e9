"""What a letter says of a name that somebody typed."""

import pytest

from inters4.members.exports.letters import harmless


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("M.Roy", "M. Roy"),
        ("J.Émile Tremblay", "J. Émile Tremblay"),
        ("Dre.Côté", "Dre. Côté"),
        ("J.P.Tremblay", "J. P. Tremblay"),
        ("bit.Ly/piege", "bit. Ly/piege"),
        ("www.Piege.example", "… …"),
        ("t.co/piege", "…"),
    ],
)
def test_a_shortened_name_is_kept_and_makes_no_link(typed: str, kept: str) -> None:
    assert harmless(typed) == kept
