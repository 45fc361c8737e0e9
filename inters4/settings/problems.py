"""Mistakes as sentences that whoever shows them may translate.

Settings are read before anything else and import nothing of ours: a mistake is therefore kept as
its French message and what fills it. `mark` is known to the extraction of messages.
"""

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """A French sentence, or half of one, with `%(name)s` for each value."""

    message: str
    values: Mapping[str, object]

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`, on one line whatever was typed."""
        filled = {
            name: value.told(translate) if isinstance(value, Problem) else shown(value)
            for name, value in self.values.items()
        }
        text = translate(self.message)
        return text % filled if filled else text

    def __str__(self) -> str:
        return self.told(str)


class SettingsError(Exception):
    """One or more settings are wrong; `problems` holds one sentence each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def mark(message: str, /, **values: object) -> Problem:
    """A mistake, extracted with the other messages; give it to ValueError in a parser."""
    return Problem(message, values)


_LONGEST = 120


def shown(value: object) -> str:
    """`value` on one line, short, with nothing that a terminal would obey."""
    text = "".join(map(_safe, str(value)))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _safe(sign: str) -> str:
    is_harmless = sign.isprintable() or sign == "\N{NO-BREAK SPACE}"
    return sign if is_harmless else "\N{REPLACEMENT CHARACTER}"


_REASONS: dict[int, Problem] = {
    errno.EACCES: mark("permission refusée"),
    errno.EPERM: mark("permission refusée"),
    errno.EROFS: mark("disque en lecture seule"),
    errno.ENOSPC: mark("disque plein"),
    errno.EDQUOT: mark("quota de disque atteint"),
    errno.EFBIG: mark("taille de fichier limitée"),
    errno.ENOENT: mark("ce chemin n’existe pas"),
    errno.ENOTDIR: mark("une partie du chemin n’est pas un dossier"),
    errno.EEXIST: mark("un fichier porte déjà ce nom"),
    errno.EISDIR: mark("c’est un dossier, non un fichier"),
    errno.ENAMETOOLONG: mark("nom trop long"),
    errno.ELOOP: mark("liens en boucle"),
    errno.EIO: mark("erreur du disque"),
    errno.EMFILE: mark("trop de fichiers ouverts"),
    errno.ENFILE: mark("trop de fichiers ouverts"),
    errno.EADDRNOTAVAIL: mark("cette adresse n’est pas celle de cette machine"),
}


def system_reason(error: OSError) -> Problem:
    """Why the system refused; its own words when they are rare, ours when we refused for it."""
    number, words = error.errno or 0, error.strerror or str(error)
    is_of_system = words == os.strerror(number)
    known = _REASONS.get(number) if is_of_system else None
    return known or Problem("%(reason)s", {"reason": words})


def unwritable(directory: Path, error: OSError) -> Problem:
    """Say that `directory` cannot be written, and what to do."""
    return mark(
        "INTERS4_DATA_DIR : impossible d’écrire dans %(folder)s (%(reason)s). Donnez un dossier où "
        "ce compte peut écrire.",
        folder=directory,
        reason=system_reason(error),
    )
