"""« Envoyer un essai » : the message as it is now, to whoever asks; it is counted nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.jobs import jobs
from inters4.core.mail import MailKind, QueuedMail, enqueue
from inters4.core.mail.kinds import READY
from inters4.members.models import Member
from inters4.newsletters.exports.citations import path_of
from inters4.newsletters.exports.message import Places, assemble, parts_of
from inters4.newsletters.models import Issue
from inters4.newsletters.queries.composing import load_told
from inters4.veille.services.life import check_team

TRIAL = "issue_trial"


def send_trial(session: Session, issue: Issue, *, by: Viewer, request_id: str = "") -> None:
    """Queue the message of `issue` for `by`, marked as a trial.

    Raises:
        NotFound: `by` is not of the team.
    """
    member = session.get_one(Member, check_team(by))
    enqueue(
        session,
        kind=TRIAL,
        template="issue",
        recipient=member.email or "",
        locale=issue.newsletter.language,
        parameters={"issue": issue.id},
        member_id=member.id,
    )
    audit.record(
        session,
        "newsletters.trial",
        by=by,
        subject=f"numero:{issue.id}",
        request_id=request_id,
    )


def trial_of(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """The message of the issue when it leaves; None when the issue is gone."""
    issue = load_told(session, mail.parameters["issue"])
    if issue is None:
        return None
    settings = jobs.settings
    page = settings.url + path_of(issue)
    parts = parts_of(session, issue, settings=settings)
    made = assemble(parts, places=Places(unsubscribe=page, preferences=page, web=page))
    return {READY: replace(made, subject=f"[ESSAI] {made.subject}"), "reply_to": parts.reply_to}


TRIAL_KIND = MailKind(TRIAL, trial_of)
