"""Where the code and the templates say a message: what `core.catalogue` has Babel extract.

Babel's own methods read each file as signs, in Python; here the parser of the language reads it,
and only a file that says something. Each yields `(line, function, arguments, comments)`.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import BinaryIO

from jinja2 import Environment
from jinja2.ext import InternationalizationExtension, extract_from_ast

_Said = tuple[int, str, tuple[str | None, ...], list[str]]


def in_code(
    file: BinaryIO,
    keywords: Sequence[str],
    _tags: object,
    options: object,  # noqa: ARG001
) -> Iterator[_Said]:
    """The calls of `keywords`; an argument that is no plain text is None."""
    source = file.read().decode()
    if not _calls(frozenset(keywords)).search(source):
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = str(getattr(node.func, "id", "") or getattr(node.func, "attr", ""))
        if name in keywords:
            yield node.lineno, name, tuple(_text(given) for given in node.args), []


def in_template(
    file: BinaryIO,
    keywords: Sequence[str],
    _tags: object,
    options: object,  # noqa: ARG001
) -> Iterator[_Said]:
    """The calls of `keywords`, and the blocks `trans`.

    Raises:
        TemplateSyntaxError: what cannot be read says nothing to anyone.
    """
    for line, name, said in extract_from_ast(_environment().parse(file.read().decode()), keywords):
        yield line, name, said if isinstance(said, tuple) else (said,), []


def _text(given: ast.expr) -> str | None:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return given.value
    return None


@cache
def _calls(keywords: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(keywords)))})\s*\(")


@cache
def _environment() -> Environment:
    environment = Environment(extensions=[InternationalizationExtension])  # noqa: S701  (only read)
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    return environment
