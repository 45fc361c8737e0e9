"""A demonstration in an empty directory: what every benchmark of the portal measures."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

BIN = Path(sys.executable).parent


@contextmanager
def prepared_demo() -> Iterator[tuple[Path, Mapping[str, str]]]:
    """A folder that lasts as long as the block, and the environment that names its data."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            "INTERS4_DATA_DIR": str(folder / "var"),
            "INTERS4_ALLOW_DEMO_DATA": "oui",
        }
        subprocess.run(
            [BIN / "inters4", "demo", "--no-serve"],
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        yield folder, environment
