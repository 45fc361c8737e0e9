"""A person leaves, and nothing is left that says who they were.

At once: the name and the address are replaced, the account closes, each domain forgets its own
rows in the same transaction. Within a day: the files follow (the index is written anew, the
write-ahead log is emptied), by the job that `Erasure` rows wait for.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.backup import Erased
from inters4.core.clock import now
from inters4.core.db import after_commit
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.core.mail import QueuedMail, enqueue
from inters4.core.outbox import OutboxRow
from inters4.members.exports.letters import MESSAGE
from inters4.members.models import (
    Erasure,
    FormerAddress,
    Member,
    MemberOrganisation,
    MemberSession,
    MemberState,
    MemberToken,
    PasswordReset,
    Registration,
    RoleGrant,
    SignInAttempt,
    SignInChallenge,
)
from inters4.members.queries.leaving import addresses_of
from inters4.members.services.invitations import forget_invited
from inters4.members.services.second_factor import forget_second_factor
from inters4.members.services.states import change_state
from inters4.members.services.throttle import account_mark

SCRUB_JOB = "privacy.scrub"
INACTIVE_LETTER = "members.inactivity"
ROUNDS = 2
"""How often the index is written anew: it keeps one generation besides the current one."""
WITHDRAWN_NAME = "Personne retirée"
TOLD_AFTER = timedelta(days=700)
_NOTICE = timedelta(days=28)
_BATCH = 100
_LIVING = (MemberState.ACTIVE, MemberState.SUSPENDED, MemberState.DEACTIVATED, MemberState.REFUSED)


def erase_member(
    session: Session, member: Member, *, keeps_posts: bool, by: Viewer, request_id: str = ""
) -> None:
    """Erase a person, for good.

    Raises:
        NotAllowed: nobody would be left to administer the portal.
        Conflict: the account is erased already.
    """
    change_state(session, member, MemberState.ERASED, by=by)
    before = session.scalar(select(func.max(OutboxRow.id))) or 0
    row = Erasure(member_id=member.id, keeps_posts=keeps_posts)
    session.add(row)
    session.flush()
    for forget in hooks.member_erased:
        forget(session, member.id)
    _forget_account(session, member)
    member.name = WITHDRAWN_NAME
    member.email = f"efface-{member.public_id}@efface.invalid"
    member.password_hash = member.password_changed_at = None
    member.last_active_at = member.inactivity_told_at = None
    member.locale = "fr"
    audit.record(
        session,
        "members.erased",
        by=by,
        subject=f"member:{member.id}",
        request_id=request_id,
        keeps_posts=keeps_posts,
    )
    session.flush()
    touched = session.scalar(select(func.count()).where(OutboxRow.id > before))
    row.rounds = 0 if touched else ROUNDS
    after_commit(session, partial(jobs.nudge, SCRUB_JOB))


def tell_inactive(session: Session) -> int:
    """Write to accounts that nobody opened for 23 months; say how many."""
    found = session.scalars(
        select(Member)
        .where(
            Member.state.in_(_LIVING),
            Member.inactivity_told_at.is_(None),
            *_left_alone_since(now() - TOLD_AFTER),
        )
        .order_by(Member.id)
        .limit(_BATCH)
        .with_for_update()
    ).all()
    for member in found:
        member.inactivity_told_at = now()
        enqueue(
            session,
            kind=INACTIVE_LETTER,
            template="inactivity_notice",
            recipient=member.email,
            locale=member.locale,
            parameters={"until": (now() + _NOTICE).isoformat()},
            member_id=member.id,
        )
    return len(found)


def anonymise_inactive(session: Session, before: datetime) -> int:
    """Erase the accounts last opened before that instant, told at least four weeks ago."""
    found = session.scalars(
        select(Member)
        .where(
            Member.state.in_(_LIVING),
            *_left_alone_since(before),
            Member.inactivity_told_at < now() - _NOTICE,
        )
        .order_by(Member.id)
        .limit(_BATCH)
    ).all()
    done = 0
    for member in found:
        try:
            erase_member(session, member, keeps_posts=True, by=ANONYMOUS)
        except NotAllowed:
            continue  # the last administrator stays until there is another
        done += 1
    return done


def waiting_erasures(session: Session) -> list[Erasure]:
    """Those whose traces in files are still to be removed, the oldest first."""
    return list(
        session.scalars(
            select(Erasure).where(Erasure.scrubbed_at.is_(None)).order_by(Erasure.requested_at)
        )
    )


def erased_people(session: Session, *, only_waiting: bool = False) -> list[Erased]:
    """Everyone who was erased, as the list kept outside of the database names them."""
    found = (
        select(Member.public_id, Erasure.requested_at, Erasure.keeps_posts)
        .join(Member, Member.id == Erasure.member_id)
        .order_by(Erasure.requested_at)
    )
    if only_waiting:
        found = found.where(Erasure.scrubbed_at.is_(None))
    return [
        Erased(person=row.public_id, at=row.requested_at, keeps_posts=row.keeps_posts)
        for row in session.execute(found)
    ]


def erase_again(
    session: Session, erased: Mapping[str, Erased], *, by: Viewer
) -> tuple[list[str], list[str]]:
    """Erase whom a backup brought back; give the public ids of those erased, and of those left.

    Left is whoever is alone to administer the portal, or has not confirmed their address.
    """
    back = session.scalars(
        select(Member)
        .where(Member.state != MemberState.ERASED)
        .where(Member.public_id.in_(erased))
        .order_by(Member.id)
    ).all()
    done: list[str] = []
    left: list[str] = []
    for member in back:
        try:
            keeps_posts = erased[member.public_id].keeps_posts
            erase_member(session, member, keeps_posts=keeps_posts, by=by)
        except (Conflict, NotAllowed):
            left.append(member.public_id)
        else:
            done.append(member.public_id)
    return done, left


def _forget_account(session: Session, member: Member) -> None:
    forget_second_factor(session, member.id)
    for model in (SignInChallenge, MemberSession, MemberOrganisation, RoleGrant):
        session.execute(delete(model).where(model.member_id == member.id))
    emails = addresses_of(session, member.id)
    session.execute(delete(PasswordReset).where(PasswordReset.email.in_(emails)))
    asked = MemberToken.data["email"].as_string().in_(emails)
    session.execute(delete(MemberToken).where(asked))
    written = (QueuedMail.kind == MESSAGE) & (
        QueuedMail.parameters["sender"].as_integer() == member.id
    )
    session.execute(
        delete(QueuedMail).where(
            or_(QueuedMail.member_id == member.id, QueuedMail.recipient.in_(emails), written)
        )
    )
    for email in emails:
        forget_invited(session, email)
    session.execute(
        delete(Registration).where(
            or_(Registration.member_id == member.id, Registration.email.in_(emails))
        )
    )
    typed = [account_mark(email) for email in emails]
    session.execute(delete(SignInAttempt).where(SignInAttempt.account.in_(typed)))
    session.execute(delete(FormerAddress).where(FormerAddress.member_id == member.id))


def _left_alone_since(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    """Neither signed in nor seen in a session that lasts."""
    seen = select(MemberSession.id).where(
        MemberSession.member_id == Member.id, MemberSession.last_seen_at >= moment
    )
    last_sign_in = func.coalesce(Member.last_active_at, Member.created_at)
    return last_sign_in < moment, ~seen.exists()
