"""What home tells the brokering team of: a question that nobody has taken."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.core.richtext import Profile, excerpt
from inters4.home.exports.letters import without_addresses
from inters4.home.models import Question, QuestionState, Subject
from inters4.members.queries.holders import holders_of

QUESTION_KIND = "home.question"
TEAM = (Role.BROKER, Role.COORDINATION)
_SHOWN = 140


def about_question(question: Question) -> str:
    """The subject of notices about a question."""
    return f"question:{question.public_id}"


def tell_questions(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What is asked, for whoever is of the team now: two statements."""
    team = holders_of(session, TEAM)
    ids = {one.subject.removeprefix("question:") for one in notices}
    rows = session.scalars(select(Question).where(Question.public_id.in_(ids)))
    questions = {about_question(row): row for row in rows}
    return {
        one.id: Told(
            title=_("Pratique proposée")
            if questions[one.subject].subject is Subject.PRACTICE
            else _("Question reçue"),
            text=without_addresses(
                excerpt(questions[one.subject].text, length=_SHOWN, profile=Profile.POST)
            ),
            path=f"/equipe/questions/{questions[one.subject].public_id}",
            is_over=questions[one.subject].state is not QuestionState.OPEN,
        )
        for one in notices
        if one.member_id in team and one.subject in questions
    }


KINDS = (
    NoticeKind(
        name=QUESTION_KIND,
        label=lambda: _("Questions posées à l’équipe de courtage"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.IN_APP,
        tell=tell_questions,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=21,
    ),
)
