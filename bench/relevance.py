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


def collections_in(folder: Path) -> list[Path]:
    """The collections in `folder`, itself or whatever lies below it, by name."""
    return sorted(path.parent for path in folder.rglob("qrels.tsv"))


def read_collection(folder: Path) -> Collection:
    """The collection in `folder`."""
    documents = [
        Document(
            str(line["id"]),
            kind="document",
            title=line.get("title") or "",
            body=line.get("text") or "",
            language=(line.get("lang") or "fr")[:2].lower(),
            audience="public",
        )
        for line in _lines(folder / "docs.jsonl")
    ]
    queries = {str(line["id"]): line["text"] for line in _lines(folder / "queries.jsonl")}
    return Collection(folder.resolve().name, documents, queries, read_gains(folder / "qrels.tsv"))


def read_gains(path: Path) -> dict[str, dict[str, float]]:
    """Gain by document by query."""
    gains: dict[str, dict[str, float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            query, document, gain = line.split("\t")
            gains.setdefault(query, {})[document] = float(gain)
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
    """Print a table; write it as JSON when asked."""
    options = _options(arguments)
    if missing := [str(one) for one in options.folders if not collections_in(one)]:
        raise SystemExit(f"No collection (docs.jsonl, queries.jsonl, qrels.tsv): {missing}")
    rows = []
    for folder in (found for one in options.folders for found in collections_in(one)):
        collection = read_collection(folder)
        with tempfile.TemporaryDirectory() as directory:
            fill(Path(directory), collection.documents, backend=options.backend)
            with open_engine(Path(directory), backend=options.backend) as engine:
                for variant in options.variants.split(","):
                    queries = dict(_asked(collection.queries, variant))
                    figures = score(run(engine, queries), collection.gains)
                    rows.append(_row(collection.name, variant, figures))
                    _print(rows[-1])
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


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


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.relevance", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--variants", default=",".join(VARIANTS), help="comma-separated")
    parser.add_argument("--backend", default=BACKENDS[0], choices=BACKENDS)
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
