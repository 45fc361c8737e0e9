"""What one page costs: `python -m bench.pages`.

CPU time of a request through the WSGI application, in one process, without network: routing,
rights, database, search, template and compression. The peer is a small Flask application that
draws a Jinja list of the same kind, called in the same way in the same run: the ratio says what
the portal adds. Statements are those that reach the database. The weight of a first visit is that
of the page and of all it refers to, compressed as a browser asks.
"""

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from sqlalchemy import event
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.demo import prepared_demo
from inters4.app import create_app
from inters4.core import db
from inters4.practices.exports.sheets import Sheet, sheet_of
from inters4.practices.queries import load_practice, readable_ids
from inters4.practices.services import save_sheet
from inters4.settings import Settings

PAGE_LIMIT_MS, PAGE_AIM_MS = 8.0, 6.0
LIST_LIMIT_MS = 12.0
SEARCH_LIMIT_MS, SEARCH_AIM_MS = 25.0, 12.0
WEIGHT_LIMIT = 150_000
RESULTS = "/recherche?q=soins+%C3%A0+domicile"
QUERIES = (
    RESULTS,
    "/recherche?q=telesante",
    "/recherche?q=urgence+rurale&type=resume",
    "/recherche?q=%22premi%C3%A8re+ligne%22",
    "/recherche?q=acc%C3%A8s+infirmi%C3%A8re&region=rss01",
    "/recherche?q=proches+aidants",
    "/recherche?q=depression+OU+anxiete",
    "/recherche?q=pharm*",
)
SUGGESTIONS = tuple(
    f"/recherche/suggestions?q={typed}"
    for typed in ("soi", "d%27app", "t%C3%A9l%C3%A9", "plan+de+s")
)
# One page of each kind is found by following a link: (name, pages to look in, its address).
FOUND = (
    ("sheet", ("/pratiques",), r"/pratiques/(?!proposer|comparer|donnees)[a-z0-9-]+"),
    ("summary", ("/veille",), r"/veille/resumes/[a-z0-9-]+"),
    ("issue", ("/infolettres",), r"/infolettres/[a-z0-9-]+/\d+"),
    ("theme", ("/", "/veille", "/pratiques"), r"/themes/[a-z0-9.-]+"),
    ("organisation", ("/organisations", "/"), r"/organisations/[a-z0-9-]+"),
)
_PEER = """<!doctype html><html lang="fr"><head><title>{{ title }}</title></head><body><ul>
{% for row in rows %}<li><a href="/x/{{ row.id }}">{{ row.title }}</a> {{ row.text }}</li>
{% endfor %}</ul></body></html>"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page costs; times in milliseconds of CPU, sizes in bytes.

    `best` says what a quiet machine would: neighbours slow a core down, nothing speeds it up.
    """

    name: str
    best: float
    median: float
    p95: float
    ratio: float
    statements: int
    size: int
    limit: float
    aim: float

    @property
    def is_within(self) -> bool:
        """True when the median is under the limit."""
        return self.median <= self.limit

    @property
    def verdict(self) -> str:
        """How the median compares with the limit, which must hold, and with what is aimed at."""
        said = "OVER" if not self.is_within else "ok" if self.median <= self.aim else "over the aim"
        return f"{said} (limit {self.limit:.0f} ms, aim {self.aim:.0f} ms)"


@dataclass(frozen=True, slots=True)
class Row:
    """What the peer lists."""

    id: int
    title: str
    text: str


class Caller:
    """Calls a WSGI application as a server would, without a socket."""

    def __init__(self, app: Callable[..., Any], *, encoding: str = "gzip") -> None:
        self._app = app
        self._encoding = encoding

    def __call__(self, path: str) -> bytes:
        """The body of a 200, as it would travel.

        Raises:
            RuntimeError: the answer is not a 200.
        """
        parts = urlsplit(path)
        builder = EnvironBuilder(
            path=parts.path,
            query_string=parts.query,
            base_url="http://127.0.0.1:8000",
            headers=[("Accept-Encoding", self._encoding), ("Accept-Language", "fr-CA,fr;q=0.9")],
        )
        chunks, status, _headers = run_wsgi_app(self._app, builder.get_environ(), buffered=True)
        body = b"".join(chunks)
        if not status.startswith("200"):
            raise RuntimeError(f"{path}: {status}")
        return body


def cpu_times(call: Callable[[str], bytes], paths: Sequence[str], *, times: int) -> list[float]:
    """Milliseconds of CPU of each call, after every page was drawn twice."""
    for path in [*paths, *paths]:
        call(path)
    found = []
    for turn in range(times):
        started = time.process_time_ns()
        call(paths[turn % len(paths)])
        found.append((time.process_time_ns() - started) / 1e6)
    return found


def peer() -> Flask:
    """The smallest application worth comparing with: twenty rows in a template."""
    app = Flask("peer")
    template = app.jinja_env.from_string(_PEER)
    rows = [Row(number, f"Titre {number}", "mot " * 30) for number in range(20)]

    @app.get("/")
    def index() -> str:
        return template.render(title="Pair", rows=rows)

    return app


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database while the block lasts."""
    found: list[str] = []

    def note(*call: object) -> None:
        found.append(str(call[2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)


def pages(call: Callable[[str], bytes]) -> dict[str, tuple[str, ...]]:
    """Name -> addresses, for every kind of page that has content now."""
    found: dict[str, tuple[str, ...]] = {"home": ("/",), "list": ("/pratiques",)}
    for name, sources, pattern in FOUND:
        for source in sources:
            try:
                links = re.findall(rf'href="({pattern})"', call(source).decode())
            except RuntimeError:
                continue
            if links:
                found[name] = (links[0],)
                break
        else:
            sys.stderr.write(f"no page of this kind now: {name}\n")
    return {**found, "search": QUERIES, "suggestion": SUGGESTIONS}


def multiply(count: int) -> None:
    """Copy published sheets, one after the other, until there are `count`."""
    with db.writing() as session:
        held = list(readable_ids(session))
        models = [sheet_of(load_practice(session, one) or sys.exit(one)) for one in held]
        for number in range(count - len(held)):
            model = models[number % len(models)]
            again = f"copie-{number}"
            title = f"{model.values['title'][:100]} ({number})"
            values = {**model.values, "id": again, "slug": again, "title": title}
            save_sheet(session, Sheet({**values, "translation_of": ""}, model.blocks))
            if number % 100 == 0:
                session.flush()
                session.expunge_all()


def lists(count: int) -> dict[str, tuple[str, ...]]:
    """Addresses of long lists: their pages in turn, sorted by title, narrowed."""
    last = min(count // 20, 100)
    return {
        "list, its pages": tuple(f"/pratiques?page={number}" for number in range(1, last + 1)),
        "list by title": tuple(f"/pratiques?tri=titre&page={n}" for n in range(1, last + 1)),
        "list narrowed": ("/pratiques?region=rss01", "/pratiques?region=rss02&tri=titre"),
    }


def measure(
    app: Flask, *, times: int, more: Mapping[str, tuple[str, ...]] | None = None
) -> list[Cost]:
    """The cost of each kind of page, and of the peer first."""
    small = cpu_times(Caller(peer()), ["/"], times=times)
    base = statistics.median(small)
    costs = [
        Cost("minimal Flask", min(small), base, _p95(small), 1.0, 0, 0, PAGE_LIMIT_MS, PAGE_AIM_MS)
    ]
    call = Caller(app)
    for name, paths in {**pages(Caller(app, encoding="identity")), **(more or {})}.items():
        try:
            spent = cpu_times(call, paths, times=times)
        except RuntimeError as broken:
            sys.stderr.write(f"not measured: {broken}\n")
            continue
        with counted() as sent:
            size = len(call(paths[0]))
        middle = statistics.median(spent)
        is_search = name == "search"
        limit = SEARCH_LIMIT_MS if is_search else PAGE_LIMIT_MS
        limit = LIST_LIMIT_MS if name in (more or {}) else limit
        aim = SEARCH_AIM_MS if is_search else PAGE_AIM_MS
        costs.append(
            Cost(name, min(spent), middle, _p95(spent), middle / base, len(sent), size, limit, aim)
        )
    return costs


def weights(app: Flask, path: str) -> dict[str, int]:
    """Bytes of the page at `path` and of every file that it leads to, by address."""
    page = Caller(app, encoding="gzip")
    static = Caller(app, encoding="br, gzip")
    plain = Caller(app, encoding="identity")
    found = {path: len(page(path))}
    waiting = list(_references(path, plain(path).decode()))
    while waiting:
        address = urlsplit(waiting.pop()).path
        if address in found or not address.startswith("/static/"):
            continue
        found[address] = len(static(address))
        if address.endswith((".css", ".js")):
            waiting.extend(_references(address, plain(address).decode()))
    return found


def _references(base: str, text: str) -> Iterable[str]:
    """Addresses that a page, a stylesheet or a module loads by itself."""
    patterns = (
        r'<(?:link|script|use|img)\b[^>]*?\b(?:href|src)="([^"]+)"',
        r'url\(["\']?([^"\')]+)["\']?\)',
        r'^import\s+(?:[^"\']*?from\s+)?["\']([^"\']+)["\']',
    )
    for pattern in patterns:
        for address in re.findall(pattern, text, re.MULTILINE):
            yield urljoin(base, address)


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def report(costs: Sequence[Cost], weight: dict[str, int]) -> str:
    """The table, as text."""
    heads = f"{'best ms':>8}{'median':>8}{'p95':>8}{'ratio':>7}{'SQL':>5}{'gzip B':>8}"
    lines = [f"{'CPU of a request':20}{heads}"]
    lines += [
        f"{cost.name:20}{cost.best:8.2f}{cost.median:8.2f}{cost.p95:8.2f}{cost.ratio:7.1f}"
        f"{cost.statements:5}{cost.size:8}  {cost.verdict}"
        for cost in costs
    ]
    total = sum(weight.values())
    verdict = "ok" if total <= WEIGHT_LIMIT else "OVER"
    lines.append(f"\nfirst visit to {RESULTS}: {total} bytes, {verdict} (limit {WEIGHT_LIMIT})")
    lines += [f"{size:>9}  {address}" for address, size in sorted(weight.items())]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table and write the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200, help="of each kind of page")
    parser.add_argument("--sheets", type=int, default=0, help="copy sheets until there are so many")
    parser.add_argument("--json", type=Path, default=Path("var/bench/pages.json"))
    options, _rest = parser.parse_known_args()
    with prepared_demo() as (_folder, environment):
        app = create_app(Settings.from_env(environment))
        if options.sheets:
            multiply(options.sheets)
        more = lists(options.sheets) if options.sheets else None
        costs = measure(app, times=options.requests, more=more)
        weight = weights(app, RESULTS)
        db.dispose()
    sys.stdout.write(report(costs, weight))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    found = {"pages": [asdict(cost) for cost in costs], "first_visit": weight}
    options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
