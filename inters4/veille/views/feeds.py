"""`/veille/flux.atom` and `/veille/flux.json`: the summaries to follow, all or of one theme."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, get_template_attribute, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.feeds import Feed, FeedEntry
from inters4.core.i18n import _, current_locale
from inters4.core.web.feeds import atom_response, json_feed_response
from inters4.core.web.requests import public, site
from inters4.veille.models import KIND, Scheme, Summary
from inters4.veille.queries.lists import latest_for_feed
from inters4.veille.views.blueprint import bp
from inters4.vocabulary.queries import Vocabulary, vocabulary


@bp.get("/flux.atom")
@public
def atom() -> ResponseReturnValue:
    """The Atom form."""
    return atom_response(*_followed("veille.atom"))


@bp.get("/flux.json")
@public
def json() -> ResponseReturnValue:
    """The JSON Feed form."""
    return json_feed_response(*_followed("veille.json"))


def _followed(endpoint: str) -> tuple[Feed, list[FeedEntry]]:
    root = site()
    with reading() as session:
        words = vocabulary(session)
        asked = request.args.get("theme", "")
        theme = words.present(Scheme.THEMES, asked)
        if asked and not theme:
            abort(404)  # whoever follows a theme is never sent all of them unsaid
        narrowed: dict[str, Any] = {"theme": theme} if theme else {}
        name = _("Résumés d’articles")
        feed = Feed(
            title=f"InterS4 : {name}, {words.label(Scheme.THEMES, theme)}"
            if theme
            else f"InterS4 : {name}",
            url=root + url_for("veille.index", **narrowed),
            self_url=root + url_for(endpoint, **narrowed),
            language=current_locale(),
            description=_("Un article ou un rapport raconté en un paragraphe, avec sa limite."),
        )
        return feed, list(_entries(latest_for_feed(session, theme=theme), words, root))


def _entries(summaries: Sequence[Summary], words: Vocabulary, root: str) -> Iterator[FeedEntry]:
    draw = get_template_attribute("veille/_feed.html", "entry_body")
    for summary in summaries:
        assert summary.published_at is not None  # noqa: S101  (whatever is shown has its day)
        yield FeedEntry(
            id=f"{KIND}/{summary.id}",
            title=_title(summary),
            url=root + url_for("veille.show", slug=summary.slug),
            published=summary.published_at,
            updated=max(summary.updated_at, summary.published_at),
            summary_html=draw(summary),
            categories=tuple(
                words.label(Scheme.THEMES, t) for t in summary.terms_of(Scheme.THEMES)
            ),
        )


def _title(summary: Summary) -> str:
    if summary.is_tombstone:
        return _("Ne tient plus : %(title)s", title=summary.title)
    return summary.title
