"""Search knows threads, what a term becomes reaches them, and a space says where its feed is."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.community.documents import threads
from inters4.community.exports.paths import post_path, thread_path
from inters4.community.models import THREAD_KIND, Space
from inters4.community.queries.access import SpaceAccess
from inters4.community.services.bearing import SPACES, index_again
from inters4.core.access import Viewer
from inters4.core.hooks import DocumentKind, Fragment, Hooks
from inters4.core.i18n import _
from inters4.vocabulary.services import TERM_CHANGED, bearers


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_document_kind(
        DocumentKind(
            kind=THREAD_KIND,
            label=lambda: _("Fil"),
            plural=lambda: _("Fils de discussion"),
            icon="messages-square",
            load=threads.load_document,
            every_id=threads.every_id,
            confirm=threads.confirm,
            url=_path,
            under_theme=threads.ids_under,
            public_ids=threads.public_ids,
        )
    )
    hooks.on(TERM_CHANGED, index_again)
    bearers.add(SPACES)
    hooks.add_fragment(
        "community.side", Fragment("community/_feed_link.html", _feed_link, order=90)
    )


def _path(number: str, fields: Mapping[str, str]) -> str:
    """The thread, or the post of it that a passage comes from."""
    space, title = fields["space"], fields["slug"]
    if part := fields.get("part"):
        return post_path(space, int(number), title, int(part))
    return thread_path(space, int(number), title)


def _feed_link(
    _session: Session, _viewer: Viewer, *, space: Space, access: SpaceAccess
) -> Mapping[str, Any] | None:
    """Nothing for whoever sees the presentation alone."""
    return {"space": space, "access": access} if access.reads else None
