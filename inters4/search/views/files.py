"""Sends documents as a file, batch after batch."""

from collections.abc import Iterator, Sequence

from flask import Response, stream_with_context

from inters4.core.access import Viewer
from inters4.core.db import reading
from inters4.core.i18n import use_locale
from inters4.search.exports.files import FORMATS
from inters4.search.services.lists import records
from inters4.search.views.blueprint import site


def send_file(extension: str, keys: Sequence[str], *, name: str, viewer: Viewer) -> Response:
    """The documents of `keys` that `viewer` may read, in the format of `extension`.

    What a person may read is theirs alone: no cache keeps it.
    """
    form = FORMATS[extension]

    def body() -> Iterator[str]:
        with reading() as session, use_locale(viewer.locale):
            yield from form.write(records(session, keys, viewer=viewer, site=site()))

    return Response(
        stream_with_context(body()),
        content_type=f"{form.media_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{extension}"',
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex, nofollow",
        },
    )
