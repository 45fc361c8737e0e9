"""`/veille/resumes/SLUG/suivi`: where a summary stands, who did what, and what one may decide.

A refusal comes back with the summary as it stands now, and what was typed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.richtext import Profile, render
from inters4.core.values import dataclass
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.veille.exports.summary_notices import opinion_word
from inters4.veille.forms.writing_words import told
from inters4.veille.models import Lack, Opinion, Summary, SummaryReview, SummaryStep
from inters4.veille.queries.alike import told_of_draft
from inters4.veille.queries.writing import (
    find_to_write,
    finding_of,
    people_named,
    reviews_of,
    steps_of,
    waiting_correction,
)
from inters4.veille.services import publishing
from inters4.veille.services.correcting import may_correct
from inters4.veille.services.life import (
    LONGEST_REASON,
    WAYS,
    Move,
    hands_of,
    may_move,
    may_write,
)
from inters4.veille.services.requirements import Incomplete, lacks_of
from inters4.veille.services.reviewing import (
    ask_review,
    candidates,
    give_opinion,
    take_back,
    tidy_comments,
)
from inters4.veille.views.blueprint import bp
from inters4.veille.views.proposed import proposed
from inters4.veille.views.wording import step_word
from inters4.vocabulary.queries import vocabulary

ADDRESSES: Mapping[str, Move] = {
    "relecture": Move.ASK,
    "pret": Move.APPROVE,
    "a-retravailler": Move.REWORK,
    "reprise": Move.TAKE_BACK,
    "publication": Move.PUBLISH,
    "remplacement": Move.REPLACE,
    "retractation": Move.RETRACT,
    "archivage": Move.ARCHIVE,
    "abandon": Move.ABANDON,
}
"""The move that each button makes; a correction has a page of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page tells it: what was done, who did, when, and what they said."""

    what: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """A review as the page tells it; `opinion` is empty while it is waited for."""

    who: str
    asked_at: datetime
    opinion: str
    answered_at: datetime | None
    comments: Markup
    is_withdrawn: bool


@bp.get("/resumes/<slug>/suivi")
@signed_in
def follow(slug: str) -> ResponseReturnValue:
    """Where the summary stands, for the team."""
    return page_of(slug)


@bp.post("/resumes/<slug>/suivi/<which>")
@signed_in
def decide(slug: str, which: str) -> ResponseReturnValue:
    """Make a move; pressed twice, it is made once."""
    move = ADDRESSES.get(which) or abort(404)
    try:
        with writing() as session:
            summary = find_to_write(session, slug, viewer=viewer(), is_locked=True) or abort(404)
            if not _is_done(session, summary, move):
                _MOVES[move](session, summary)
            slug, is_shown = summary.slug, move is Move.PUBLISH
    except Incomplete as refusal:
        return page_of(slug, told_first=refusal.message, status=422)
    except NotAllowed:
        raise
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, Conflict.status}:
            raise
        status = 409 if isinstance(refusal, Conflict) else 422
        return page_of(slug, told_first=refusal.message, about=refusal.about, status=status)
    flash(_SAID[move](), "success")
    return redirect(url_for(".show" if is_shown else ".follow", slug=slug), code=303)


def _is_done(session: Session, summary: Summary, move: Move) -> bool:
    """True when the same person just made that move, with the same words."""
    if summary.state is not WAYS[move].target:
        return False
    last = next(iter(steps_of(session, summary.id)), None)
    if last is None or last.by_id != viewer().member_id or last.before not in WAYS[move].sources:
        return False
    if move in {Move.APPROVE, Move.REWORK, Move.TAKE_BACK}:
        review = next(iter(reviews_of(session, summary.id)), None)
        said = review.opinion if review else None
        is_same = review is None or review.comments == tidy_comments(_typed("commentaires"))
        return (
            said is not Opinion.REWORK if move is Move.TAKE_BACK else said is not None and is_same
        )
    return last.reason == " ".join(_typed("raison").split())


def _typed(name: str) -> str:
    return request.form.get(name, "")


def _ask(session: Session, summary: Summary) -> None:
    chosen = _typed("personne")
    found = {one.public_id: one.id for one in candidates(session, summary)}
    ask_review(session, summary, found.get(chosen, 0), by=viewer(), request_id=request_id())


def _opinion(opinion: Opinion) -> Callable[[Session, Summary], None]:
    def give(session: Session, summary: Summary) -> None:
        comments = _typed("commentaires")
        give_opinion(
            session, summary, opinion, comments=comments, by=viewer(), request_id=request_id()
        )

    return give


def _with_reason(act: Callable[..., None]) -> Callable[[Session, Summary], None]:
    def make(session: Session, summary: Summary) -> None:
        reason = _typed("raison")
        act(session, summary, reason=reason, by=viewer(), request_id=request_id())

    return make


def _replace(session: Session, summary: Summary) -> None:
    publishing.replace(
        session,
        summary,
        _typed("remplacant"),
        reason=_typed("raison"),
        by=viewer(),
        request_id=request_id(),
    )


def _plain(act: Callable[..., None]) -> Callable[[Session, Summary], None]:
    def make(session: Session, summary: Summary) -> None:
        act(session, summary, by=viewer(), request_id=request_id())

    return make


_MOVES: Mapping[Move, Callable[[Session, Summary], None]] = {
    Move.ASK: _ask,
    Move.APPROVE: _opinion(Opinion.READY),
    Move.REWORK: _opinion(Opinion.REWORK),
    Move.TAKE_BACK: _plain(take_back),
    Move.PUBLISH: _plain(publishing.publish),
    Move.REPLACE: _replace,
    Move.RETRACT: _with_reason(publishing.retract),
    Move.ARCHIVE: _with_reason(publishing.archive),
    Move.ABANDON: _with_reason(publishing.abandon),
}
_SAID: Mapping[Move, Callable[[], str]] = {
    Move.ASK: lambda: _("La relecture est demandée."),
    Move.APPROVE: lambda: _("Merci : le résumé est prêt à publier."),
    Move.REWORK: lambda: _("Vos remarques sont envoyées à qui l’écrit."),
    Move.TAKE_BACK: lambda: _("Le résumé est repris : vous pouvez l’écrire."),
    Move.PUBLISH: lambda: _("Le résumé est publié."),
    Move.REPLACE: lambda: _("Le résumé est remplacé : les lecteurs sont menés à l’autre."),
    Move.RETRACT: lambda: _("Le résumé est rétracté : les lecteurs en lisent la raison."),
    Move.ARCHIVE: lambda: _("Le résumé est archivé."),
    Move.ABANDON: lambda: _("Le brouillon est abandonné."),
}


def page_of(
    slug: str, *, told_first: str = "", about: str = "", status: int = 200
) -> ResponseReturnValue:
    """Where the summary stands; what was refused is told first."""
    with reading() as session:
        g.session = session
        summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
        if summary.slug != slug and request.method == "GET":
            return redirect(url_for(".follow", slug=summary.slug), code=301)
        hands = hands_of(session, summary)
        steps, reviews = steps_of(session, summary.id), reviews_of(session, summary.id)
        names = _names(session, summary, steps, reviews)
        waiting = waiting_correction(session, summary.id) if summary.is_readable else None
        asked = ADDRESSES.get((request.view_args or {}).get("which", ""))
        may = {move for move in Move if may_move(summary, move, by=viewer(), hands=hands)}
        lacks: Sequence[Lack] = lacks_of(summary) if summary.is_draft else ()
        body = render_template(
            "veille/writing/follow.html",
            summary=summary,
            words=vocabulary(session),
            moves=Move,
            may=may,
            may_write=may_write(summary, by=viewer()),
            lacks=[(lack.field, told(lack)) for lack in lacks],
            may_correct=may_correct(summary, waiting, by=viewer()),
            correction=proposed(session, summary, waiting) if waiting else None,
            colleagues=[
                (one.public_id, one.name)
                for one in (candidates(session, summary) if Move.ASK in may else ())
            ],
            waited=names.get(hands.reviewer or 0, ""),
            roles=_roles(summary, names),
            steps=[
                Step(step_word(one), names.get(one.by_id or 0, ""), one.at, one.reason)
                for one in steps
            ],
            reviews=[_review(one, names) for one in reviews],
            told=told_of_draft(session, summary) if summary.is_draft else None,
            finding=finding_of(session, summary.id),
            longest_reason=LONGEST_REASON,
            told_first=told_first,
            about=about,
            unsent=_typed("commentaires") or _typed("raison") if asked not in may else "",
            typed=request.form,
        )
    return body, status


def _names(
    session: Session,
    summary: Summary,
    steps: Sequence[SummaryStep],
    reviews: Sequence[SummaryReview],
) -> Mapping[int, str]:
    ids = [summary.writer_id, summary.reviewer_id, summary.publisher_id]
    ids += [one.by_id for one in steps] + [one.reviewer_id for one in reviews]
    return {number: person.name for number, person in people_named(session, ids).items()}


def _roles(summary: Summary, names: Mapping[int, str]) -> list[tuple[str, str, datetime | None]]:
    """Who did what, and when."""
    found = (
        (_("Écrit par"), summary.writer_id, None),
        (_("Relu par"), summary.reviewer_id, summary.reviewed_at),
        (_("Publié par"), summary.publisher_id, summary.published_at),
    )
    return [(what, names[who], when) for what, who, when in found if who and who in names]


def _review(review: SummaryReview, names: Mapping[int, str]) -> Review:
    return Review(
        who=names.get(review.reviewer_id or 0, ""),
        asked_at=review.asked_at,
        opinion=opinion_word(review.opinion) if review.opinion else "",
        answered_at=review.answered_at,
        comments=render(review.comments, profile=Profile.POST).html,
        is_withdrawn=review.withdrawn_at is not None,
    )
