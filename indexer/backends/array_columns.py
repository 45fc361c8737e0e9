"""What filters, counts and orders need of each document of a segment, as arrays in one file.

Texts (keys, titles) lie one after the other and are read one by one. Values that repeat (audiences,
facets) are numbers into lists kept in the directory of the file. Ranks are settled here, once: the
rank of a document among its segment by key, and by folded title. The words of all titles lie
together, the newest document first, for those who look for a title while it is typed.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from indexer.evaluation import Card
from indexer.store.arrays import Array, Column, write_arrays

__all__ = ["COLUMNS_VERSION", "DIGEST_BYTES", "TITLE_BREAK", "hash_of_key", "write_columns"]

COLUMNS_VERSION = 2
DIGEST_BYTES = 16
TITLE_BREAK = b"\n"
"""What begins the words of each title, which stand between blanks."""

_ELIDED = re.compile(r"(?<!\w)(?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu)'")
_COMPOUND = re.compile(r"(?<![^\W_])[^\W_]++(?:['&-][^\W_]++)+")
_BETWEEN = re.compile(r"(?:[^\w\n]|_)+")


def hash_of_key(key: str) -> int:
    """Eight bytes that find a key without comparing texts."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def write_columns(path: Path, cards: Sequence[Card]) -> None:
    """Write the columns of `cards`, the documents of one segment in order."""
    arrays: dict[str, Column | Array | bytes] = {}
    for name, text_of in _TEXTS.items():
        texts = [text_of(card).encode("utf-8", "surrogatepass") for card in cards]
        arrays[name] = b"".join(texts)
        arrays[f"{name}_at"] = _starts([len(text) for text in texts])
    hashes = np.array([hash_of_key(card.key) for card in cards], np.uint64)
    order = np.argsort(hashes, kind="stable")
    arrays["hash"] = hashes[order]
    arrays["hash_doc"] = order
    arrays["key_rank"] = _ranks([card.key for card in cards])
    arrays["title_rank"] = _ranks([(card.sort_title, card.key) for card in cards])
    arrays["title_order"] = order = _newest_first(cards)
    lines = _title_lines([cards[number].sort_title for number in order.tolist()])
    arrays["title_line"] = b"".join(lines)
    arrays["title_line_at"] = _starts([len(line) for line in lines])
    arrays["digest"] = b"".join(bytes.fromhex(card.digest) for card in cards)
    arrays["text_start"] = np.array([card.text_start for card in cards], np.int64)
    arrays["text_length"] = np.array([card.text_length for card in cards], np.int64)
    days = [card.date.toordinal() if card.date else 0 for card in cards]
    arrays["day"] = np.array(days, np.int64)
    arrays["year"] = np.array([card.year for card in cards], np.int64)
    audiences, arrays["audience"] = _numbered([card.audience for card in cards])
    facets: dict[str, list[str]] = {}
    for name in sorted({name for card in cards for name in card.facets}):
        held = [card.facets.get(name, ()) for card in cards]
        facets[name], arrays[f"facet.{name}"] = _numbered(
            [one for values in held for one in values]
        )
        arrays[f"facet_at.{name}"] = _starts([len(values) for values in held])
    meta = {
        "version": COLUMNS_VERSION,
        "documents": len(cards),
        "audiences": audiences,
        "facets": facets,
    }
    write_arrays(path, arrays, meta=meta)


_TEXTS: dict[str, Callable[[Card], str]] = {
    "key": lambda card: card.key,
    "title": lambda card: card.title,
    "sort_title": lambda card: card.sort_title,
}


def _newest_first(cards: Sequence[Card]) -> Array:
    days = np.array([card.date.toordinal() if card.date else 0 for card in cards], np.int64)
    return np.lexsort((_ranks([card.key for card in cards]), -days)).astype(np.int64)


def _title_lines(titles: Sequence[str]) -> list[bytes]:
    """The folded words of each title between blanks, a compound whole and then in parts."""
    together = "\n".join(" ".join(title.splitlines()) for title in titles)
    whole = _COMPOUND.sub(_with_whole, _ELIDED.sub("", together))
    return [
        TITLE_BREAK + f" {line.strip()} ".encode()
        for line in islice(_BETWEEN.sub(" ", whole).split("\n"), len(titles))
    ]


def _with_whole(compound: re.Match[str]) -> str:
    return f"{_BETWEEN.sub('', compound[0])} {compound[0]}"


def _starts(lengths: list[int]) -> Array:
    return np.concatenate([[0], np.cumsum(np.array(lengths, np.int64))]).astype(np.int64)


def _ranks(values: Sequence[object]) -> Array:
    order = sorted(range(len(values)), key=values.__getitem__)  # type: ignore[arg-type]
    ranks = np.empty(len(values), np.int64)
    ranks[np.array(order, np.int64)] = np.arange(len(values))
    return ranks


def _numbered(values: list[str]) -> tuple[list[str], Array]:
    """The different values, sorted, and the number of each occurrence."""
    names = sorted(set(values))
    number_of = {name: number for number, name in enumerate(names)}
    return names, np.array([number_of[value] for value in values], np.int64)
