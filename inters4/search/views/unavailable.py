"""While no index can be read: what was asked is kept, and the rest of the portal is a step away."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from inters4.core.errors import Unavailable
from inters4.core.web.errors import page
from inters4.search.models import Criteria
from inters4.search.views.blueprint import bp, question_about

_LETTER_BY_LETTER = frozenset({"search.suggestions", "search.browser_suggestions"})


@bp.errorhandler(Unavailable)
def unavailable(error: Unavailable) -> ResponseReturnValue:
    """A page that leads on; a few words for what scripts ask."""
    if request.endpoint in _LETTER_BY_LETTER:
        return page(error.status, explanation=error.message, retry_after=error.retry_after)
    criteria = Criteria.from_args(request.args)
    here = request.full_path.removesuffix("?")
    body = render_template(
        "search/unavailable.html",
        message=error.message,
        criteria=criteria,
        here=here,
        question=question_about(criteria.text, origin=here),
    )
    headers = {
        "Cache-Control": "no-store",
        "Retry-After": str(error.retry_after),
        "X-Robots-Tag": "noindex",
    }
    return body, error.status, headers
