"""Letters to a team that people read of: those who carry a sheet, those who try it.

One form for both. Nobody's name or address is shown; a team that nobody can reach says so before
one writes, and leads to the brokering team.
"""

from collections.abc import Collection

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotFound, TooMany
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.core.web.requests import public, signed_in, viewer
from inters4.members.services.profiles import (
    LONGEST_MESSAGE,
    reachable,
    unreachable_team,
    write_to_team,
)
from inters4.practices.exports.adoption_notices import about_adoption
from inters4.practices.exports.notices import about_sheet
from inters4.practices.models import Practice
from inters4.practices.queries import adoptions as queries
from inters4.practices.queries import find_head
from inters4.practices.queries.revisions import author_ids
from inters4.practices.views.blueprint import bp


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Whom one writes to.

    Attributes:
        name: what a reader calls them.
        subject: names them in the journal.
        page: path of the page where one read of them, and its title.
    """

    practice: Practice
    ids: Collection[int]
    name: str
    subject: str
    page: str
    adoption: str = ""

    @property
    def about(self) -> str:
        """The first line of the letter."""
        if not self.adoption:
            return _("Au sujet de la fiche « %(title)s » :", title=self.practice.title)
        return _(
            "Au sujet de « %(title)s » (%(team)s) :", title=self.practice.title, team=self.name
        )


@bp.get("/<slug>/message")
@public
def write_carriers(slug: str) -> ResponseReturnValue:
    """A form for whoever is signed in; others read how to write all the same."""
    return _page(slug)


@bp.post("/<slug>/message")
@signed_in
def send_carriers(slug: str) -> ResponseReturnValue:
    """Send it to each who carries the sheet, or give it back as it was written."""
    return _send(slug)


@bp.get("/<slug>/adoptions/<public_id>/message")
@public
def write_adopters(slug: str, public_id: str) -> ResponseReturnValue:
    """The same form, to those who try it."""
    return _page(slug, public_id)


@bp.post("/<slug>/adoptions/<public_id>/message")
@signed_in
def send_adopters(slug: str, public_id: str) -> ResponseReturnValue:
    """Send it to each who answers for it, or give it back as it was written."""
    return _send(slug, public_id)


def _send(slug: str, public_id: str = "") -> ResponseReturnValue:
    typed = request.form.get("message", "")
    try:
        with writing() as session:
            team = _team(session, slug, public_id)
            write_to_team(
                session, team.ids, typed, about=team.about, subject=team.subject, by=viewer()
            )
            page = team.page
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(slug, public_id, refusal=refusal)
    flash(_("Votre message est parti."), "success")
    return redirect(page, code=303)


def _page(
    slug: str, public_id: str = "", *, refusal: DomainError | None = None
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        team = _team(session, slug, public_id)
        closed = _closed(session, team)
        body = render_template(
            "practices/message.html",
            team=team,
            practice=team.practice,
            closed=closed,
            told=refusal.message if refusal and not closed else "",
            typed=request.form.get("message", ""),
            longest=LONGEST_MESSAGE,
        )
    response = make_response(body, max(refusal.status, 422) if refusal else 200)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _closed(session: Session, team: Team) -> str:
    """Why nobody would receive a letter; empty when somebody would."""
    if reachable(session, team.ids, by=viewer()):
        return ""
    if set(team.ids) == {viewer().member_id}:
        return _("Vous êtes la seule personne de cette équipe sur le portail.")
    if not team.ids and not team.adoption:
        return _("L’équipe qui porte cette pratique n’est pas encore sur le portail.")
    return unreachable_team()


def _team(session: Session, slug: str, public_id: str) -> Team:
    """Whom one writes to; what one may not read of is 404, what is gone leads to why."""
    if public_id:
        found = queries.find_adoption(session, slug, public_id, viewer=viewer()) or abort(404)
        return Team(
            practice=found.practice,
            ids=queries.holder_ids(session, found.id),
            name=found.label,
            subject=about_adoption(found),
            page=url_for(".adoption", slug=slug, public_id=public_id),
            adoption=found.team,
        )
    practice = find_head(session, slug, viewer=viewer()) or abort(404)
    if practice.is_tombstone:
        abort(redirect(url_for(".show", slug=slug), code=302))
    if not practice.is_readable:
        abort(404)
    return Team(
        practice=practice,
        ids=author_ids(session, practice.id),
        name=practice.team,
        subject=about_sheet(practice.id),
        page=url_for(".show", slug=slug),
    )
