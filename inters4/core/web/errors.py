"""Pages that say what happened, what was kept and what to do. Never a bare 500."""

import errno

import structlog
from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from inters4.core import audit
from inters4.core.db import writing
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.trouble import Trouble, is_away, is_busy, trouble_of
from inters4.core.web import typed
from inters4.core.web.explanations import describe, explain, wait_told
from inters4.core.web.requests import came_from, forget_viewer, request_id, viewer

log = structlog.get_logger(__name__)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
_RETRY_SECONDS = 10
_PASSES = frozenset({429, 500, 503})


def page(
    code: int,
    *,
    title: str = "",
    explanation: str = "",
    advice: str = "",
    retry_after: int | None = None,
    theirs: str = "",
    mine: str = "",
    resend: list[tuple[str, str]] | None = None,
    more: Markup | None = None,
    reopened: str = "",
) -> ResponseReturnValue:
    """Answer with the page of `code`; a failure while drawing it falls back to a bare page.

    `more` stands below what is to be done, where to go from there for instance. With `resend`, a
    form sends the same again; files that came have to be chosen again, and the page says so. What
    passes is sent again by a button; the words that were written are shown, below any refusal.
    """
    usual_title, happened, usual_advice = describe(code)
    title = title or usual_title
    if code in _PASSES and resend is None:
        resend = typed.to_send_later()
    if code in _PASSES or not resend:
        mine = mine or typed.written()
    facts = {
        "code": code,
        "title": title,
        "explanation": explanation or happened,
        "what_to_do": advice or usual_advice,
        "request_id": request_id(),
        "wait": wait_told(retry_after) if retry_after else "",
        "theirs": theirs,
        "mine": mine,
        "resend": resend,
        "chosen_again": typed.chosen_files() if resend else [],
        "token": typed.token() if resend else "",
        "more": more,
        "reopened": reopened,
    }
    headers = {"Cache-Control": "no-store"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    if _wants_json():
        return (
            {"error": title, "detail": facts["explanation"], "request_id": request_id()},
            (code),
            headers,
        )
    is_bare = code in {500, 503}
    if is_bare:
        forget_viewer()
    template = "errors/bare.html" if is_bare else "errors/error.html"
    try:
        body = render_template(template, **facts)
    except Exception:  # the last net: an error page must not fail
        log.exception("error_page_failed")
        forget_viewer()
        body = render_template("errors/bare.html", **facts)
    return body, code, headers


def install(app: Flask) -> None:
    """Answer every refusal and every failure with a page."""
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(StaleDataError, _on_stale)
    app.register_error_handler(DBAPIError, _on_database_error)
    app.register_error_handler(OSError, _on_system_error)
    app.register_error_handler(Exception, _on_crash)


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _on_domain_error(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, NotAllowed):
        _note_refusal()
    retry = getattr(error, "retry_after", None)
    if isinstance(error, Conflict):
        if not (error.theirs or error.mine):
            return overtaken(error.message)
        return page(409, explanation=error.message, theirs=error.theirs, mine=error.mine)
    return page(error.status, explanation=error.message, retry_after=retry)


def overtaken(message: str) -> ResponseReturnValue:
    """No text stands against another: things moved on, and the page they came from says where."""
    return page(
        409,
        title=_("Les choses ont changé entre-temps"),
        explanation=message,
        advice=_("Rouvrez la page : elle montre ce qui peut se faire maintenant."),
        reopened=came_from(),
    )


def _on_csrf_error(error: CSRFError) -> ResponseReturnValue:
    """Keep what was typed: the page offers to send the same form again, from this portal only."""
    log.info("csrf_refused", reason=error.description)
    kept = typed.to_resend()
    return page(
        400,
        title=_("Ce formulaire n’est plus valide"),
        explanation=_("Le formulaire est resté ouvert trop longtemps, ou la session a changé."),
        advice=_("Rien n’est perdu : envoyez-le de nouveau avec le bouton ci-dessous.")
        if kept
        else _("Revenez à la page précédente, rechargez-la, puis envoyez-le de nouveau."),
        resend=kept,
    )


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400 or (error.response is not None and code in {301, 302, 303, 307, 308}):
        return error
    if code == 403:
        _note_refusal()
    if code == 401:
        kept = typed.to_resend()
        away = "" if kept else _("Connectez-vous, puis revenez à la page et reprenez votre envoi.")
        return page(401, advice=away, resend=kept)
    if code == 429:
        return page(429, retry_after=60)
    if isinstance(error, RequestEntityTooLarge):
        limit = request.max_content_length or 0
        is_too_long = request.content_length is None or request.content_length >= limit
        told = _("La limite est de %(size)s Mo.", size=limit // 1_000_000) if is_too_long else ""
        return page(413, explanation=told)  # or too many fields, or one too long
    answer = current_app.make_response(page(code))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _on_stale(_error: StaleDataError) -> ResponseReturnValue:
    texts = [value for name, value in typed.typed() or [] if name != "version"]
    return page(
        409,
        explanation=_("Rien n’a été écrasé : ce que vous aviez écrit est gardé ci-dessous."),
        mine="\n\n".join(texts),
    )


def _on_database_error(error: DBAPIError) -> ResponseReturnValue:
    if is_busy(error):
        log.warning("database_busy")
        return page(503, retry_after=2)
    if isinstance(error, IntegrityError):
        log.warning("constraint_refused", exc_info=error)
        return overtaken(_("Quelqu’un vient d’enregistrer la même chose; rien n’a été écrasé."))
    if is_away(error):
        return _away(trouble_of(error), error)
    log.error("database_error", exc_info=error)
    return page(500)


def _on_system_error(error: OSError) -> ResponseReturnValue:
    """A full disk is no defect: say so, and that what was written before is safe."""
    if error.errno not in _NO_ROOM:
        return _on_crash(error)
    return _away(Trouble.FULL, error)


def _away(trouble: Trouble, error: Exception) -> ResponseReturnValue:
    log.error("database_away", trouble=trouble, reason=str(getattr(error, "orig", error)))
    return page(
        503,
        explanation=explain(trouble),
        advice=_("Si cela dure, dites-le à l’équipe de courtage."),
        retry_after=_RETRY_SECONDS,
    )


def _on_crash(error: Exception) -> ResponseReturnValue:
    log.error("request_failed", exc_info=error)
    return page(500)


def _note_refusal() -> None:
    """Write the refusal in a transaction of its own: the view's was rolled back.

    Pages whose address says what few may know say `g.place_told` instead: the journal is read by
    those who administer, and keeps it.
    """
    present = viewer()
    if not present.is_signed_in:
        return
    try:
        with writing() as session:
            audit.record(
                session,
                "access.refused",
                by=present,
                subject=g.get("place_told") or request.path,
                request_id=request_id(),
                method=request.method,
            )
    except DBAPIError:
        log.warning("refusal_not_recorded", exc_info=True)
