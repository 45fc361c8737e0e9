"""Secrets kept in files: the signing key of this installation, and what a file gives a setting."""

import os
import secrets
from pathlib import Path

from inters4.settings.problems import mark, system_reason

_LARGEST = 10_000


def kept_secret(path: Path) -> str:
    """Read the secret of this installation, made once and readable by its owner only.

    Raises:
        OSError: it can neither be read nor made.
        ValueError: what the file holds is not text.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(48)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)  # two processes starting together keep the same one
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    return path.read_text(encoding="utf-8").strip()


def given_by_file(name: str) -> str:
    """What the file `name` holds, without the line feed that ends it.

    Raises:
        ValueError: with what is wrong; a device or a pipe is never opened.
    """
    file = Path(name)
    try:
        if file.exists() and not file.is_file():
            raise ValueError(mark("ce n’est pas un fichier : donnez le chemin d’un fichier"))
        with file.open("rb") as opened:
            held = opened.read(_LARGEST + 1)
    except OSError as error:
        raise ValueError(
            mark(
                "ce fichier ne peut pas être lu (%(reason)s) : corrigez le chemin ou ses droits",
                reason=system_reason(error),
            )
        ) from None
    if len(held) > _LARGEST:
        raise ValueError(mark("ce fichier est trop gros pour ne contenir qu’un secret"))
    try:
        return held.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError(mark("ce fichier n’est pas du texte en UTF-8")) from None
