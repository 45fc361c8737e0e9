"""The engines compared, each behind the same few calls.

`inters4` is the public API of `indexer` and nothing else. `whoosh_naive` is what one writes after
reading the manual of Whoosh: MultifieldParser, groupedby, highlights. `tantivy` is a Rust engine
through tantivy-py, with fast fields for its facets and its French stemmer.
"""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import tantivy
from whoosh import fields, query
from whoosh.analysis import LanguageAnalyzer
from whoosh.index import create_in, open_dir
from whoosh.qparser import MultifieldParser, OrGroup

from bench.corpus import FACETS
from indexer import Document, SearchEngine, SearchRequest, SortOrder, open_engine, open_rebuild

__all__ = ["PEERS", "Peer"]

_PUBLIC = frozenset({"public"})
_REGION = "rss06"
_BATCH = 500


class Peer(Protocol):
    """One engine on one directory."""

    def __init__(self, directory: Path) -> None: ...

    def index(self, documents: Iterable[Document]) -> None:
        """Index all of them and commit."""

    def open(self) -> None:
        """Get ready to answer."""

    def top10(self, kind: str, text: str) -> int:
        """The ten best documents; how many are found."""

    def faceted(self, kind: str, text: str) -> int:
        """The same with four facets counted and ten snippets."""

    def filtered_sorted(self, kind: str, text: str) -> int:
        """The ten newest documents of one region."""


class _Inters4:
    backend = "whoosh"

    def __init__(self, directory: Path) -> None:
        self._root = directory
        self._engine: SearchEngine | None = None

    def index(self, documents: Iterable[Document]) -> None:
        with open_rebuild(self._root, backend=self.backend) as rebuild:
            for document in documents:
                rebuild.put(document)
            rebuild.promote()

    def open(self) -> None:
        self._engine = open_engine(self._root, backend=self.backend)

    def top10(self, kind: str, text: str) -> int:  # noqa: ARG002 - the grammar tells
        return self._ask(SearchRequest(text, audiences=_PUBLIC, limit=10, snippets=False))

    def faceted(self, kind: str, text: str) -> int:  # noqa: ARG002 - the grammar tells
        return self._ask(SearchRequest(text, audiences=_PUBLIC, limit=10, facets=FACETS))

    def filtered_sorted(self, kind: str, text: str) -> int:  # noqa: ARG002 - the grammar tells
        request = SearchRequest(
            text,
            audiences=_PUBLIC,
            limit=10,
            snippets=False,
            sort=SortOrder.DATE,
            filters={"region": frozenset({_REGION})},
        )
        return self._ask(request)

    def _ask(self, request: SearchRequest) -> int:
        assert self._engine is not None  # noqa: S101 - open() was called
        return self._engine.search(request).total


class _Plain(_Inters4):
    backend = "whoosh-plain"


class _WhooshNaive:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        analyzer = LanguageAnalyzer("fr")
        facet = fields.KEYWORD(stored=True, sortable=True, commas=True, scorable=False)
        self._schema = fields.Schema(
            key=fields.ID(stored=True, unique=True),
            title=fields.TEXT(analyzer, stored=True, field_boost=2.0),
            body=fields.TEXT(analyzer, stored=True),
            audience=fields.ID(),
            date=fields.DATETIME(stored=True, sortable=True),
            **dict.fromkeys(FACETS, facet),
        )
        self._searcher: Any = None

    def index(self, documents: Iterable[Document]) -> None:
        self._directory.mkdir()
        index = create_in(self._directory, self._schema)
        writer = index.writer(limitmb=256)
        for document in documents:
            writer.add_document(
                key=document.key,
                title=document.title,
                body=document.body,
                audience=document.audience,
                date=_moment(document),
                kind=document.kind,
                **{name: ",".join(values) for name, values in document.facets.items()},
            )
        writer.commit()

    def open(self) -> None:
        self._searcher = open_dir(self._directory).searcher()

    def top10(self, kind: str, text: str) -> int:
        return len(self._searcher.search(self._query(kind, text), limit=10, filter=self._public()))

    def faceted(self, kind: str, text: str) -> int:
        results = self._searcher.search(
            self._query(kind, text), limit=10, filter=self._public(), groupedby=list(FACETS)
        )
        for name in FACETS:
            sum(len(numbers) for numbers in results.groups(name).values())
        for hit in results:
            hit.highlights("body")
        return len(results)

    def filtered_sorted(self, kind: str, text: str) -> int:
        allowed = query.And([self._public(), query.Term("region", _REGION)])
        results = self._searcher.search(
            self._query(kind, text), limit=10, filter=allowed, sortedby="date", reverse=True
        )
        return len(results)

    def _public(self) -> Any:
        return query.Term("audience", "public")

    def _query(self, kind: str, text: str) -> Any:  # noqa: ARG002 - its parser tells

        return MultifieldParser(["title", "body"], self._schema, group=OrGroup).parse(text)


class _Tantivy:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw")
        for name in ("title", "body"):
            builder.add_text_field(name, stored=True, tokenizer_name="french")
        builder.add_text_field("audience", tokenizer_name="raw")
        for name in FACETS:
            builder.add_text_field(name, fast=True, tokenizer_name="raw")
        builder.add_date_field("date", fast=True, indexed=True)
        self._schema = builder.build()
        self._index: Any = None
        self._searcher: Any = None

    def index(self, documents: Iterable[Document]) -> None:
        self._directory.mkdir()
        index = self._opened()
        writer = index.writer(64_000_000, 1)
        for document in documents:
            made = tantivy.Document()
            made.add_text("key", document.key)
            made.add_text("title", document.title)
            made.add_text("body", document.body)
            made.add_text("audience", document.audience)
            made.add_date("date", _moment(document))
            made.add_text("kind", document.kind)
            for name, values in document.facets.items():
                for value in _with_ancestors(values):
                    made.add_text(name, value)
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._index = self._opened()
        self._index.reload()
        self._searcher = self._index.searcher()

    def top10(self, kind: str, text: str) -> int:
        return int(self._searcher.search(self._query(kind, text), 10).count)

    def faceted(self, kind: str, text: str) -> int:
        said = self._query(kind, text)
        found = self._searcher.search(said, 10)
        counts = {name: {"terms": {"field": name, "size": 100}} for name in FACETS}
        self._searcher.aggregate(said, counts)
        snippets = tantivy.SnippetGenerator.create(self._searcher, said, self._schema, "body")
        for _, address in found.hits:
            snippets.snippet_from_doc(self._searcher.doc(address)).to_html()
        return int(found.count)

    def filtered_sorted(self, kind: str, text: str) -> int:
        region = tantivy.Query.term_query(self._schema, "region", _REGION)
        newest = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, self._query(kind, text)), (tantivy.Occur.Must, region)]
        )
        return int(self._searcher.search(newest, 10, order_by_field="date").count)

    def _query(self, kind: str, text: str) -> Any:
        if kind == "prefix":
            said = self._either(
                [
                    tantivy.Query.regex_query(self._schema, name, text[:-1] + ".*")
                    for name in ("title", "body")
                ]
            )
        else:
            said = self._index.parse_query(text, ["title", "body"], {"title": 2.0})
        public = tantivy.Query.term_query(self._schema, "audience", "public")
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, said), (tantivy.Occur.Must, public)]
        )

    def _either(self, queries: Sequence[Any]) -> Any:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in queries])

    def _opened(self) -> Any:
        index = tantivy.Index(self._schema, path=str(self._directory))
        analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer("french"))
            .filter(tantivy.Filter.ascii_fold())
            .build()
        )
        index.register_tokenizer("french", analyzer)
        return index


def _moment(document: Document) -> datetime.datetime:
    day = document.date or datetime.date(1970, 1, 1)
    return datetime.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - both peers want it naive


def _with_ancestors(values: Iterable[str]) -> set[str]:
    found = set()
    for value in values:
        parts = value.split(".")
        found |= {".".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return found


PEERS: dict[str, type[Peer]] = {
    "inters4": _Inters4,
    "whoosh_naive": _WhooshNaive,
    "tantivy": _Tantivy,
    "whoosh_plain": _Plain,
}
