"""The one internal error of the store; readers and writers turn it into their public ones."""

__all__ = ["Damage"]


class Damage(Exception):
    """The files are not what was committed."""
