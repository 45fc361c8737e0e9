"""What is refused or mended in a request before any view reads it.

No text of people holds a NUL, and PostgreSQL takes none: in an address it is refused, in a form,
where it may come with a paste, it goes. A number in an address has nine digits at most, so that
no database finds it too large.
"""

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

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


def _refuse_nul() -> None:
    if _NUL in request.path:
        abort(404)
    if any(_NUL in name or _NUL in value for name, value in request.args.items(multi=True)):
        abort(400)


def _refuse_flood() -> None:
    """A form is counted before it is taken apart: a million fields cost seconds to parse."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    is_unmeasured = request.content_length is None and request.method in {"POST", "PUT", "PATCH"}
    if is_unmeasured or (request.content_length or 0) > _LARGEST_FORM:
        abort(413)
    if request.get_data(cache=True).count(b"&") > _MOST_FIELDS:
        abort(413)


def _drop_nul() -> None:
    fields = list(request.form.items(multi=True))
    if any(_NUL in name or _NUL in value for name, value in fields):
        request.form = ImmutableMultiDict(
            (name.replace(_NUL, ""), value.replace(_NUL, "")) for name, value in fields
        )
