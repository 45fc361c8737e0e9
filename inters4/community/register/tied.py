"""On a sheet, a summary, an issue: the threads about it that whoever looks may read."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.exports.paths import thread_path
from inters4.community.exports.words import kind_label
from inters4.community.queries.tied import threads_about
from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks
from inters4.core.outbox import Searchable

_TEMPLATE = "community/_tied.html"
_SHOWN = 5
_PAGES = ("practice", "summary", "issue")


def register(hooks: Hooks) -> None:
    """Fill the slots of the pages of documents."""
    for name in _PAGES:
        hooks.add_fragment(f"{name}.after", Fragment(_TEMPLATE, partial(_threads, name), order=60))


def _threads(
    name: str, session: Session, viewer: Viewer, **shown: Searchable
) -> Mapping[str, Any] | None:
    """Nothing when nobody discusses it where the viewer reads."""
    about = shown[name].document_ref
    tied = threads_about(session, about.kind, about.id, viewer=viewer, limit=_SHOWN)
    if not tied.rows:
        return None
    return {"tied": tied, "key": about.key, "kind_label": kind_label, "thread_path": thread_path}
