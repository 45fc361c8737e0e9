"""`/pratiques`: the list of sheets, and each sheet."""

from collections.abc import Container, Iterable, Iterator
from typing import Any

from flask import Blueprint, Flask, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.clock import local, now
from inters4.core.db import reading
from inters4.core.web.requests import public, viewer
from inters4.practices import queries
from inters4.practices.models import Block, Practice, pieces, without_citations
from inters4.practices.queries import Filters
from inters4.vocabulary.queries import Node, Vocabulary, vocabulary

bp = Blueprint("practices", __name__, url_prefix="/pratiques")
_PARAMETERS = {"theme": "themes", "region": "regions", "etape": "implementation_stage"}


def install(app: Flask) -> None:
    """Add the pages."""
    app.jinja_env.filters.update(citations=pieces, without_citations=without_citations)
    app.register_blueprint(bp)


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """The sheets, newest first, narrowed to a theme, a region or a stage."""
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        chosen = {name: _known(name, scheme, words) for name, scheme in _PARAMETERS.items()}
        page = queries.list_practices(
            session,
            viewer=viewer(),
            filters=Filters(theme=chosen["theme"], region=chosen["region"], stage=chosen["etape"]),
            page=request.args.get("page", 1, type=int),
        )
        offered = queries.offered_filters(session, viewer=viewer())
        return render_template(
            "practices/index.html",
            page=page,
            words=words,
            chosen=chosen,
            options={
                "theme": list(_options(words.tree("themes"), offered.themes)),
                "region": list(_options(words.tree("regions"), offered.regions)),
                "etape": list(_options(words.tree("implementation_stage"), offered.stages)),
            },
            region_names=lambda ids: ", ".join(words.label("regions", one) for one in ids),
            url_of=lambda number: _address(chosen, number),
        )


@bp.get("/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """One sheet; a former address leads to the present one."""
    with reading() as session:
        g.session = session
        practice = queries.find_practice(session, slug, viewer=viewer())
        if practice is None:
            moved = queries.find_renamed(session, slug, viewer=viewer()) or abort(404)
            return redirect(url_for(".show", slug=moved), code=301)
        if practice.is_tombstone:
            return render_template("practices/tombstone.html", practice=practice)
        return render_template(
            "practices/sheet.html",
            practice=practice,
            words=vocabulary(session),
            Block=Block,
            is_overdue=practice.is_overdue(on=local(now()).date()),
            marks=_marks(practice),
        )


def _known(name: str, scheme: str, words: Vocabulary) -> str:
    value = request.args.get(name, "")
    return value if (scheme, value) in words else ""


def _options(
    nodes: Iterable[Node], offered: Container[str], depth: int = 0
) -> Iterator[tuple[str, str]]:
    """(id, label) of the terms that lead somewhere, those under another set in."""
    for node in nodes:
        under = list(_options(node.children, offered, depth + 1))
        if under or node.entry.id in offered:
            yield node.entry.id, "\N{EM SPACE}" * depth + node.entry.label()
        yield from under


def _address(chosen: dict[str, str], number: int) -> str:
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    if number > 1:
        kept["page"] = number
    return url_for(".index", **kept)


def _marks(practice: Practice) -> list[tuple[str, str, str]]:
    """Where a source says the practice is in use: (region, state, detail) for the tile map."""
    carried = "; ".join(practice.organisation_labels)
    own = [(region, "source", carried) for region in practice.regions]
    adopted = [
        (row.region, "source", f"{row.label} ({row.since})" if row.since else row.label)
        for row in practice.adopters
        if row.region
    ]
    return own + adopted
