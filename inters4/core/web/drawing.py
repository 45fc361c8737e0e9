"""Templates drawn at less cost, saying the same.

A page calls macros and `_()` a thousand times; Jinja looks at each callable twice, makes a new
context for `_()` inside a loop, and escapes again what is already markup. Here a name that a
template imports or defines as a macro is called directly, so are plain functions, a message
is looked up once a language, and markup goes out as it is.
"""

from collections.abc import Callable, MutableMapping
from functools import lru_cache, partial
from types import FunctionType, MethodType
from typing import Any

from flask.templating import Environment
from jinja2 import nodes, pass_eval_context
from jinja2.compiler import CodeGenerator
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

from inters4.core.i18n import current_locale, gettext_raw, ngettext_raw

_KEPT_MESSAGES = 4_096
_PLAIN = frozenset({FunctionType, MethodType, type})
_NUMBERS = frozenset({int, float})
_as_markup: Callable[[str], Markup] = partial(str.__new__, Markup)
"""Of text that is markup: `Markup()` looks first whether it is something else."""


class DirectMacro(Macro):
    """A macro whose arguments are put in place at once."""

    def draw(self, autoescape: bool, /, *args: Any, **named: Any) -> str:
        """What the macro writes, called where text is escaped or not.

        Raises:
            TypeError: it is given too much, or a name that it does not take.
        """
        if self.catch_kwargs or self.catch_varargs:
            return self(*args, **named)
        others = self.arguments[len(args) :]
        if named:
            arguments = [*args, *[named.pop(name, missing) for name in others]]
        else:
            arguments = [*args, *[missing] * len(others)]
        if self.caller and not self.explicit_caller:
            arguments.append(named.pop("caller", None) or self._environment.undefined("caller"))
        if named or len(args) > len(self.arguments):
            raise TypeError(f"macro {self.name!r} was given what it does not take: {[*named]}")
        text = self._func(*arguments)
        return _as_markup(text) if autoescape else text


class DirectContext(Context):
    """A context whose calls go straight to macros, `_()` and functions that ask for nothing."""

    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        """What `called` answers."""
        kind = type(called)
        if kind is DirectMacro:
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return called.draw(self.eval_ctx.autoescape, *args, **named)
        if called is translated or called is translated_number:
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return called(self.eval_ctx, *args, **named)
        if kind in _PLAIN and not hasattr(called, "jinja_pass_arg"):
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return called(*args, **named)
        return super().call(called, *args, **named)


class DirectGenerator(CodeGenerator):
    """Writes direct calls where a template says enough to know what is called."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802
        """A template: its macros are the names that nothing else in it may hold."""
        named = {macro.name for macro in node.find_all(nodes.Macro)}
        for imported in node.find_all(nodes.FromImport):
            named.update(name if isinstance(name, str) else name[1] for name in imported.names)
        self._macros = named - {
            name.name for name in node.find_all(nodes.Name) if name.ctx != "load"
        }
        super().visit_Template(node, frame)

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Any, forward_caller: bool = False
    ) -> None:
        """A call: of a message or a macro when it is known to be one."""
        if self._is_message(node, frame):
            self.write("environment.said(" if not node.kwargs else "environment.filled(")
            self.visit(node.args[0], frame)
            for value in node.kwargs:
                self.write(f", {value.key}=")
                self.visit(value.value, frame)
            self.write(")")
        elif self._is_macro(node):
            self.visit(node.node, frame)
            self.write(".draw(context.eval_ctx.autoescape")
            self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
            self.write(")")
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)

    def macro_def(self, macro_ref: Any, frame: Any) -> None:
        """A macro: one of ours."""
        self.write("environment.")
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        is_markup = self._is_message(node, frame) or self._is_macro(node)
        self.write("(" if is_markup else "environment.printed(")
        if finalize.src is not None:
            self.write(finalize.src)

    def _is_message(self, node: nodes.Node, frame: Any) -> bool:
        return (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name == "_"
            and len(node.args) == 1
            and isinstance(node.args[0], nodes.Const)
            and not (node.dyn_args or node.dyn_kwargs)
            and frame.eval_ctx.autoescape
            and not frame.eval_ctx.volatile
        )

    def _is_macro(self, node: nodes.Node) -> bool:
        return (
            isinstance(node, nodes.Call)
            and isinstance(node.node, nodes.Name)
            and node.node.name in self._macros
        )


class DirectEnvironment(Environment):
    """Flask's own, with the above; templates share one dictionary of globals."""

    context_class = DirectContext
    code_generator_class = DirectGenerator
    Macro = DirectMacro

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: those of all, unless it is given its own."""
        return super().make_globals(d) if d else self.globals

    @staticmethod
    def printed(value: Any) -> str:
        """`value` as it goes out in HTML."""
        kind = type(value)
        if kind is Markup:
            return value  # type: ignore[no-any-return]
        if kind is str and not (
            "&" in value or "<" in value or ">" in value or "'" in value or '"' in value
        ):
            return value  # type: ignore[no-any-return]
        return escape(value)

    @staticmethod
    def said(message: str) -> Markup:
        """A message without values, where text is escaped."""
        return _without_values(current_locale(), message)

    @staticmethod
    def filled(message: str, /, **values: Any) -> Markup:
        """A message with its values, where text is escaped."""
        return _filled(_message(current_locale(), message), values)


@pass_eval_context
def translated(frame: EvalContext, message: str, /, **values: Any) -> str:
    """`_()` in templates: the message in the language in force, its values escaped."""
    if not frame.autoescape:
        return gettext_raw(message) % values
    if not values:
        return _without_values(current_locale(), message)
    return _filled(_message(current_locale(), message), values)


@pass_eval_context
def translated_number(
    frame: EvalContext, singular: str, plural: str, number: int, /, **values: Any
) -> str:
    """`ngettext()` in templates: the form that agrees with `number`, which fills `%(num)s`."""
    text = ngettext_raw(singular, plural, number)
    filled = {"num": number, **values}
    if not frame.autoescape:
        return text % filled
    return _filled(text, filled) if "%" in text else _as_markup(text)


def _filled(message: str, values: dict[str, Any]) -> Markup:
    """The message, which is ours, with its values escaped."""
    printed = DirectEnvironment.printed
    return _as_markup(
        message
        % {
            name: value if type(value) in _NUMBERS else printed(value)
            for name, value in values.items()
        }
    )


@lru_cache(maxsize=_KEPT_MESSAGES)
def _message(_locale: str, message: str) -> str:
    return gettext_raw(message)


@lru_cache(maxsize=_KEPT_MESSAGES)
def _without_values(_locale: str, message: str) -> Markup:
    return _as_markup(gettext_raw(message) % {})
