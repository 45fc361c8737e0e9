"""`/ma-liste`: documents put aside, shown, printed, shared and exported.

What the browser kept before its owner signed in joins their account at the first visit of the
list or the first press of a button: nothing is lost, and the browser forgets it.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import (
    abort,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.i18n import ngettext
from inters4.core.web.requests import public, safe_next, site, viewer
from inters4.core.web.visits import is_a_visit
from inters4.search.exports.files import FORMATS
from inters4.search.forms.browser import (
    kept_now,
    list_of_browser,
    place_of_browser,
    remember_list,
)
from inters4.search.models import BROWSER_LIMIT, read_keys
from inters4.search.services.keeping import (
    count_kept,
    keep,
    let_go,
    list_title,
    take_over,
    with_kept,
)
from inters4.search.services.lists import make_list
from inters4.search.views.blueprint import bp
from inters4.search.views.files import send_file


@bp.get("/ma-liste")
@public
def kept() -> ResponseReturnValue:
    """The reader's own list, or the one that the address names, to read only."""
    shared = read_keys(request.args.getlist("cle"))
    is_joining = bool(not shared and viewer().is_signed_in and is_a_visit() and list_of_browser())
    if is_joining:
        with writing() as session:
            take_over(session, list_of_browser(), viewer=viewer())
    with reading() as session:
        g.session = session
        response = make_response(_drawn(session, shared))
    response.headers["X-Robots-Tag"] = "noindex"
    if is_joining:
        remember_list(response, ())
    return response


@bp.post("/ma-liste")
@public
def change_kept() -> ResponseReturnValue:
    """Put documents in the list, take them out; answers JSON to the script of the buttons."""
    added = read_keys(request.form.getlist("garder"))
    removed = read_keys(request.form.getlist("retirer"))
    if not added and not removed:
        abort(400)
    count, in_browser = _change(added, removed)
    if request.accept_mimetypes.best == "application/json":
        response = jsonify(title=list_title(count), said=_said(added, removed))
    else:
        flash(_said(added, removed))
        response = make_response(redirect(_way_back(removed), code=303))
    if in_browser is not None:
        remember_list(response, in_browser)
    return response


@bp.get("/ma-liste/documents.<extension>")
@public
def export_kept(extension: str) -> ResponseReturnValue:
    """The reader's own list, or the one that the address names, as a file."""
    if extension not in FORMATS:
        abort(404)
    keys = read_keys(request.args.getlist("cle"))
    if not keys:
        with reading() as session:
            keys = kept_now(session)
    return send_file(extension, keys, name="inters4-liste", viewer=viewer())


def _drawn(session: Session, shared: tuple[str, ...]) -> str:
    """The page of the list shared, or of the reader's own."""
    mine = kept_now(session)
    keys = shared or mine
    cards = make_list(session, keys, viewer=viewer(), place=place_of_browser())
    return render_template(
        "search/list.html",
        cards=cards,
        missing=len(keys) - len(cards),
        is_shared=bool(shared),
        kept=frozenset(mine),
        keys=[card.key for card in cards],
        formats=FORMATS,
        share_url=site() + _shared_address(card.key for card in cards),
        removed=_removed(mine),
        query=_query(shared),
    )


def _change(added: tuple[str, ...], removed: tuple[str, ...]) -> tuple[int, tuple[str, ...] | None]:
    """How many documents are kept afterwards, and what the browser must hold, None as before."""
    who, in_browser = viewer(), list_of_browser()
    if not who.is_signed_in:
        keys = tuple(key for key in in_browser if key not in removed)
        if added:
            with reading() as session:
                keys = with_kept(session, keys, added, viewer=who)
        return len(keys), keys
    with writing() as session:
        if in_browser:
            take_over(session, in_browser, viewer=who)
        if removed:
            let_go(session, removed, viewer=who)
        if added:
            keep(session, added, viewer=who)
        return count_kept(session, viewer=who), () if in_browser else None


def _said(added: tuple[str, ...], removed: tuple[str, ...]) -> str:
    if added:
        return ngettext(
            "Le document est dans votre liste.",
            "Les documents sont dans votre liste.",
            len(added),
        )
    return ngettext(
        "Le document est retiré de votre liste.",
        "Les documents sont retirés de votre liste.",
        len(removed),
    )


def _way_back(removed: tuple[str, ...]) -> str:
    """Where the reader was; the list itself offers to put back what was taken out."""
    own = url_for(".kept")
    target = safe_next(request.form.get("suite"), default=own)
    if target == own and len(removed) == 1:
        return url_for(".kept", retire=removed[0])
    return target


def _removed(mine: tuple[str, ...]) -> str:
    """The document just taken out, when it can be put back."""
    found = read_keys([request.args.get("retire", "")])
    return found[0] if found and found[0] not in mine else ""


def _query(shared: tuple[str, ...]) -> str:
    return "?" + urlencode([("cle", key) for key in shared]) if shared else ""


def _shared_address(keys: Iterable[str]) -> str:
    return url_for(".kept") + "?" + urlencode([("cle", key) for key in keys][:BROWSER_LIMIT])
