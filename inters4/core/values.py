"""Values: dataclasses that cannot change, whose methods are written when the first one is made.

`dataclasses` writes and compiles six functions for each class, which is a tenth of a start, and a
process makes no value of most classes. Here a class has its fields and its slots when it is
imported, the rest with its first value. Nothing else differs from `dataclasses.dataclass`, which
is what type checkers see here, and what a class gets that asks for anything else.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Never

_WRITTEN = ("__repr__", "__eq__", "__hash__", "__init__")
"""In this order: once values can be made, they have all the rest."""
_OWN = frozenset({*_WRITTEN, "__setattr__", "__delattr__", "__getstate__", "__setstate__"})


def value(cls: type | None = None, /, **options: Any) -> Any:
    """Decorate a class, as `dataclasses.dataclass` does with the same options."""

    def decorate(cls: type) -> Any:
        rest = {name: asked for name, asked in options.items() if name not in {"frozen", "slots"}}
        is_plain = options.get("frozen") and options.get("slots") and rest.keys() <= {"kw_only"}
        is_heir = any(dataclasses.is_dataclass(base) for base in cls.__mro__)
        if not is_plain or is_heir or _OWN & vars(cls).keys():
            return dataclasses.dataclass(**options)(cls)
        made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, **rest)(cls)
        made.__dataclass_params__.frozen = True  # what the library asks of those it makes heirs of
        for name, method in (
            ("__init__", _first(made)),
            ("__setattr__", _refuse_to_set),
            ("__delattr__", _refuse_to_delete),
            ("__getstate__", _state),
            ("__setstate__", _receiver(made)),
        ):
            setattr(made, name, method)
        return made

    return decorate if cls is None else decorate(cls)


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = value

__all__ = ["dataclass"]


def _first(made: Any) -> Callable[..., None]:
    """What makes the first value of a class, and is replaced on the way."""

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        _write(made)
        made.__init__(self, *given, **named)

    return __init__


def _write(made: Any) -> None:
    """Give a class the methods that it still lacks."""
    twin = dataclasses.make_dataclass(
        made.__name__,
        [(field.name, field.type, _again(field)) for field in dataclasses.fields(made)],
        namespace={name: vars(made)[name] for name in ("__post_init__",) if name in vars(made)},
        frozen=True,
    )
    for name in _WRITTEN:
        setattr(made, name, vars(twin)[name])


def _again(field: Any) -> Any:
    names = ("default", "default_factory", "init", "repr", "hash", "compare", "kw_only")
    return dataclasses.field(**{name: getattr(field, name) for name in names})


def _refuse_to_set(_self: object, name: str, _value: object) -> Never:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> Never:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _receiver(made: Any) -> Callable[[Any, list[Any]], None]:
    """What fills a value that comes from another process, and may be the first here."""

    def __setstate__(self: Any, state: list[Any]) -> None:  # noqa: N807
        if "__hash__" not in vars(made):  # the last without which it would be another
            _write(made)
        for field, kept in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, field.name, kept)

    return __setstate__
