"""The manifest: which files make up the last commit, and their sums.

Decision: replacing the manifest **is** the commit. Whatever the search library wrote before it is
invisible, whatever it deletes comes after. Files are summed before anything in them is unpickled.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from indexer.analysis import ANALYSIS_VERSION
from indexer.store.damage import Damage
from indexer.store.durable import write_atomically

__all__ = [
    "FORMAT",
    "MANIFEST",
    "FileSum",
    "Fingerprint",
    "Manifest",
    "Verifier",
    "fingerprint",
    "fingerprint_if_any",
    "read_manifest",
    "write_manifest",
]

FORMAT = f"6.{ANALYSIS_VERSION}"
MANIFEST = "manifest"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileSum:
    """What a file must be."""

    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One commit. `toc` names the table of contents of the search library among `files`."""

    commit: int
    toc: str
    documents: int
    text_length: int
    files: Mapping[str, FileSum]

    def without(self, *endings: str) -> "Manifest":
        """The same for one who reads no file of these endings."""
        kept = {name: one for name, one in self.files.items() if not name.endswith(endings)}
        return replace(self, files=kept)


Fingerprint = tuple[int, int, int]


def fingerprint(path: Path) -> Fingerprint:
    """What changes when a file is replaced, grown or written to; raises `OSError`."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def fingerprint_if_any(path: Path) -> Fingerprint | None:
    """The same, None when the file cannot be looked at."""
    try:
        return fingerprint(path)
    except OSError:
        return None


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Commit: from here on `manifest` is what readers open."""
    content = {"format": FORMAT, **asdict(manifest)}
    line = json.dumps(content, separators=(",", ":")).encode()
    digest = hashlib.blake2b(line, digest_size=16).hexdigest().encode()
    write_atomically(directory / MANIFEST, line + b"\n" + digest + b"\n")


def read_manifest(directory: Path) -> Manifest:
    """The last commit in `directory`.

    Raises:
        FileNotFoundError: there is none; a rebuild may just have moved things, so try again.
        Damage: it is unreadable, altered, or of another format.
    """
    path = directory / MANIFEST
    try:
        line, digest, rest = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise Damage(f"{path} is not a manifest.") from error
    if rest or hashlib.blake2b(line, digest_size=16).hexdigest().encode() != digest:
        raise Damage(f"{path} was altered.")
    content = json.loads(line)
    if content.pop("format") != FORMAT:
        raise Damage(f"{path} was written by another version of the engine.")
    files = {name: FileSum(**value) for name, value in content.pop("files").items()}
    return Manifest(files=files, **content)


def sum_file(path: Path) -> FileSum:
    """The size and sum of a file as it is now."""
    size = crc = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
    return FileSum(size, crc)


class Verifier:
    """Checks files against their sums, and remembers what it read while they stay untouched.

    Committed files never change, so that each is read once per process; afterwards a check costs
    one `stat` a file.
    """

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Fingerprint, FileSum]] = {}

    def verify(self, directory: Path, manifest: Manifest, *, afresh: bool = False) -> None:
        """Raise `Damage` unless every file of `manifest` is what it must be.

        `afresh` reads everything again. A missing file raises `FileNotFoundError`.
        """
        for name, expected in manifest.files.items():
            path = directory / name
            try:
                found = self._sum(path, afresh=afresh)
            except FileNotFoundError:
                raise
            except OSError as error:
                raise Damage(f"{path} cannot be read: {error}") from error
            if found != expected:
                raise Damage(f"{path} was altered.")
        self._forget_vanished()

    def faults(self, directory: Path, manifest: Manifest, *, afresh: bool = False) -> list[str]:
        """The files of `manifest` that are missing or not what they must be."""
        found = []
        for name, expected in manifest.files.items():
            try:
                is_sound = self._sum(directory / name, afresh=afresh) == expected
            except OSError:
                is_sound = False
            if not is_sound:
                found.append(name)
        return found

    def learn(self, path: Path) -> FileSum:
        """The sum of a file just written."""
        return self._sum(path, afresh=True)

    def _sum(self, path: Path, *, afresh: bool) -> FileSum:
        before = fingerprint(path)
        known = self._known.get(path)
        if known is not None and known[0] == before and not afresh:
            return known[1]
        found = sum_file(path)
        self._known[path] = (before, found)
        return found

    def _forget_vanished(self) -> None:
        if len(self._known) > 1_000:
            self._known = {
                path: known for path, known in self._known.items() if os.path.lexists(path)
            }
