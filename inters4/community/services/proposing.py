"""An answer, or the summary of a thread, proposed as an addition to the sheet it is about.

Those who carry the sheet decide. What they take goes, copied, beside the revision of the sheet,
« À ranger »: nothing enters a sheet that somebody did not put in its place.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.exports.addition_notices import ADDITION_KIND, DECIDED_KIND, about_addition
from inters4.community.exports.addition_words import heading_of
from inters4.community.models import (
    AdditionState,
    Post,
    SheetAddition,
    Space,
    Thread,
    ThreadSummary,
)
from inters4.community.queries.additions import Proposed
from inters4.community.queries.visibility import moderates
from inters4.community.services.admitting import check_sanctions
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.members.queries.holders import holders_of
from inters4.practices.exports.notices import TEAM
from inters4.practices.models import KIND, Practice, PracticeRevision
from inters4.practices.queries.revisions import author_ids
from inters4.practices.services.deciding import is_team, may_write
from inters4.practices.services.revising import open_revision
from inters4.practices.services.starting import keep_unsorted

LONGEST_REASON = 1_000


def may_propose(thread: Thread, space: Space, *, by: Viewer) -> bool:
    """True of who moderates the space, and of who asked, of a thread about a sheet.

    What is written in a private space stays there, for those who carry the sheet may not read it.
    """
    is_theirs = by.member_id is not None and (
        thread.author_id == by.member_id or moderates(by, space.id)
    )
    return thread.about_kind == KIND and not space.is_private and is_theirs


def propose_addition(
    session: Session,
    thread: Thread,
    space: Space,
    post: Post | None,
    *,
    by: Viewer,
    request_id: str = "",
) -> SheetAddition:
    """Propose `post`, or the summary of the thread; the one that waits already when there is one.

    Raises:
        NotAllowed: `by` neither moderates the space nor began the thread, or the space is private;
            or they may not write there now.
        Conflict: the sheet is gone, or there is nothing to propose.
    """
    if not may_propose(thread, space, by=by):
        raise NotAllowed(
            _(
                "La personne qui a commencé le fil, ou l’équipe d’animation d’un espace que toutes "
                "les personnes inscrites lisent, propose un ajout à la fiche."
            )
        )
    check_sanctions(session, space, by=by)
    practice = session.get(Practice, thread.about_id)
    if practice is None or not practice.is_readable:
        raise Conflict(_("Cette fiche n’est plus publiée : rien ne peut y être ajouté."))
    if not _stands(session, thread, post):
        raise Conflict(_("Ce texte n’est plus publié : rien n’est proposé."))
    found = session.scalars(
        select(SheetAddition).where(
            SheetAddition.thread_id == thread.id,
            SheetAddition.post_id == (post.id if post else None),
            SheetAddition.state == AdditionState.WAITING,
        )
    ).first()
    if found is not None:
        return found
    addition = SheetAddition(
        thread_id=thread.id,
        post_id=post.id if post else None,
        practice_id=practice.id,
        by_id=by.member_id,
    )
    session.add(addition)
    session.flush()
    audit.record(
        session,
        "community.addition_proposed",
        by=by,
        subject=f"fil:{thread.id}",
        request_id=request_id,
        fiche=practice.id,
    )
    people = author_ids(session, practice.id) or holders_of(session, TEAM)
    hooks.notifier.notify(
        session,
        ADDITION_KIND,
        sorted(people - {by.member_id}),
        subject=about_addition(addition),
        once=addition.public_id,
    )
    return addition


def take_addition(
    session: Session, proposed: Proposed, *, by: Viewer, request_id: str = ""
) -> PracticeRevision:
    """Copy it beside the revision of the sheet, which is opened if need be.

    Raises:
        NotAllowed: `by` neither carries the sheet nor is of the brokering team.
        Conflict: somebody decided already, or the sheet is being judged.
    """
    addition = _undecided(session, proposed, by=by)
    revision = open_revision(session, proposed.practice, by=by, request_id=request_id)
    authors = author_ids(session, addition.practice_id)
    if not may_write(revision, by=by, authors=authors):
        raise Conflict(
            _(
                "La fiche est entre d’autres mains en ce moment : l’ajout attendra qu’elle "
                "revienne en rédaction."
            )
        )
    keep_unsorted(session, revision, f"{heading_of(proposed)}\n\n{proposed.source}", by=by)
    _decide(session, proposed, AdditionState.TAKEN, by=by, request_id=request_id)
    return revision


def decline_addition(
    session: Session, proposed: Proposed, *, reason: str, by: Viewer, request_id: str = ""
) -> None:
    """Say no, with a reason that who proposed it reads.

    Raises:
        NotAllowed: `by` neither carries the sheet nor is of the brokering team.
        Conflict: somebody decided already.
        DomainError: there is no reason, or a very long one.
    """
    addition = _undecided(session, proposed, by=by)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Dites pourquoi : la personne qui propose le lira."), about="raison")
    if len(reason) > LONGEST_REASON:
        raise DomainError(
            _("Une raison a au plus %(most)s caractères.", most=LONGEST_REASON), about="raison"
        )
    addition.reason = reason
    _decide(session, proposed, AdditionState.DECLINED, by=by, request_id=request_id)


def forget_proposer(session: Session, member_id: int) -> None:
    """What somebody who is erased proposed stays, under no name."""
    rows = session.scalars(
        select(SheetAddition).where(
            (SheetAddition.by_id == member_id) | (SheetAddition.decided_by_id == member_id)
        )
    )
    for row in rows:
        if row.by_id == member_id:
            row.by_id = None
        if row.decided_by_id == member_id:
            row.decided_by_id, row.reason = None, ""
    session.flush()


def _stands(session: Session, thread: Thread, post: Post | None) -> bool:
    if post is not None:
        return post.thread_id == thread.id and post.is_published
    return session.get(ThreadSummary, thread.id) is not None


def _undecided(session: Session, proposed: Proposed, *, by: Viewer) -> SheetAddition:
    addition = proposed.addition
    if not is_team(by) and by.member_id not in author_ids(session, addition.practice_id):
        raise NotAllowed(_("L’équipe porteuse et l’équipe de courtage décident des ajouts."))
    if not addition.is_waiting:
        raise Conflict(_("Quelqu’un a déjà décidé de cet ajout."))
    return addition


def _decide(
    session: Session, proposed: Proposed, state: AdditionState, *, by: Viewer, request_id: str
) -> None:
    addition = proposed.addition
    addition.state, addition.decided_by_id, addition.decided_at = state, by.member_id, now()
    session.flush()
    subject = about_addition(addition)
    audit.record(
        session,
        f"community.addition_{state.value}",
        by=by,
        subject=f"fil:{addition.thread_id}",
        request_id=request_id,
        fiche=addition.practice_id,
    )
    hooks.notifier.settle(session, ADDITION_KIND, subject=subject)
    if addition.by_id not in {None, by.member_id}:
        hooks.notifier.notify(
            session,
            DECIDED_KIND,
            [addition.by_id] if addition.by_id else [],
            subject=subject,
            once=f"{addition.public_id}/{state.value}",
        )
