"""Asking once, with the name of what goes away, before something is taken back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

_AGREED = "accord"
_NOT_SENT_AGAIN = frozenset({_AGREED, "csrf_token"})


def is_agreed() -> bool:
    """True when the form comes from the page that asked."""
    return request.form.get(_AGREED) == "1"


def ask(title: str, text: str, *, button: str, back: str) -> ResponseReturnValue:
    """A page whose button sends the same form again, agreed to; and the way back."""
    return render_template(
        "members/asking.html",
        title=title,
        text=text,
        button=button,
        back=back,
        agreed=_AGREED,
        sent=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in _NOT_SENT_AGAIN
        ],
    )
