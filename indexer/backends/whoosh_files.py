"""One generation on disk, written through Whoosh so that a commit is all or nothing.

Whoosh writes segments, renames its table of contents, then deletes what it no longer needs, and
syncs nothing. We step in at the rename: sync and sum the new files, then replace the manifest.
That is the commit. Only afterwards does Whoosh delete, so that a crash at any instant leaves one
complete manifest with all its files.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from indexer.backends.whoosh_codec import waiting_name
from indexer.backends.whoosh_schema import CARD, INDEX_NAME, KEY, make_schema
from indexer.backends.whoosh_segments import DocumentWriter
from indexer.backends.whoosh_sidecars import SIDECARS, is_sidecar, make_sidecar, sidecars_of
from indexer.evaluation import decode_card
from indexer.model import Document
from indexer.store import (
    TEXTS,
    Damage,
    FileSum,
    Manifest,
    TextAppender,
    TextReader,
    Verifier,
    read_manifest,
    sync_directory,
    sync_file,
    write_manifest,
)
from indexer.store.manifest import MANIFEST, fingerprint

__all__ = ["Generation"]


class Generation:
    """The writing side of one directory. Whoever makes one holds the lock of the index."""

    def __init__(self, directory: Path, *, verifier: Verifier, has_sidecars: bool) -> None:
        """Open what was committed last; make again what sidecars are missing or altered.

        Raises:
            Damage: the files are not that.
        """
        self.directory = directory
        self._verifier = verifier
        self._has_sidecars = has_sidecars
        try:
            self._manifest = read_manifest(directory)
            self._verify(afresh=False)
            self._texts = TextAppender(directory, length=self._manifest.text_length)
        except OSError as error:
            raise Damage(f"{directory}: {error}") from error
        self._texts_seen = fingerprint(directory / TEXTS)
        self._tidy()

    @classmethod
    def create(cls, directory: Path, *, verifier: Verifier, has_sidecars: bool) -> "Generation":
        """A new, empty generation."""
        directory.mkdir()
        (directory / TEXTS).touch()
        storage = FileStorage(str(directory), supports_mmap=False)
        TOC.create(storage, make_schema(), INDEX_NAME)
        toc = TOC._filename(INDEX_NAME, 0)  # noqa: SLF001 - Whoosh has no public name for it
        sync_file(directory / toc)
        sync_file(directory / TEXTS)
        sums = {toc: verifier.learn(directory / toc)}
        write_manifest(
            directory, Manifest(commit=0, toc=toc, documents=0, text_length=0, files=sums)
        )
        return cls(directory, verifier=verifier, has_sidecars=has_sidecars)

    @property
    def commit(self) -> int:
        """The number of the last commit."""
        return self._manifest.commit

    @property
    def documents(self) -> int:
        """How many documents the last commit holds."""
        return self._manifest.documents

    def apply(self, changes: Mapping[str, Document | None]) -> None:
        """Commit these changes: a document to put, or None to remove what the key names."""
        self.check()
        try:
            self._write(changes)
        except BaseException as error:
            self._recover()
            if isinstance(error, Exception):
                self.check(deep=True)
            raise
        self._texts_seen = fingerprint(self.directory / TEXTS)

    def start(self) -> DocumentWriter:
        """A writer of the next commit, which it makes when it ends."""
        return DocumentWriter(
            self.directory, self._texts, has_sidecars=self._has_sidecars, on_toc=self._publish
        )

    def carry_out(self, act: Callable[[], None]) -> None:
        """Do something with the writer of `start`; bad files are `Damage`, whatever it met."""
        try:
            act()
        except Exception:
            self.check(deep=True)
            raise

    def holds_any(self, keys: Mapping[str, object]) -> bool:
        """Whether one of these keys is in the last commit."""
        storage = FileStorage(str(self.directory), supports_mmap=False)
        reader = FileIndex(storage, schema=make_schema(), indexname=INDEX_NAME).reader()
        try:
            return any((KEY, key) in reader for key in keys)
        finally:
            reader.close()

    def check(self, *, deep: bool = False) -> None:
        """Raise `Damage` when a file is not what was committed."""
        try:
            if read_manifest(self.directory) != self._manifest:
                raise Damage(f"{self.directory / MANIFEST} is not the one we wrote.")
            self._verify(afresh=deep)
            if deep or fingerprint(self.directory / TEXTS) != self._texts_seen:
                self._check_texts()
        except OSError as error:
            raise Damage(f"{self.directory}: {error}") from error

    def close(self) -> None:
        """Let go of the files."""
        self._texts.close()

    def _verify(self, *, afresh: bool) -> None:
        """Raise `Damage` unless the files used are sound; sidecars are mended first."""
        if self._has_sidecars:
            self._mend(afresh=afresh)
            self._verifier.verify(self.directory, self._manifest)
        else:
            needed = self._manifest.without(*SIDECARS)
            self._verifier.verify(self.directory, needed, afresh=afresh)

    def _mend(self, *, afresh: bool) -> None:
        """Make again the sidecars that are missing or altered, if their segments are sound.

        The manifest is written anew even when nothing changes in it, so that readers look again.
        """
        faults = self._verifier.faults(self.directory, self._manifest, afresh=afresh)
        if any(not is_sidecar(name) for name in faults):
            return
        segments = self._segments(self._manifest.commit)
        lost = {
            name: segment
            for segment in segments
            for name in sidecars_of(segment.segment_id())
            if name in faults or name not in self._manifest.files
        }
        if not lost:
            return
        sums = dict(self._manifest.files)
        for name, segment in lost.items():
            make_sidecar(self.directory, name, segment)
            sums[name] = self._verifier.learn(self.directory / name)
        sync_directory(self.directory)
        self._manifest = replace(self._manifest, files=sums)
        write_manifest(self.directory, self._manifest)

    def _segments(self, commit: int) -> list[W3Segment]:
        storage = FileStorage(str(self.directory), supports_mmap=False)
        toc = TOC.read(storage, INDEX_NAME, gen=commit, schema=make_schema())
        segments: list[W3Segment] = toc.segments
        return segments

    def _write(self, changes: Mapping[str, Document | None]) -> None:
        writer = self.start()
        try:
            for key, document in changes.items():
                if document is None:
                    writer.remove(key)
                else:
                    writer.put(document)
            writer.end()
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise

    def _publish(self, toc: str) -> None:
        """Sync, sum and commit what Whoosh has just written."""
        commit = self._manifest.commit + 1
        segments = self._segments(commit)
        names = [toc, *(segment.make_filename(segment.COMPOUND_EXT) for segment in segments)]
        if self._has_sidecars:
            names += self._write_sidecars(segments)
        sums: dict[str, FileSum] = {}
        for name in names:
            if name not in self._manifest.files:
                sync_file(self.directory / name)
                sums[name] = self._verifier.learn(self.directory / name)
            else:
                sums[name] = self._manifest.files[name]
        sync_directory(self.directory)
        manifest = Manifest(
            commit=commit,
            toc=toc,
            documents=sum(one.doc_count_all() - one.deleted_count() for one in segments),
            text_length=self._texts.length,
            files=sums,
        )
        write_manifest(self.directory, manifest)
        self._manifest = manifest

    def _write_sidecars(self, segments: list[W3Segment]) -> list[str]:
        """Write those of the new segments; the names of all."""
        names: list[str] = []
        for segment in segments:
            for name in sidecars_of(segment.segment_id()):
                if name not in self._manifest.files:
                    make_sidecar(self.directory, name, segment)
                names.append(name)
        for stray in self.directory.glob(waiting_name("*")):
            stray.unlink()
        return names

    def _recover(self) -> None:
        """Back to the last commit after a write that failed."""
        self._texts.rewind(self._manifest.text_length)
        self._texts_seen = fingerprint(self.directory / TEXTS)
        self._tidy()

    def _tidy(self) -> None:
        """Delete what a crash left: Whoosh would take a stray table of contents for the last."""
        kept = {MANIFEST, TEXTS, *self._manifest.files}
        for path in self.directory.iterdir():
            if path.name in kept:
                continue
            if path.is_dir():
                for inner in path.iterdir():
                    inner.unlink()
                path.rmdir()
            else:
                path.unlink()

    def _check_texts(self) -> None:
        """Read every record that a card points to."""
        texts = TextReader(self.directory, length=self._manifest.text_length)
        storage = FileStorage(str(self.directory), supports_mmap=False)
        reader = FileIndex(storage, schema=make_schema(), indexname=INDEX_NAME).reader()
        try:
            for leaf, _ in reader.leaf_readers():
                if leaf.doc_count_all() == 0:
                    continue
                column = leaf.column_reader(CARD, translate=False)
                for number in leaf.all_doc_ids():
                    card = decode_card(bytes(column[number]))
                    texts.check(card.text_start, card.text_length)
        finally:
            reader.close()
            texts.close()
        self._texts_seen = fingerprint(self.directory / TEXTS)
