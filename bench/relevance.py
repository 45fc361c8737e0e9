"""Relevance of the engine on a judged collection: `python -m bench.relevance DIR`.

A collection is a folder with `docs.jsonl` (id, title, text, lang), `queries.jsonl` (id, text) and
`qrels.tsv` (query, document, gain); a folder of such folders is walked. Everything goes through the
public API of `indexer`, with what the portal uses: the same analysis, correction and order. Queries
are asked as written and as people mistype them (`--variants`), always in the same way. A query
without results scores 0.
"""

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.slips import VARIANTS
from indexer import Document, SearchEngine, SearchRequest, Synonyms, open_engine, open_writer
from indexer.factory import BACKENDS

_BATCH = 500
_DEPTH = 100
_PUBLIC = frozenset({"public"})


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries by id, and the gain of documents by query."""

    name: str
    documents: Sequence[Document]
    queries: Mapping[str, str]
    gains: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Score:
    """Means over all judged queries."""

    ndcg10: float
    mrr10: float
    recall100: float


class Unreadable(Exception):
    """What was asked for cannot be measured; the message is one line."""


def collections_in(folder: Path) -> list[Path]:
    """The collections in `folder`, itself or whatever lies below it, by name."""
    return sorted(path.parent for path in folder.rglob("qrels.tsv"))


def read_collection(folder: Path) -> Collection:
    """The collection in `folder`."""
    documents = [
        Document(
            _text_of(line, "id", at),
            kind="document",
            title=line.get("title") or "",
            body=line.get("text") or "",
            language=(line.get("lang") or "fr")[:2].lower(),
            audience="public",
        )
        for at, line in _lines(folder / "docs.jsonl")
    ]
    queries = {
        _text_of(line, "id", at): _text_of(line, "text", at)
        for at, line in _lines(folder / "queries.jsonl")
    }
    return Collection(folder.resolve().name, documents, queries, read_gains(folder / "qrels.tsv"))


def read_gains(path: Path) -> dict[str, dict[str, float]]:
    """Gain by document by query."""
    gains: dict[str, dict[str, float]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                query, document, gain = line.split("\t")
                gains.setdefault(query, {})[document] = float(gain)
            except ValueError:
                message = f"{path}:{number}: expected query, document and gain, by tabs"
                raise Unreadable(message) from None
    return gains


def fill(root: Path, documents: Sequence[Document], *, backend: str) -> None:
    """Index `documents` at `root`."""
    with open_writer(root, backend=backend) as writer:
        for number, document in enumerate(documents, start=1):
            writer.put(document)
            if number % _BATCH == 0:
                writer.commit()
        writer.commit()


def run(
    engine: SearchEngine, queries: Mapping[str, str], *, synonyms: Synonyms | None = None
) -> dict[str, list[str]]:
    """The keys found for each query, best first."""
    words = synonyms or Synonyms()
    return {
        identifier: [
            hit.key
            for hit in engine.search(
                SearchRequest(text, audiences=_PUBLIC, limit=_DEPTH, snippets=False, synonyms=words)
            ).hits
        ]
        for identifier, text in queries.items()
    }


def score(found: Mapping[str, Sequence[str]], gains: Mapping[str, Mapping[str, float]]) -> Score:
    """NDCG@10 with linear gains, reciprocal rank in the first 10, recall in the first 100."""
    ndcg = rank = recall = 0.0
    for query, judged in gains.items():
        keys = found.get(query, ())
        relevant = sorted((gain for gain in judged.values() if gain > 0), reverse=True)
        ideal = _discounted(relevant[:10])
        if ideal:
            ndcg += _discounted([judged.get(key, 0.0) for key in keys[:10]]) / ideal
        places = (at for at, key in enumerate(keys[:10], start=1) if judged.get(key, 0.0) > 0)
        rank += 1 / next(places, math.inf)
        held = sum(judged.get(key, 0.0) > 0 for key in keys[:_DEPTH])
        recall += held / max(1, len(relevant))
    judged_queries = max(1, len(gains))
    return Score(ndcg / judged_queries, rank / judged_queries, recall / judged_queries)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table; write it as JSON when asked. All is read before anything is measured."""
    options = _options(arguments)
    try:
        variants, collections = _asked_for(options)
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    rows = []
    for collection in collections:
        with tempfile.TemporaryDirectory() as directory:
            fill(Path(directory), collection.documents, backend=options.backend)
            with open_engine(Path(directory), backend=options.backend) as engine:
                for variant in variants:
                    queries = dict(_asked(collection.queries, variant))
                    figures = score(run(engine, queries), collection.gains)
                    rows.append(_row(collection.name, variant, figures))
                    _print(rows[-1])
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _asked_for(options: argparse.Namespace) -> tuple[list[str], list[Collection]]:
    """What to measure: variants and collections; `Unreadable` says what is wrong."""
    variants = options.variants.split(",")
    if unknown := [one for one in variants if one not in VARIANTS]:
        raise Unreadable(f"No such variant: {', '.join(unknown)}. There are {', '.join(VARIANTS)}")
    if options.json and not options.json.parent.is_dir():
        raise Unreadable(f"--json: no folder {options.json.parent}")
    found = {one: collections_in(one) for one in options.folders}
    if missing := [str(one) for one, folders in found.items() if not folders]:
        raise Unreadable(f"No collection (docs.jsonl, queries.jsonl, qrels.tsv): {missing}")
    return variants, [read_collection(folder) for folders in found.values() for folder in folders]


def _asked(queries: Mapping[str, str], variant: str) -> Iterator[tuple[str, str]]:
    for identifier, text in queries.items():
        yield identifier, VARIANTS[variant](text, identifier)


def _row(name: str, variant: str, figures: Score) -> dict[str, str | float]:
    return {
        "set": name,
        "variant": variant,
        "ndcg10": round(figures.ndcg10, 4),
        "mrr10": round(figures.mrr10, 4),
        "recall100": round(figures.recall100, 4),
    }


def _print(row: Mapping[str, str | float]) -> None:
    cells = [f"{row['set']:<14}", f"{row['variant']:<9}"]
    cells += [f"{name} {row[name]:.4f}" for name in ("ndcg10", "mrr10", "recall100")]
    sys.stdout.write("  ".join(cells) + "\n")
    sys.stdout.flush()


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(at + 2) for at, gain in enumerate(gains))


def _lines(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The objects of a file, each with where it stands."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield f"{path}:{number}", _object(line, f"{path}:{number}")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None


def _object(line: str, at: str) -> dict[str, str]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreadable(f"{at}: expected a JSON object")
    return found


def _text_of(line: Mapping[str, str], name: str, at: str) -> str:
    if not isinstance(line.get(name), str | int) or line[name] == "":
        raise Unreadable(f"{at}: no {name}")
    return str(line[name])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.relevance", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--variants", default=",".join(VARIANTS), help="comma-separated")
    parser.add_argument("--backend", default=BACKENDS[0], choices=BACKENDS)
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
