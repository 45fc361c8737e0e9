"""`/veille/resumes/SLUG/corriger`: what readers have is corrected by one person, read by another.

The correction waits on the page of its summary, each field before and after, until somebody who
wrote none of it publishes it or gives it back.
"""

from collections.abc import Callable

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.members.views.asking import ask, is_agreed
from inters4.practices.forms.posted import undecided
from inters4.veille.forms.writing import marks_in
from inters4.veille.models import Lack, Summary
from inters4.veille.queries.writing import find_to_write, waiting_correction
from inters4.veille.services import correcting
from inters4.veille.services.drafting import StaleFields, Typed
from inters4.veille.services.requirements import Incomplete
from inters4.veille.views.blueprint import bp
from inters4.veille.views.disputes import ask_again, conflict_page, given_back, typed_in
from inters4.veille.views.following import page_of
from inters4.veille.views.writing import form_of


@bp.get("/resumes/<slug>/corriger")
@signed_in
def correction(slug: str) -> ResponseReturnValue:
    """The form with what readers have, or with one's own correction that waits."""
    with reading() as session:
        g.session = session
        summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
        if summary.slug != slug:
            return redirect(url_for(".correction", slug=summary.slug), code=301)
        waiting = waiting_correction(session, summary.id)
        if not correcting.may_correct(summary, waiting, by=viewer()):
            flash(_("Ce résumé ne se corrige pas maintenant : voyez où il en est."), "warning")
            return redirect(url_for(".follow", slug=slug), code=303)
        if waiting is None:
            return form_of(session, summary, reason="")
        return form_of(
            session,
            summary,
            typed=waiting.typed,
            marks=waiting.seen,
            reason=waiting.reason,
            over=waiting.stamp,
        )


@bp.post("/resumes/<slug>/corriger")
@signed_in
def save_correction(slug: str) -> ResponseReturnValue:
    """Keep a correction for its second reader; refused, the page comes back with all of it."""
    if undecided(request.form):
        return ask_again(slug, is_correction=True)
    reason = request.form.get("raison", "")
    typed: dict[str, Typed] = {}
    try:
        with writing() as session:
            summary = find_to_write(session, slug, viewer=viewer(), is_locked=True) or abort(404)
            typed = typed_in(session, summary)
            correcting.propose_correction(
                session,
                summary,
                typed,
                seen=marks_in(request.form),
                reason=reason,
                by=viewer(),
                over=request.form.get("corrige", ""),
                request_id=request_id(),
            )
    except StaleFields as refusal:
        return conflict_page(slug, refusal.fields, typed, is_correction=True)
    except Conflict as refusal:
        return given_back(slug, told=refusal.message)
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, Incomplete.status}:
            raise
        wrong = refusal.lacks if isinstance(refusal, Incomplete) else _about(refusal)
        with reading() as session:
            g.session = session
            summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
            body = form_of(
                session,
                summary,
                wrong=wrong,
                typed=typed,
                marks=marks_in(request.form),
                reason=reason,
                over=request.form.get("corrige", ""),
            )
        return body, 422
    flash(_("La correction attend qu’une autre personne la lise et la publie."), "success")
    return redirect(url_for(".follow", slug=slug), code=303)


@bp.post("/resumes/<slug>/correction/publication")
@signed_in
def publish_correction(slug: str) -> ResponseReturnValue:
    """Show readers a correction that somebody else wrote."""

    def act(session: Session, summary: Summary) -> None:
        seen = request.form.get("vue", "")
        correcting.publish_correction(
            session, summary, by=viewer(), seen=seen, request_id=request_id()
        )

    return _decide(slug, act, _("La correction est publiée."), to=".show")


@bp.post("/resumes/<slug>/correction/retour")
@signed_in
def return_correction(slug: str) -> ResponseReturnValue:
    """Give a correction back with remarks."""

    def act(session: Session, summary: Summary) -> None:
        correcting.return_correction(
            session,
            summary,
            comments=request.form.get("commentaires", ""),
            by=viewer(),
            seen=request.form.get("vue", ""),
            request_id=request_id(),
        )

    return _decide(slug, act, _("La correction est rendue à qui l’a écrite, avec vos remarques."))


@bp.post("/resumes/<slug>/correction/retrait")
@signed_in
def drop_correction(slug: str) -> ResponseReturnValue:
    """Give up the correction that waits, once one has said yes: its text is lost."""
    if not is_agreed():
        with reading() as session:
            g.session = session
            summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
            return ask(
                _("Retirer la correction de « %(title)s »?", title=summary.title),
                _("Ce qu’elle changeait n’est gardé nulle part ailleurs."),
                button=_("Retirer la correction"),
                back=url_for(".follow", slug=slug),
            )

    def act(session: Session, summary: Summary) -> None:
        seen = request.form.get("vue", "")
        correcting.drop_correction(
            session, summary, by=viewer(), seen=seen, request_id=request_id()
        )

    return _decide(slug, act, _("La correction est retirée."))


def _decide(
    slug: str, act: Callable[[Session, Summary], None], said: str, *, to: str = ".follow"
) -> ResponseReturnValue:
    try:
        with writing() as session:
            summary = find_to_write(session, slug, viewer=viewer(), is_locked=True) or abort(404)
            act(session, summary)
    except NotFound:
        raise
    except DomainError as refusal:
        status = 422 if refusal.status == DomainError.status else refusal.status
        return page_of(slug, told_first=refusal.message, about=refusal.about, status=status)
    flash(said, "success")
    return redirect(url_for(to, slug=slug), code=303)


def _about(refusal: DomainError) -> tuple[Lack, ...]:
    return (Lack(refusal.about, refusal.message),)
