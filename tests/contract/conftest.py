"""The index under contract. A new backend joins by its name in `indexer.factory`."""

from pathlib import Path

import pytest

from indexer.factory import BACKENDS
from tests.contract.builders import Index


@pytest.fixture(params=BACKENDS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Index:
    return Index(tmp_path / "index", request.param)
