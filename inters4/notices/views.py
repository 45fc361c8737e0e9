"""`/avis` and `/compte/preferences`; links that mark as read, and links that refuse mails.

A link of the list or of a mail goes through `/avis/ID`, which leads to the page and notes, after
the answer, that the person went there: a mark, never for a mere look ahead.
"""

from functools import partial

import structlog
from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_limiter import ExemptionScope
from sqlalchemy.exc import DBAPIError

from inters4.core.db import reading, writing
from inters4.core.hooks import hooks
from inters4.core.i18n import LANGUAGES, _, current_locale
from inters4.core.notices import NoticeKind
from inters4.core.web.requests import public, request_id, safe_next, signed_in, viewer
from inters4.core.web.visits import is_a_visit
from inters4.members.exports.words import NEWSLETTER_WORDS, place_label
from inters4.members.queries.consents import newsletter_consent
from inters4.members.services.consents import choose_newsletter
from inters4.members.services.profiles import set_locale_of
from inters4.notices import forms
from inters4.notices.exports.links import read_token
from inters4.notices.models import channel_for
from inters4.notices.queries.choices import choices_of, settings_of
from inters4.notices.queries.told import find_notice, list_notices, words_of
from inters4.notices.services.choosing import Refused, refuse_mail, save_wishes
from inters4.notices.services.reading import mark_all_read, mark_read

log = structlog.get_logger(__name__)
bp = Blueprint("notices", __name__)


def install(app: Flask) -> None:
    """Called once.

    Mail programs refuse mails without a token of ours (RFC 8058), for many people at once and from
    few addresses: the signature of the link is what is checked, before any row is read.
    """
    app.extensions["csrf"].exempt(unsubscribe)
    for limiter in app.extensions["limiter"]:
        limiter.exempt(unsubscribe, flags=ExemptionScope.APPLICATION)
    app.register_blueprint(bp)


@bp.get("/avis")
@signed_in
def index() -> ResponseReturnValue:
    """What the person was told: unread first."""
    typed = request.args.get("page", "1")
    number = int(typed) if typed.isdigit() and len(typed) < 7 else 1
    with reading() as session:
        g.session = session
        page = list_notices(session, viewer().member_id or 0, page=number)
        return render_template(
            "notices/index.html",
            page=page,
            words=words_of(session, page.rows),
            kinds_by_name=hooks.notice_kinds,
            newest=max(page.rows, key=lambda one: one.id).public_id if page.rows else "",
        )


@bp.get("/avis/<public_id>")
@signed_in
def follow(public_id: str) -> ResponseReturnValue:
    """Lead to what the notice is about; it is read from then on."""
    with reading() as session:
        notice = find_notice(session, public_id, member_id=viewer().member_id or 0) or abort(404)
        told = words_of(session, [notice]).get(notice.id)
    if told is None:
        flash(_("Ce dont parlait cet avis a été retiré, ou ne vous est plus ouvert."))
    target = safe_next(told.path if told else None, default=url_for(".index"))
    response = make_response(redirect(target, code=303))
    if notice.read_at is None and is_a_visit():
        response.call_on_close(partial(_note_read, public_id, notice.member_id))
    return response


@bp.post("/avis/<public_id>/lu")
@signed_in
def mark(public_id: str) -> ResponseReturnValue:
    """Read, without going there."""
    with writing() as session:
        notice = find_notice(session, public_id, member_id=viewer().member_id or 0) or abort(404)
        mark_read(session, notice)
    return redirect(url_for(".index"), code=303)


@bp.post("/avis/lus")
@signed_in
def mark_all() -> ResponseReturnValue:
    """Everything read, up to the newest that the page showed."""
    with writing() as session:
        mark_all_read(session, viewer().member_id or 0, until=request.form.get("jusqua", ""))
    flash(_("Tous les avis sont marqués comme lus."), "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/compte/preferences")
@signed_in
def preferences() -> ResponseReturnValue:
    """Language, and how one wants to be told."""
    number = viewer().member_id or 0
    with reading() as session:
        g.session = session
        held = settings_of(session, number)
        chosen = choices_of(session, number)
        kinds = sorted(
            (kind for kind in hooks.notice_kinds.values() if kind.concerns(viewer())),
            key=lambda kind: (kind.order, kind.name),
        )
        return render_template(
            "notices/preferences.html",
            held=held,
            groups=_grouped(kinds),
            chosen={
                kind.name: chosen[kind.name]
                if chosen.get(kind.name) in kind.channels
                else kind.channel
                for kind in kinds
            },
            forms=forms,
            newsletter=newsletter_consent(session, number),
            newsletter_words=NEWSLETTER_WORDS,
            place_label=place_label,
            effective={kind.name: channel_for(kind, held, chosen.get(kind.name)) for kind in kinds},
            spoken=[(code, LANGUAGES[code]) for code in current_app.config["SETTINGS"].languages],
        )


@bp.post("/compte/preferences")
@signed_in
def save_preferences() -> ResponseReturnValue:
    """Keep them all."""
    present = viewer()
    number = present.member_id or 0
    language = request.form.get("langue", "")
    is_offered = language in LANGUAGES and language in current_app.config["SETTINGS"].languages
    with writing() as session:
        wishes = forms.read_wishes(request.form, held=settings_of(session, number))
        save_wishes(session, number, wishes)
        if is_offered:
            set_locale_of(session, language, by=present)
    flash(_("Vos préférences sont enregistrées."), "success")
    changed = language if is_offered and language != current_locale() else None
    return redirect(url_for(".preferences", lang=changed), code=303)


@bp.post("/compte/preferences/infolettre")
@signed_in
def save_newsletter() -> ResponseReturnValue:
    """Agree to the infolettre or take it back; each is a row of the journal of consents."""
    is_wanted = request.form.get("geste") == "accepter"
    with writing() as session:
        choose_newsletter(
            session,
            is_wanted=is_wanted,
            text=str(NEWSLETTER_WORDS),
            by=viewer(),
            source=url_for(".preferences"),
        )
    if is_wanted:
        flash(_("Vous recevrez le prochain numéro de l’infolettre."), "success")
    else:
        flash(_("Votre consentement à l’infolettre est retiré."), "success")
    return redirect(url_for(".preferences", _anchor="infolettre"), code=303)


@bp.route("/avis/desabonnement/<token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """A page with a button; the POST acts, signed in or not, once or many times."""
    refusal, outcome = read_token(token), None
    if refusal is not None and request.method == "POST":
        with writing() as session:
            outcome = refuse_mail(session, refusal, request_id=request_id())
    is_dead = refusal is None or outcome is Refused.NOBODY
    response = make_response(
        render_template(
            "notices/unsubscribe.html",
            kind=refusal.kind if refusal else None,
            is_done=outcome is Refused.DONE,
            is_stale=outcome is Refused.STALE,
            is_dead=is_dead,
        ),
        404 if is_dead else 410 if outcome is Refused.STALE else 200,
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return response


def _grouped(kinds: list[NoticeKind]) -> list[tuple[str, list[NoticeKind]]]:
    found: dict[str, list[NoticeKind]] = {}
    for kind in kinds:
        found.setdefault(kind.group(), []).append(kind)
    return list(found.items())


def _note_read(public_id: str, member_id: int) -> None:
    try:
        with writing() as session:
            notice = find_notice(session, public_id, member_id=member_id)
            if notice is not None:
                mark_read(session, notice)
    except DBAPIError:
        log.warning("reading_not_noted", exc_info=True)
