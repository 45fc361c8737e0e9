"""« Nous l'essayons »: a team declares an adoption, tells how it goes, shares it, leaves it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.i18n import _
from inters4.core.web.read_in import item_read
from inters4.core.web.requests import request_id, requires, signed_in, viewer
from inters4.practices.forms.adoptions import AdoptionForm
from inters4.practices.models import Adoption, AdoptionState, Practice
from inters4.practices.queries import adoptions as queries
from inters4.practices.queries import find_head
from inters4.practices.queries.adoptions import organisations_with_regions
from inters4.practices.services import adopting, adoption_life
from inters4.practices.views.adoptions import adoption_page
from inters4.practices.views.blueprint import bp
from inters4.vocabulary.queries import Vocabulary, vocabulary


@bp.get("/<slug>/adoptions/nouvelle")
@signed_in
def new_adoption(slug: str) -> ResponseReturnValue:
    """The form; whoever belongs to no organisation reads what to do."""
    with reading() as session:
        practice = readable_sheet(session, slug)
        form = AdoptionForm(formdata=None)
        _offer(session, form, words=vocabulary(session))
        if len(form.region.choices) == 2:  # nobody chooses between one region and none
            form.region.data = form.region.choices[1].value
        return _form_page(session, form, practice)


@bp.post("/<slug>/adoptions/nouvelle")
@signed_in
def declare(slug: str) -> ResponseReturnValue:
    """Keep it, or give the form back as it was filled."""
    form = AdoptionForm()
    with reading() as session:
        _offer(session, form, words=vocabulary(session))
        if not form.validate():
            return make_response(_form_page(session, form, readable_sheet(session, slug)), 422)
    try:
        with writing() as session:
            practice = queries.hold_practice(session, slug) or abort(404)
            made = adopting.declare_adoption(
                session,
                practice,
                form.said(),
                organisation_id=form.organisation.data,
                state=form.state,
                reason=form.raison.data or "",
                by=viewer(),
                request_id=request_id(),
                read_in=item_read(session, about=practice.document_ref),
            )
    except (Conflict, NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        return _again(slug, form, refusal)
    flash(
        _("Votre adoption est déclarée. Ajoutez une note au journal quand vous voulez."), "success"
    )
    return _to(slug, made.public_id)


@bp.get("/<slug>/adoptions/<public_id>/modifier")
@signed_in
def edit_adoption(slug: str, public_id: str) -> ResponseReturnValue:
    """The form, as the adoption says it."""
    with reading() as session:
        found = _held(session, slug, public_id)
        form = AdoptionForm(formdata=None)
        _offer(session, form, words=vocabulary(session), adoption=found)
        form.show(found)
        return _form_page(session, form, found.practice, adoption=found)


@bp.post("/<slug>/adoptions/<public_id>/modifier")
@signed_in
def describe_adoption(slug: str, public_id: str) -> ResponseReturnValue:
    """Say it otherwise."""
    form = AdoptionForm()
    with reading() as session:
        found = _held(session, slug, public_id)
        _offer(session, form, words=vocabulary(session), adoption=found)
        if not form.validate():
            return make_response(_form_page(session, form, found.practice, adoption=found), 422)
    try:
        with writing() as session:
            held = queries.hold_adoption(session, slug, public_id, viewer=viewer()) or abort(404)
            adopting.describe_adoption(
                session, held, form.said(), seen=form.vu.data or "", by=viewer()
            )
    except (Conflict, NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        return _again(slug, form, refusal, public_id=public_id)
    flash(_("C’est noté."), "success")
    return _to(slug, public_id)


@bp.post("/<slug>/adoptions/<public_id>/etape")
@signed_in
def move_adoption(slug: str, public_id: str) -> ResponseReturnValue:
    """A step further, or the end of it; « rien de neuf » is news too."""
    asked = request.form.get("etat", "")
    reason = request.form.get("raison", "")
    if asked and asked not in set(AdoptionState):
        abort(400)
    try:
        with writing() as session:
            held = queries.hold_adoption(session, slug, public_id, viewer=viewer()) or abort(404)
            if asked:
                adoption_life.change_state(
                    session,
                    held,
                    AdoptionState(asked),
                    by=viewer(),
                    reason=reason,
                    request_id=request_id(),
                )
            else:
                adoption_life.confirm_adoption(session, held, by=viewer())
    except (Conflict, NotAllowed, NotFound):
        raise
    except DomainError as refusal:
        with reading() as session:
            body = adoption_page(session, slug, public_id, told=refusal.message, typed=reason)
        return body, 422
    flash(_("C’est noté."), "success")
    return _to(slug, public_id)


@bp.post("/<slug>/adoptions/<public_id>/participation")
@signed_in
def hold_adoption(slug: str, public_id: str) -> ResponseReturnValue:
    """Answer for it too, or no more."""
    if request.form.get("geste") == "quitter":
        return _leave(slug, public_id)
    told = _("Vous répondez maintenant de cette adoption.")
    return _act(slug, public_id, adoption_life.join_adoption, told)


@bp.post("/<slug>/adoptions/<public_id>/moderation")
@requires(Role.COORDINATION)
def moderate_adoption(slug: str, public_id: str) -> ResponseReturnValue:
    """Take it out of others' sight, or bring it back."""
    is_hidden = request.form.get("geste") != "montrer"
    told = (
        _("L’adoption est retirée de la vue; son organisation lit pourquoi.")
        if is_hidden
        else _("L’adoption est de nouveau montrée.")
    )
    return _act(
        slug,
        public_id,
        adoption_life.moderate_adoption,
        told,
        is_hidden=is_hidden,
        reason=request.form.get("raison", ""),
    )


def own_organisations(session: Session) -> list[tuple[int, str]]:
    """Number and name of the organisations that confirm the reader."""
    return [(one.id, one.name) for one in organisations_with_regions(session, viewer=viewer())]


def _offer(
    session: Session, form: AdoptionForm, *, words: Vocabulary, adoption: Adoption | None = None
) -> None:
    for field, scheme in ((form.region, "regions"), (form.milieu, "settings")):
        field.data = words.present(scheme, field.data or "") or field.data
    organisations = organisations_with_regions(session, viewer=viewer())
    if adoption is not None:
        organisations = [one for one in organisations if one.id == adoption.organisation_id]
    regions = {region for one in organisations for region in one.region_ids}
    if adoption is not None:
        regions |= {adoption.region} - {""}
        form.etat.choices = [
            one for one in form.etat.choices or () if one.value == adoption.state.value
        ]
        form.etat.data = adoption.state.value
    form.offer(
        organisations=[(one.id, one.name) for one in organisations],
        regions=[(one, words.label("regions", one)) for one in sorted(regions)],
        settings=words.options("settings"),
    )


def _form_page(
    session: Session,
    form: AdoptionForm,
    practice: Practice,
    *,
    adoption: Adoption | None = None,
) -> str:
    g.session = session
    return render_template(
        "practices/adoption/form.html", form=form, practice=practice, adoption=adoption
    )


def _again(
    slug: str, form: AdoptionForm, refusal: DomainError, *, public_id: str = ""
) -> ResponseReturnValue:
    form.form_errors.append(refusal.message)
    with reading() as session:
        adoption = _held(session, slug, public_id) if public_id else None
        practice = adoption.practice if adoption else readable_sheet(session, slug)
        return make_response(_form_page(session, form, practice, adoption=adoption), 422)


def _act(
    slug: str, public_id: str, verb: Callable[..., object], told: str, **said: Any
) -> ResponseReturnValue:
    with writing() as session:
        held = queries.hold_adoption(session, slug, public_id, viewer=viewer()) or abort(404)
        verb(session, held, by=viewer(), **said)
    flash(told, "success")
    return _to(slug, public_id)


def _leave(slug: str, public_id: str) -> ResponseReturnValue:
    """Pressed twice, one leaves once; who is of another team has nothing to leave."""
    with writing() as session:
        held = queries.hold_adoption(session, slug, public_id, viewer=viewer()) or abort(404)
        if held.organisation_id not in viewer().organisations:
            abort(404)
        adoption_life.leave_adoption(session, held, by=viewer())
    flash(_("Vous ne répondez pas de cette adoption; votre équipe peut la reprendre."), "success")
    return _to(slug, public_id)


def _found(session: Session, slug: str, public_id: str) -> Adoption:
    return queries.find_adoption(session, slug, public_id, viewer=viewer()) or abort(404)


def _held(session: Session, slug: str, public_id: str) -> Adoption:
    found = _found(session, slug, public_id)
    adoption_life.must_hold(session, found, by=viewer())
    return found


def readable_sheet(session: Session, slug: str) -> Practice:
    """A sheet that people read; whoever opens a page of one that is gone is led to why.

    What was typed of it meanwhile is given back by the page of the refusal.
    """
    practice = find_head(session, slug, viewer=viewer()) or abort(404)
    if practice.is_tombstone and request.method == "GET":
        abort(redirect(url_for(".show", slug=slug), code=302))
    if not practice.is_readable:
        abort(404)
    return practice


def _to(slug: str, public_id: str) -> ResponseReturnValue:
    return redirect(url_for(".adoption", slug=slug, public_id=public_id), code=303)
