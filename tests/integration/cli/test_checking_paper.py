"""`inters4 check` says why sheets are not offered as PDF: a choice, or something missing."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from inters4.cli.check import check
from inters4.core.paper import lacking, making
from inters4.settings import Settings


@pytest.fixture
def looked_at_again() -> Iterator[None]:
    lacking.cache_clear()
    yield
    lacking.cache_clear()


@pytest.mark.usefixtures("looked_at_again", "database")
def test_without_the_extra_it_is_said_and_nothing_is_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PACKAGE", "no_such_package")

    told = CliRunner().invoke(check, obj=settings).output

    assert "l’extra «\u00a0pdf\u00a0» n’est pas installé" in told
    assert "libpango" not in told


@pytest.mark.usefixtures("looked_at_again", "database")
def test_the_extra_without_its_libraries_is_to_be_mended(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PACKAGE", "json")
    monkeypatch.setattr(making, "LIBRARIES", ("no-such-library",))

    found = CliRunner().invoke(check, obj=settings)

    assert found.exit_code != 0
    assert "no-such-library" in found.output
    assert "apt install libpango-1.0-0" in found.output
