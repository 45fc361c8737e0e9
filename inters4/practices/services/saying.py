"""Whether a text says something to whoever reads it: a requirement is met by words.

Spaces without a width, comments, tags, rules, entities and empty links look like text to a program
and like nothing on a screen.
"""

import re
from collections.abc import Mapping
from typing import Any

from inters4.core.errors import DomainError
from inters4.core.richtext import plain_text
from inters4.practices.models import without_citations

# Letters by their category, that fonts draw as nothing.
_FILLERS = re.compile("[\u115f\u1160\u3164\uffa0]")
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|</?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>", re.DOTALL | re.IGNORECASE
)
_MAY_HIDE = re.compile(r"```|~~~|\[\^")
_UNSURE = re.compile(r"[\[{&]|^\s*[\"'(]")


def words_in(text: str) -> int:
    """How many words a text has; signs of Markdown, citations and what is not drawn are none."""
    words = _FILLERS.sub("", without_citations(text)).split()
    return sum(any(character.isalnum() for character in word) for word in words)


def says_something(value: Any) -> bool:
    """True of a text with a word that readers see, of a row or list with one, and of what is given.

    A line of plain words is enough; a text that has none is drawn, as its page will draw it.
    """
    if isinstance(value, Mapping):
        return any(says_something(one) for one in value.values() if isinstance(one, str))
    if isinstance(value, (list, tuple)):
        return any(says_something(one) for one in value)
    if not isinstance(value, str):
        return bool(value)
    text = _TAG.sub("", without_citations(value))
    sure = _MAY_HIDE.split(text, maxsplit=1)[0].splitlines()
    if any(words_in(line) for line in sure if not _UNSURE.search(line)):
        return True
    try:
        return words_in(plain_text(text)) > 0
    except DomainError:  # too intricate to be drawn, which other rules tell
        return words_in(text) > 0
