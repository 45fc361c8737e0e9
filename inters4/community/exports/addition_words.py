"""How an addition that a thread proposes to a sheet is said."""

from inters4.community.exports.paths import post_path, thread_path
from inters4.community.models import AdditionState
from inters4.community.queries.additions import Proposed
from inters4.core.i18n import _, lazy

STATES = {
    AdditionState.WAITING: lazy("En attente"),
    AdditionState.TAKEN: lazy("Repris dans la révision de la fiche"),
    AdditionState.DECLINED: lazy("Non retenu"),
}


def addition_path(public_id: str) -> str:
    """The page where one decides on it."""
    return f"/communaute/ajouts/{public_id}"


def origin_path(proposed: Proposed) -> str:
    """Where it is read among the others: the answer, or the thread."""
    slug, thread = proposed.space.slug, proposed.thread
    if proposed.post is None:
        return thread_path(slug, thread.id, thread.title)
    return post_path(slug, thread.id, thread.title, proposed.post.number)


def what_it_is(proposed: Proposed) -> str:
    """« Réponse du fil … », « Synthèse du fil … »."""
    title = proposed.thread.title
    if proposed.post is None:
        return _("Synthèse du fil « %(title)s »", title=title)
    return _("Réponse du fil « %(title)s »", title=title)


def heading_of(proposed: Proposed) -> str:
    """What stands above its copy beside a revision, as Markdown; a title holds no mark of it."""
    told = what_it_is(proposed).translate(_MARKS)
    return f"### {told}\n\n[{_('Lire le fil')}]({origin_path(proposed)})"


_MARKS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#"})
