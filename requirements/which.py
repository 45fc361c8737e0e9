"""Say which Python makes .venv when nobody names one: `python3 requirements/which.py`.

The first of PATH, or the distribution's where both are of one series: that one is kept safe by the
distribution, and compiled after a profile. One that pyenv compiles, unless told otherwise, takes up
to twice as long for the same work. `make demo PYTHON=...` has the last word.

Runs on any Python 3 with the standard library alone.
"""

import subprocess
import sys

DISTRIBUTION = "/usr/bin/python3"
_SERIES = "import ensurepip, venv, sys; print('{}.{}'.format(*sys.version_info))"


def chosen(distribution=DISTRIBUTION):
    """A path: `distribution` where it can make an environment of the same series as this Python."""
    series = "{}.{}".format(*sys.version_info)
    try:
        told = subprocess.check_output([distribution, "-c", _SERIES], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return sys.executable
    return distribution if told.decode().strip() == series else sys.executable


if __name__ == "__main__":
    sys.stdout.write(chosen() + "\n")
