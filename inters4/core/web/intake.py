"""What is refused or mended in a request before any view reads it.

No text of people holds a NUL, and PostgreSQL takes none: in an address it is refused, in a form,
where it may come with a paste, it goes. A number in an address has nine digits at most, so that
no database finds it too large.
"""

import structlog
from flask import Flask, Response, abort, current_app, request
from gunicorn.http.errors import ParseException
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

from inters4.core.web import errors

log = structlog.get_logger(__name__)
_NUL = "\0"
_LARGEST_FORM = 1_000_000
_MOST_FIELDS = 2_000


class ShortInteger(IntegerConverter):
    """`<int:…>`: any other number is an address that does not exist."""

    regex = "[0-9]{1,9}"


def install(app: Flask) -> None:
    """Look at each request once its language is known: a refusal is a page too."""
    app.url_map.converters["int"] = ShortInteger
    app.before_request(_refuse_nul)
    app.before_request(_refuse_flood)
    app.before_request(_drop_nul)
    app.register_error_handler(ParseException, _on_broken_body)


def _refuse_nul() -> None:
    if _NUL in request.path:
        abort(404)
    if any(_NUL in name or _NUL in value for name, value in request.args.items(multi=True)):
        abort(400)


def _refuse_flood() -> None:
    """A form is counted before it is taken apart: a million fields cost seconds to parse.

    One that comes in chunks is of unknown length: it is read as far as the largest may go.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    request.max_content_length = _LARGEST_FORM
    if (request.content_length or 0) >= _LARGEST_FORM:
        abort(413)
    body = request.get_data(cache=True)
    if len(body) >= _LARGEST_FORM or body.count(b"&") > _MOST_FIELDS:
        abort(413)


def _drop_nul() -> None:
    fields = list(request.form.items(multi=True))
    if any(_NUL in name or _NUL in value for name, value in fields):
        request.form = ImmutableMultiDict(
            (name.replace(_NUL, ""), value.replace(_NUL, "")) for name, value in fields
        )


def _on_broken_body(error: ParseException) -> Response:
    """A body that breaks the rules of chunks is its sender's mistake."""
    log.info("request_refused", status=400, reason=type(error).__name__)
    answer = current_app.make_response(errors.page(400))
    answer.headers["Connection"] = "close"
    return answer
