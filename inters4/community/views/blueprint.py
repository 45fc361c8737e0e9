"""The one blueprint of communities: every page here belongs to it."""

import re
from typing import Any

from flask import Blueprint, g, request

bp = Blueprint("community", __name__, url_prefix="/communaute")
_ARGUMENT = re.compile(r"<[^>]*>")


@bp.url_value_preprocessor
def keep_address_from_journal(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A refusal tells those who administer the kind of page, never which space someone is of."""
    g.place_told = _ARGUMENT.sub("…", str(request.url_rule))
