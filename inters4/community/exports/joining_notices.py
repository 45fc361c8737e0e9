"""What people are told of joining: requests and their answers, invitations, their own place.

Words and rights are read when a notice is shown or sent: whoever leads no more is asked nothing,
and a space that someone no longer sees is not named to them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.exports.paths import HOME, space_path
from inters4.community.exports.words import visibility_label
from inters4.community.models import (
    JoinRequest,
    RequestState,
    Space,
    SpaceInvitation,
    Visibility,
)
from inters4.community.queries.leading import facilitators_of
from inters4.community.queries.reading_rights import may_read
from inters4.core.access import Role
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.models import Member
from inters4.members.queries.holders import holders_of

REQUEST_KIND, WAITING_KIND = "community.join_request", "community.join_waiting"
DECISION_KIND, INVITATION_KIND = "community.join_decision", "community.invitation"
PLACE_KIND = "community.place"
OWN = f"{HOME}/mes-demandes"
Row = TypeVar("Row")


def about_request(number: int) -> str:
    """The subject of notices about a request to join."""
    return f"adhesion:{number}"


def about_invitation(number: int) -> str:
    """The subject of notices about an invitation."""
    return f"invitation:{number}"


def about_place(space_id: int) -> str:
    """The subject of notices about someone's place in a space."""
    return f"place:{space_id}"


def tell_requests(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Who asks to join, for those who lead the space now: two statements."""
    rows = _requests(session, notices)
    leaders = facilitators_of(session, {space.id for _one, space, _name in rows.values()})
    found = {}
    for one, (request, space, name) in _matched(notices, rows):
        if one.member_id not in leaders[space.id]:
            continue
        title = _("%(name)s demande à entrer dans %(space)s", name=name, space=space.name)
        if one.facts.get("reminder"):
            title = _("Rappel : %(what)s", what=title)
        found[one.id] = Told(
            title=title,
            text="" if space.is_discreet else request.message,
            path=f"{space_path(space.slug)}/demandes",
            is_over=request.state is not RequestState.PENDING,
        )
    return found


def tell_waiting(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A request that nobody answers, for the coordination; a hidden space is not named to it."""
    rows = _requests(session, notices)
    people = holders_of(session, (Role.COORDINATION,))
    return {
        one.id: Told(
            title=_("Demande d’adhésion sans réponse : %(space)s", space=space.name),
            text=_(
                "Une personne attend une réponse depuis plusieurs jours ouvrables. Les personnes "
                "qui animent l’espace l’ont reçue et ont eu un rappel."
            ),
            path=space_path(space.slug),
            is_over=request.state is not RequestState.PENDING,
        )
        for one, (request, space, _name) in _matched(notices, rows)
        if one.member_id in people and space.visibility is not Visibility.PRIVATE_HIDDEN
    }


def tell_decisions(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What became of one's own request: two statements."""
    rows = _requests(session, notices)
    readers = _seers(session, notices, [space for _one, space, _name in rows.values()])
    found = {}
    for one, (request, space, _name) in _matched(notices, rows):
        if request.member_id != one.member_id:
            continue
        sees = (space.id, one.member_id) in readers
        if request.state is RequestState.ACCEPTED and sees:
            found[one.id] = Told(
                title=_("Vous faites maintenant partie de l’espace %(space)s", space=space.name),
                path=space_path(space.slug),
            )
        elif request.state is RequestState.REFUSED:
            found[one.id] = Told(
                title=_("Votre demande d’adhésion est refusée : %(space)s", space=space.name)
                if sees
                else _("Une de vos demandes d’adhésion est refusée"),
                text=request.reason,
                path=OWN,
            )
    return found


def tell_invitations(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Who is invited where; one that was taken back or answered is told no more."""
    numbers = {_number(one) for one in notices}
    rows = {
        invitation.id: (invitation, space, name)
        for invitation, space, name in session.execute(
            select(SpaceInvitation, Space, Member.name)
            .join(Space, Space.id == SpaceInvitation.space_id)
            .outerjoin(Member, Member.id == SpaceInvitation.invited_by_id)
            .where(SpaceInvitation.id.in_(numbers))
        )
    }
    return {
        one.id: Told(
            title=_("Une invitation vous attend : %(space)s", space=space.name)
            if not name
            else _("%(name)s vous invite à entrer dans %(space)s", name=name, space=space.name),
            text=invitation.message,
            path=f"{space_path(space.slug)}/adhesion",
        )
        for one, (invitation, space, name) in _matched(notices, rows)
        if invitation.member_id == one.member_id
    }


def tell_places(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Roles received, doors shown, and who reads what one wrote: two statements."""
    numbers = {_number(one) for one in notices}
    spaces = {one.id: one for one in session.scalars(select(Space).where(Space.id.in_(numbers)))}
    readers = _seers(session, notices, list(spaces.values()))
    found = {}
    for one in notices:
        space = spaces.get(_number(one))
        if space is None:
            continue
        told = _place(one, space, sees=(space.id, one.member_id) in readers)
        if told is not None:
            found[one.id] = told
    return found


def _place(one: Noticed, space: Space, *, sees: bool) -> Told | None:
    what, reason = str(one.facts.get("what", "")), str(one.facts.get("reason", ""))
    here = space_path(space.slug)
    if what in {"removed", "banned"}:
        title = (
            _("Vous ne faites plus partie de l’espace %(space)s", space=space.name)
            if sees
            else _("Vous ne faites plus partie d’un espace privé")
        )
        return Told(title=title, text=reason, path=here if sees else HOME)
    titles = {
        "lifted": _("Vous pouvez revenir dans %(space)s", space=space.name),
        "leading": _("Vous animez l’espace %(space)s", space=space.name),
        "moderating": _("Vous modérez l’espace %(space)s", space=space.name),
        "widened": _("L’espace %(space)s est lu par plus de monde", space=space.name),
    }
    if not sees or what not in titles:
        return None
    text = _("Qui lit : %(who)s", who=visibility_label(space.visibility))
    return Told(
        title=titles[what],
        text=text if what == "widened" else "",
        path=f"{here}/adhesion" if what == "lifted" else here,
    )


def _seers(
    session: Session, notices: Sequence[Noticed], spaces: Sequence[Space]
) -> frozenset[tuple[int, int]]:
    """Pairs (space, person) of those who see that the space exists: one statement."""
    people: Collection[int] = {one.member_id for one in notices}
    listed = {
        (space.id, one)
        for space in spaces
        if space.visibility is Visibility.PRIVATE_LISTED
        for one in people
    }
    return may_read(session, spaces, people) | listed


def _requests(
    session: Session, notices: Sequence[Noticed]
) -> dict[int, tuple[JoinRequest, Space, str]]:
    numbers = {_number(one) for one in notices}
    return {
        request.id: (request, space, name)
        for request, space, name in session.execute(
            select(JoinRequest, Space, Member.name)
            .join(Space, Space.id == JoinRequest.space_id)
            .join(Member, Member.id == JoinRequest.member_id)
            .where(JoinRequest.id.in_(numbers))
        )
    }


def _matched(notices: Sequence[Noticed], rows: Mapping[int, Row]) -> Iterator[tuple[Noticed, Row]]:
    for one in notices:
        row = rows.get(_number(one))
        if row is not None:
            yield one, row


def _number(one: Noticed) -> int:
    tail = one.subject.partition(":")[2]
    return int(tail) if tail.isascii() and tail.isdigit() else 0


KINDS = (
    NoticeKind(
        name=REQUEST_KIND,
        label=lambda: _("Demandes d’adhésion aux espaces que vous animez"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        channels=(Channel.IN_APP, Channel.DIGEST, Channel.MAIL),
        tell=tell_requests,
        concerns=lambda viewer: viewer.holds_any(Role.FACILITATOR),
        order=32,
    ),
    NoticeKind(
        name=WAITING_KIND,
        label=lambda: _("Demandes d’adhésion que personne ne traite"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_waiting,
        concerns=lambda viewer: viewer.holds_any(Role.COORDINATION),
        order=33,
    ),
    NoticeKind(
        name=DECISION_KIND,
        label=lambda: _("Réponses à vos demandes d’adhésion"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.MAIL,
        tell=tell_decisions,
        order=45,
    ),
    NoticeKind(
        name=INVITATION_KIND,
        label=lambda: _("Invitations à entrer dans un espace"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.MAIL,
        tell=tell_invitations,
        order=46,
    ),
    NoticeKind(
        name=PLACE_KIND,
        label=lambda: _("Votre place dans un espace : rôles, retraits, qui vous lit"),
        group=lambda: _("Communautés de pratique"),
        channel=Channel.MAIL,
        channels=(Channel.IN_APP, Channel.DIGEST, Channel.MAIL),
        tell=tell_places,
        order=47,
    ),
)
