"""Moving a term under another, and taking one out: what is concerned is shown before the button."""

from collections.abc import Collection

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.core.web.requests import requires, viewer
from inters4.vocabulary.models import OPEN_SCHEMES, Term
from inters4.vocabulary.queries import lock_vocabulary, options_of, vocabulary
from inters4.vocabulary.queries.rows import load_term, terms_below
from inters4.vocabulary.services.editing import Misfilled, borne, move_term, retire_term
from inters4.vocabulary.views.blueprint import STAFF, bp
from inters4.vocabulary.views.wording import SCHEMES


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why nothing was done, and what was chosen."""

    errors: dict[str, str]
    conflict: str
    chosen: str
    status: int


@bp.get("/<scheme>/<identifier>/deplacement")
@requires(*STAFF)
def place(scheme: str, identifier: str) -> ResponseReturnValue:
    """Where it could stand, and what bears it or what lies below."""
    return _place_page(scheme, identifier)


@bp.post("/<scheme>/<identifier>/deplacement")
@requires(*STAFF)
def move(scheme: str, identifier: str) -> ResponseReturnValue:
    """Move it with all that lies below; what bears them follows."""
    under = request.form.get("sous", "")
    try:
        with writing() as session:
            found = _load(session, scheme, identifier)
            move_term(session, found, under=under, version=_version(), by=viewer())
            moved, name = found.id, found.fr
    except (Misfilled, Conflict) as refusal:
        return _place_page(scheme, identifier, refused=_refused(refusal, under))
    flash(_("« %(name)s » est déplacé; ce qui le portait suit.", name=name), "success")
    return redirect(url_for(".term", scheme=scheme, identifier=moved), code=303)


@bp.get("/<scheme>/<identifier>/retrait")
@requires(*STAFF)
def retirement(scheme: str, identifier: str) -> ResponseReturnValue:
    """What bears it, and which term could take its place."""
    return _retirement_page(scheme, identifier)


@bp.post("/<scheme>/<identifier>/retrait")
@requires(*STAFF)
def retire(scheme: str, identifier: str) -> ResponseReturnValue:
    """Take it out; what bore it bears the chosen one."""
    into = request.form.get("vers", "")
    try:
        with writing() as session:
            found = _load(session, scheme, identifier)
            name = found.fr
            carried = retire_term(session, found, into=into, version=_version(), by=viewer())
            heir = load_term(session, scheme, into) if into else None
            to = heir.fr if heir else ""
    except (Misfilled, Conflict) as refusal:
        return _retirement_page(scheme, identifier, refused=_refused(refusal, into))
    if not into:
        flash(_("« %(name)s » est retiré du vocabulaire.", name=name), "success")
    elif carried:
        told = ", ".join(one.words for one in carried)
        flash(
            _(
                "« %(name)s » est fusionné : « %(to)s » porte maintenant aussi %(carried)s.",
                name=name,
                to=to,
                carried=told,
            ),
            "success",
        )
    else:
        flash(_("« %(name)s » est fusionné avec « %(to)s ».", name=name, to=to), "success")
    if into:
        return redirect(url_for(".term", scheme=scheme, identifier=into), code=303)
    return redirect(url_for(".index", liste=scheme), code=303)


def _load(session: Session, scheme: str, identifier: str) -> Term:
    lock_vocabulary(session, ())
    found = load_term(session, scheme, identifier)
    if found is None or scheme not in OPEN_SCHEMES:
        abort(404)
    return found


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _refused(refusal: Misfilled | Conflict, chosen: str) -> _Refused:
    if isinstance(refusal, Misfilled):
        return _Refused(dict(refusal.errors), "", chosen, refusal.status)
    return _Refused({}, refusal.message, chosen, refusal.status)


def _place_page(
    scheme: str, identifier: str, *, refused: _Refused | None = None
) -> ResponseReturnValue:
    return _page("vocabulary/term_place.html", scheme, identifier, refused, with_below=True)


def _retirement_page(
    scheme: str, identifier: str, *, refused: _Refused | None = None
) -> ResponseReturnValue:
    return _page("vocabulary/term_retirement.html", scheme, identifier, refused, with_below=False)


def _page(
    template: str, scheme: str, identifier: str, refused: _Refused | None, *, with_below: bool
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found = load_term(session, scheme, identifier)
        words = vocabulary(session)
        if scheme not in OPEN_SCHEMES:
            abort(404)
        if found is None:
            present = words.present(scheme, identifier) or abort(404)
            return redirect(url_for(".term", scheme=scheme, identifier=present), code=303)
        below = terms_below(session, scheme, identifier)
        without = {identifier, *(row.id for row in below)}
        concerned: Collection[str] = without if with_below else {identifier}
        body = render_template(
            template,
            term=found,
            title=SCHEMES[scheme],
            below=below,
            borne=borne(session, scheme, concerned),
            options=[
                (value, text)
                for value, text in options_of(words.tree(scheme), words.ids(scheme))
                if value not in without
            ],
            present=identifier.rpartition(".")[0],
            refused=refused,
        )
    return body, refused.status if refused else 200
