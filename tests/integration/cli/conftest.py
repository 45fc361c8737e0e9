"""An installation to type commands in."""

import shutil
from pathlib import Path

import pytest

from tests.builders.commands import typed


@pytest.fixture(scope="session")
def _upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("upgraded") / "var"
    assert typed("db", "upgrade", INTERS4_DATA_DIR=str(folder)).returncode == 0
    return folder


@pytest.fixture
def installed(tmp_path: Path, _upgraded: Path) -> Path:
    """What `inters4 db upgrade` leaves in an empty directory: a copy of it."""
    return Path(shutil.copytree(_upgraded, tmp_path, dirs_exist_ok=True))
