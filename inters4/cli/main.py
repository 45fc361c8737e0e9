"""Entry point of the console script: nothing is imported before Ctrl-C is looked after."""

import os
import sys


def main() -> None:
    """Run `inters4`; leave quietly with status 130 when interrupted, at whatever moment."""
    try:
        from inters4.core.collecting import nothing_collected  # noqa: PLC0415

        with nothing_collected():
            from inters4.cli.root import run  # noqa: PLC0415
        run()
    except KeyboardInterrupt:
        is_english = os.environ.get("INTERS4_LANG") == "en"  # the catalogue may not be there yet
        sys.stderr.write("\nStopped.\n" if is_english else "\nArrêté.\n")
        sys.exit(130)
