"""Addresses of the portal: hundreds of rules, of which a process writes a few."""

from collections.abc import Callable
from types import MethodType
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that is read at once, and whose writer is compiled when it is first asked for.

    To compile the two writers of every rule takes longer than all the rest of what Flask does at a
    start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        name = "_build_unknown" if append_unknown else "_build"

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            written = super(LateRule, self)._compile_builder(append_unknown)
            writer: Callable[..., tuple[str, str]] = MethodType(written, rule)
            setattr(rule, name, writer)
            return writer(**values)

        return build
