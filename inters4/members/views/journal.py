"""`/admin/journal`: who did what, found by person, action, day or number of a request."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core import audit
from inters4.core.access import STAFF
from inters4.core.db import reading, writing
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import request_id, requires, viewer
from inters4.members.exports.journal import action_label, detail_text, journal_csv, subject_text
from inters4.members.queries import journal as queries
from inters4.members.queries.journal import Wanted
from inters4.members.views.downloads import gives_file
from inters4.members.views.proof import recently_proved
from inters4.members.views.sign_in import bp
from inters4.vocabulary.queries import vocabulary

_FILTERS = ("action", "personne", "demande", "du", "au")


@bp.get("/admin/journal")
@requires(*STAFF)
def journal() -> ResponseReturnValue:
    """The latest entries first. Looking at someone's own entries is written down too."""
    wanted = _wanted()
    kept: dict[str, Any] = {
        name: value for name in _FILTERS if (value := request.args.get(name, "").strip())
    }
    with reading() as session:
        g.session = session
        body = render_template(
            "members/journal.html",
            page=queries.read_journal(session, wanted, page=request.args.get("page", 1, type=int)),
            wanted=wanted,
            kept=kept,
            actions=[(one, action_label(one)) for one in queries.actions(session)],
            action_label=action_label,
            detail_text=detail_text,
            subject_text=subject_text,
            words=vocabulary(session),
            url_of=lambda number: url_for(".journal", **kept, page=number),
        )
    if wanted.person:
        _note("audit.read", wanted)
    return body


@bp.get("/admin/journal.csv")
@requires(*STAFF)
@recently_proved
@gives_file
def journal_as_csv() -> ResponseReturnValue:
    """The entries that are shown, all pages; the export is written in the journal."""
    wanted = _wanted()
    _note("audit.exported", wanted)

    def lines() -> Iterator[str]:
        with reading() as session:
            yield from journal_csv(queries.every_entry(session, wanted))

    return as_file(lines(), CSV, "journal-inters4.csv", is_private=True)


def _note(action: str, wanted: Wanted) -> None:
    """What was asked for; people by their ids, because the journal outlives their names."""
    with writing() as session:
        people = queries.people_named(session, wanted.person) if wanted.person else {}
        audit.record(
            session,
            action,
            by=viewer(),
            request_id=request_id(),
            asked=wanted.action,
            people=" ".join(people.values()),
        )


def _wanted() -> Wanted:
    """What the address asks for; what cannot be read asks for nothing."""
    given = {name: request.args.get(name, "").strip()[:100] for name in _FILTERS}
    return Wanted(
        action=given["action"],
        person=given["personne"],
        request_id=given["demande"],
        since=_day(given["du"]),
        until=_day(given["au"]),
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
