"""The one internal error of the store; readers and writers turn it into their public ones."""

__all__ = ["Damage"]


class Damage(Exception):  # noqa: N818 - it names a state of the files
    """The files are not what was committed."""
