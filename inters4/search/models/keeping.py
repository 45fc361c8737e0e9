"""« Garder »: the documents a person puts aside, in their browser or with their account.

A document is named by its key in the index, so that any kind can be kept. Without an account the
list is a cookie and leaves no trace on the server; a cookie is anyone's to write, hence the check
of each key and the two bounds.
"""

import re
from collections.abc import Iterable

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment

BROWSER_LIMIT = 60
"""How many documents a browser keeps, and how many an address may name."""
MEMBER_LIMIT = 500
"""How many documents an account keeps."""
_COOKIE_BYTES = 3_500
_BETWEEN = "|"
_KEY = re.compile(r"[a-z]{1,20}:[a-z0-9][a-z0-9._-]{0,79}")


class KeptDocument(Model):
    """A person keeps a document; `key` is that of the index, `fiche:gap` for instance."""

    __tablename__ = "kept_documents"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    kept_at: Mapped[Moment] = mapped_column(default=now)


def read_keys(written: Iterable[str], *, limit: int = BROWSER_LIMIT) -> tuple[str, ...]:
    """The well-formed keys among `written`, each once, `limit` at most."""
    found = dict.fromkeys(key for key in written if _KEY.fullmatch(key))
    return tuple(found)[:limit]


def keys_of_cookie(cookie: str) -> tuple[str, ...]:
    """The keys that a cookie holds; whatever else it holds is left out."""
    return read_keys(cookie[: 2 * _COOKIE_BYTES].split(_BETWEEN))


def cookie_of_keys(keys: Iterable[str]) -> str:
    """The cookie that holds `keys`, as many of the first as fit."""
    kept = list(read_keys(keys))
    while len(_BETWEEN.join(kept)) > _COOKIE_BYTES:
        kept.pop()
    return _BETWEEN.join(kept)
