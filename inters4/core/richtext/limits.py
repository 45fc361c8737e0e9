"""What is refused before any parser sees it, so that no text costs more than a moment.

Python-Markdown scans forward from every `[`, recurses for every nested quote or list, and pads
every table row to its widest: each of these has its cap, counted in one pass.
"""

import re

from inters4.core.errors import DomainError, TooLarge
from inters4.core.i18n import _, format_number
from inters4.core.richtext.profiles import Profile

MAX_NESTING = 8
MAX_TABLE_CELLS = 20_000
MAX_HEADINGS = 1_000
MAX_SIGNS = 10_000
MAX_NOTES = 600
_SIGN = re.compile(r"[*_~`\\<&]")
# Markers of quotes and list items that open a line: `> - 1. > text`.
_MARKERS = re.compile(r"^[ ]*(?:(?:>|[-+*](?= )|\d{1,9}[.)](?= ))[ ]*)+", re.MULTILINE)
_MARKER = re.compile(r">|[-+*]|\d+[.)]")
_DEEP_ITEM = re.compile(rf"^ {{{4 * MAX_NESTING + 1},}}(?:[-+*]|\d+[.)]) ", re.MULTILINE)
_HEADING = re.compile(r"^[ >]*(?:#|=+ *$|-+ *$)", re.MULTILINE)
# Controls that no text needs; Python-Markdown uses two of them as its own marks.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class TooIntricate(DomainError):
    """The text nests or repeats a sign more than any reader could follow."""


def admit(source: str, *, profile: Profile) -> str:
    """`source` with LF, no tabs and no control characters, once it is known to be cheap.

    Raises:
        TooLarge: more characters than the profile takes.
        TooIntricate: nesting, brackets, signs, headings or table cells past their cap.
    """
    if len(source) > profile.max_chars:
        raise TooLarge(
            _(
                "Ce texte dépasse %(limit)s caractères : raccourcissez-le.",
                limit=format_number(profile.max_chars),
            )
        )
    text = source.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    text = _CONTROLS.sub("", text)
    if _is_too_nested(text):
        raise TooIntricate(_("Ce texte imbrique plus de huit citations ou listes : simplifiez-le."))
    if text.count("[") > profile.max_brackets or text.count("[^") > MAX_NOTES:
        raise TooIntricate(_("Ce texte contient trop de liens ou de crochets : simplifiez-le."))
    if sum(1 for _found in _SIGN.finditer(text)) > MAX_SIGNS:
        raise TooIntricate(_("Ce texte contient trop de signes de mise en forme : simplifiez-le."))
    if sum(1 for _found in _HEADING.finditer(text)) > MAX_HEADINGS:
        raise TooIntricate(_("Ce texte contient trop de titres : simplifiez-le."))
    if _table_cells(text) > MAX_TABLE_CELLS:
        raise TooIntricate(_("Ce texte contient un tableau trop grand : divisez-le."))
    return text


def _is_too_nested(text: str) -> bool:
    if _DEEP_ITEM.search(text):
        return True
    return any(
        sum(1 for _mark in _MARKER.finditer(found[0])) > MAX_NESTING
        for found in _MARKERS.finditer(text)
    )


def _table_cells(text: str) -> int:
    """At most so many cells: every row is padded to the width of its header."""
    widths = [line.count("|") for line in text.split("\n") if "|" in line]
    return (max(widths) + 1) * len(widths) if widths else 0
