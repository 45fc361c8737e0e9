"""Telling people, in the transaction of whoever tells: rows, and the mails that carry them.

The first unread notice of a group queues one mail, which leaves some minutes later with all that
is still unread in the group; others of the group add none until the person has read it. Past
`MOST_A_DAY` mails a day, what remains goes to the digest. Statements are counted by five hundred
people, whatever their number.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.hooks import hooks
from inters4.core.mail import Addressee, MailState, QueuedMail, enqueue_many
from inters4.core.notices import Channel, NoticeKind, WayOut
from inters4.notices.exports.letters import NOTICE_MAIL
from inters4.notices.exports.links import way_out
from inters4.notices.models import (
    MAIL_DELAY,
    MOST_A_DAY,
    Notice,
    NoticeDigest,
    NoticeLetter,
    NoticeSettings,
    next_digest,
    waits_for_digest,
    without_mail,
)
from inters4.notices.queries.choices import Recipient, recipients_of
from inters4.notices.queries.letters import already_mailed, mails_since, without_waiting
from inters4.notices.queries.told import unread_count
from inters4.notices.services.reading import mark_seen, mark_settled

BATCH = 500
_NEVER_LEFT = (
    select(NoticeLetter.id, NoticeLetter.member_id)
    .join(QueuedMail, QueuedMail.id == NoticeLetter.mail_id)
    .where(
        NoticeLetter.member_id.in_(bindparam("ids", expanding=True)),
        NoticeLetter.kind == bindparam("kind"),
        NoticeLetter.group_key == bindparam("group"),
        QueuedMail.state.in_((MailState.CANCELLED, MailState.FAILED)),
    )
)


class RowNotifier:
    """Keeps notices in rows: what fills the slot of `core.hooks`."""

    def notify(
        self,
        session: Session,
        kind: str,
        recipients: Iterable[int],
        *,
        subject: str,
        facts: Mapping[str, Any] | None = None,
        group: str = "",
        once: str = "",
        is_gathered: bool = False,
    ) -> int:
        """Tell `recipients` of `subject`; say how many were told.

        Raises:
            KeyError: `kind` is not registered.
        """
        declared = hooks.notice_kinds[kind]
        moment = now()
        about = {
            "kind": kind,
            "subject": subject,
            "facts": dict(facts or {}),
            "group_key": group or subject,
            "once": once or None,
            "created_at": moment,
        }
        told = 0
        for ids in _batches(recipients):
            if is_gathered:
                ids = without_waiting(session, kind, group or subject, ids)  # noqa: PLW2901
            people = _within_limits(
                session, declared, recipients_of(session, declared, ids), moment
            )
            new = _insert_notices(session, people, about)
            told += len(new)
            if not declared.letter:
                _queue_mails(
                    session, [one for one in new if one.channel is Channel.MAIL], about, moment
                )
            await_digests(
                session, [one.settings for one in new if one.channel is Channel.DIGEST], moment
            )
        return told

    def letters(
        self, session: Session, kind: str, recipients: Iterable[int]
    ) -> Mapping[int, datetime]:
        """Those who want the letter that the kind's domain writes, and when it may leave."""
        declared = hooks.notice_kinds[kind]
        moment = now()
        if declared.must_leave:
            return dict.fromkeys(recipients, moment)
        found: dict[int, datetime] = {}
        for ids in _batches(recipients):
            for one in recipients_of(session, declared, ids):
                if one.channel is Channel.MAIL:
                    found[one.member_id] = moment
                elif waits_for_digest(declared, one.settings, one.chosen):
                    found[one.member_id] = next_digest(one.settings, after=moment)[1]
        return found

    def settle(self, session: Session, *kinds: str, subject: str) -> None:
        """What was told of `subject` asks nothing more: nobody has it left to read."""
        mark_settled(session, kinds, subject=subject)

    def seen(
        self,
        session: Session,
        member_id: int,
        kinds: Collection[str],
        *,
        subjects: Callable[[], Select[str]],
    ) -> None:
        """A person has read, where it stands, what these kinds told them of `subjects`."""
        mark_seen(session, member_id, kinds, subjects=subjects)

    def way_out(self, session: Session, mail: QueuedMail) -> WayOut | None:
        """How whoever receives `mail` refuses the next."""
        return way_out(session, mail)

    def unread(self, member: ColumnElement[int]) -> ScalarSelect[int]:
        """How many notices await a person, as a part of another statement."""
        return unread_count(member)


def await_digests(session: Session, people: Sequence[NoticeSettings], moment: datetime) -> None:
    """Make sure that a digest waits for each: after the hour to come, one a local day."""
    if not people:
        return
    ids = [one.member_id for one in people]
    session.execute(  # a digest being made this instant is waited for: it will not take these
        select(NoticeDigest.id)
        .where(NoticeDigest.member_id.in_(ids), NoticeDigest.made_at.is_(None))
        .order_by(NoticeDigest.id)
        .with_for_update()
    )
    made, period = func.count(NoticeDigest.made_at), func.max(NoticeDigest.period)
    held = {
        row.member_id: (row.waiting > 0, row.period)
        for row in session.execute(
            select(
                NoticeDigest.member_id,
                (func.count() - made).label("waiting"),
                period.label("period"),
            )
            .where(NoticeDigest.member_id.in_(ids))
            .group_by(NoticeDigest.member_id)
        )
    }
    rows = []
    for one in people:
        is_waiting, past = held.get(one.member_id, (False, None))
        if not is_waiting:
            day, due_at = next_digest(one, after=moment, past=past)
            rows.append({"member_id": one.member_id, "period": day, "due_at": due_at})
    if rows:
        session.execute(_insert(session, NoticeDigest).on_conflict_do_nothing(), rows)


def _batches(recipients: Iterable[int]) -> Iterator[list[int]]:
    ids = sorted(set(recipients))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _within_limits(
    session: Session, kind: NoticeKind, people: Sequence[Recipient], moment: datetime
) -> list[Recipient]:
    """Those to tell; past the daily limit of mails, by the digest."""
    people = [one for one in people if one.channel is not Channel.NONE]
    mailed = [one.member_id for one in people if one.channel is Channel.MAIL]
    if kind.letter or kind.must_leave or not mailed:
        return people
    sent = mails_since(session, mailed, moment - timedelta(days=1), mail_kind=NOTICE_MAIL)
    less = Channel.DIGEST if Channel.DIGEST in kind.channels else without_mail(kind)
    return [
        replace(one, channel=less)
        if one.channel is Channel.MAIL and sent.get(one.member_id, 0) >= MOST_A_DAY
        else one
        for one in people
    ]


def _insert_notices(
    session: Session, people: Sequence[Recipient], about: Mapping[str, Any]
) -> list[Recipient]:
    """One row each; those who were told already are left out."""
    if not people:
        return []
    rows = [
        {
            **about,
            "public_id": secrets.token_hex(8),
            "member_id": one.member_id,
            "channel": one.channel,
        }
        for one in people
    ]
    statement = _insert(session, Notice).on_conflict_do_nothing().returning(Notice.member_id)
    new = set(session.scalars(statement, rows))
    return [one for one in people if one.member_id in new]


def _queue_mails(
    session: Session, people: Sequence[Recipient], about: Mapping[str, Any], moment: datetime
) -> None:
    """A mail for whoever has none under way, or unread, about this group."""
    kind, group = hooks.notice_kinds[about["kind"]], about["group_key"]
    known = already_mailed(session, kind, group, [one.member_id for one in people])
    people = [one for one in people if one.member_id not in known]
    if not people:
        return
    by_id = {one.member_id: one for one in people}
    rows = [
        {
            "member_id": number,
            "kind": about["kind"],
            "group_key": about["group_key"],
            "created_at": moment,
        }
        for number in by_id
    ]
    returned = (NoticeLetter.id, NoticeLetter.member_id)
    statement = _insert(session, NoticeLetter).on_conflict_do_nothing().returning(*returned)
    waiting = {row.id: row.member_id for row in session.execute(statement, rows)}
    never_left = session.execute(
        _NEVER_LEFT, {"kind": kind.name, "group": group, "ids": list(by_id)}
    )
    waiting.update({row.id: row.member_id for row in never_left})
    addressees = [
        Addressee(
            number,
            by_id[number].email,
            by_id[number].locale,
            {"letter": letter, "refused_as": about["kind"]},
        )
        for letter, number in waiting.items()
    ]
    queued = enqueue_many(
        session,
        addressees,
        kind=NOTICE_MAIL,
        template=NOTICE_MAIL,
        not_before=moment + MAIL_DELAY,
    )
    if queued:
        session.execute(
            update(NoticeLetter),
            [{"id": parameters["letter"], "mail_id": mail} for mail, parameters in queued],
        )


def _insert(session: Session, table: Any) -> Any:
    """An INSERT that may meet a row already there; both databases say it alike."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if is_postgresql else sqlite.insert)(table)
