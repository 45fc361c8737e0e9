"""`/veille/bureau/resumes`: what the brokering team has in progress, and what each piece lacks.

Others are told that there is no such page, like everything that one may not see.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.i18n import format_number
from inters4.core.web.requests import signed_in, viewer
from inters4.veille.forms.writing_words import to_do
from inters4.veille.models import IN_PROGRESS, Scheme, SummaryState
from inters4.veille.queries.desk import list_in_progress
from inters4.veille.queries.summaries import is_team
from inters4.veille.services.requirements import lacks_of
from inters4.veille.views.blueprint import bp
from inters4.veille.views.wording import STATES
from inters4.vocabulary.queries import Vocabulary, options_of, vocabulary

_IN_ORDER = tuple(state for state in SummaryState if state in IN_PROGRESS)


@bp.get("/bureau/resumes")
@signed_in
def progress() -> ResponseReturnValue:
    """The summaries in progress, narrowed to a state or a theme."""
    if not is_team(viewer()):
        abort(404)
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        chosen = _chosen(words)
        found = list_in_progress(
            session,
            state=_state(chosen["etat"]),
            theme=chosen["theme"],
            page=request.args.get("page", 1, type=int),
        )
        return render_template(
            "veille/bureau/progress.html",
            desk=found,
            page=found.page,
            words=words,
            chosen=chosen,
            states=[(one.value, _counted(one, found.counts)) for one in _IN_ORDER],
            themes=list(options_of(words.tree(Scheme.THEMES), found.themes)),
            lacks={summary.id: to_do(lacks_of(summary)) for summary in found.page.rows},
            url_of=partial(_address, chosen),
        )


def _chosen(words: Vocabulary) -> dict[str, str]:
    """What the list is narrowed to; what cannot be read is as if it were absent."""
    state = _state(request.args.get("etat", ""))
    theme = request.args.get("theme", "")
    return {
        "etat": state.value if state else "",
        "theme": theme if (Scheme.THEMES, theme) in words else "",
    }


def _address(chosen: Mapping[str, str], number: int) -> str:
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    return url_for(".progress", **kept, page=number)


def _counted(state: SummaryState, counts: Mapping[SummaryState, int]) -> str:
    return f"{STATES[state]} ({format_number(counts.get(state, 0))})"


def _state(text: str) -> SummaryState | None:
    return SummaryState(text) if text in {state.value for state in IN_PROGRESS} else None
