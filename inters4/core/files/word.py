"""A Word document as text by headings, read by a child process that is killed when it is late.

The archive is looked into first: a bomb, a password or a macro never reaches the child.
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from inters4.core.files.checks import kind_of
from inters4.core.files.refusals import FileRefused
from inters4.core.i18n import _
from inters4.core.values import dataclass

LARGEST = 10_000_000
_ARCHIVE = b"PK"
_SCRIPT = Path(__file__).with_name("word_reader.py")
_SECONDS = 12
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading, as Markdown; the heading is empty before the first.

    Attributes:
        level: that of the heading, from 1; 0 before the first.
        pictures: how many stood there; none is kept.
    """

    heading: str
    text: str
    level: int = 0
    pictures: int = 0


def read_word(data: bytes, name: str) -> list[Passage]:
    """The passages of a .docx, in their order.

    Raises:
        FileRefused: too large, no Word document, damaged, or longer than people write.
    """
    if len(data) > LARGEST:
        raise FileRefused(_("Ce document dépasse 10 Mo : retirez-en les images."))
    other = FileRefused(_("Choisissez un document Word (.docx)."))
    if data and not data.startswith(_ARCHIVE):
        raise other
    if kind_of(data, name).extension != "docx":
        raise other
    damaged = FileRefused(_("Ce document n’a pas pu être lu : enregistrez-le de nouveau en .docx."))
    try:
        answer = subprocess.run(  # noqa: S603  (our own script, no shell)
            [sys.executable, "-I", str(_SCRIPT)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
        read = json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise damaged from None
    passages = _gathered(read)
    if sum(len(one.text) for one in passages) > _LONGEST:
        raise FileRefused(_("Ce document est trop long pour une fiche : gardez-en l’essentiel."))
    return passages


def _gathered(read: list[tuple[int, str, bool, int]]) -> list[Passage]:
    """The text under each heading; items that follow each other are one list."""
    found = [Passage("", "")]
    was_item = False
    for level, text, is_item, pictures in read:
        if level:
            found.append(Passage(" ".join(text.split()), "", level, pictures))
        else:
            last = found[-1]
            between = "" if not (last.text and text) else "\n" if is_item and was_item else "\n\n"
            found[-1] = replace(
                last, text=last.text + between + text, pictures=last.pictures + pictures
            )
        was_item = is_item if text else was_item
    return [one for one in found if one.heading or one.text or one.pictures]
