"""An index of each backend, in memory where there is any."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.factory import BACKENDS
from tests.contract.builders import Index, scratch


@pytest.fixture(params=BACKENDS)
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    with tempfile.TemporaryDirectory(dir=scratch()) as directory:
        yield Index(Path(directory) / "index", request.param)
