"""What gunicorn refuses before it is a request: answered with our page and headers, not its own."""

from http import HTTPStatus

from flask import Flask
from gunicorn.http import errors as broken
from werkzeug.test import EnvironBuilder

from inters4.core.web import errors

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (broken.LimitRequestLine, 400),  # most often words pasted into the search box: our page helps
    (broken.LimitRequestHeaders, 431),
    (broken.ExpectationFailed, 417),
    (broken.UnsupportedTransferCoding, 501),
    (broken.ForbiddenProxyRequest, 403),
    (broken.ConfigurationProblem, 500),
    (broken.ParseException, 400),
)


def status_of(refusal: BaseException) -> int:
    """The status of what gunicorn raised; 500 when it is no fault of the sender."""
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), 500)


def answer(app: Flask, status: int) -> bytes:
    """A whole HTTP/1.1 answer, after which the connection closes.

    Nothing of the request is in it: what could not be read is not repeated.
    """
    host = app.config["SETTINGS"].url
    with app.request_context(EnvironBuilder(base_url=host).get_environ()):
        response = app.process_response(app.make_response(errors.page(status)))
        response.headers["Connection"] = "close"
        response.headers["Cache-Control"] = "no-store"
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{response.headers}"
        return head.encode("latin-1") + response.get_data()
