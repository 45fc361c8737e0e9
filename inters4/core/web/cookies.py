"""What a browser is given to hold.

Over TLS it is bound to this host, on loopback it has plain names; scripts never read it.
"""

from flask import Response, current_app, request

YEAR_SECONDS = 365 * 24 * 3600


def held(name: str) -> str:
    """What the browser holds under `name`; empty when it holds nothing."""
    return request.cookies.get(_full(name), "")


def hold(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Give the browser something to hold, for so long, or as long as its window."""
    response.set_cookie(
        _full(name),
        value,
        max_age=seconds,
        path="/",
        secure=_is_over_tls(),
        httponly=True,
        samesite="Lax",
    )


def take_back(response: Response, name: str) -> None:
    """The browser holds it no more."""
    response.delete_cookie(
        _full(name), path="/", secure=_is_over_tls(), httponly=True, samesite="Lax"
    )


def _full(name: str) -> str:
    return f"__Host-{name}" if _is_over_tls() else name


def _is_over_tls() -> bool:
    is_over_tls: bool = current_app.config["SETTINGS"].is_served_over_tls
    return is_over_tls
