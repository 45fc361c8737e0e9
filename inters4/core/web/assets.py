"""Styles, scripts, fonts and icons, under an address that changes when they do.

All files of a release share one folder named by their digest, so that relative addresses between
them keep working and browsers may keep them for ever. They are compressed once, into the data
directory, and served by WhiteNoise. A stylesheet that imports others is served with them inside:
one idea a file for who writes, one request for who reads.
"""

import gzip
import hashlib
import os
import re
import shutil
from functools import cache
from pathlib import Path

import brotli

from inters4.core.paths import static_dir

_COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".txt", ".ico", ".webmanifest"}
_IMPORT = re.compile(rb'^@import "([^"]+)";\n', re.MULTILINE)
_NEVER_SERVED = {".map", ".md", ".mjs", ".scss"}


@cache
def digest() -> str:
    """Twelve hexadecimal digits that name the present state of every static file."""
    found = hashlib.sha256()
    for path in _sources():
        found.update(path.relative_to(static_dir()).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


@cache
def static_url(path: str) -> str:
    """The address of a static file, `css/theme.css` for instance.

    Raises:
        FileNotFoundError: no such file ships: a template names it wrongly.
    """
    name, _, anchor = path.partition("#")
    if not (static_dir() / name).is_file():
        raise FileNotFoundError(f"static file missing: {name}")
    return f"/static/{digest()}/{name}" + (f"#{anchor}" if anchor else "")


def prepare(data_dir: Path) -> Path:
    """Compress every file into `data_dir/static/DIGEST`, once; return the folder to serve.

    Several processes may call this at once: the folder appears whole, by a rename. The folder of
    the release before is kept, for pages opened before an update.
    """
    root = data_dir / "static"
    target = root / digest()
    if target.is_dir():
        return root
    draft = root / f".{digest()}.{os.getpid()}"
    for source in _sources():
        copy = draft / source.relative_to(static_dir())
        copy.parent.mkdir(parents=True, exist_ok=True)
        body = _served(source)
        copy.write_bytes(body)
        if source.suffix in _COMPRESSIBLE:
            copy.with_name(copy.name + ".gz").write_bytes(gzip.compress(body, mtime=0))
            copy.with_name(copy.name + ".br").write_bytes(brotli.compress(body))
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not target.is_dir():
            raise
    releases = sorted(
        (path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")),
        key=lambda path: path.stat().st_mtime,
    )
    for old in releases[:-2]:
        shutil.rmtree(old, ignore_errors=True)
    return root


def _served(source: Path) -> bytes:
    """What a file holds, the stylesheets that it imports in their place."""
    body = source.read_bytes()
    if source.suffix != ".css" or source.is_relative_to(static_dir() / "vendor"):
        return body
    return _IMPORT.sub(lambda found: _served(source.parent / found[1].decode()), body)


def _sources() -> list[Path]:
    return sorted(
        path
        for path in static_dir().rglob("*")
        if path.is_file() and path.suffix not in _NEVER_SERVED
    )
