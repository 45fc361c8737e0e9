"""`/recherche/suggestions`: what completes the search box, as lines to show or for browsers.

The answer depends on who asks: it is kept a minute by their browser, and by nothing else; not at
all when it names what is said in a space.
"""

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.web.requests import public, site, viewer
from inters4.search.models import Criteria
from inters4.search.models.proposal import Proposal
from inters4.search.services.suggesting import suggest
from inters4.search.views.blueprint import address, bp, needs_index

PER_MINUTE = "600 per minute"
"""From one network, of which a hospital has one; a person types three letters a second at most."""
_MEDIA_TYPE = "application/x-suggestions+json"


@bp.get("/recherche/suggestions")
@public
def suggestions() -> ResponseReturnValue:
    """The lines that the script of the search box puts under it."""
    found = _proposals()
    body = render_template("search/_suggestions.html", proposals=found, address=address)
    return body, 200, _headers(found)


@bp.get("/recherche/suggestions.json")
@public
def browser_suggestions() -> ResponseReturnValue:
    """The same for the address bar of a browser that searches here, as OpenSearch has it."""
    found = _proposals()
    answer: Response = jsonify(
        [
            request.args.get("q", ""),
            [proposal.text for proposal in found],
            [_kind_in_words(proposal) for proposal in found],
            [site() + _address_of(proposal) for proposal in found],
        ]
    )
    answer.mimetype = _MEDIA_TYPE
    answer.headers.update(_headers(found))
    return answer


def _headers(found: tuple[Proposal, ...]) -> dict[str, str]:
    # Nothing found may be an index under repair: it is asked again at the next letter. And what
    # one reads in a space today, one may not read in a minute.
    is_kept = found and not any(_may_close(proposal.kind) for proposal in found)
    kept = "private, max-age=60" if is_kept else "no-store"
    return {"Cache-Control": kept, "X-Robots-Tag": "noindex"}


def _may_close(kind: str) -> bool:
    return bool(kind) and hooks.document_kinds[kind].public_ids is not None


def _proposals() -> tuple[Proposal, ...]:
    text = Criteria.from_args(request.args).text
    with reading() as session, needs_index():
        return suggest(session, text, viewer=viewer())


def _address_of(proposal: Proposal) -> str:
    return address(proposal.criteria) if proposal.criteria else proposal.url


def _kind_in_words(proposal: Proposal) -> str:
    return str(hooks.document_kinds[proposal.kind].label()) if proposal.kind else ""
