"""From the text of the fields to nodes: libyaml reads what is plain, PyYAML explains the rest.

The two read the same language at a tenth of the cost, but neither say the same of a mistake nor
put it at the same place. libyaml is believed only on a text that it finds whole and that holds
nothing we refuse; anything else is read again by `careful`, whose words people see.
"""

import re
from collections.abc import Callable
from typing import Any

import yaml

from inters4.core.frontmatter.limits import MAX_DEPTH

_TEXT = "tag:yaml.org,2002:str"
_GLUED = re.compile(r"[|>][-+0-9]*#")
"""A comment stuck to the sign of a long text: libyaml takes it, the language refuses it."""


class _OddError(Exception):
    """Something that is to be read with care."""


def compose(text: str, careful: Callable[[str], yaml.Node | None]) -> yaml.Node | None:
    """The node of the only document in `text`, every scalar a text; None when it is empty.

    What `careful` raises or reports is what this does.
    """
    if not yaml.__with_libyaml__ or _GLUED.search(text):
        return careful(text)
    try:
        return _Plain(text).compose()
    except (yaml.YAMLError, _OddError, ValueError, OverflowError):
        return careful(text)


class _Plain:
    """Nodes from the events of libyaml, which must be only texts, lists and mappings."""

    def __init__(self, text: str) -> None:
        self._next: Callable[[], Any] = yaml.CSafeLoader(text).get_event

    def compose(self) -> yaml.Node | None:
        self._next()  # the stream starts
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        node = self._node(self._next(), 0)
        self._next()  # the document ends
        if not isinstance(self._next(), yaml.StreamEndEvent):
            raise _OddError
        return node

    def _node(self, event: Any, depth: int) -> yaml.Node:
        if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag or depth > MAX_DEPTH:
            raise _OddError
        marks: Any = (event.start_mark, event.end_mark)
        if isinstance(event, yaml.ScalarEvent):
            return yaml.ScalarNode(_TEXT, event.value, *marks)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(one := self._next(), yaml.SequenceEndEvent):
                items.append(self._node(one, depth + 1))
            return yaml.SequenceNode(_TEXT, items, *marks)
        pairs = []
        while not isinstance(key := self._next(), yaml.MappingEndEvent):
            name = self._node(key, depth + 1)
            pairs.append((name, self._node(self._next(), depth + 1)))
        return yaml.MappingNode(_TEXT, pairs, *marks)
