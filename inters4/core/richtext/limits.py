"""What is refused before any parser sees it, so that no text costs more than a moment.

Python-Markdown scans forward from every `[`, recurses for every nested quote or list, copies what
is left of the text at each block, and pads every table row to its widest: each of these has its
cap, counted in one pass. Together they keep the dearest text under 0.3 s.
"""

import re

from inters4.core.errors import DomainError, TooLarge
from inters4.core.i18n import _, format_number
from inters4.core.richtext.profiles import Profile

MAX_NESTING = 8
MAX_HEADINGS = 1_000
MAX_NOTES = 600
MAX_PEELING = 3_000_000
_LINE = re.compile(r"^.*\S", re.MULTILINE)
_SIGN = re.compile(r"[*_~`\\<&]")
# Markers of quotes and list items that open a line: `> - 1. > text`.
_MARKERS = re.compile(r"^[ ]*(?:(?:>|[-+*](?= )|\d{1,9}[.)](?= ))[ ]*)+", re.MULTILINE)
_MARKER = re.compile(r">|[-+*]|\d+[.)]")
_DEEP_ITEM = re.compile(rf"^ {{{4 * MAX_NESTING + 1},}}(?:[-+*]|\d+[.)]) ", re.MULTILINE)
# Lines that are taken off the head of their block one at a time, the rest being read again.
_PEELED = re.compile(r"^[ >]*(?:\[[^\]\n]*\]:|:[ ]|#|(?:[-*_=][ ]*){3,}$|[-=]+ *$)", re.MULTILINE)
_BLANK = re.compile(r"\n(?: *\n)+")
_HEADING = re.compile(r"^[ >]*(?:#|=+ *$|-+ *$)", re.MULTILINE)
# Controls that no text needs; Python-Markdown uses two of them as its own marks.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class TooIntricate(DomainError):
    """The text nests or repeats a sign more than any reader could follow."""


def admit(source: str, *, profile: Profile) -> str:
    """`source` with LF, no tabs and no control characters, once it is known to be cheap.

    Raises:
        TooLarge: more characters than the profile takes.
        TooIntricate: nesting, brackets, signs, headings, lines or table cells past their cap.
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
    if sum(1 for _found in _SIGN.finditer(text)) > profile.max_signs:
        raise TooIntricate(_("Ce texte contient trop de signes de mise en forme : simplifiez-le."))
    if sum(1 for _found in _HEADING.finditer(text)) > MAX_HEADINGS:
        raise TooIntricate(_("Ce texte contient trop de titres : simplifiez-le."))
    if sum(1 for _found in _LINE.finditer(text)) > profile.max_lines:
        raise TooIntricate(
            _(
                "Ce texte compte plus de %(limit)s lignes ou éléments de liste : divisez-le.",
                limit=format_number(profile.max_lines),
            )
        )
    if _table_cells(text) > profile.max_cells:
        raise TooIntricate(_("Ce texte contient un tableau trop grand : divisez-le."))
    if _peeling(text) > MAX_PEELING:
        raise TooIntricate(
            _(
                "Ce texte enchaîne trop de titres, de définitions ou de références : séparez-les "
                "par des lignes vides."
            )
        )
    return text


def _is_too_nested(text: str) -> bool:
    if _DEEP_ITEM.search(text):
        return True
    return any(
        sum(1 for _mark in _MARKER.finditer(found[0])) > MAX_NESTING
        for found in _MARKERS.finditer(text)
    )


def _peeling(text: str) -> int:
    """How many characters are read again because of lines that leave their block one by one."""
    return sum(len(_PEELED.findall(block)) * len(block) for block in _BLANK.split(text))


def _table_cells(text: str) -> int:
    """At most so many cells: every row is padded to the width of its header."""
    widths = [line.count("|") for line in text.split("\n") if "|" in line]
    return (max(widths) + 1) * len(widths) if widths else 0
