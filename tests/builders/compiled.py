"""What is made once for all the applications of a worker: templates, addresses, static files."""

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule
from whitenoise import WhiteNoise


class CompiledTemplates(BytecodeCache):
    """Compiled templates, in memory: every test makes an application, all draw the same pages.

    `tests/run.py` names a folder for all the workers of all the phases: what one has compiled is
    there for the others.
    """

    def __init__(self) -> None:
        self._kept: dict[str, CodeType | None] = {}
        named = os.environ.get("TESTS_COMPILED")
        self._folder = Path(named) if named else None

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give `bucket` what was compiled for the same source, if anything was."""
        name = _name_of(bucket)
        if name not in self._kept and self._folder is not None:
            with contextlib.suppress(FileNotFoundError):
                bucket.bytecode_from_string((self._folder / name).read_bytes())
                self._kept[name] = bucket.code
        bucket.code = self._kept.get(name)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        self._kept[_name_of(bucket)] = bucket.code
        if self._folder is not None:
            beside = self._folder / f"{bucket.key}.{os.getpid()}"
            beside.write_bytes(bucket.bytecode_to_string())
            beside.replace(self._folder / _name_of(bucket))


def _name_of(bucket: Bucket) -> str:
    """One name for one source: a template that another folder shadows is another."""
    return f"{bucket.key}-{bucket.checksum}"


class ListedFiles(WhiteNoise):  # type: ignore[misc]
    """Static files that are looked up once a worker: they do not change."""

    _listed: ClassVar[dict[object, dict[str, Any]]] = {}

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """List the files below `root`, or remember them."""
        key = (root, os.path.realpath(root), prefix)
        if key not in self._listed:
            super().add_files(root, prefix)
            self._listed[key] = dict(self.files)
        self.files.update(self._listed[key])


class CompiledRule(Rule):
    """A rule of addresses that is compiled once a worker: that is most of a start."""

    _builders: ClassVar[dict[object, Callable[..., tuple[str, str]]]] = {}
    _read: ClassVar[dict[str, tuple[list[Any], list[Any], dict[str, Any]]]] = {}

    def _parse_rule(self, rule: str) -> Iterable[Any]:
        if rule not in self._read:
            before = len(self._trace)
            parts = list(super()._parse_rule(rule))
            self._read[rule] = (parts, self._trace[before:], dict(self._converters))
            return parts
        parts, trace, converters = self._read[rule]
        self._trace.extend(trace)
        self._converters.update(converters)
        self.arguments.update(converters)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults: dict[str, Any] = dict(self.defaults or {})
        key = (self.rule, tuple(self._trace), tuple(sorted(defaults.items())), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]
