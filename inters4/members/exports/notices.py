"""What members tell people of: requests to decide, decisions, letters of others, safety.

Words are read when a notice is shown or sent; a request is told to whoever decides it then.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Role
from inters4.core.i18n import _
from inters4.core.mail.render import macro_words
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.exports.letters import DECISION, MESSAGE, REQUESTS, harmless
from inters4.members.models import ApprovalRequest, Decision
from inters4.members.queries.approvals import deciders, requests_of

SECURITY_NOTICE = "members.security_notice"
REQUEST_KIND, DECISION_KIND = "members.request", "members.decision"
MESSAGE_KIND, SECURITY_KIND = "members.message", "members.security"
_SAFETY_WORDS = "security_words"
_SAFETY_PAGES = {
    "role_offered": "/invitations",
    "role_given": "/admin/personnes",
    "role_received": "/compte",
}


def about_request(request: ApprovalRequest) -> str:
    """The subject of notices about a request."""
    return f"request:{request.public_id}"


def tell_requests(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Who asks to be let in, for those who decide."""
    requests = _requests(session, notices)
    people = deciders(session) if requests else []
    found = {}
    for one in notices:
        request = requests.get(one.subject)
        if request is None or not any(
            requests_of(person, [request]) for person in people if person.member_id == one.member_id
        ):
            continue
        found[one.id] = Told(
            title=_("Demande d’inscription de %(name)s", name=harmless(request.member.name)),
            text=_place(request),
            path=f"/approbations/{request.public_id}",
            is_over=request.decided_at is not None,
        )
    return found


def tell_decisions(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What was decided of the person's own request."""
    requests = _requests(session, notices)
    found = {}
    for one in notices:
        request = requests.get(one.subject)
        if request is None or request.member_id != one.member_id or request.decision is None:
            continue
        is_approved = request.decision is Decision.APPROVED
        found[one.id] = Told(
            title=_("Votre demande est acceptée")
            if is_approved
            else _("Votre demande est refusée"),
            text=_place(request) if is_approved else request.reason,
            path="/compte",
        )
    return found


def tell_safety(_session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What happened to the account, in the words of the letter."""
    return {
        one.id: Told(
            title=macro_words(_SAFETY_WORDS, "title", one.facts["event"]),
            text=macro_words(_SAFETY_WORDS, "detail", one.facts["event"]),
            path=_SAFETY_PAGES.get(one.facts["event"], "/compte/securite"),
        )
        for one in notices
    }


def tell_nothing(_session: Session, _notices: Iterable[Noticed]) -> Mapping[int, Told]:
    """A letter between people is not kept: nothing is listed."""
    return {}


KINDS = (
    NoticeKind(
        name=REQUEST_KIND,
        label=lambda: _("Demandes d’inscription à décider"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_requests,
        letter=REQUESTS,
        concerns=lambda viewer: viewer.holds_any(Role.APPROVER, Role.COORDINATION, Role.ADMIN),
        order=20,
    ),
    NoticeKind(
        name=MESSAGE_KIND,
        label=lambda: _("Messages de personnes inscrites, écrits par le portail"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        channels=(Channel.NONE, Channel.MAIL),
        tell=tell_nothing,
        letter=MESSAGE,
        order=10,
    ),
    NoticeKind(
        name=DECISION_KIND,
        label=lambda: _("Réponses à vos demandes"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        channels=(Channel.MAIL,),
        tell=tell_decisions,
        letter=DECISION,
        must_leave=True,
        order=11,
    ),
    NoticeKind(
        name=SECURITY_KIND,
        label=lambda: _("Sécurité de votre compte"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        channels=(Channel.MAIL,),
        tell=tell_safety,
        letter=SECURITY_NOTICE,
        must_leave=True,
        order=12,
    ),
)


def _requests(session: Session, notices: Sequence[Noticed]) -> dict[str, ApprovalRequest]:
    """The requests that notices are about, by subject: one statement."""
    ids = {one.subject.removeprefix("request:") for one in notices}
    rows = session.scalars(
        select(ApprovalRequest)
        .options(joinedload(ApprovalRequest.member), joinedload(ApprovalRequest.organisation))
        .where(ApprovalRequest.public_id.in_(ids))
    )
    return {about_request(row): row for row in rows}


def _place(request: ApprovalRequest) -> str:
    if request.organisation is not None:
        return request.organisation.name
    return harmless(request.other_organisation)
