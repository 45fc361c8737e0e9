"""What practices tell people of: the steps of their sheets, and what awaits each role.

Words are read when a notice is shown or sent, and so are rights: whoever no longer carries a
sheet, reviews it or signs for it, is told nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.i18n import _, format_date
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.queries.holders import holders_of
from inters4.practices.exports.step_words import step_text, step_title
from inters4.practices.models import READABLE, TOMBSTONES, PracticeReview, PracticeState
from inters4.practices.queries.reviewers import is_current
from inters4.practices.queries.telling import (
    Standing,
    approvals_named,
    authors_of,
    reviews_named,
    signers_of,
    standings,
    steps_named,
)

STEP_KIND, TASK_KIND = "practices.step", "practices.task"
REVIEW_KIND, APPROVAL_KIND = "practices.review", "practices.approval"
AUTHOR_KIND = "practices.author"
TEAM = (Role.BROKER, Role.COORDINATION)


class Task(StrEnum):
    """What awaits the team about a sheet."""

    EXAMINE = "examine"
    TAKE = "take"
    DRAFT = "draft"
    NAME_REVIEWERS = "name-reviewers"
    SETTLE = "settle"
    LATE_REVIEW = "late-review"
    RECORD_APPROVAL = "record-approval"
    SILENCE = "silence"
    PUBLISH = "publish"
    REVISE = "revise"


_TASK_STATES: Mapping[Task, PracticeState] = {
    Task.EXAMINE: PracticeState.PROPOSED,
    Task.TAKE: PracticeState.ADMISSIBLE,
    Task.DRAFT: PracticeState.DRAFTING,
    Task.NAME_REVIEWERS: PracticeState.REVIEW,
    Task.SETTLE: PracticeState.REVIEW,
    Task.LATE_REVIEW: PracticeState.REVIEW,
    Task.RECORD_APPROVAL: PracticeState.APPROVAL,
    Task.SILENCE: PracticeState.APPROVAL,
    Task.PUBLISH: PracticeState.APPROVAL,
    Task.REVISE: PracticeState.REVIEW_DUE,
}
"""A task is over once the sheet has left its state."""
_TASK_WORDS: Mapping[Task, Callable[[str], str]] = {
    Task.EXAMINE: lambda title: _("Fiche à examiner : %(title)s", title=title),
    Task.TAKE: lambda title: _("Fiche à prendre en rédaction : %(title)s", title=title),
    Task.DRAFT: lambda title: _("Fiche à rédiger : %(title)s", title=title),
    Task.NAME_REVIEWERS: lambda title: _("Relectures à demander : %(title)s", title=title),
    Task.SETTLE: lambda title: _("Écart à arbitrer : %(title)s", title=title),
    Task.LATE_REVIEW: lambda title: _("Relecture en retard : %(title)s", title=title),
    Task.RECORD_APPROVAL: lambda title: _("Approbation à noter : %(title)s", title=title),
    Task.SILENCE: lambda title: _("Organisation sans réponse : %(title)s", title=title),
    Task.PUBLISH: lambda title: _("Fiche à publier : %(title)s", title=title),
    Task.REVISE: lambda title: _("Fiche à revoir : %(title)s", title=title),
}


def about_sheet(practice_id: str) -> str:
    """The subject of notices about a sheet."""
    return f"fiche:{practice_id}"


def about_review(review: PracticeReview) -> str:
    """The subject of notices about a review."""
    return f"relecture:{review.public_id}"


def about_approval(practice_id: str, organisation: str) -> str:
    """The subject of notices about what an organisation is asked."""
    return f"approbation:{practice_id}/{organisation}"


def tell_steps(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Where a sheet came, for those who carry it: three statements."""
    sheets = _sheets(session, notices)
    carried = authors_of(session, sheets)
    steps = steps_named(session, {one.facts["step"] for one in notices})
    found = {}
    for one in notices:
        sheet = sheets.get(_tail(one))
        step, set_out = steps.get(one.facts["step"], (None, None))
        if sheet is None or step is None or (_tail(one), one.member_id) not in carried:
            continue
        found[one.id] = Told(
            title=step_title(step, sheet.title),
            text=step_text(step, set_out),
            path=_path_of(sheet),
        )
    return found


def tell_authors(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A person is told that they carry a sheet too: two statements."""
    sheets = _sheets(session, notices)
    carried = authors_of(session, sheets)
    return {
        one.id: Told(
            title=_("Vous portez cette fiche : %(title)s", title=sheets[_tail(one)].title),
            text=_("Vous pouvez l’écrire avec les personnes qui la portent déjà."),
            path=_path_of(sheets[_tail(one)]),
        )
        for one in notices
        if (_tail(one), one.member_id) in carried
    }


def tell_tasks(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What awaits the team: two statements."""
    sheets = _sheets(session, notices)
    team = holders_of(session, TEAM)
    found = {}
    for one in notices:
        sheet, task = sheets.get(_tail(one)), Task(one.facts["task"])
        if sheet is None or one.member_id not in team:
            continue
        standing = sheet.revision.state if sheet.revision else sheet.practice.state
        drafter = sheet.revision.drafter_id if sheet.revision else None
        is_taken = task is Task.DRAFT and drafter not in {None, one.member_id}
        found[one.id] = Told(
            title=_TASK_WORDS[task](sheet.title),
            path=_path_of(sheet),
            is_over=is_taken or standing is not _TASK_STATES[task],
        )
    return found


def tell_reviews(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What a reviewer is asked, and by when: two statements."""
    rows = reviews_named(session, {_tail(one) for one in notices})
    sheets = standings(session, {revision.practice_id for _review, revision in rows.values()})
    found = {}
    for one in notices:
        review, revision = rows.get(_tail(one), (None, None))
        if review is None or revision is None or review.reviewer_id != one.member_id:
            continue
        if review.declined_at is not None:
            continue
        sheet, is_over = sheets[revision.practice_id], not is_current(review, revision)
        title = sheet.practice.title if is_over else sheet.title
        found[one.id] = Told(
            title=_("Relecture attendue : %(title)s", title=title)
            if one.facts.get("is_late")
            else _("Relecture demandée : %(title)s", title=title),
            text=_due_words(review),
            path=f"/relectures/{review.public_id}",
            is_over=is_over or not review.is_waited_for,
        )
    return found


def tell_approvals(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What an organisation is asked to approve, for those who sign for it: four statements."""
    rows = approvals_named(session, {_tail(one).partition("/")[0] for one in notices})
    signers = signers_of(
        session, {(revision.practice_id, place.id) for _one, revision, place in rows.values()}
    )
    found = {}
    for one in notices:
        practice_id, _slash, slug = _tail(one).partition("/")
        if (practice_id, slug) not in rows:
            continue
        approval, revision, place = rows[practice_id, slug]
        is_asked = revision.state is PracticeState.APPROVAL
        if not is_asked or one.member_id not in signers[practice_id, place.id]:
            continue
        found[one.id] = Told(
            title=_("Fiche à approuver : %(title)s", title=revision.values.get("title", "")),
            text=_(
                "%(place)s porte cette pratique. Sans réponse dans les 10 jours ouvrables, un "
                "rappel part; un silence ne vaut jamais une approbation.",
                place=place.name,
            ),
            path=f"/approbations-fiches/{practice_id}/{slug}",
            is_over=approval.decided_at is not None,
        )
    return found


KINDS = (
    NoticeKind(
        name=STEP_KIND,
        label=lambda: _("Étapes des fiches que vous portez"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        tell=tell_steps,
        order=14,
    ),
    NoticeKind(
        name=AUTHOR_KIND,
        label=lambda: _("Fiches auxquelles quelqu’un vous ajoute"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        tell=tell_authors,
        order=13,
    ),
    NoticeKind(
        name=TASK_KIND,
        label=lambda: _("Fiches qui attendent l’équipe de courtage ou la coordination"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_tasks,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=22,
    ),
    NoticeKind(
        name=REVIEW_KIND,
        label=lambda: _("Relectures qui vous sont demandées"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        channels=(Channel.DIGEST, Channel.MAIL),
        tell=tell_reviews,
        concerns=lambda viewer: viewer.holds_any(Role.REVIEWER),
        order=23,
    ),
    NoticeKind(
        name=APPROVAL_KIND,
        label=lambda: _("Fiches à approuver au nom de votre organisation"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        channels=(Channel.DIGEST, Channel.MAIL),
        tell=tell_approvals,
        concerns=lambda viewer: viewer.holds_any(Role.SIGNATORY, Role.RESPONDENT),
        order=24,
    ),
)


def _sheets(session: Session, notices: Iterable[Noticed]) -> Mapping[str, Standing]:
    return standings(session, {_tail(one) for one in notices})


def _tail(notice: Noticed) -> str:
    return notice.subject.partition(":")[2]


def _path_of(sheet: Standing) -> str:
    """Where it is worked on; where readers see it, once nobody changes it."""
    if sheet.revision is None and sheet.practice.state in READABLE | TOMBSTONES:
        return f"/pratiques/{sheet.practice.slug}"
    return f"/pratiques/dossiers/{sheet.practice.id}"


def _due_words(review: PracticeReview) -> str:
    return _("À rendre d’ici le %(day)s.", day=format_date(review.due_on))
