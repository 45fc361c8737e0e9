"""Templates drawn at less cost, saying the same.

A page calls macros and `_()` a thousand times; Jinja looks at each callable twice, makes a new
context for `_()` inside a loop, and escapes again what is already markup. Here calls of macros and
plain functions are direct, a message without values is looked up once a language, and markup goes
out as it is.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any

from flask.templating import Environment
from jinja2 import pass_eval_context
from jinja2.compiler import CodeGenerator
from jinja2.nodes import EvalContext, Expr
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from inters4.core.i18n import current_locale, gettext_raw, ngettext_raw

_KEPT_MESSAGES = 4_096


class DirectContext(Context):
    """A context whose calls go straight to macros, `_()` and functions that ask for nothing."""

    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        """What `called` answers."""
        kind = type(called)
        if kind is Macro or called is translated or called is translated_number:
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return called(self.eval_ctx, *args, **named)
        if (kind is FunctionType or kind is MethodType) and not hasattr(called, "jinja_pass_arg"):
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return called(*args, **named)
        return super().call(called, *args, **named)


class DirectGenerator(CodeGenerator):
    """Writes `environment.printed(...)` where Jinja writes `escape(...)`."""

    def _output_child_pre(self, node: Expr, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.printed(")
        if finalize.src is not None:
            self.write(finalize.src)


class DirectEnvironment(Environment):
    """Flask's own, with the two above; templates share one dictionary of globals."""

    context_class = DirectContext
    code_generator_class = DirectGenerator

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: those of all, unless it is given its own."""
        return super().make_globals(d) if d else self.globals

    @staticmethod
    def printed(value: Any) -> str:
        """`value` as it goes out in HTML."""
        return value if type(value) is Markup else escape(value)


@pass_eval_context
def translated(frame: EvalContext, message: str, /, **values: Any) -> str:
    """`_()` in templates: the message in the language in force, its values escaped."""
    if not frame.autoescape:
        return gettext_raw(message) % values
    if not values:
        return _without_values(current_locale(), message)
    return Markup(gettext_raw(message)) % values  # noqa: S704  (messages are ours)


@pass_eval_context
def translated_number(
    frame: EvalContext, singular: str, plural: str, number: int, /, **values: Any
) -> str:
    """`ngettext()` in templates: the form that agrees with `number`, which fills `%(num)s`."""
    text = ngettext_raw(singular, plural, number)
    filled = {"num": number, **values}
    if not frame.autoescape:
        return text % filled
    return Markup(text) % filled if "%" in text else Markup(text)  # noqa: S704  (messages are ours)


@lru_cache(maxsize=_KEPT_MESSAGES)
def _without_values(_locale: str, message: str) -> Markup:
    return Markup(gettext_raw(message)) % {}  # noqa: S704  (messages are ours)
