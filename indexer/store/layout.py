"""Names under the root of an index, and which generation is current.

ROOT/current                  number of the generation that serves
ROOT/writer.lock              held by the one writer
ROOT/generations/0004/        a generation that serves, or the one before it
ROOT/generations/0005.building/   a rebuild under way, never read
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from indexer.store.damage import Damage
from indexer.store.durable import sync_directory, write_atomically

__all__ = ["Layout"]

_BUILDING = ".building"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything of the index at `root` lies."""

    root: Path

    @property
    def pointer(self) -> Path:
        """The file that names the current generation."""
        return self.root / "current"

    @property
    def lock(self) -> Path:
        """The file the writer locks."""
        return self.root / "writer.lock"

    @property
    def generations(self) -> Path:
        """The directory of all generations."""
        return self.root / "generations"

    def generation(self, number: int) -> Path:
        """The directory of one generation."""
        return self.generations / f"{number:04d}"

    def building(self, number: int) -> Path:
        """The same while it is being built."""
        return self.generations / f"{number:04d}{_BUILDING}"

    def numbers(self) -> list[int]:
        """The finished generations present, oldest first."""
        try:
            names = [path.name for path in self.generations.iterdir() if path.is_dir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Damage(f"{self.generations}: {error}") from error
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def current(self) -> int | None:
        """The generation pointed to; None when there is no pointer.

        Raises:
            Damage: the pointer is unreadable.
        """
        try:
            text = self.pointer.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Damage(f"{self.pointer}: {error}") from error
        digits = text[:-1]
        if not text.endswith(b"\n") or not digits.isdigit() or len(digits) > 9:
            raise Damage(f"{self.pointer} does not hold a number.")
        return int(digits)

    def next_number(self) -> int:
        """A number never used before, even by a pointer to a lost directory."""
        try:
            pointed = self.current() or 0
        except Damage:
            pointed = 0
        return max([pointed, *self.numbers()]) + 1

    def publish(self, number: int) -> None:
        """Make the generation built as `number` the current one."""
        self.building(number).rename(self.generation(number))
        sync_directory(self.generations)
        write_atomically(self.pointer, f"{number}\n".encode())

    def discard(self, number: int) -> None:
        """Delete a finished generation. Readers that hold its files open keep them."""
        shutil.rmtree(self.generation(number), ignore_errors=True)

    def discard_unfinished(self) -> None:
        """Delete what rebuilds that never ended left behind. For the holder of the lock."""
        if self.generations.is_dir():
            for path in self.generations.iterdir():
                if path.name.endswith(_BUILDING):
                    shutil.rmtree(path, ignore_errors=True)
