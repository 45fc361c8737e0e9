"""From the text between the fences to values: nodes are composed, objects never constructed.

A tag has no effect but a refusal, and the marks give the line. Anchors and aliases are refused, so
a small file stays a small value. What is plain is read by libyaml (`nodes`), the rest by PyYAML's
safe loader, which says what is wrong and where.
"""

import re
from typing import Any

import yaml

from inters4.core.frontmatter.limits import MAX_DEPTH, MAX_KEY_CHARS, TURNED
from inters4.core.frontmatter.nodes import compose
from inters4.core.frontmatter.values import Group, Items, Reading, Scalar, Value
from inters4.core.i18n import _

_UNCLOSED = "found unexpected end of stream"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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


def entries_of(head: str, report: Reading) -> tuple[dict[str, Value], dict[str, int]]:
    """The fields and the line of each; every mistake goes into `report`."""
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
    elif TURNED.search(node.value):
        message = _("Retirez le caractère invisible de cette ligne.")
    else:
        return True
    report.note(node.start_mark.line + 2, message)
    return False
