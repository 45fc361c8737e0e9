"""What veille tells brokers of a source: it fails for a week, it moved, it is gone."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.queries.holders import holders_of
from inters4.veille.exports.failures import worded
from inters4.veille.models import Source, SourceState

SOURCE_KIND = "veille.source"
TEAM = (Role.BROKER, Role.COORDINATION)
HEALTH_PATH = "/veille/sante-des-sources"
_SUBJECT = "source:"


class Trouble(StrEnum):
    """Why a source needs someone."""

    FAILING = "failing"
    MOVED = "moved"
    GONE = "gone"


def about_source(public_id: str) -> str:
    """The subject of notices about a source."""
    return f"{_SUBJECT}{public_id}"


def tell_sources(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What ails each source, for whoever is of the team now: two statements."""
    team = holders_of(session, TEAM)
    ids = {one.subject.removeprefix(_SUBJECT) for one in notices}
    rows = session.scalars(select(Source).where(Source.public_id.in_(ids)))
    sources = {about_source(row.public_id): row for row in rows}
    return {
        one.id: _told(sources[one.subject], Trouble(one.facts["trouble"]))
        for one in notices
        if one.member_id in team and one.subject in sources
    }


def _told(source: Source, trouble: Trouble) -> Told:
    if trouble is Trouble.MOVED:
        return Told(
            title=_("« %(name)s » change d’adresse", name=source.name),
            text=_("Son site renvoie vers %(url)s.", url=source.moved_to)
            if source.moved_to
            else "",
            path=HEALTH_PATH,
            is_over=not source.has_moved,
        )
    if trouble is Trouble.GONE:
        return Told(
            title=_("« %(name)s » n’existe plus", name=source.name),
            text=_("Son site dit que cette source est retirée pour de bon."),
            path=HEALTH_PATH,
            is_over=source.state is not SourceState.GONE,
        )
    return Told(
        title=_("« %(name)s » ne répond plus depuis une semaine", name=source.name),
        text=worded(source.failure),
        path=HEALTH_PATH,
        is_over=not source.failures or source.state is not SourceState.ACTIVE,
    )


KINDS = (
    NoticeKind(
        name=SOURCE_KIND,
        label=lambda: _("Sources de veille en panne, déplacées ou retirées"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_sources,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=24,
    ),
)
