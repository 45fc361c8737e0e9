"""Search knows threads; what a term becomes reaches them."""

from inters4.community.documents import threads
from inters4.community.exports.paths import thread_path
from inters4.community.models import THREAD_KIND
from inters4.community.services.bearing import SPACES, index_again
from inters4.core.hooks import DocumentKind, Hooks
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
            url=lambda number, fields: thread_path(fields["space"], int(number), fields["slug"]),
            under_theme=threads.ids_under,
            public_ids=threads.public_ids,
        )
    )
    hooks.on(TERM_CHANGED, index_again)
    bearers.add(SPACES)
