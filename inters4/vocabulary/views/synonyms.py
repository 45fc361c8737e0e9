"""`/admin/vocabulaire/synonymes/GROUPE`: forms that mean the same in a search."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.web.requests import requires, viewer
from inters4.vocabulary.models import SynonymGroup, SynonymMode
from inters4.vocabulary.queries import lock_vocabulary
from inters4.vocabulary.queries.rows import load_group
from inters4.vocabulary.services.editing import Misfilled
from inters4.vocabulary.services.grouping import SaidTogether, remove_synonyms, save_synonyms
from inters4.vocabulary.views.blueprint import STAFF, bp
from inters4.vocabulary.views.wording import MODES, SYNONYMS

_MOST_LINES = 60
_REMOVE = "retirer"


@bp.get("/ajouter-synonymes")
@requires(*STAFF)
def new_group() -> ResponseReturnValue:
    """The empty form."""
    return _page(None, SaidTogether())


@bp.post("/ajouter-synonymes")
@requires(*STAFF)
def create_group() -> ResponseReturnValue:
    """Keep it; what was typed stays when it cannot be kept."""
    said = _said()
    try:
        with writing() as session:
            lock_vocabulary(session, ())
            name = save_synonyms(session, None, said, by=viewer()).id
    except Misfilled as refusal:
        return _page(None, said, refusal=refusal)
    flash(_("Les synonymes « %(name)s » sont ajoutés.", name=name), "success")
    return redirect(url_for(".index", liste=SYNONYMS), code=303)


@bp.get(f"/{SYNONYMS}/<identifier>")
@requires(*STAFF)
def group(identifier: str) -> ResponseReturnValue:
    """The form of one group."""
    return _page(identifier)


@bp.post(f"/{SYNONYMS}/<identifier>")
@requires(*STAFF)
def save_group(identifier: str) -> ResponseReturnValue:
    """Keep a group, or take it out."""
    said, version = _said(), request.form.get("version", 0, type=int)
    is_removed = request.form.get("geste") == _REMOVE
    try:
        with writing() as session:
            lock_vocabulary(session, ())
            found = load_group(session, identifier) or abort(404)
            if is_removed:
                remove_synonyms(session, found, version=version, by=viewer())
            else:
                save_synonyms(session, found, said, version=version, by=viewer())
    except (Misfilled, Conflict) as refusal:
        return _page(identifier, None if is_removed else said, refusal=refusal)
    if is_removed:
        flash(_("Les synonymes « %(name)s » sont retirés.", name=identifier), "success")
    else:
        flash(_("Les synonymes « %(name)s » sont enregistrés.", name=identifier), "success")
    return redirect(url_for(".index", liste=SYNONYMS), code=303)


def _said() -> SaidTogether:
    mode = request.form.get("mode", "")
    return SaidTogether(
        abbr=_lines("abbr"),
        fr=_lines("fr"),
        en=_lines("en"),
        mode=SynonymMode(mode) if mode in set(SynonymMode) else SynonymMode.TWO_WAY,
        broader=_lines("broader"),
        source=" ".join(request.form.get("source", "").split()),
    )


def _lines(name: str) -> tuple[str, ...]:
    """One form a line, spaces tidied."""
    tidied = (" ".join(line.split()) for line in request.form.get(name, "").splitlines())
    return tuple(line for line in tidied if line)[:_MOST_LINES]


def _page(
    identifier: str | None,
    said: SaidTogether | None = None,
    *,
    refusal: Misfilled | Conflict | None = None,
) -> ResponseReturnValue:
    with reading() as session:
        g.session = session
        found: SynonymGroup | None = None
        if identifier is not None:
            found = load_group(session, identifier) or abort(404)
        body = render_template(
            "vocabulary/synonyms.html",
            group=found,
            shown=said or found,
            modes=[(mode.value, str(text)) for mode, text in MODES.items()],
            errors=refusal.errors if isinstance(refusal, Misfilled) else {},
            conflict=refusal.message if isinstance(refusal, Conflict) else "",
        )
    return body, refusal.status if refusal else 200
