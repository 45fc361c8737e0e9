"""`content/email-domains.yaml`: what ships is written back as it was."""

from pathlib import Path

import pytest

from inters4.core.content.exporting import export_files
from inters4.core.content.folder import list_files
from inters4.core.content.importing import Outcome, import_files
from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.paths import content_dir

NAMES = ("vocabulary.yaml", "organisations.yaml", "email-domains.yaml")


@pytest.mark.usefixtures("database")
def test_the_shipped_lists_are_exported_as_they_ship_and_read_again_unchanged(
    tmp_path: Path,
) -> None:
    root = content_dir()
    kinds = [hooks.content_kinds[name] for name in ("vocabulary", "organisation", "email-domain")]
    assert import_files(list_files(root, kinds), root).errors == []

    with reading() as session:
        export_files(session, tmp_path, kinds)

    for name in NAMES:
        assert (tmp_path / name).read_text("utf-8") == (root / name).read_text("utf-8"), name
    again = import_files(list_files(tmp_path, kinds), tmp_path)
    assert again.errors == []
    assert again.count(Outcome.UNCHANGED) == sum(again.counts.values())
