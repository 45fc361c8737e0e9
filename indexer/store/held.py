"""The files of one commit while a reader holds them open, and whether they are still good.

Decision: a reader asks often and cheaply (`is_untouched`, a `stat` a file) and reads everything
again only when an answer failed (`is_sound`).
"""

from pathlib import Path

from indexer.store.damage import Damage
from indexer.store.manifest import Manifest, Verifier, fingerprint, fingerprint_if_any
from indexer.store.texts import TextReader

__all__ = ["HeldFiles"]


class HeldFiles:
    """The files named by `manifest` as they were when opened, and the text store of that commit."""

    def __init__(self, directory: Path, manifest: Manifest, verifier: Verifier) -> None:
        """Open the text store and note what every file looks like.

        Raises:
            Damage: the text store is not what was committed.
            FileNotFoundError: a file vanished; a writer may have moved on meanwhile, try again.
        """
        self.directory = directory
        self.manifest = manifest
        self._verifier = verifier
        self._seen = {path: fingerprint(path) for path in map(directory.joinpath, manifest.files)}
        self.texts = TextReader(directory, length=manifest.text_length)

    def is_untouched(self) -> bool:
        """Whether no file was written to since it was opened; one `stat` each.

        A file deleted or replaced by another is no matter: ours is still open.
        """
        for path, seen in self._seen.items():
            now = fingerprint_if_any(path)
            if now is not None and now != seen and now[0] == seen[0]:
                return False
        try:
            self.texts.check_length()
        except Damage:
            return False
        return True

    def is_sound(self) -> bool:
        """Whether the files, read again, are still what was committed."""
        try:
            self._verifier.verify(self.directory, self.manifest, afresh=True)
        except FileNotFoundError:
            return True
        except Damage:
            return False
        return True

    def close(self) -> None:
        """Let go of the text store."""
        self.texts.close()
