"""Making the digests whose hour has come: some hundreds a transaction, each person once.

A batch marks its digests made, gives them their notices and queues their mails in one
transaction: killed in between, nothing was done; run again, nothing is left to do.
"""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.mail import Addressee, enqueue_many
from inters4.core.notices import Channel
from inters4.notices.exports.letters import DIGEST_MAIL
from inters4.notices.exports.links import EVERY
from inters4.notices.models import Notice, NoticeDigest, NoticeSettings, default_settings
from inters4.notices.queries.digests import DigestTally, due_digests
from inters4.notices.services.giving import await_digests

BATCH = 500


def make_due_digests(session: Session, *, most: int = BATCH) -> DigestTally:
    """Make a batch; nothing new makes no mail, nor does a person away for 180 days."""
    moment = now()
    due = due_digests(session, moment, most=most)
    if not due:
        return DigestTally()
    sent = [one for one in due if one.has_news and not one.is_absent]
    session.execute(
        update(NoticeDigest)
        .where(NoticeDigest.id.in_([one.id for one in due]))
        .values(made_at=moment)
    )
    if sent:
        ids = [one.id for one in sent]
        own = select(NoticeDigest.id).where(
            NoticeDigest.member_id == Notice.member_id, NoticeDigest.id.in_(ids)
        )
        session.execute(
            update(Notice)
            .where(
                Notice.member_id.in_([one.member_id for one in sent]),
                Notice.channel == Channel.DIGEST,
                Notice.read_at.is_(None),
                Notice.digest_id.is_(None),
            )
            .values(digest_id=own.scalar_subquery()),
            execution_options={"synchronize_session": False},
        )
    enqueue_many(
        session,
        [
            Addressee(one.member_id, one.email, one.locale, {"digest": one.id, "refused_as": EVERY})
            for one in sent
        ],
        kind=DIGEST_MAIL,
        template=DIGEST_MAIL,
    )
    tally = DigestTally()
    for one in due:
        tally += DigestTally.of(1, has_news=one.has_news, is_absent=one.is_absent)
    return tally


def wait_for_next_hour(session: Session) -> None:
    """A copy was put back: what was due in it has left since; what it held waits for the next."""
    moment = now()
    late = session.scalars(
        delete(NoticeDigest)
        .where(NoticeDigest.made_at.is_(None), NoticeDigest.due_at <= moment)
        .returning(NoticeDigest.member_id)
    ).all()
    for start in range(0, len(late), BATCH):
        ids = late[start : start + BATCH]
        held = {
            row.member_id: row
            for row in session.scalars(
                select(NoticeSettings).where(NoticeSettings.member_id.in_(ids))
            )
        }
        people = [held[one] if one in held else default_settings(one) for one in ids]
        await_digests(session, people, moment)
