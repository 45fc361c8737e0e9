"""The `inters4` command."""

from inters4.cli.root import main

__all__ = ["main"]
