"""The reader of the `whoosh` backend: Whoosh says what is committed, arrays answer.

How a query becomes hits is `search`, top to bottom. Of Whoosh only the table of contents is read:
which segments there are, and what was deleted of them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.backends.array_cache import ArrayCache
from indexer.backends.array_dictionary import ArrayDictionary
from indexer.backends.array_meanings import Meanings
from indexer.backends.array_revision import ArrayRevision, LiveSegment, SegmentPool
from indexer.backends.array_titles import titles_holding
from indexer.backends.whoosh_reader import Seen, WhooshReader
from indexer.backends.whoosh_schema import INDEX_NAME, make_schema
from indexer.backends.whoosh_sidecars import sidecars_of
from indexer.evaluation import Needles
from indexer.evaluation.counting import count_masks
from indexer.evaluation.hits import make_hit, telling_words
from indexer.evaluation.looking import Looker
from indexer.evaluation.masks import MaskMatch, match_any, match_masks
from indexer.evaluation.paging import page_of_mask
from indexer.model import (
    Hit,
    Results,
    SearchRequest,
    SortOrder,
)
from indexer.query import positive_leaves
from indexer.store import Damage, Verifier, read_manifest
from indexer.words import interpret

__all__ = ["WhooshEngine"]

_CACHE_BYTES = 32 << 20


class WhooshEngine(WhooshReader[ArrayRevision]):
    """See `indexer.engine.SearchEngine`."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, self._open)
        self._pool = SegmentPool(ArrayCache(_CACHE_BYTES))
        self._meanings = Meanings()

    def search(self, request: SearchRequest) -> Results:
        """Interpret the query, match, filter and count, order, then show one page."""

        def answer(opened: ArrayRevision, is_fallback: bool) -> Results:
            sight = opened.sight(request.audiences, request.languages)
            looker = Looker(sight, is_scored=request.sort is SortOrder.RELEVANCE)
            meant = self._meanings.of(
                request,
                sight,
                lambda: interpret(
                    request,
                    dictionary=ArrayDictionary(opened, sight.mask),
                    finds=looker.finds,
                    supports=looker.support,
                ),
            )
            match = match_masks(meant.query, sight=sight, looker=looker)
            counted = count_masks(match.all, request, corpus=opened)
            page = page_of_mask(counted.kept, match, request, corpus=opened)
            needles = Needles.of(positive_leaves(meant.query.root))
            return Results(
                hits=_hits(opened, page, match, needles, snippets=request.snippets),
                total=int(np.count_nonzero(counted.kept)),
                total_all_words=int(np.count_nonzero(counted.kept & match.full)),
                revision=opened.revision,
                facets=counted.facets,
                years=counted.years,
                correction=meant.correction,
                also_searched=meant.also_searched,
                unmet=meant.unmet,
                is_fallback=is_fallback,
            )

        return self._current.answer(answer)

    @contextmanager
    def _looking(self, opened: ArrayRevision, audiences: frozenset[str]) -> Iterator[Seen]:
        sight = opened.sight(audiences)
        yield Seen(
            lambda text, limit: titles_holding(text, sight.mask, opened, limit=limit),
            ArrayDictionary(opened, sight.mask),
            Looker(sight).finds_together,
        )

    def similar(
        self, key: str, *, audiences: frozenset[str], limit: int = 5, snippets: bool = False
    ) -> tuple[Hit, ...]:
        """Documents that share the most telling words of this one."""

        def answer(opened: ArrayRevision) -> tuple[Hit, ...]:
            sight = opened.sight(audiences)
            number = opened.number_of(key)
            if number is None or not sight.mask[number]:
                return ()
            looker = Looker(sight)
            words = telling_words(
                opened.document(number), total=sight.count, holders=looker.holders
            )
            match = match_any(words, but=number, sight=sight, looker=looker)
            request = SearchRequest(audiences=audiences, limit=limit)
            page = page_of_mask(match.full, match, request, corpus=opened)
            return _hits(opened, page, match, Needles.of(words), snippets=snippets)

        return self._ask(answer)

    def _open(
        self, directory: Path, generation: int, verifier: Verifier, _earlier: ArrayRevision | None
    ) -> ArrayRevision:
        """Open the last commit in `directory` (see `whoosh_current.Opener`).

        The segments of Whoosh are not read, and so not summed: its table of contents is enough.
        """
        manifest = read_manifest(directory).without(W3Segment.COMPOUND_EXT)
        verifier.verify(directory, manifest)
        segments = _segments(directory, manifest.commit)
        if not {name for one in segments for name in (one.postings, one.columns)} <= set(
            manifest.files
        ):
            raise Damage(f"{directory} lacks sidecars: the writer makes them when it opens.")
        return ArrayRevision(
            directory,
            generation=generation,
            manifest=manifest,
            segments=segments,
            verifier=verifier,
            pool=self._pool,
        )


def _segments(directory: Path, commit: int) -> list[LiveSegment]:
    """The segments of a commit, from the table of contents of Whoosh, which was summed."""
    storage = FileStorage(str(directory), supports_mmap=False, readonly=True)
    toc = TOC.read(storage, INDEX_NAME, gen=commit, schema=make_schema())
    return [
        LiveSegment(
            segment.segment_id(),
            *sidecars_of(segment.segment_id()),
            deleted=tuple(sorted(segment.deleted_docs())),
        )
        for segment in toc.segments
    ]


def _hits(
    opened: ArrayRevision,
    page: Iterable[int],
    match: MaskMatch,
    needles: Needles,
    *,
    snippets: bool,
) -> tuple[Hit, ...]:
    """The documents of a page; without snippets their texts are not read."""
    found = []
    for number in page:
        document = opened.document(number) if snippets else None
        hit = make_hit(
            document or opened.head(number),
            score=float(match.scores[number]) if match.is_scored else 0.0,
            has_every_word=bool(match.full[number]),
            needles=needles,
            document=document,
        )
        found.append(hit)
    return tuple(found)
