"""`/admin`: finding anyone, and what was decided about them; the health of the queues."""

from collections.abc import Iterator
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ORGANISATION_ROLES, PLATFORM_ROLES, STAFF, Role
from inters4.core.db import reading, writing
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import request_id, requires, viewer
from inters4.members.exports.members import members_csv
from inters4.members.exports.words import accounts_label, role_label, state_label
from inters4.members.models import MemberState
from inters4.members.queries import administration as queries
from inters4.members.queries.approvals import count_open_requests
from inters4.members.queries.organisations import find_organisation, list_organisations
from inters4.members.queries.unconfirmed import count_unconfirmed
from inters4.members.views.downloads import gives_file
from inters4.members.views.proof import recently_proved
from inters4.members.views.sign_in import bp

_SHOWN_ROLES = tuple(role for role in Role if role in PLATFORM_ROLES | ORGANISATION_ROLES)
_FILTERS = ("q", "etat", "role", "organisation")


@bp.get("/admin")
@requires(*STAFF)
def administration() -> ResponseReturnValue:
    """Figures that are links, and the health of what works unseen."""
    with reading() as session:
        g.session = session
        return render_template(
            "members/administration.html",
            counts=queries.count_by_state(session),
            states=list(MemberState),
            accounts_label=accounts_label,
            requests=count_open_requests(session, viewer=viewer()),
            registrations=count_unconfirmed(session),
            health=queries.health(session),
        )


@bp.get("/admin/personnes")
@requires(*STAFF)
def people_list() -> ResponseReturnValue:
    """Everyone, by name; found by a piece of name or address, a state, a role, an organisation."""
    with reading() as session:
        g.session = session
        wanted = _wanted(session)
        kept: dict[str, Any] = {
            name: value for name in _FILTERS if (value := request.args.get(name, ""))
        }
        return render_template(
            "members/people.html",
            page=queries.search_members(
                session, wanted, page=request.args.get("page", 1, type=int)
            ),
            wanted=wanted,
            unconfirmed=count_unconfirmed(session, wanted.words),
            chosen=request.args.get("organisation", ""),
            kept=kept,
            states=[(one.value, state_label(one)) for one in MemberState],
            roles=[(one.value, role_label(one)) for one in _SHOWN_ROLES],
            organisations=[(one.slug, one.label) for one in list_organisations(session)],
            state_label=state_label,
            role_label=role_label,
            url_of=lambda number: url_for(".people_list", **kept, page=number),
        )


@bp.get("/admin/personnes.csv")
@requires(*STAFF)
@recently_proved
@gives_file
def people_as_csv() -> ResponseReturnValue:
    """Those who are shown, as a table; the export is written in the journal."""
    with writing() as session:
        audit.record(session, "members.exported", by=viewer(), request_id=request_id())
    with reading() as session:
        wanted = _wanted(session)

    def lines() -> Iterator[str]:
        with reading() as session:
            yield from members_csv(queries.every_member(session, wanted))

    return as_file(lines(), CSV, "personnes-inters4.csv", is_private=True)


def _wanted(session: Session) -> queries.Filter:
    state = request.args.get("etat", "")
    chosen = request.args.get("organisation", "")
    organisation = find_organisation(session, chosen) if chosen else None
    return queries.Filter(
        words=request.args.get("q", "")[:100],
        state=MemberState(state) if state in {one.value for one in MemberState} else None,
        role=_role(request.args.get("role")),
        organisation_id=organisation.id if organisation else None,
    )


def _role(typed: str | None) -> Role | None:
    return Role(typed) if typed in {one.value for one in Role} else None
