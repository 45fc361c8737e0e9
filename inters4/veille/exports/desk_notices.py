"""What the desk tells a colleague: a finding was given to them, or taken over from them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.models import Member
from inters4.members.queries.holders import holders_of
from inters4.veille.models import Finding, FindingState

ASSIGNED_KIND = "veille.assigned"
TAKEN_KIND = "veille.taken-over"
TEAM = (Role.BROKER, Role.COORDINATION)


def about_finding(finding: Finding) -> str:
    """The subject of notices about a finding."""
    return f"trouvaille:{finding.public_id}"


def tell_assigned(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What was given, for whoever is of the team and still holds it: two statements."""
    team = holders_of(session, TEAM)
    ids = {one.subject.removeprefix("trouvaille:") for one in notices}
    rows = session.scalars(select(Finding).where(Finding.public_id.in_(ids)))
    findings = {about_finding(row): row for row in rows}
    return {
        one.id: Told(
            title=_("Trouvaille à résumer : %(title)s", title=findings[one.subject].title),
            path=f"/veille/bureau/trouvailles/{findings[one.subject].public_id}",
            is_over=findings[one.subject].state is FindingState.SUMMARISED,
        )
        for one in notices
        if one.member_id in team
        and one.subject in findings
        and findings[one.subject].owner_id == one.member_id
    }


def tell_taken(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Who holds now what one held, while somebody else of the team does: two statements."""
    team = holders_of(session, TEAM)
    ids = {one.subject.removeprefix("trouvaille:") for one in notices}
    rows = session.execute(
        select(Finding, Member.name)
        .join(Member, Member.id == Finding.owner_id)
        .where(Finding.public_id.in_(ids))
    )
    held = {about_finding(finding): (finding, name) for finding, name in rows}
    return {
        one.id: Told(
            title=_(
                "%(who)s a repris la trouvaille « %(title)s »",
                who=held[one.subject][1],
                title=held[one.subject][0].title,
            ),
            path=f"/veille/bureau/trouvailles/{held[one.subject][0].public_id}",
        )
        for one in notices
        if one.member_id in team
        and one.subject in held
        and held[one.subject][0].owner_id != one.member_id
    }


KINDS = (
    NoticeKind(
        name=ASSIGNED_KIND,
        label=lambda: _("Trouvailles que l’on vous attribue"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.DIGEST,
        tell=tell_assigned,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=31,
    ),
    NoticeKind(
        name=TAKEN_KIND,
        label=lambda: _("Trouvailles que l’on reprend de vos mains"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.DIGEST,
        tell=tell_taken,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=32,
    ),
)
