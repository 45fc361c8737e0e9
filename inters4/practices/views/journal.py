"""The journal of an adoption: an entry written, changed, taken back."""

from typing import Any

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.i18n import _
from inters4.core.web.requests import signed_in, viewer
from inters4.practices.forms.adoptions import (
    EntryForm,
    cell_named,
    figures_in,
    figures_of,
    rows_for,
)
from inters4.practices.models import Adoption, AdoptionEntry
from inters4.practices.queries import adoptions as queries
from inters4.practices.services import journaling
from inters4.practices.services.adoption_life import must_hold
from inters4.practices.services.journaling import Figure
from inters4.practices.views.adoptions import WORDS
from inters4.practices.views.blueprint import bp

_NEW = "nouvelle"


@bp.get("/<slug>/adoptions/<public_id>/journal/<entry_id>")
@signed_in
def journal_entry(slug: str, public_id: str, entry_id: str) -> ResponseReturnValue:
    """The form of an entry, or of the next one at `nouvelle`."""
    with reading() as session:
        adoption, entry = _load(session, slug, public_id, entry_id)
        form = EntryForm(formdata=None)
        form.show(entry)
        figures = figures_in(entry) if entry else []
        return _page(session, form, adoption, entry, figures)


@bp.post("/<slug>/adoptions/<public_id>/journal/<entry_id>")
@signed_in
def write_entry(slug: str, public_id: str, entry_id: str) -> ResponseReturnValue:
    """Keep it, or give the form back as it was filled."""
    form, figures = EntryForm(), figures_of(request.form)
    if not form.validate():
        return _again(slug, public_id, entry_id, form, figures)
    said: dict[str, Any] = {
        "aspect": form.chosen,
        "on_day": form.day,
        "text": form.texte.data or "",
        "figures": figures,
        "by": viewer(),
    }
    try:
        with writing() as session:
            queries.hold_practice(session, slug)
            adoption, entry = _load(session, slug, public_id, entry_id)
            if entry is None:
                journaling.write_entry(session, adoption, **said)
            else:
                journaling.change_entry(session, adoption, entry, seen=form.seen, **said)
    except (Conflict, NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        return _again(slug, public_id, entry_id, form, figures, refusal=refusal)
    flash(_("La note est au journal."), "success")
    return _back(slug, public_id)


@bp.post("/<slug>/adoptions/<public_id>/journal/<entry_id>/retrait")
@signed_in
def remove_entry(slug: str, public_id: str, entry_id: str) -> ResponseReturnValue:
    """Take it out of the journal."""
    with writing() as session:
        queries.hold_practice(session, slug)
        adoption, entry = _load(session, slug, public_id, entry_id)
        journaling.remove_entry(session, adoption, entry or abort(404), by=viewer())
    flash(_("La note est retirée du journal."), "success")
    return _back(slug, public_id)


def _load(
    session: Session, slug: str, public_id: str, entry_id: str
) -> tuple[Adoption, AdoptionEntry | None]:
    adoption = queries.find_adoption(session, slug, public_id, viewer=viewer()) or abort(404)
    must_hold(session, adoption, by=viewer())
    if entry_id == _NEW:
        return adoption, None
    return adoption, queries.find_entry(session, adoption, entry_id) or abort(404)


def _again(
    slug: str,
    public_id: str,
    entry_id: str,
    form: EntryForm,
    figures: list[Figure],
    *,
    refusal: DomainError | None = None,
) -> ResponseReturnValue:
    with reading() as session:
        adoption, entry = _load(session, slug, public_id, entry_id)
        return make_response(_page(session, form, adoption, entry, figures, refusal=refusal), 422)


def _page(
    session: Session,
    form: EntryForm,
    adoption: Adoption,
    entry: AdoptionEntry | None,
    figures: list[Figure],
    *,
    refusal: DomainError | None = None,
) -> str:
    g.session = session
    return render_template(
        "practices/adoption/entry.html",
        form=form,
        adoption=adoption,
        practice=adoption.practice,
        entry=entry,
        entry_id=entry.public_id if entry else _NEW,
        rows=rows_for(figures),
        refused=(cell_named(refusal.about), refusal.message) if refusal else (),
        **WORDS,
    )


def _back(slug: str, public_id: str) -> ResponseReturnValue:
    return redirect(url_for(".adoption", slug=slug, public_id=public_id) + "#journal", code=303)
