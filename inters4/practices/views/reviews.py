"""`/relectures/ID`: a reviewer reads the sheet, rates it and says why; nobody else opens it.

Nothing here names the other reviewer; whoever settles a gap reads both reviews, without a name.
"""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.practices.forms.reviews import ReviewForm, ratings
from inters4.practices.models import PracticeReview, PracticeRevision
from inters4.practices.queries.reviewers import find_review, is_current, lock_revision
from inters4.practices.queries.revisions import reviews_shown_to
from inters4.practices.services.naming import decline_review
from inters4.practices.services.requirements import Lack
from inters4.practices.services.reviewing import (
    LONGEST_JUSTIFICATION,
    Overtaken,
    Unfinished,
    mark_of_review,
    save_review,
    submit_review,
)
from inters4.practices.views.panel import as_asked
from inters4.practices.views.preview import preview_parts
from inters4.vocabulary.queries import vocabulary

bp = Blueprint("practice_reviews", __name__, url_prefix="/relectures")


@bp.get("/<public_id>")
@signed_in
def show(public_id: str) -> ResponseReturnValue:
    """The sheet as readers will see it, beside the form with what is kept of it."""
    return _page(public_id)


@bp.post("/<public_id>")
@signed_in
def send(public_id: str) -> ResponseReturnValue:
    """Keep the review, then send it; sent twice by the same button, it is sent once."""
    try:
        with writing() as session:
            review, revision = _load(session, public_id)
            if review.submitted_at is None:
                submit_review(
                    session,
                    review,
                    revision,
                    by=viewer(),
                    written=ReviewForm().written,
                    seen=request.form.get("vu", ""),
                    request_id=request_id(),
                )
    except Unfinished as refusal:
        return _page(public_id, lacks=refusal.lacks, typed=True, status=422)
    except Overtaken as refusal:
        return _page(public_id, told=refusal.message, typed=True, status=409)
    except Conflict as refusal:
        return _page(public_id, told=refusal.message, status=409)
    except DomainError as refusal:
        if refusal.status != 400:
            raise
        lack = Lack("comments", refusal.message)
        return _page(public_id, lacks=(lack,), typed=True, status=422)
    flash(_("Votre relecture est rendue. Merci."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@bp.post("/<public_id>/brouillon")
@signed_in
def keep(public_id: str) -> ResponseReturnValue:
    """Keep what is typed so far: by the button, or by the page itself while one writes."""
    is_alone = request.headers.get("Accept") == "application/json"
    seen = request.form.get("vu", "")
    try:
        with writing() as session:
            review, revision = _load(session, public_id)
            written = ReviewForm().written
            save_review(session, review, revision, by=viewer(), written=written, seen=seen)
            mark = mark_of_review(review)
    except Overtaken as refusal:
        if is_alone:
            return "", 409
        return _page(public_id, told=refusal.message, typed=True, status=409)
    if is_alone:
        return "", 204, {"Vu": mark}
    flash(_("Votre brouillon est gardé; personne d’autre ne le voit."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@bp.post("/<public_id>/empechement")
@signed_in
def decline(public_id: str) -> ResponseReturnValue:
    """« Je ne peux pas »: somebody else will be asked."""
    try:
        with writing() as session:
            review, revision = _load(session, public_id)
            if review.declined_at is None:
                decline_review(
                    session,
                    review,
                    revision,
                    by=viewer(),
                    reason=request.form.get("raison", ""),
                    request_id=request_id(),
                )
    except Conflict as refusal:
        return _page(public_id, told=refusal.message, status=409)
    except DomainError as refusal:
        if refusal.status != 400:
            raise
        return _page(public_id, cannot=refusal.message, status=422)
    flash(_("C’est noté : la coordination demandera à quelqu’un d’autre."), "success")
    return redirect(url_for("members.account"), code=303)


def _load(session: Session, public_id: str) -> tuple[PracticeReview, PracticeRevision]:
    """The viewer's own review, with its revision locked: two may be sent at once."""
    found = find_review(session, public_id, member_id=viewer().member_id) or abort(404)
    revision = lock_revision(session, found[1].id)
    session.refresh(found[0])
    return found[0], revision


def _page(
    public_id: str,
    *,
    lacks: tuple[Lack, ...] = (),
    told: str = "",
    cannot: str = "",
    typed: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = find_review(session, public_id, member_id=viewer().member_id) or abort(404)
        review, revision = found
        is_open = review.is_waited_for and is_current(review, revision)
        words = vocabulary(session)
        form = ReviewForm.of(review, words, typed=typed)
        form.refuse(lacks)
        others = reviews_shown_to(session, revision, viewer=viewer()) if is_open else ()
        body = render_template(
            "practices/reviews/review.html",
            review=review,
            revision=revision,
            own=as_asked(review),
            title=(is_open and revision.values.get("title")) or revision.practice.title,
            is_open=is_open,
            form=form,
            seen=mark_of_review(review),
            is_overtaken=typed and bool(told),
            lacks=lacks,
            told=told,
            cannot=cannot,
            typed_reason=request.form.get("raison", ""),
            others=[as_asked(one) for one in others if one is not review],
            parts=preview_parts(session, revision) if is_open else None,
            words=words,
            meanings=[
                [words.find(scheme, value) for value, _label in ratings(words, scheme)]
                for scheme in ("maturity", "evidence_strength")
            ],
            limit=LONGEST_JUSTIFICATION,
        )
    return body, status
