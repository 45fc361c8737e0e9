"""Where templates and starter content live.

In a wheel they sit inside the package; in an editable install they stay at the top of the
checkout. Both places are looked at, the package first.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def _shipped(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def templates_dir() -> Path:
    """The Jinja templates."""
    return _shipped("templates")


def content_dir() -> Path:
    """The starter content: a seed, read-only."""
    return _shipped("content")


def static_dir() -> Path:
    """Styles, scripts, fonts and icons, before hashing and compression."""
    return PACKAGE / "static"


def migrations_dir() -> Path:
    """The Alembic scripts."""
    return PACKAGE / "core" / "migrations"


def translations_dir() -> Path:
    """The compiled message catalogues."""
    return PACKAGE / "translations"
