"""From bytes to a `FrontMatter`: our own splitter over the nodes of a YAML document.

Nodes are composed, objects never constructed: a tag has no effect but a refusal, and the marks
give the line. Anchors and aliases are refused, so a small file stays a small value. What is plain
is read by libyaml (`nodes`), the rest by PyYAML's safe loader, which says what is wrong and where.
"""

import re
from typing import Any

import yaml

from inters4.core.frontmatter.nodes import MAX_DEPTH, compose
from inters4.core.frontmatter.values import (
    FrontMatter,
    Group,
    Items,
    Reading,
    Scalar,
    Value,
)
from inters4.core.i18n import _

MAX_FILE_BYTES = 2_000_000
MAX_LINE_BYTES = 1_000_000
MAX_FRONT_MATTER_CHARS = 200_000
MAX_KEY_CHARS = 100
FENCE = "---"
_UNCLOSED = "found unexpected end of stream"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Tabs break YAML's indentation; the others are line ends or marks that nobody sees on a screen.
_UNWANTED = re.compile("[\x00-\x08\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Embeddings, overrides and isolates: what is read on the screen is not what is written.
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
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
    report = Reading(path)
    text = _decode(data, report)
    head, body, body_line = _split(text, report)
    for number, line in enumerate(head, start=2):
        if "\t" in line:
            report.note(number, _("Remplacez la tabulation par des espaces."))
        elif _UNWANTED.search(line) or _TURNED.search(line):
            report.note(number, _("Retirez le caractère invisible de cette ligne."))
    for number, line in enumerate(body.split("\n"), start=body_line):
        if _TURNED.search(line):
            report.note(number, _("Retirez le caractère invisible de cette ligne."))
    report.stop_if_any()
    entries, lines = _entries("".join(f"{line}\n" for line in head), report)
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


class _Composer(yaml.SafeLoader):
    """Composes nodes, and reports what could make a document mean more than it shows."""

    def __init__(self, text: str, report: Reading) -> None:
        super().__init__(text)
        self._report = report
        self._depth = 0

    def resolve(self, kind: object, value: object, implicit: object) -> str:  # noqa: ARG002
        """Everything is text: no implicit type."""
        return "tag:yaml.org,2002:str"

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """No path-dependent type either."""

    def ascend_resolver(self) -> None:
        """See `descend_resolver`."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node, reporting aliases, anchors and tags, stopping when too deep."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 2
        if isinstance(event, yaml.AliasEvent):
            self._report.note(line, _("Écrivez la valeur en entier au lieu d’un renvoi « * »."))
            self.get_event()  # type: ignore[no-untyped-call]
            marks: Any = (event.start_mark, event.end_mark)
            return yaml.ScalarNode("", "", *marks)
        if event.anchor is not None:
            self._report.note(line, _("Retirez l’ancre « & » : elle n’est pas permise."))
            event.anchor = None
        if event.tag is not None:
            self._report.note(line, _("Retirez le type « ! » : tout est lu comme du texte."))
            event.tag = None
        if self._depth > MAX_DEPTH:
            self._report.note(line, _("Les champs sont imbriqués sur plus de 8 niveaux."))
            self._report.stop_if_any()
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def _entries(head: str, report: Reading) -> tuple[dict[str, Value], dict[str, int]]:
    node = compose(head, lambda text: _compose_with_care(text, report))
    if node is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        report.note(
            node.start_mark.line + 2, _("Écrivez les champs sous la forme « nom: valeur ».")
        )
        return {}, {}
    return _pairs(node, report)


def _compose_with_care(head: str, report: Reading) -> yaml.Node | None:
    """By PyYAML; what it finds wrong is reported in French, at the line where it is."""
    composer = _Composer(head, report)
    node: yaml.Node | None = None
    try:
        node = composer.get_single_node()
    except yaml.MarkedYAMLError as error:
        problem = error.problem or ""
        mark = error.problem_mark or error.context_mark
        if _UNCLOSED in problem:
            mark = error.context_mark or mark  # where it was opened
        last = head.count("\n") + 1
        report.note(min(mark.line + 2, last) if mark else 2, _sentence(problem))
        report.stop_if_any()
    except (ValueError, OverflowError):  # PyYAML makes a character of any number it reads
        report.note(composer.get_mark().line + 2, _("Cette ligne nomme un caractère impossible."))
        report.stop_if_any()
    finally:
        composer.dispose()
    return node


def _sentence(problem: str) -> str:
    """A French sentence for what PyYAML found wrong."""
    if "mapping values are not allowed" in problem:
        return _("Mettez entre guillemets une valeur qui contient un deux-points.")
    if _UNCLOSED in problem:
        return _("Un guillemet ouvert n’est pas fermé.")
    if "cannot start any token" in problem:
        return _("Mettez entre guillemets une valeur qui commence par ce caractère.")
    if "expected a single document" in problem or "but found another document" in problem:
        return _("Un seul bloc de champs est permis.")
    return _("Cette ligne n’est pas du YAML valide : vérifiez retraits, tirets et guillemets.")


def _pairs(node: yaml.MappingNode, report: Reading) -> tuple[dict[str, Value], dict[str, int]]:
    entries: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 2
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value in {"", "<<"}:
            report.note(line, _("Le nom d’un champ doit être un texte simple."))
            continue
        key = key_node.value
        if len(key) > MAX_KEY_CHARS:
            report.note(line, _("Le nom de ce champ dépasse 100 caractères."))
        elif key in entries:
            report.note(
                line,
                _(
                    "Le champ « %(key)s » est déjà donné à la ligne %(first)s.",
                    key=key,
                    first=lines[key],
                ),
            )
        elif _is_storable(key_node, report):
            lines[key] = line
            entries[key] = _value(value_node, line, report)
    return entries, lines


def _value(node: yaml.Node, line: int, report: Reading) -> Value:
    if isinstance(node, yaml.SequenceNode):
        values = (_value(item, item.start_mark.line + 2, report) for item in node.value)
        return Items(tuple(values), line)
    if isinstance(node, yaml.MappingNode):
        return Group(_pairs(node, report)[0], line)
    _is_storable(node, report)
    return Scalar(node.value, node.start_mark.line + 2)


def _is_storable(node: yaml.Node, report: Reading) -> bool:
    """False, and reported, when an escape hides what no database keeps or nobody sees."""
    if _UNSTORABLE.search(node.value):
        message = _("Retirez le caractère nul ou incomplet de ce texte.")
    elif _TURNED.search(node.value):
        message = _("Retirez le caractère invisible de cette ligne.")
    else:
        return True
    report.note(node.start_mark.line + 2, message)
    return False
