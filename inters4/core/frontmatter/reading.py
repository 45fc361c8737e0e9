"""From bytes to a `FrontMatter`: our own splitter, over fields that YAML reads (`fields`).

Few processes ever read a file, and YAML is slow to import.
"""

import re

from inters4.core.frontmatter.limits import TURNED
from inters4.core.frontmatter.values import FrontMatter, Reading
from inters4.core.i18n import _

MAX_FILE_BYTES = 2_000_000
MAX_LINE_BYTES = 1_000_000
MAX_FRONT_MATTER_CHARS = 200_000
FENCE = "---"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Tabs break YAML's indentation; the others are line ends or marks that nobody sees on a screen.
_UNWANTED = re.compile("[\x00-\x08\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NEVER_KEPT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def parse(data: bytes, *, path: str) -> FrontMatter:
    """Read one document; `path` is only the name that mistakes carry.

    CRLF is read as LF. Nesting is at most 8 levels, a file 2 MB, a line 1 MB.

    Raises:
        ContentErrors: with a French sentence and a line for each mistake.
    """
    from inters4.core.frontmatter.fields import entries_of  # noqa: PLC0415  (see above)

    report = Reading(path)
    text = _decode(data, report)
    head, body, body_line = _split(text, report)
    for number, line in enumerate(head, start=2):
        if "\t" in line:
            report.note(number, _("Remplacez la tabulation par des espaces."))
        elif _UNWANTED.search(line) or TURNED.search(line):
            report.note(number, _("Retirez le caractère invisible de cette ligne."))
    for number, line in enumerate(body.split("\n"), start=body_line):
        if TURNED.search(line):
            report.note(number, _("Retirez le caractère invisible de cette ligne."))
    report.stop_if_any()
    entries, lines = entries_of("".join(f"{line}\n" for line in head), report)
    report.stop_if_any()
    return FrontMatter(path=path, entries=entries, body=body, body_line=body_line, lines=lines)


def storable(text: str) -> str:
    """What a person typed, as a file may hold it: line ends as LF, nothing that nobody sees."""
    return _NEVER_KEPT.sub("", _LINE_ENDS.sub("\n", text))


def _decode(data: bytes, report: Reading) -> str:
    if len(data) > MAX_FILE_BYTES:
        report.note(1, _("Ce fichier dépasse 2 Mo : raccourcissez-le."))
        report.stop_if_any()
    if data.startswith(_BOMS):
        report.note(1, _("Enregistrez ce fichier en UTF-8 sans marque d’ordre des octets (BOM)."))
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for number, line in enumerate(data.split(b"\n"), start=1):
        if len(line) > MAX_LINE_BYTES:
            report.note(number, _("Cette ligne dépasse 1 Mo : coupez-la."))
        if b"\0" in line:
            report.note(number, _("Cette ligne contient un caractère nul : retirez-le."))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        report.note(
            data.count(b"\n", 0, error.start) + 1,
            _("Cette ligne n’est pas en UTF-8 : enregistrez le fichier dans ce codage."),
        )
        text = ""
    report.stop_if_any()
    return text


def _split(text: str, report: Reading) -> tuple[list[str], str, int]:
    """Lines of the front matter, body without blank lines around it, line where it starts."""
    lines = text.split("\n")
    if lines[0].rstrip(" ") != FENCE:
        report.note(1, _("La première ligne doit être « --- » : les champs suivent."))
        report.stop_if_any()
    number = next((n for n, line in enumerate(lines) if n and line.rstrip(" ") == FENCE), 0)
    if not number:
        report.note(len(lines), _("Il manque la ligne « --- » qui termine les champs."))
        report.stop_if_any()
    head = lines[1:number]
    if sum(len(line) + 1 for line in head) > MAX_FRONT_MATTER_CHARS:
        report.note(
            2, _("Les champs dépassent 200 000 caractères : mettez le texte dans le corps.")
        )
        report.stop_if_any()
    start = number + 1
    while start < len(lines) - 1 and not lines[start]:
        start += 1
    return head, "\n".join(lines[start:]).rstrip("\n"), start + 1
