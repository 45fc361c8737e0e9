"""What an address of the inbox asks for, and the address of what one sees."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import current_app, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from inters4.core.values import dataclass
from inters4.veille.models import Scheme
from inters4.veille.queries.inbox import Box, Filters
from inters4.vocabulary.queries import Vocabulary

_NAMES: Mapping[str, str] = {
    "watch": "dispositif",
    "source": "source",
    "theme": "theme",
    "holder": "qui",
    "language": "langue",
    "design": "devis",
    "label": "etiquette",
    "text": "q",
}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of the inbox: its filters, its number, the finding opened beside it, if any."""

    filters: Filters
    page: int = 1
    opened: str = ""

    def url(self, **changes: Any) -> str:
        """The address of this page, or of another that differs so."""
        asked = replace(self, **changes)
        kept = {
            name: value
            for field, name in _NAMES.items()
            if (value := getattr(asked.filters, field))
        }
        if asked.filters.box is not Box.NEW:
            kept["etat"] = asked.filters.box.value
        if asked.page > 1:
            kept["page"] = str(asked.page)
        if asked.opened:
            return url_for("veille.finding", public_id=asked.opened, **kept)
        return url_for("veille.desk", **kept)

    def narrowed(self, **changes: Any) -> str:
        """The address of the first page under other filters."""
        return self.url(filters=replace(self.filters, **changes), page=1, opened="")

    @property
    def is_narrowed(self) -> bool:
        """True when something other than the box is chosen."""
        return any(getattr(self.filters, field) for field in _NAMES)


def read_asked(args: MultiDict[str, str], words: Vocabulary, *, opened: str = "") -> Asked:
    """What `args` asks for; what cannot be read is as if it were absent."""
    box = args.get("etat", "")
    found = {field: args.get(name, "").strip()[:LONGEST] for field, name in _NAMES.items()}
    found["theme"] = words.present(Scheme.THEMES, found["theme"])
    found["design"] = words.present("evidence_types", found["design"])
    return Asked(
        Filters(box=Box(box) if box in set(Box) else Box.NEW, **found),
        page=args.get("page", 1, type=int),
        opened=opened,
    )


def asked_at(address: str, words: Vocabulary) -> Asked:
    """The page of the inbox at an address that a form carries back."""
    parts = urlsplit(address)
    path = parts.path.removeprefix(request.script_root)
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        endpoint, values = "", {}
    opened = values["public_id"] if endpoint == "veille.finding" else ""
    return read_asked(MultiDict(parse_qsl(parts.query)), words, opened=opened)
