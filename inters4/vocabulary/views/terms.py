"""`/admin/vocabulaire/LISTE/TERME`: what a term is called, and adding one."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.web.requests import requires, viewer
from inters4.vocabulary.models import OPEN_SCHEMES
from inters4.vocabulary.queries import lock_vocabulary, options_of, vocabulary
from inters4.vocabulary.queries.rows import load_term, terms_below
from inters4.vocabulary.services.editing import (
    LONGEST,
    Misfilled,
    Said,
    add_term,
    borne,
    change_term,
)
from inters4.vocabulary.views.blueprint import STAFF, bp
from inters4.vocabulary.views.wording import SCHEMES


@bp.get("/ajouter")
@requires(*STAFF)
def new_term() -> ResponseReturnValue:
    """The empty form."""
    return _new_page(request.args.get("liste", ""), Said(""), request.args.get("sous", ""))


@bp.post("/ajouter")
@requires(*STAFF)
def create_term() -> ResponseReturnValue:
    """Keep it; what was typed stays when it cannot be kept."""
    scheme, said, under = request.form.get("liste", ""), _said(), request.form.get("sous", "")
    if scheme not in OPEN_SCHEMES:
        abort(404)
    try:
        with writing() as session:
            lock_vocabulary(session, ())
            identifier = add_term(session, scheme, said, under=under, by=viewer()).id
    except Misfilled as refusal:
        return _new_page(scheme, said, under, refusal=refusal)
    flash(_("« %(name)s » est ajouté.", name=said.fr), "success")
    return redirect(url_for(".term", scheme=scheme, identifier=identifier), code=303)


@bp.get("/<scheme>/<identifier>")
@requires(*STAFF)
def term(scheme: str, identifier: str) -> ResponseReturnValue:
    """The form of one term, what bears it, and what else can be done to it."""
    return _page(scheme, identifier)


@bp.post("/<scheme>/<identifier>")
@requires(*STAFF)
def save_term(scheme: str, identifier: str) -> ResponseReturnValue:
    """Keep what it is called; documents that it finds are indexed again."""
    said = _said()
    try:
        with writing() as session:
            lock_vocabulary(session, ())
            found = load_term(session, scheme, identifier) or abort(404)
            version = request.form.get("version", 0, type=int)
            change_term(session, found, said, version=version, by=viewer())
    except (Misfilled, Conflict) as refusal:
        return _page(scheme, identifier, said=said, refusal=refusal)
    flash(_("« %(name)s » est enregistré.", name=said.fr), "success")
    return redirect(url_for(".term", scheme=scheme, identifier=identifier), code=303)


def _said() -> Said:
    """What was typed, its spaces tidied."""
    return Said(**{name: " ".join(request.form.get(name, "").split()) for name in LONGEST})


def _new_page(
    scheme: str, said: Said, under: str, *, refusal: Misfilled | None = None
) -> ResponseReturnValue:
    if scheme not in OPEN_SCHEMES:
        abort(404)
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        body = render_template(
            "vocabulary/term_new.html",
            scheme=scheme,
            title=SCHEMES[scheme],
            shown=said,
            under=under,
            options=list(options_of(words.tree(scheme), words.ids(scheme))),
            errors=refusal.errors if refusal else {},
        )
    return body, refusal.status if refusal else 200


def _page(
    scheme: str,
    identifier: str,
    *,
    said: Said | None = None,
    refusal: Misfilled | Conflict | None = None,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        found = load_term(session, scheme, identifier)
        if found is None or scheme not in SCHEMES:
            present = words.present(scheme, identifier) or abort(404)
            return redirect(url_for(".term", scheme=scheme, identifier=present), code=301)
        body = render_template(
            "vocabulary/term.html",
            term=found,
            shown=said or found,
            title=SCHEMES[scheme],
            words=words,
            below=terms_below(session, scheme, identifier),
            borne=borne(session, scheme, {identifier}),
            groups=words.groups_naming(found.fr, found.en),
            is_open=scheme in OPEN_SCHEMES,
            errors=refusal.errors if isinstance(refusal, Misfilled) else {},
            conflict=refusal.message if isinstance(refusal, Conflict) else "",
        )
    return body, refusal.status if refusal else 200
