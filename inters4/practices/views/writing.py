"""`/pratiques/dossiers/ID/BLOC`: one block of a sheet, written and saved.

What was typed is kept right or wrong, then told what is wrong in it. When someone else changed the
same field meanwhile, the others are kept and both texts of that one are shown; a form that saves by
itself is not replaced: it is told, and leads there. A file chosen in « Pièces » is deposited by any
button of the page, once what was typed is kept.
"""

from dataclasses import replace
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _, ngettext
from inters4.core.web.requests import signed_in, viewer
from inters4.practices.forms.controls import controls_of, summary_of
from inters4.practices.forms.pages import BY_SLUG, PAGES, FormPage, after
from inters4.practices.forms.posted import (
    Posted,
    marks_in,
    read_posted,
    sent_for,
    undecided,
)
from inters4.practices.forms.words import label_of
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import author_ids, find_revision
from inters4.practices.services.drafts import read_revision, texts_of
from inters4.practices.services.pieces import PIECES
from inters4.practices.services.starting import clear_unsorted
from inters4.practices.views.blocks import choices_of
from inters4.practices.views.blueprint import bp
from inters4.practices.views.conflicts import disputes_of
from inters4.practices.views.deposits import (
    DEPOSIT,
    NOTHING,
    Deposit,
)
from inters4.practices.views.given_back import Moved, given_back, where_it_stands
from inters4.practices.views.keeping import Kept, check_may_write, keep, keep_with, receive
from inters4.practices.views.paused import paused, stopped


@bp.get("/dossiers/<practice_id>/<block>")
@signed_in
def write_block(practice_id: str, block: str) -> ResponseReturnValue:
    """The form of one block, with what it holds; `plus` adds an empty row to a list."""
    return _page(practice_id, BY_SLUG.get(block) or abort(404))


def _page(
    practice_id: str,
    page: FormPage,
    *,
    refused: str = "",
    told: str = "",
    typed: Posted | None = None,
) -> str:
    """The form; `refused` says why a file was not taken, `told` why nothing of `typed` was kept."""
    with reading() as session:
        g.session = session
        revision = find_revision(session, practice_id, viewer=viewer()) or abort(404)
        check_may_write(revision, author_ids(session, practice_id))
        read = read_revision(revision, known=citable(session))
        about = [("", told)] if told else [(DEPOSIT, refused)] if refused else []
        held = {**revision.values, **texts_of(revision), **(typed.by_field() if typed else {})}
        controls = controls_of(
            page,
            held,
            mistakes=read.mistakes,
            choices=choices_of(session),
            more=request.args.get("plus", ""),
        )
        seen = marks_in(request.form, page) if typed else {}
        return render_template(
            "practices/dossier/block.html",
            revision=revision,
            page=page,
            pages=PAGES,
            following=after(page),
            errors=[*about, *summary_of(page, read.mistakes)],
            deposit=Deposit(refused) if PIECES in page.fields else None,
            controls=[replace(one, mark=seen.get(one.name, one.mark)) for one in controls],
        )


@bp.post("/dossiers/<practice_id>/<block>")
@signed_in
def save_block(practice_id: str, block: str) -> ResponseReturnValue:
    """Keep what was typed, then go on to what the button says."""
    page = BY_SLUG.get(block) or abort(404)
    form = request.form
    posted = read_posted(form, page, removed=form.get("retirer", ""), raised=form.get("monter", ""))
    try:
        if open_choices := [name for name in undecided(form) if name in page.fields]:
            kept = Kept(form.get("version", 0, type=int), tuple(open_choices))
            told = _("Choisissez quel texte garder.")
            return _conflict(practice_id, page, posted, kept, told=told)
        given = receive(practice_id, posted) if PIECES in page.fields else NOTHING
        kept = keep_with(given, practice_id, page, posted)
        if kept.taken:
            return _conflict(practice_id, page, posted, kept)
    except Moved:
        return given_back(practice_id, page, posted, marks_in(form, page))
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        return _page(practice_id, page, told=refusal.message, typed=posted), 422
    if given.refused:
        return _page(practice_id, page, refused=given.refused), given.status
    return redirect(_where_next(practice_id, page, kept), code=303)


def _where_next(practice_id: str, page: FormPage, kept: Kept) -> str:
    """Where the button that was pressed leads, once all is kept."""
    form = request.form
    here: dict[str, Any] = {"practice_id": practice_id, "block": page.slug}
    if kept.piece is not None:
        flash(_("Le fichier est déposé. Dites-en la licence et l’accessibilité."), "success")
        return url_for(".write_block", **here, _anchor=f"{PIECES}-{kept.piece}")
    moved = form.get("retirer", "") or form.get("monter", "")
    if (name := form.get("ajouter", "") or moved.rpartition("-")[0]) in page.fields:
        more: dict[str, Any] = {"plus": name} if "ajouter" in form else {}
        return url_for(".write_block", **here, **more, _anchor=name)
    wrong = _mistakes(practice_id, page)
    if wrong:
        flash(
            ngettext(
                "C’est enregistré. Un point de cette page est à corriger.",
                "C’est enregistré. %(num)s points de cette page sont à corriger.",
                wrong,
            ),
            "warning",
        )
        return url_for(".write_block", **here)
    flash(_("C’est enregistré."), "success")
    following = after(page) if "suite" in form else None
    if following is None:
        return url_for(".dossier", practice_id=practice_id)
    return url_for(".write_block", practice_id=practice_id, block=following.slug)


@bp.post("/dossiers/<practice_id>/<block>/enregistrement")
@signed_in
def autosave_block(practice_id: str, block: str) -> ResponseReturnValue:
    """Keep what was typed so far; the page asks for this by itself."""
    page = BY_SLUG.get(block) or abort(404)
    posted = read_posted(request.form, page)
    try:
        kept = keep(practice_id, page, posted)
    except Moved:
        with reading() as session:
            where_it_stands(session, practice_id)
        said = _(
            "La fiche a changé d’étape pendant que vous écriviez : rien ne s’y enregistre plus. "
            "Votre texte est toujours dans cette page."
        )
        return stopped(said)
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        return {"said": refusal.message}, 422
    if kept.taken:
        return paused(kept.taken, kept.marks, label_of=label_of)
    told = _("Enregistré à %(hour)s", hour=local(now()).strftime("%-H\u00a0h\u00a0%M"))
    return {"version": kept.version, "said": told, "marks": kept.marks}


@bp.post("/dossiers/<practice_id>/a-ranger")
@signed_in
def clear_document(practice_id: str) -> ResponseReturnValue:
    """What came from a document and found no block is not needed any more."""
    with writing() as session:
        revision = find_revision(session, practice_id, viewer=viewer(), for_update=True)
        if revision is None:
            abort(404)
        check_may_write(revision, author_ids(session, practice_id))
        clear_unsorted(session, revision)
    flash(_("Le texte à ranger n’est plus montré."), "success")
    return redirect(url_for(".dossier", practice_id=practice_id), code=303)


def _mistakes(practice_id: str, page: FormPage) -> int:
    """How many; whoever goes on from page to page describes the sources on the last one."""
    goes_on = "suite" in request.form
    with reading() as session:
        revision = find_revision(session, practice_id, viewer=viewer()) or abort(404)
        found = read_revision(revision, known=citable(session)).mistakes
        return len(summary_of(page, [one for one in found if not (goes_on and one.is_source)]))


def _conflict(
    practice_id: str,
    page: FormPage,
    posted: Posted,
    kept: Kept,
    *,
    told: str = "",
) -> ResponseReturnValue:
    """Both texts of what two people wrote, with a form that keeps one, the other, or a third."""
    with reading() as session:
        g.session = session
        revision = find_revision(session, practice_id, viewer=viewer())
        if revision is None:
            raise Moved
        mine = posted.by_field()
        theirs = {**revision.values, **texts_of(revision)}
        body = render_template(
            "practices/dossier/conflict.html",
            revision=revision,
            page=page,
            save_url=url_for(".save_block", practice_id=practice_id, block=page.slug),
            is_rest_kept=True,
            version=kept.version,
            level=1,
            disputes=disputes_of(kept.taken, mine, theirs, choices=choices_of(session)),
            sent=sent_for(posted, request.form, kept.taken),
            told=told,
            chosen=request.form if told else {},
        )
    return body, 422 if told else 409
