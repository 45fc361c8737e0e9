"""Telling the team of a watch that one of its sources needs someone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.members.queries.holders import holders_of
from inters4.veille.exports.source_notices import SOURCE_KIND, TEAM, Trouble, about_source
from inters4.veille.models import Source, WatchMember


def tell_team(session: Session, source: Source, trouble: Trouble) -> None:
    """Tell those of the watch who are brokers still; all brokers when the watch has nobody."""
    brokers = holders_of(session, TEAM)
    team = brokers.intersection(
        session.scalars(
            select(WatchMember.member_id).where(WatchMember.watch_id == source.watch_id)
        )
    )
    hooks.notifier.notify(
        session,
        SOURCE_KIND,
        sorted(team or brokers),
        subject=about_source(source.public_id),
        facts={"trouble": trouble},
        group=f"watch-sources:{source.watch_id}",
    )


def settle_source(session: Session, source: Source) -> None:
    """The source answers again: what was told of it awaits nobody."""
    hooks.notifier.settle(session, SOURCE_KIND, subject=about_source(source.public_id))
