"""Entry point of the console script: nothing is imported before Ctrl-C is looked after."""

import sys


def main() -> None:
    """Run `inters4`; leave quietly with status 130 when interrupted, at whatever moment."""
    try:
        from inters4.cli.root import run  # noqa: PLC0415

        run()
    except KeyboardInterrupt:
        sys.stderr.write("\nArrêté.\n")
        sys.exit(130)
