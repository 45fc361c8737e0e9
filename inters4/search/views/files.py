"""Sends documents as a file, batch after batch."""

from collections.abc import Iterator, Sequence

from flask import Response

from inters4.core.access import Viewer
from inters4.core.db import reading
from inters4.core.i18n import use_locale
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import site
from inters4.search.exports.files import FORMATS
from inters4.search.services.lists import records


def send_file(extension: str, keys: Sequence[str], *, name: str, viewer: Viewer) -> Response:
    """The documents of `keys` that `viewer` may read, in the format of `extension`.

    What a person may read is theirs alone: no cache keeps it.
    """
    form = FORMATS[extension]

    def body() -> Iterator[str]:
        with reading() as session, use_locale(viewer.locale):
            yield from form.write(records(session, keys, viewer=viewer, site=site()))

    return as_file(body(), form.media_type, f"{name}.{extension}", is_private=True)
