"""A shelf of documents, and the index that follows it."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from inters4.core.hooks import hooks
from inters4.search.queries import engine
from inters4.settings import Settings
from tests.builders.search import Shelf, make_kinds, make_shelf_table


@pytest.fixture
def shelf(settings: Settings, database: str) -> Iterator[Shelf]:
    """Documents of the kinds `fiche` and `resume`, and no other kind."""
    with patch.dict(hooks.document_kinds, make_kinds(), clear=True):
        make_shelf_table()
        engine.bind(settings)
        yield Shelf(settings)
        engine.close()
