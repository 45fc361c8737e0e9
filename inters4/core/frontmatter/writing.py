"""From values to a file, one way only: the same document always gives the same bytes.

Keys in a fixed order, LF, a final newline, quotes only where our own reader would misread the
text without them. Long lines are folded at single spaces, texts of several lines stay literal.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from inters4.core.frontmatter.limits import MAX_DEPTH, MAX_KEY_CHARS
from inters4.core.frontmatter.reading import FENCE
from inters4.core.frontmatter.values import Plain

WIDTH = 98
_RAW = re.compile("[ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_BREAK = re.compile(r"(?<=[^ ]) (?=[^ ])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def dump(mapping: Mapping[str, Plain], body: str, *, key_order: Sequence[str]) -> str:
    """Write one document.

    Keys named in `key_order` come first, in that order; others follow in alphabetical order.
    Nested mappings keep their own order. Line ends of `body` become LF and blank lines around it
    are dropped.

    Raises:
        ValueError: a NUL, half a surrogate pair, a key that is empty or over 100 characters, or
            nesting deeper than the reader takes.
    """
    places = {key: place for place, key in enumerate(key_order)}
    keys = sorted(mapping, key=lambda key: (places.get(key, len(places)), key))
    written = list(_mapping({key: mapping[key] for key in keys}, indent=0, depth=1))
    text = body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if _UNSTORABLE.search(text):
        raise ValueError("the body holds a NUL or half a surrogate pair")
    lines = [FENCE, *written, FENCE]
    if text:
        lines += ["", text]
    return "\n".join(lines) + "\n"


def _mapping(mapping: Mapping[str, Plain], *, indent: int, depth: int) -> Iterable[str]:
    pad = " " * indent
    for key, value in mapping.items():
        name = f"{pad}{_key(key)}:"
        if isinstance(value, str):
            yield from _scalar(name, value, indent=indent + 2)
        elif not value:
            _check_depth(depth)
            yield name + (" {}" if isinstance(value, Mapping) else " []")
        else:
            yield name
            yield from _container(value, indent=indent + 2, depth=depth)


def _container(
    value: Sequence[Plain] | Mapping[str, Plain], *, indent: int, depth: int
) -> Iterable[str]:
    _check_depth(depth)
    if isinstance(value, Mapping):
        yield from _mapping(value, indent=indent, depth=depth + 1)
    else:
        yield from _items(value, indent=indent, depth=depth + 1)


def _items(values: Sequence[Plain], *, indent: int, depth: int) -> Iterable[str]:
    dash = " " * indent + "-"
    for value in values:
        if isinstance(value, str):
            yield from _scalar(dash, value, indent=indent + 2)
        elif not value:
            _check_depth(depth)
            yield dash + (" {}" if isinstance(value, Mapping) else " []")
        else:
            first, *rest = _container(value, indent=indent + 2, depth=depth)
            yield f"{dash} {first.lstrip(' ')}"
            yield from rest


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")


def _key(key: str) -> str:
    if not key or len(key) > MAX_KEY_CHARS or key == "<<":
        raise ValueError(f"not a key: {key[:MAX_KEY_CHARS]!r}")
    return key if _can_stand_bare(key) and key[0] != "-" else _quoted(key)


def _scalar(name: str, text: str, *, indent: int) -> Iterable[str]:
    """The lines that give `text` after `name`, continuation lines at `indent`."""
    pad = " " * indent
    if not text:
        yield name
    elif _can_stay_literal(text):
        yield f"{name} |" if text.endswith("\n") else f"{name} |-"
        yield from ((pad + line if line else "") for line in text.removesuffix("\n").split("\n"))
    elif _can_fold(text, indent=indent):
        yield f"{name} >-"
        yield from (pad + line for line in _wrapped(text, width=max(40, WIDTH - indent)))
    elif _can_stand_bare(text):
        yield f"{name} {text}"
    else:
        yield f"{name} {_quoted(text)}"


def _can_stand_bare(text: str) -> bool:
    if not _RAW.fullmatch(text) or text != text.strip(" ") or text.endswith(":"):
        return False
    if ": " in text or " #" in text:
        return False
    if text[0] == "-":
        return len(text) > 1 and text[1] != " "
    return text[0] not in _INDICATORS


def _can_stay_literal(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and lines[0] != ""
        and lines[0][0] != " "
        and lines[-1] != ""
        and all(_RAW.fullmatch(line) and (not line or line.strip(" ")) for line in lines)
    )


def _can_fold(text: str, *, indent: int) -> bool:
    return (
        len(text) > WIDTH - indent
        and _RAW.fullmatch(text) is not None
        and text == text.strip(" ")
        and _BREAK.search(text) is not None
    )


def _wrapped(text: str, *, width: int) -> Iterable[str]:
    line = ""
    for piece in _BREAK.split(text):
        if line and len(line) + 1 + len(piece) > width:
            yield line
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    yield line


def _quoted(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise ValueError("a text holds a NUL or half a surrogate pair")
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _RAW.fullmatch(character):
        return character
    return f"\\U{ord(character):08x}"
