"""What filters, counts and orders need of each document of a segment, as arrays in one file.

Texts (keys, titles) lie one after the other and are read one by one. Values that repeat (audiences,
facets) are numbers into lists kept in the directory of the file. Ranks are settled here, once: the
rank of a document among its segment by key, and by folded title.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from indexer.evaluation import Card
from indexer.store.arrays import Array, Column, write_arrays

__all__ = ["COLUMNS_VERSION", "DIGEST_BYTES", "hash_of_key", "write_columns"]

COLUMNS_VERSION = 1
DIGEST_BYTES = 16


def hash_of_key(key: str) -> int:
    """Eight bytes that find a key without comparing texts."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def write_columns(path: Path, cards: Sequence[Card]) -> None:
    """Write the columns of `cards`, the documents of one segment in order."""
    arrays: dict[str, Column | Array | bytes] = {}
    for name, text_of in _TEXTS.items():
        texts = [text_of(card).encode() for card in cards]
        arrays[name] = b"".join(texts)
        arrays[f"{name}_at"] = _starts([len(text) for text in texts])
    hashes = np.array([hash_of_key(card.key) for card in cards], np.uint64)
    order = np.argsort(hashes, kind="stable")
    arrays["hash"] = hashes[order]
    arrays["hash_doc"] = order
    arrays["key_rank"] = _ranks([card.key for card in cards])
    arrays["title_rank"] = _ranks([(card.sort_title, card.key) for card in cards])
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
