"""`/communaute/creer`: the coordination opens a space, and names the two who lead."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports import words as space_words
from inters4.community.forms.spaces import POLICIES, VISIBILITIES, Typed, read_creation, rich
from inters4.community.queries.visibility import find_space
from inters4.community.services.creating import create_space
from inters4.community.services.describing import Description
from inters4.community.services.seeking import check_seeking, find_person, note_seeking
from inters4.community.views.blueprint import bp
from inters4.core.access import STAFF
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import requires, viewer
from inters4.vocabulary.queries import options_of, vocabulary


@bp.get("/creer")
@requires(*STAFF)
def new_space() -> ResponseReturnValue:
    """An empty form."""
    return _page(Typed(description=Description()))


@bp.post("/creer")
@requires(*STAFF)
def create() -> ResponseReturnValue:
    """Open the space; its page is for those who see it."""
    with writing() as session:
        check_seeking(session, by=viewer())
        note_seeking(session, by=viewer())
    with reading() as session:
        known = vocabulary(session).ids("themes")
        typed = _with_people(session, read_creation(request.form, known_themes=known))
    if typed.errors:
        return _page(typed), 422
    try:
        with writing() as session:
            space = create_space(
                session,
                typed.description,
                visibility=VISIBILITIES[typed.visibility],
                facilitator=find_person(session, typed.facilitator, about="animation"),
                deputy=find_person(session, typed.deputy, about="releve"),
                known_themes=known,
                by=viewer(),
            )
            slug = space.slug
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        return _page(typed.refused(refusal.about, refusal.message)), 422
    flash(_("L’espace est ouvert; les deux personnes qui l’animent en sont avisées."), "success")
    with reading() as session:
        is_seen = find_space(session, slug, viewer=viewer()) is not None
    return redirect(url_for(".space", slug=slug) if is_seen else url_for(".index"), 303)


def _with_people(session: Session, typed: Typed) -> Typed:
    """The form, with what is wrong of the two who would lead: everything is told at once."""
    for about, told in (("animation", typed.facilitator), ("releve", typed.deputy)):
        try:
            find_person(session, told, about=about)
        except DomainError as refusal:
            typed = typed.refused(about, refusal.message)
    return typed


def _page(typed: Typed) -> str:
    with reading() as session:
        g.session = session
        words = vocabulary(session)
        return render_template(
            "community/create.html",
            typed=typed,
            themes=options_of(words.tree("themes"), words.ids("themes")),
            visibilities=VISIBILITIES,
            policies=[(value, space_words.policy_label(one)) for value, one in POLICIES.items()],
            space_words=space_words,
            rich=rich,
        )
