"""An issue that somebody wrote and somebody else approved, with the people who may read it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.newsletters.exports.approved import content_of
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.models import Issue, IssueApproval, Newsletter
from inters4.newsletters.services.approving import approve, ask_approval
from inters4.newsletters.services.composing import marks_of, stored_fields, write_issue
from inters4.newsletters.services.preparing import begin_issue
from inters4.settings import Settings
from tests.builders.newsletters import make_newsletter
from tests.builders.practices import make_practice
from tests.builders.summaries import Team
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

WORDS = {"title": "Loin des centres", "description": "Ce mois-ci.", "opening": "Bonjour."}
LATER = timedelta(hours=8)


def make_whole_newsletter(session: Session) -> Newsletter:
    """« InterS4 en bref », which says who sends it; a sheet and a summary to tell of."""
    make_vocabulary(session)
    made = make_newsletter(session, title="InterS4 en bref")
    made.sender, made.postal_address = "L’équipe de courtage", "1, rue Fictive\nRimouski"
    make_practice(session, "visites-virtuelles")
    make_summary(session, "suivi-a-domicile", published_at=now())
    session.flush()
    return made


def make_written(session: Session, newsletter: Newsletter, team: Team, **words: str) -> Issue:
    """A draft of the writer that lacks nothing but readers."""
    issue = begin_issue(session, newsletter, by=team.writer)
    assert issue is not None
    typed = {**WORDS, **words}
    write_issue(session, issue, typed, seen=marks_of(stored_fields(issue)), by=team.writer)
    return issue


def ask(session: Session, issue: Issue, team: Team, settings: Settings) -> IssueApproval:
    """Asked of the reviewer, the coordination as deputy."""
    return ask_approval(
        session,
        issue,
        team.reviewer.member_id or 0,
        team.coordination.member_id or 0,
        send_at=now() + LATER,
        by=team.writer,
        settings=settings,
    )


def shown(session: Session, issue: Issue, settings: Settings) -> str:
    """What stands for the message and its readers, as the page of approval shows them now."""
    return content_of(parts_of(session, issue, settings=settings), issue.audience)


def make_approved(session: Session, issue: Issue, team: Team, settings: Settings) -> Issue:
    """Asked, then approved by the reviewer; somebody must receive it."""
    ask(session, issue, team, settings)
    seen = shown(session, issue, settings)
    approve(session, issue, seen=seen, by=team.reviewer, settings=settings)
    return issue
