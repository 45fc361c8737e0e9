"""Headers that every answer carries, and the names under which the portal answers."""

import gzip
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from inters4.core.web.requests import request_id, viewer
from inters4.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data:; object-src 'none'; script-src 'self'; style-src 'self'"
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_WORTH_COMPRESSING = 800


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """Names under which the portal answers; any other Host header is a 400."""
    public = urlsplit(settings.url).hostname or "localhost"
    names = {public}
    if names & set(_LOOPBACK) or not settings.is_served_over_tls:
        names.update(_LOOPBACK)
    return frozenset(names)


def install(app: Flask, settings: Settings) -> None:
    """Set the headers of every answer."""
    names = trusted_hosts(settings)
    app.before_request(lambda: _refuse_stranger(names))

    @app.after_request
    def _set_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        headers["X-Request-Id"] = request_id()
        if settings.is_served_over_tls:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        response.vary.update(("Accept-Language", "Cookie"))
        is_page = response.mimetype == "text/html"
        if is_page:
            response.vary.add("HX-Request")
        if _is_personal(response):
            headers["Cache-Control"] = "no-store"
        elif is_page:
            headers.setdefault("Cache-Control", "no-cache")
        return _compressed(response)


def _refuse_stranger(names: frozenset[str]) -> None:
    """A Host header of someone else's would end up in links, or be an attack by rebinding."""
    try:
        asked = urlsplit(f"//{request.environ.get('HTTP_HOST', '')}")
        known = asked.hostname in names and not asked.username and not asked.path
    except ValueError:
        known = False
    if not known:
        abort(400)


def _is_personal(response: Response) -> bool:
    """Whatever a signed-in person is sent; health looks at nobody."""
    is_about_someone = request.blueprint != "health" and response.status_code < 500
    return is_about_someone and viewer().is_signed_in


def _compressed(response: Response) -> Response:
    kind = response.mimetype or ""
    is_text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    if response.is_streamed or response.direct_passthrough or not is_text:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    wanted = request.accept_encodings["gzip"] > 0
    if not wanted or len(body) < _WORTH_COMPRESSING or "Content-Encoding" in response.headers:
        return response
    response.set_data(gzip.compress(body, compresslevel=3, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
