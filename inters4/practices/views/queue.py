"""`/pratiques/dossiers`: every sheet on its way to readers, for those who bring it there."""

from collections.abc import Mapping
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import signed_in, site, viewer
from inters4.practices.exports.queue import queue_csv
from inters4.practices.exports.step_words import HAND_WORDS, WAIT_WORDS, state_word
from inters4.practices.models import PracticeState
from inters4.practices.queries.queue import Hand, every_waiting, list_waiting
from inters4.practices.queries.sheets import sees_all
from inters4.practices.views.blueprint import bp

STATES: Mapping[str, PracticeState] = {
    "proposees": PracticeState.PROPOSED,
    "admises": PracticeState.ADMISSIBLE,
    "en-redaction": PracticeState.DRAFTING,
    "a-valider": PracticeState.OWNER_VALIDATION,
    "en-relecture": PracticeState.REVIEW,
    "en-approbation": PracticeState.APPROVAL,
    "non-retenues": PracticeState.DECLINED,
}
"""States of the queue, by their name in the address."""


@bp.get("/dossiers")
@signed_in
def dossiers() -> ResponseReturnValue:
    """The oldest first; nobody but the team knows of it."""
    state, hand = _asked()
    with reading() as session:
        g.session = session
        return render_template(
            "practices/dossiers.html",
            page=list_waiting(
                session,
                viewer=viewer(),
                state=state,
                hand=hand,
                page=request.args.get("page", 1, type=int),
            ),
            states=[(name, state_word(one)) for name, one in STATES.items()],
            hands=[(hand.value, str(words)) for hand, words in HAND_WORDS.items()],
            hand_words=HAND_WORDS,
            wait_words=WAIT_WORDS,
            state_word=state_word,
            chosen_state=request.args.get("etat", "") if state else "",
            chosen_hand=hand.value if hand else "",
            url_of=_address_of,
        )


@bp.get("/dossiers.csv")
@signed_in
def dossiers_as_csv() -> ResponseReturnValue:
    """The same, whole, for a spreadsheet."""
    state, hand = _asked()
    with reading() as session:
        rows = every_waiting(session, viewer=viewer(), state=state, hand=hand)
        return as_file(queue_csv(rows, site=site()), CSV, "dossiers.csv", is_private=True)


def _asked() -> tuple[PracticeState | None, Hand | None]:
    """What the address narrows the queue to; what cannot be read is as if it were absent."""
    if not sees_all(viewer()):
        abort(404)
    named = request.args.get("qui", "")
    hand = Hand(named) if named in set(Hand) else None
    return STATES.get(request.args.get("etat", "")), hand


def _address_of(number: int) -> str:
    kept: dict[str, Any] = {
        name: value for name in ("etat", "qui") if (value := request.args.get(name))
    }
    if number > 1:
        kept["page"] = number
    return url_for(".dossiers", **kept)
