"""The latest posts of a space as a feed. Of a discreet space, that there is something new."""

from collections.abc import Iterable, Iterator

from inters4.community.exports.paths import post_path, space_path
from inters4.community.models import Space
from inters4.community.queries.latest import LatestPost
from inters4.core.feeds import Feed, FeedEntry
from inters4.core.i18n import _, current_locale


def feed_of(space: Space, *, site: str, self_path: str) -> Feed:
    """The head of the feed of a space; `self_path` is where it was asked."""
    return Feed(
        title=f"InterS4 : {space.name}",
        url=site + space_path(space.slug),
        self_url=site + self_path,
        language=current_locale(),
        description=space.purpose,
    )


def entries_of(space: Space, posts: Iterable[LatestPost], *, site: str) -> Iterator[FeedEntry]:
    """One entry a post, the newest first."""
    for post, thread, author in posts:
        path = post_path(space.slug, thread.id, thread.title, post.number)
        identifier = f"fil/{thread.id}/{post.number}"
        if space.is_discreet:
            yield FeedEntry(
                id=identifier,
                title=_("Nouveau message"),
                url=site + space_path(space.slug),
                published=post.created_at,
                summary_text=_("Ouvrez l’espace pour le lire."),
            )
            continue
        yield FeedEntry(
            id=identifier,
            title=thread.title if post.number == 1 else _("Re : %(title)s", title=thread.title),
            url=site + path,
            published=post.created_at,
            updated=post.edited_at,
            summary_html=post.markup,
            author=author or _("Personne retirée"),
        )
