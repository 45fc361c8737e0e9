"""The index under contract. A new backend joins by its name in `indexer.factory`."""

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
