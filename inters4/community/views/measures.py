"""`/communaute/SLUG/moderation/mesures`: warnings and suspensions, and those of one person."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.moderation_words import MEASURES
from inters4.community.models import Space
from inters4.community.queries.access import standing_of
from inters4.community.queries.flags import names_of
from inters4.community.queries.moderation import (
    find_person,
    measures_of,
    suspensions_in_force,
)
from inters4.community.queries.moderation import measures as list_measures
from inters4.community.queries.moderators import moderators_of
from inters4.community.queries.people import find_line
from inters4.community.services.sanctioning import LONGEST_SUSPENSION, lift, suspend, warn
from inters4.community.views.blueprint import bp
from inters4.community.views.moderation_places import (
    desk,
    head_of,
    space_to_moderate,
    tried,
    typed_number,
    wanted_page,
)
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.members.models import Member


@bp.get("/<slug>/moderation/mesures")
@signed_in
def measures(slug: str) -> ResponseReturnValue:
    """Every measure taken in the space."""
    with reading() as session:
        g.session = session
        space = space_to_moderate(session, slug)
        page = list_measures(session, space.id, viewer=viewer(), page=wanted_page())
        ids = [one for row in page.rows for one in (row.member_id, row.by_id)]
        return render_template(
            "community/moderation/measures.html",
            **head_of(session, space),
            page=page,
            names=names_of(session, ids),
            kinds=MEASURES,
            url_of=lambda number: url_for(".measures", slug=slug, page=number),
        )


@bp.get("/<slug>/moderation/personnes/<public_id>")
@signed_in
def measures_of_person(slug: str, public_id: str) -> ResponseReturnValue:
    """The measures taken towards one person, and what may be done."""
    return _page(slug, public_id)


@bp.post("/<slug>/moderation/personnes/<public_id>/<gesture>")
@signed_in
def act_on_person(slug: str, public_id: str, gesture: str) -> ResponseReturnValue:
    """Warn, suspend, or end a suspension."""
    if gesture not in {"avertissement", "suspension", "levee"}:
        abort(404)

    def act() -> ResponseReturnValue:
        with writing() as session:
            space = space_to_moderate(session, slug)
            _act(session, space, _person(session, space, public_id), gesture)
        flash(
            _("La suspension est levée; la personne le sait.")
            if gesture == "levee"
            else _("C’est noté; la personne reçoit votre message."),
            "success",
        )
        return redirect(url_for(".measures_of_person", slug=slug, public_id=public_id), 303)

    return tried(act, lambda **refused: _page(slug, public_id, gesture=gesture, **refused))


def _act(session: Session, space: Space, person: Member, gesture: str) -> None:
    reason = request.form.get("raison", "")
    if gesture == "avertissement":
        warn(session, space, person.id, reason=reason, by=viewer(), request_id=request_id())
    elif gesture == "suspension":
        suspend(
            session,
            space,
            person.id,
            days=typed_number("jours"),
            reason=reason,
            by=viewer(),
            request_id=request_id(),
        )
    else:
        for one in suspensions_in_force(session, space.id, person.id):
            lift(session, one, by=viewer(), request_id=request_id())


def _person(session: Session, space: Space, public_id: str) -> Member:
    return find_person(session, space.id, public_id) or abort(404)


def _page(
    slug: str,
    public_id: str,
    *,
    gesture: str = "",
    refusal: DomainError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        space = space_to_moderate(session, slug)
        person = _person(session, space, public_id)
        taken = measures_of(session, space.id, person.id, viewer=viewer())
        return desk(
            session,
            "community/moderation/person.html",
            space,
            person={"name": person.name, "public_id": person.public_id},
            is_inside=find_line(session, space, public_id) is not None,
            is_moderator=person.id in moderators_of(session, [space.id])[space.id],
            standing=standing_of(session, space.id, person.id),
            taken=taken,
            names=names_of(session, [one.by_id for one in taken]),
            kinds=MEASURES,
            gesture=gesture,
            refusal=refusal,
            status=status,
            longest_suspension=LONGEST_SUSPENSION,
        )
