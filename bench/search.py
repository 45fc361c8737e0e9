"""Speed and size of the search engine beside its peers: `python -m bench.search --documents 5000`.

Each engine indexes the same corpus and answers the same queries, one process for each part, so that
memory is its own. Times are CPU milliseconds of the whole process, threads included; every query
is asked once, so that the first use of a term is among them. `whoosh_naive` takes up to a second to
mark the words of ten hits, so that it is asked fewer of the same queries. See docs/benchmarks.md.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from bench.corpus import documents, queries
from bench.peers import PEERS
from indexer import Document

__all__ = ["main"]

WORKLOADS = ("top10", "faceted", "filtered_sorted")
_SLOW = frozenset({"whoosh_naive"})
_DEFAULT = ("inters4", "whoosh_naive", "tantivy")


def main(arguments: list[str] | None = None) -> None:
    """Measure, print a table, write JSON."""
    options = _parser().parse_args(arguments)
    if options.part:
        part = _index if options.part == "index" else _search
        sys.stdout.write(json.dumps(part(options)) + "\n")
        return
    if options.json and not options.json.absolute().parent.is_dir():
        sys.exit(_refused(f"--json: there is no folder {options.json.absolute().parent}"))
    asked = {name: _asked(name, options) for name in options.engines}
    found: dict[str, Any] = {"documents": options.documents, "queries": options.queries}
    found["asked"] = asked
    found["engines"] = {name: _measure(name, options) for name in options.engines}
    sys.stdout.write(_table(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


class _Parser(argparse.ArgumentParser):
    """Refuses in one line."""

    def error(self, message: str) -> NoReturn:
        sys.exit(_refused(message))


def _refused(reason: str) -> int:
    sys.stderr.write(f"bench.search: {reason}\n")
    return 2


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 up")
    return int(text)


def _asked(name: str, options: argparse.Namespace) -> int:
    """How many queries of each workload this engine is asked."""
    return min(options.queries, options.naive_queries) if name in _SLOW else int(options.queries)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--documents", type=_positive, default=5_000)
    parser.add_argument("--queries", type=_positive, default=80, help="asked of each workload")
    parser.add_argument(
        "--naive-queries", type=_positive, default=16, help="the first ones, asked of whoosh_naive"
    )
    parser.add_argument("--engines", nargs="+", choices=sorted(PEERS), default=list(_DEFAULT))
    parser.add_argument("--json", type=Path, help="file to write, in a folder that exists")
    parser.add_argument("--part", choices=["index", "search"], help=argparse.SUPPRESS)
    parser.add_argument("--directory", type=Path, help=argparse.SUPPRESS)
    return parser


def _measure(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """All figures of one engine."""
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        directory = Path(folder) / name
        sys.stderr.write(f"{name}: indexes {options.documents} documents\n")
        made = _run(name, "index", directory, options)
        sys.stderr.write(
            f"{name}: answers {_asked(name, options)} queries, {len(WORKLOADS)} times\n"
        )
        asked = _run(name, "search", directory, options)
        size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    return {
        **asked["workloads"],
        "docs_per_second": options.documents / made["seconds"],
        "bytes_per_document": size / options.documents,
        "peak_bytes": made["peak_bytes"],
        "resident_bytes": asked["resident_bytes"],
    }


def _run(name: str, part: str, directory: Path, options: argparse.Namespace) -> Any:
    command = [sys.executable, "-m", "bench.search", "--part", part, "--engines", name]
    command += ["--documents", str(options.documents), "--queries", str(_asked(name, options))]
    done = subprocess.run(
        [*command, "--directory", str(directory)], check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _index(options: argparse.Namespace) -> dict[str, Any]:
    """Index the corpus; the time that making it takes is left out."""
    (name,) = options.engines
    peer = PEERS[name](options.directory)
    source = documents(options.documents)
    spent = 0.0

    def corpus() -> Iterator[Document]:
        nonlocal spent
        while True:
            began = time.process_time()
            document = next(source, None)
            spent += time.process_time() - began
            if document is None:
                return
            yield document

    began = time.process_time()
    peer.index(corpus())
    seconds = time.process_time() - began - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "peak_bytes": peak}


def _search(options: argparse.Namespace) -> dict[str, Any]:
    """Ask every query of every workload, once."""
    (name,) = options.engines
    peer = PEERS[name](options.directory)
    asked = queries(options.queries, among=options.documents)
    before = _private_bytes()
    peer.open()
    peer.top10("frequent", "santé")
    workloads = {}
    for workload in WORKLOADS:
        ask = getattr(peer, workload)
        taken = []
        for kind, text in asked:
            began = time.process_time()
            ask(kind, text)
            taken.append((time.process_time() - began) * 1000)
        taken.sort()
        workloads[workload] = {"p50": _at(taken, 0.5), "p95": _at(taken, 0.95)}
    return {"workloads": workloads, "resident_bytes": _private_bytes(), "before_bytes": before}


def _at(taken: list[float], share: float) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * share))]


def _private_bytes() -> int:
    """Memory that no other process shares."""
    rollup = Path("/proc/self/smaps_rollup")
    if not os.access(rollup, os.R_OK):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    lines = rollup.read_text(encoding="ascii").splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def _table(found: dict[str, Any]) -> str:
    lines = [f"{found['documents']} documents, {found['queries']} queries of each workload", ""]
    heads = [f"{workload} p50/p95" for workload in WORKLOADS]
    heads += ["docs/s", "bytes/doc", "peak MB", "resident MB"]
    lines.append(" | ".join(["engine".ljust(13), *(head.rjust(24) for head in heads)]))
    for name, figures in found["engines"].items():
        cells = [f"{figures[one]['p50']:.2f} / {figures[one]['p95']:.2f}" for one in WORKLOADS]
        cells += [f"{figures['docs_per_second']:.0f}", f"{figures['bytes_per_document']:.0f}"]
        cells += [f"{figures[one] / 1e6:.0f}" for one in ("peak_bytes", "resident_bytes")]
        lines.append(" | ".join([name.ljust(13), *(cell.rjust(24) for cell in cells)]))
    for name, asked in found["asked"].items():
        if asked < found["queries"]:
            lines.append(f"{name} was asked the first {asked} queries only, being slow.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
