"""`/veille/bureau`: what the brokering team has in progress, and what each piece lacks.

Others are told that there is no such page, like everything that one may not see.
"""

from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.web.requests import public, viewer
from inters4.veille.models import IN_PROGRESS, Scheme, SummaryState
from inters4.veille.queries.desk import list_in_progress
from inters4.veille.queries.summaries import is_team
from inters4.veille.views.blueprint import bp
from inters4.veille.views.lacks import lacks_of
from inters4.vocabulary.queries import options_of, vocabulary


@bp.get("/bureau")
@public
def desk() -> ResponseReturnValue:
    """The summaries in progress, narrowed to a state or a theme."""
    if not is_team(viewer()):
        abort(404)
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        state = _state(request.args.get("etat", ""))
        theme = request.args.get("theme", "")
        theme = theme if (Scheme.THEMES, theme) in words else ""
        found = list_in_progress(
            session, state=state, theme=theme, page=request.args.get("page", 1, type=int)
        )
        chosen = {"etat": state.value if state else "", "theme": theme}
        kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
        return render_template(
            "veille/desk.html",
            desk=found,
            page=found.page,
            words=words,
            chosen=chosen,
            states=sorted(IN_PROGRESS, key=list(SummaryState).index),
            themes=list(options_of(words.tree(Scheme.THEMES), found.themes)),
            lacks={summary.id: lacks_of(summary) for summary in found.page.rows},
            url_of=lambda number: url_for(".desk", **kept, page=number),
        )


def _state(text: str) -> SummaryState | None:
    return SummaryState(text) if text in {state.value for state in IN_PROGRESS} else None
