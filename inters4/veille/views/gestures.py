"""What is done to findings, one or many: each gesture is a button, with or without scripts."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from flask import abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.db import writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _, ngettext
from inters4.core.web.requests import request_id, safe_next, signed_in, viewer
from inters4.veille.models import DiscardReason, Finding
from inters4.veille.queries.inbox import team_of
from inters4.veille.services.claiming import assign, claim, release, take_over
from inters4.veille.services.classing import add_label, add_theme, remove_label, remove_theme
from inters4.veille.services.gestures import Gesture, Left, pick, pick_one
from inters4.veille.services.merging import merge, separate
from inters4.veille.services.sorting import discard, keep, put_off, reopen
from inters4.veille.services.undoing import undo
from inters4.veille.services.writing import begin_summary
from inters4.veille.views.blueprint import bp
from inters4.veille.views.inbox import Typed, check_desk, show

_DESK = "/veille/bureau"
_MOST_TOLD = 5
_TYPED = ("lot", "motif", "theme", "personne", "etiquette")


@bp.post("/bureau/gestes")
@signed_in
def make_gesture() -> ResponseReturnValue:
    """Do what the button says to the findings of the form, then go on."""
    check_desk()
    do = _GESTURES.get(request.form.get("geste", "")) or abort(400)
    try:
        with writing() as session:
            picked = pick(session, request.form.getlist("trouvaille"), by=viewer())
            if picked.findings:
                done = do(session, picked.findings, viewer())
                left = [*picked.left, *done.left]
            else:
                left = list(picked.left)
    except DomainError as refusal:
        return _refused(refusal)
    _tell(left)
    return redirect(safe_next(request.form.get("suite"), default=_DESK), code=303)


@bp.post("/bureau/trouvailles/<public_id>/resume")
@signed_in
def tell_finding(public_id: str) -> ResponseReturnValue:
    """Begin its summary and go and write it; the one that is there when somebody has begun it."""
    check_desk()
    try:
        with writing() as session:
            finding = pick_one(session, public_id, by=viewer())
            summary = begin_summary(
                session,
                finding,
                by=viewer(),
                despite=_said("sachant"),
                request_id=request_id(),
            )
            where = ".write" if summary.writer_id == viewer().member_id else ".follow"
            slug, title = summary.slug, summary.title
    except DomainError as refusal:
        if refusal.status not in {400, 409}:
            raise
        flash(refusal.message, "warning")  # the address one was at, not that of the button
        return redirect(safe_next(request.form.get("ici"), default=_DESK), code=303)
    if where == ".follow":
        flash(_("Un résumé raconte déjà cet article : « %(title)s ».", title=title), "warning")
    return redirect(url_for(where, slug=slug), code=303)


@bp.post("/bureau/annulation")
@signed_in
def undo_gesture() -> ResponseReturnValue:
    """Put back what one's own last gesture changed."""
    check_desk()
    try:
        with writing() as session:
            undone = undo(session, request.form.get("geste", ""), by=viewer())
    except DomainError as refusal:
        return _refused(refusal)
    flash(
        ngettext(
            "Geste annulé : la trouvaille est comme avant.",
            "Geste annulé : %(num)s trouvailles sont comme avant.",
            undone.count,
        ),
        "success",
    )
    _tell(undone.left)
    here = safe_next(request.form.get("suite"), default=_DESK)
    if len(undone.findings) == 1:  # where it is now, among what one was looking at
        query = urlsplit(here).query
        here = url_for(".finding", public_id=undone.findings[0]) + (f"?{query}" if query else "")
    return redirect(here, code=303)


def _refused(refusal: DomainError) -> ResponseReturnValue:
    """The page again, where one was, with what happened: nothing is lost."""
    if refusal.status not in {400, 409}:
        raise refusal
    here = safe_next(request.form.get("ici"), default=_DESK)
    status = 422 if refusal.status == 400 else 409
    is_lot = "lot" in request.form
    ticked = request.form.getlist("trouvaille") if is_lot else []
    typed = Typed(
        frozenset(mark.partition(".")[0] for mark in ticked),
        {name: request.form.get(name, "") for name in (_TYPED if is_lot else ("note",))},
    )
    answer = make_response(show(here, told=refusal.message, status=status, typed=typed))
    answer.headers["HX-Push-Url"] = "false"  # the address of the page, not that of the button
    return answer


def _tell(left: Sequence[Left]) -> None:
    """What a gesture on many left as it was."""
    for one in left[:_MOST_TOLD]:
        flash(f"{one.title} : {one.message}", "warning")
    if len(left) > _MOST_TOLD:
        flash(
            ngettext(
                "%(num)s autre trouvaille est restée telle quelle.",
                "%(num)s autres trouvailles sont restées telles quelles.",
                len(left) - _MOST_TOLD,
            ),
            "warning",
        )


def _discard(session: Session, findings: Sequence[Finding], by: Viewer) -> Gesture:
    said = request.form.get("motif", "")
    if said not in set(DiscardReason):
        raise DomainError(_("Choisissez un motif."), about="motif")
    note = request.form.get("note", "")
    return discard(session, findings, by=by, reason=DiscardReason(said), note=note)


def _assign(session: Session, findings: Sequence[Finding], by: Viewer) -> Gesture:
    named = request.form.get("personne", "")
    to_id = next((one.id for one in team_of(session).values() if one.public_id == named), 0)
    return assign(session, findings, to_id=to_id, by=by)


def _said(name: str) -> str:
    return request.form.get(name, "")


_GESTURES: Mapping[str, Callable[[Session, Sequence[Finding], Viewer], Gesture]] = {
    "garder": lambda session, rows, by: keep(session, rows, by=by),
    "ecarter": _discard,
    "plus-tard": lambda session, rows, by: put_off(session, rows, by=by),
    "rouvrir": lambda session, rows, by: reopen(session, rows, by=by),
    "prendre": lambda session, rows, by: claim(session, rows, by=by),
    "reprendre": lambda session, rows, by: take_over(session, rows, by=by),
    "rendre": lambda session, rows, by: release(session, rows, by=by),
    "attribuer": _assign,
    "classer": lambda session, rows, by: add_theme(session, rows, theme=_said("theme"), by=by),
    "declasser": lambda session, rows, by: remove_theme(session, rows, theme=_said("theme"), by=by),
    "etiqueter": lambda session, rows, by: add_label(
        session, rows, label=_said("etiquette"), by=by
    ),
    "desetiqueter": lambda session, rows, by: remove_label(
        session, rows, label=_said("etiquette"), by=by
    ),
    "fusionner": lambda session, rows, by: merge(session, rows[0], by=by),
    "distinguer": lambda session, rows, by: separate(session, rows[0], by=by),
}
