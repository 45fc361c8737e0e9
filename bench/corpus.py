"""A corpus to measure on, always the same: words of our own content, drawn by Zipf's law.

Documents have about 400 words, a subject whose words come back in them, values for four facets, a
date and an audience. Queries are of every sort people type, made from documents that exist.
"""

import datetime
import itertools
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from indexer import Document

__all__ = ["FACETS", "KINDS_OF_QUERY", "document", "documents", "queries"]

FACETS = ("kind", "theme", "region", "setting")
KINDS_OF_QUERY = ("frequent", "rare", "two", "three", "question", "phrase", "prefix", "slip")
_CONTENT = Path(__file__).resolve().parent.parent / "content"
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_BODY_WORDS = 390
_SUBJECT_WORDS = 40
_SUBJECT_SHARE = 0.15
_FIRST_DAY = datetime.date(2012, 1, 1)
_DAYS = 5_000
_THEMES = [f"t{n // 5}.s{n % 5}" for n in range(60)]
_REGIONS = [f"rss{n:02d}" for n in range(1, 19)]
_SETTINGS = [f"milieu{n}" for n in range(12)]
_KINDS = ["fiche", "resume", "numero", "synthese", "fil"]


@lru_cache(maxsize=1)
def vocabulary() -> tuple[list[str], list[float]]:
    """Our words, commonest first, and their cumulated weights."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(_CONTENT.rglob("*.md")))
    counts = Counter(_WORD.findall(text))
    words = sorted(counts, key=lambda word: (-counts[word], word))
    return words, list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))


def documents(count: int) -> Iterator[Document]:
    """The first `count` documents."""
    return map(document, range(count))


def document(number: int) -> Document:
    """One of them."""
    words, weights = vocabulary()
    chance = random.Random(number)  # noqa: S311 - a corpus, not secrets
    subject = words[chance.randrange(50, 1500) :: 97][:_SUBJECT_WORDS]
    drawn = chance.choices(words, cum_weights=weights, k=_BODY_WORDS)
    body = [chance.choice(subject) if chance.random() < _SUBJECT_SHARE else one for one in drawn]
    title = [*chance.sample(subject, 3), *chance.choices(words, cum_weights=weights, k=5)]
    return Document(
        f"doc:{number}",
        kind=chance.choices(_KINDS, weights=[5, 4, 1, 2, 8])[0],
        title=" ".join(title).capitalize(),
        body=_sentences(body),
        audience=chance.choices(["public", "members", "space:12"], weights=[90, 7, 3])[0],
        date=_FIRST_DAY + datetime.timedelta(days=chance.randrange(_DAYS)),
        facets={
            "theme": tuple(chance.sample(_THEMES, chance.randint(1, 3))),
            "region": (chance.choice(_REGIONS),),
            "setting": tuple(chance.sample(_SETTINGS, chance.randint(0, 2))),
        },
    )


def _sentences(words: list[str]) -> str:
    return ". ".join(" ".join(words[at : at + 13]).capitalize() for at in range(0, len(words), 13))


def queries(count: int, *, among: int) -> list[tuple[str, str]]:
    """Kind and text of `count` queries on the first `among` documents; each is asked once."""
    words, _ = vocabulary()
    long_words = [word for word in words if len(word) > 5 and word.isalpha()]
    found = []
    for number in range(count):
        chance = random.Random(f"query {number}")  # noqa: S311 - a sample, not secrets
        kind = KINDS_OF_QUERY[number % len(KINDS_OF_QUERY)]
        source = document(chance.randrange(among))
        said = [word for word in _WORD.findall(source.body) if len(word) > 3]
        found.append((kind, _query(kind, chance, said, source.body, long_words)))
    return found


def _query(
    kind: str, chance: random.Random, said: list[str], body: str, long_words: list[str]
) -> str:
    match kind:
        case "frequent":
            return chance.choice(long_words[:200])
        case "rare":
            return chance.choice(long_words[1000:])
        case "two" | "three" | "question":
            size = {"two": 2, "three": 3, "question": 8}[kind]
            return " ".join(chance.sample(said, size)).lower()
        case "phrase":
            sentence = chance.choice(body.split(". ")).lower().split()
            start = chance.randrange(max(1, len(sentence) - 2))
            return f'"{" ".join(sentence[start : start + 2])}"'
        case "prefix":
            return chance.choice(long_words)[: chance.randint(3, 5)].lower() + "*"
        case _:
            word = chance.choice(long_words[:2000])
            at = chance.randrange(1, len(word) - 1)
            return word[:at] + word[at + 1 :]
