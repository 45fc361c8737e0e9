"""What a form of a summary sent, and the pages that lose none of it when somebody came first."""

from collections.abc import Mapping, Sequence

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.web.requests import viewer
from inters4.practices.services.comparing import compare
from inters4.practices.views.conflicts import Dispute
from inters4.veille.forms.writing import (
    ALSO,
    FIELDS,
    MAIN_THEME,
    MERGED,
    Choices,
    marks_in,
    read_posted,
    sent_for,
    shown,
)
from inters4.veille.forms.writing_words import label_of
from inters4.veille.models import Summary
from inters4.veille.queries.writing import find_to_write, sheets_offered
from inters4.veille.services.drafting import Typed, mark_of, marks_of, stored_fields, tidied
from inters4.vocabulary.queries import vocabulary


def choices_of(session: Session) -> Choices:
    """What the form of a summary lets choose."""
    return Choices(vocabulary(session), sheets_offered(session))


def typed_in(session: Session, summary: Summary) -> dict[str, Typed]:
    """What the form sent, by field."""
    stored = stored_fields(summary)
    return read_posted(request.form, stored=stored, choices=choices_of(session))


def ask_again(slug: str, *, is_correction: bool = False) -> ResponseReturnValue:
    """Nobody said which text stays: ask again, with what was chosen so far."""
    with reading() as session:
        summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
        typed = typed_in(session, summary)
    asked = [name for name in request.form.getlist("champs") if name in FIELDS]
    told = _("Choisissez quel texte garder.")
    return conflict_page(slug, asked, typed, is_correction=is_correction, told=told)


def conflict_page(
    slug: str,
    taken: Sequence[str],
    typed: Mapping[str, Typed],
    *,
    is_correction: bool = False,
    told: str = "",
) -> ResponseReturnValue:
    """Both texts of the fields `taken`, with a form that keeps one, the other, or a third.

    Nothing of a correction is kept yet: the page carries along the fields that are not in dispute.
    """
    with reading() as session:
        g.session = session
        summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
        stored, choices = stored_fields(summary), choices_of(session)
        disputes = []
        for name in taken:
            mine = shown(name, typed.get(name, stored[name]), choices=choices)
            theirs = shown(name, stored[name], choices=choices)
            disputes.append(
                Dispute(name, label_of(name), mine, theirs, compare(theirs, mine), name in MERGED)
            )
        marks = marks_of(stored)
        others = [name for name in typed if name not in taken] if is_correction else []
        again = [
            *taken,
            *others,
            *(f"vu-{name}" for name in others),
            MAIN_THEME,
            "raison",
            "corrige",
        ]
        body = render_template(
            "veille/writing/conflict.html",
            summary=summary,
            save_url=url_for(".save_correction" if is_correction else ".save", slug=slug),
            is_rest_kept=not is_correction,
            version=summary.version,
            level=1,
            disputes=disputes,
            sent=[
                *sent_for(request.form, again),
                *((f"vu-{name}", marks[name]) for name in taken),
                *((ALSO, name) for name in others),
            ],
            told=told,
            chosen=request.form if told else {},
        )
    return body, 422 if told else 409


def _is_changed(name: str, value: Typed, seen: Mapping[str, str]) -> bool:
    """True of what is longer than anything may be, too: it is given back like the rest."""
    try:
        return mark_of(name, tidied(name, value)) != seen.get(name)
    except DomainError:
        return True


def given_back(slug: str, *, told: str = "") -> ResponseReturnValue:
    """Others judge it now, or correct it: what was typed comes back, to be copied."""
    with reading() as session:
        g.session = session
        summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
        choices, seen = choices_of(session), marks_in(request.form)
        typed = [
            (name, label_of(name), shown(name, value, choices=choices))
            for name, value in typed_in(session, summary).items()
            if _is_changed(name, value, seen)
        ]
        if reason := request.form.get("raison", ""):
            typed.append(("raison", _("Ce qui est corrigé, et pourquoi"), reason))
        body = render_template("veille/writing/moved.html", summary=summary, typed=typed, told=told)
    return body, 409
