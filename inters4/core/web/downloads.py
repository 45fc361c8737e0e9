"""Files made for whoever asks, which no search engine lists."""

from collections.abc import Iterable, Iterator

from flask import Response, abort, stream_with_context

from inters4.core.citations import REFERENCE_FORMATS, Citation


def as_file(
    content: str | Iterator[str], media_type: str, name: str, *, is_private: bool = False
) -> Response:
    """`content` to keep under `name`; an iterator is sent as it is written.

    `is_private` is for what depends on who asks: no cache keeps it.
    """
    body = content if isinstance(content, str) else stream_with_context(content)
    return _kept_as(Response(body, content_type=f"{media_type}; charset=utf-8"), name, is_private)


def as_attachment(data: bytes, media_type: str, name: str) -> Response:
    """Bytes to keep under `name`, for whoever asks alone: no cache keeps them."""
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return _kept_as(Response(data, content_type=media_type + charset), name, is_private=True)


def _kept_as(answer: Response, name: str, is_private: bool) -> Response:
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    if is_private:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def references_file(citations: Iterable[Citation], ending: str, *, name: str) -> Response:
    """`citations` for a reference manager, `name.ris` or `name.bib`; 404 for another ending."""
    form = REFERENCE_FORMATS.get(ending) or abort(404)
    return as_file(form.write(citations), form.media_type, f"{name}.{ending}")
