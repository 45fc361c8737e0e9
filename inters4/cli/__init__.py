"""The `inters4` command."""

from inters4.cli.main import main

__all__ = ["main"]
