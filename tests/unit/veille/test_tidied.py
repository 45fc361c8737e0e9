"""What is kept of what somebody types in a summary."""

import pytest

from inters4.veille.services.drafting import tidied
from inters4.veille.services.requirements import PARAGRAPH


@pytest.mark.parametrize("name", [PARAGRAPH, "title"])
def test_signs_that_no_file_may_hold_are_left_out(name: str) -> None:
    assert tidied(name, "Un\u202e titre\x00\x92 \u2067lu") == "Un titre lu"


def test_a_paragraph_keeps_its_lines_and_a_line_has_none() -> None:
    assert tidied(PARAGRAPH, "un\r\ndeux\x85trois") == "un\ndeux\ntrois"
    assert tidied("title", "un\r\ndeux\x85trois") == "un deux trois"
