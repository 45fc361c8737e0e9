"""What veille tells of summaries: a review asked, where one's own came, one that may be published.

Words are read when a notice is shown or sent, and so are rights: whoever left the team is told
nothing.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.queries.holders import holders_of
from inters4.veille.models import (
    IN_PROGRESS,
    Opinion,
    Summary,
    SummaryCorrection,
    SummaryReview,
    SummaryState,
    SummaryStep,
)
from inters4.veille.queries.writing import Task

REVIEW_KIND = "veille.review"
STEP_KIND = "veille.summary"
PUBLISH_KIND = "veille.publish"
TEAM = (Role.BROKER, Role.COORDINATION)

_STEPS: Mapping[SummaryState, Callable[[str], str]] = {
    SummaryState.DRAFT: lambda title: _("Résumé à retravailler : %(title)s", title=title),
    SummaryState.READY: lambda title: _("Résumé prêt à publier : %(title)s", title=title),
    SummaryState.PUBLISHED: lambda title: _("Résumé publié : %(title)s", title=title),
    SummaryState.CORRECTED: lambda title: _("Résumé corrigé : %(title)s", title=title),
    SummaryState.REPLACED: lambda title: _("Résumé remplacé : %(title)s", title=title),
    SummaryState.RETRACTED: lambda title: _("Résumé rétracté : %(title)s", title=title),
    SummaryState.ARCHIVED: lambda title: _("Résumé archivé : %(title)s", title=title),
}
TOLD = frozenset(_STEPS)
"""States whose arrival is told to those who wrote."""


def about_summary(summary_id: str) -> str:
    """The subject of notices about a summary."""
    return f"resume:{summary_id}"


def about_review(review: SummaryReview) -> str:
    """The subject of notices about a review."""
    return f"relecture-resume:{review.public_id}"


def about_correction(summary_id: str) -> str:
    """The subject of notices about a correction that waits."""
    return f"correction-resume:{summary_id}"


def tell_reviews(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What a colleague is asked to review: two statements."""
    rows = {
        review.public_id: (review, summary)
        for review, summary in session.execute(
            select(SummaryReview, Summary)
            .join(Summary, Summary.id == SummaryReview.summary_id)
            .where(SummaryReview.public_id.in_({_tail(one) for one in notices}))
        )
    }
    team = holders_of(session, TEAM)
    found = {}
    for one in notices:
        review, summary = rows.get(_tail(one), (None, None))
        if review is None or summary is None or one.member_id not in team:
            continue
        if review.reviewer_id == one.member_id:
            found[one.id] = Told(
                title=_("Résumé à relire : %(title)s", title=summary.title),
                text=_("Dites s’il est prêt, ou ce qu’il faut reprendre."),
                path=_path_of(summary),
                is_over=not review.is_waited_for,
            )
    return found


def tell_steps(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Where a summary came, for those who wrote it; a correction given back: three statements."""
    numbers = {one.facts["step"] for one in notices if "step" in one.facts}
    rows = {
        step.id: (step, summary)
        for step, summary in session.execute(
            select(SummaryStep, Summary)
            .join(Summary, Summary.id == SummaryStep.summary_id)
            .where(SummaryStep.id.in_(numbers))
        )
    }
    team = holders_of(session, TEAM)
    found = {}
    for one in notices:
        step, summary = rows.get(one.facts.get("step", 0), (None, None))
        if step is None or summary is None or one.member_id not in team:
            continue
        found[one.id] = Told(
            title=_STEPS[step.after](summary.title),
            text=step.reason,
            path=_path_of(summary),
            is_over=step.after in IN_PROGRESS and step.after is not summary.state,
        )
    return {
        **found,
        **_tell_returned(session, [one for one in notices if _is_correction(one)], team),
    }


def _tell_returned(
    session: Session, notices: Sequence[Noticed], team: Container[int]
) -> Mapping[int, Told]:
    return {
        one.id: Told(
            title=_("Correction à reprendre : %(title)s", title=summary.title),
            text=_("Une personne de l’équipe l’a lue et vous la rend avec ses remarques."),
            path=_follow_path(summary),
            is_over=correction is None or correction.returned_at is None,
        )
        for one, summary, correction in _corrected(session, notices)
        if one.member_id in team
    }


def _corrected(
    session: Session, notices: Sequence[Noticed]
) -> Iterator[tuple[Noticed, Summary, SummaryCorrection | None]]:
    """Notices of corrections with what they are about: one statement, none for no notice."""
    ids = {_tail(one) for one in notices}
    rows: Mapping[str, tuple[Summary, SummaryCorrection | None]] = {}
    if ids:
        found = session.execute(
            select(Summary, SummaryCorrection)
            .outerjoin(SummaryCorrection, SummaryCorrection.summary_id == Summary.id)
            .where(Summary.id.in_(ids))
        )
        rows = {summary.id: (summary, correction) for summary, correction in found}
    for one in notices:
        if _tail(one) in rows:
            yield one, *rows[_tail(one)]


def tell_publishing(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A summary, or a correction, that someone of the team may publish: three statements."""
    rows = {
        row.id: row
        for row in session.scalars(
            select(Summary).where(Summary.id.in_({_tail(one) for one in notices}))
        )
    }
    team = holders_of(session, TEAM)
    summaries = {
        one.id: Told(
            title=_("Résumé à publier : %(title)s", title=rows[_tail(one)].title),
            text=_("Une autre personne que celle qui l’écrit l’a relu et le dit prêt."),
            path=_path_of(rows[_tail(one)]),
            is_over=rows[_tail(one)].state is not SummaryState.READY,
        )
        for one in notices
        if one.member_id in team and _tail(one) in rows and not _is_correction(one)
    }
    corrections = {
        one.id: Told(
            title=_("Correction à lire : %(title)s", title=summary.title),
            text=correction.reason if correction else "",
            path=_follow_path(summary),
            is_over=correction is None or correction.returned_at is not None,
        )
        for one, summary, correction in _corrected(session, list(filter(_is_correction, notices)))
        if one.member_id in team
    }
    return {**summaries, **corrections}


KINDS = (
    NoticeKind(
        name=REVIEW_KIND,
        label=lambda: _("Résumés d’articles qui vous sont donnés à relire"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        channels=(Channel.DIGEST, Channel.MAIL),
        tell=tell_reviews,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=25,
    ),
    NoticeKind(
        name=PUBLISH_KIND,
        label=lambda: _("Résumés d’articles prêts à publier"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.IN_APP,
        tell=tell_publishing,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=26,
    ),
    NoticeKind(
        name=STEP_KIND,
        label=lambda: _("Étapes des résumés d’articles que vous écrivez"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        tell=tell_steps,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=15,
    ),
)


def task_word(task: Task) -> str:
    """What a summary awaits, for « Mon tableau »."""
    return _TASKS[task]()


_TASKS: Mapping[Task, Callable[[], str]] = {
    Task.REVIEW: lambda: _("À relire : on vous le demande"),
    Task.PUBLISH: lambda: _("À publier : relu et dit prêt"),
    Task.CHECK: lambda: _("Correction à lire et à publier"),
    Task.AMEND: lambda: _("Correction à reprendre : on vous la rend"),
    Task.WRITE: lambda: _("À écrire : votre brouillon"),
}


def opinion_word(opinion: Opinion) -> str:
    """« Prêt », « À retravailler »."""
    return _("Prêt à publier") if opinion is Opinion.READY else _("À retravailler")


def _is_correction(notice: Noticed) -> bool:
    return notice.subject.startswith(about_correction(""))


def _tail(notice: Noticed) -> str:
    return notice.subject.partition(":")[2]


def _path_of(summary: Summary) -> str:
    """Where it is worked on; where readers see it, once they do."""
    if summary.state in IN_PROGRESS:
        return _follow_path(summary)
    return f"/veille/resumes/{summary.slug}"


def _follow_path(summary: Summary) -> str:
    return f"/veille/resumes/{summary.slug}/suivi"
