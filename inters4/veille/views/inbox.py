"""`/veille/bureau`: the inbox of the team, a list and what is opened beside it.

Others are told that there is no such page, like everything that one may not see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.db import reading
from inters4.core.values import dataclass
from inters4.core.web.requests import signed_in, viewer
from inters4.veille.models import DiscardReason, Finding, Scheme
from inters4.veille.queries.inbox import (
    MINE,
    NOBODY,
    Box,
    Inbox,
    list_findings,
    offered_filters,
)
from inters4.veille.queries.opened import last_gesture, open_finding
from inters4.veille.queries.summaries import is_team
from inters4.veille.views import desk_wording
from inters4.veille.views.asked import Asked, asked_at
from inters4.veille.views.blueprint import bp
from inters4.vocabulary.queries import Vocabulary, vocabulary


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form of a refused gesture held, given back as it was."""

    ticked: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """What was chosen or written under a name."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Around:
    """The findings before and after the one opened, in the list beside it."""

    before: str = ""
    after: str = ""

    @property
    def then(self) -> str:
        """Where one goes once this one is sorted."""
        return self.after or self.before


@bp.get("/bureau")
@signed_in
def desk() -> ResponseReturnValue:
    """The list, nothing opened."""
    return show(request.full_path)


@bp.get("/bureau/trouvailles/<public_id>")
@signed_in
def finding(public_id: str) -> ResponseReturnValue:  # noqa: ARG001  (it is in the path)
    """The same, with one finding opened."""
    return show(request.full_path)


def check_desk() -> None:
    """Whoever is not of the team is told that there is no desk."""
    if not is_team(viewer()):
        abort(404)


def show(
    address: str, *, told: str = "", status: int = 200, typed: Typed | None = None
) -> ResponseReturnValue:
    """The page of the inbox at `address`; `told` is why a gesture was refused."""
    check_desk()
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        asked = asked_at(address, words)
        opened = open_finding(session, asked.opened, viewer=viewer()) if asked.opened else None
        if asked.opened and opened is None:
            if not told:
                abort(404)
            asked = replace(asked, opened="")
        inbox = list_findings(session, asked.filters, viewer=viewer(), page=asked.page)
        body = render_template(
            "veille/bureau/inbox.html",
            asked=asked,
            here=asked.url(),
            inbox=inbox,
            page=inbox.page,
            opened=opened,
            around=around(inbox.page.rows, asked.opened),
            last=last_gesture(session, viewer=viewer()),
            options=_options(session, asked, words, inbox),
            reasons=[(one.value, str(desk_wording.REASONS[one])) for one in DiscardReason],
            themes=words.options(Scheme.THEMES),
            boxes=_boxes(inbox, asked),
            words=words,
            desk_words=desk_wording,
            told=told,
            typed=typed or Typed(),
            coordinates=viewer().has(Role.COORDINATION),
            url_of=lambda number: asked.url(page=number, opened=""),
        )
    return body, status


def around(rows: Sequence[Finding], opened: str) -> Around:
    """The neighbours of what is opened; the first of the list when it is no longer there."""
    ids = [row.public_id for row in rows]
    if opened not in ids:
        return Around(after=ids[0] if ids else "")
    place = ids.index(opened)
    return Around(
        before=ids[place - 1] if place else "",
        after=ids[place + 1] if place + 1 < len(ids) else "",
    )


def _boxes(inbox: Inbox, asked: Asked) -> list[Box]:
    """Every box, but those of double sorting while nothing is in them."""
    rare = {Box.SPLIT, Box.SAID}
    return [
        box for box in Box if box not in rare or inbox.counts.get(box) or box is asked.filters.box
    ]


def _options(
    session: Session, asked: Asked, words: Vocabulary, inbox: Inbox
) -> dict[str, Sequence[tuple[str, str]]]:
    offered = offered_filters(session, watch=asked.filters.watch)
    languages = [(code, desk_wording.language(code)) for code in offered.languages]
    holders: list[tuple[str, str]] = [
        (MINE, desk_wording.holder(MINE)),
        (NOBODY, desk_wording.holder(NOBODY)),
    ]
    found: dict[str, Any] = {
        "dispositif": offered.watches,
        "source": offered.sources,
        "theme": words.options(Scheme.THEMES, offered.themes),
        "qui": holders + [(one.public_id, one.name) for one in inbox.team.values()],
        "langue": sorted(languages, key=lambda one: one[1]),
        "devis": words.options("evidence_types", offered.designs | {asked.filters.design}),
        "etiquette": [(label, label) for label in offered.labels],
    }
    return found
