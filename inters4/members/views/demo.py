"""The banner of a demonstration, and who may be entered there in one click."""

from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from inters4.core.db import reading
from inters4.core.i18n import _
from inters4.core.installation import is_demo
from inters4.members.services import DEMO_PEOPLE
from inters4.members.services.demo import DemoPerson

_KNOWN = "members.is_demo"


def install(app: Flask) -> None:
    """Give every page the banner's text, empty outside a demonstration."""
    app.context_processor(_banner)


def people() -> tuple[DemoPerson, ...]:
    """The people offered in one click; nobody outside a demonstration."""
    return DEMO_PEOPLE if database_is_demo() else ()


def database_is_demo() -> bool:
    """Whether `inters4 demo` made this database: asked once, the mark never changes.

    This decides what is shown; whoever enters is checked against the database itself.
    """
    known: bool | None = current_app.extensions.get(_KNOWN)
    if known is None:
        try:
            with reading() as session:
                known = is_demo(session)
        except DBAPIError:
            return False
        current_app.extensions[_KNOWN] = known
    return known


def _banner() -> dict[str, Any]:
    if not database_is_demo():
        return {"demo_banner": ""}
    return {
        "demo_banner": _(
            "Démonstration : les personnes sont fictives et n’importe qui peut entrer à leur place."
        )
    }
