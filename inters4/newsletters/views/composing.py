"""`/infolettres/NEWSLETTER/NUMBER/composer`: an issue is written, its items put in order.

What was typed is kept, then the button does what it says: a gesture on the items never loses a
word. When somebody else changed the same field meanwhile, both texts of it are shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import partial
from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.richtext import plain_text
from inters4.core.values import dataclass
from inters4.core.web.requests import signed_in, viewer
from inters4.newsletters.exports.audience import told
from inters4.newsletters.exports.message import parts_of
from inters4.newsletters.forms.composing import (
    label_of,
    marks_in,
    read_posted,
    rich,
    written_of_nothing,
)
from inters4.newsletters.models import Issue, ItemKind
from inters4.newsletters.queries.approvals import last_return
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.arranging import (
    add_items,
    move_item,
    new_item,
    order_items,
    remove_item,
)
from inters4.newsletters.services.checking import check_issue
from inters4.newsletters.services.composing import (
    PARTS,
    THEMES,
    field_of,
    marks_of,
    stored_fields,
    tidied,
    write_issue,
)
from inters4.newsletters.services.life import may_write
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.disputes import ask_again, conflict_page, given_back, left_over
from inters4.newsletters.views.wording import KINDS, STATES
from inters4.practices.forms.posted import undecided
from inters4.practices.views.paused import paused, stopped
from inters4.veille.queries.writing import people_named
from inters4.veille.services.drafting import StaleFields, mark_of
from inters4.vocabulary.queries import vocabulary

WORDS_A_MINUTE = 200
_FREE = (ItemKind.HEADING, ItemKind.TEXT, ItemKind.LINK, ItemKind.EVENT, ItemKind.QUESTION)
_PICKED = {"resumes", "fiches"}
_ELSEWHERE = {"suite": ".approval", "apercu": ".preview", "destinataires": ".addressing"}
"""Buttons that save, then lead to another page."""
_MOVES = {"monter", "descendre"}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What became of what was sent.

    Attributes:
        version: that of the draft now.
        taken: the fields that somebody else changed meanwhile.
        wrong: fields that could not be kept as they were typed, and why.
        typed: what was typed, by field.
        marks: of the fields that are now as they were sent.
        place: the item that a gesture was about.
        lost: what was typed of items that somebody took out meanwhile.
    """

    version: int
    taken: tuple[str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    lost: tuple[str, ...] = ()


@bp.get("/<newsletter_id>/<int:number>/composer")
@signed_in
def compose(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The form, the message as it is, and what it lacks."""
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        if not may_write(issue, by=viewer()):
            flash(_("Ce numéro ne s’écrit pas maintenant : voyez où il en est."), "warning")
            return redirect(url_for(".approval", newsletter_id=newsletter_id, number=number), 303)
        return _form(session, issue)


@bp.post("/<newsletter_id>/<int:number>/composer")
@signed_in
def save(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Keep what was typed, then do what the button says."""
    if undecided(request.form):
        return ask_again(newsletter_id, number)
    try:
        kept = _keep(newsletter_id, number, gesture=request.form.get("geste", ""))
    except Conflict:
        return given_back(newsletter_id, number)
    if kept.taken:
        return conflict_page(newsletter_id, number, kept.taken, kept.typed)
    if kept.wrong:
        with reading() as session:
            g.session = session
            issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
            return _form(session, issue, wrong=kept.wrong, typed=kept.typed), 422
    if kept.lost:
        return left_over(newsletter_id, number, kept.lost)
    return redirect(_next_page(newsletter_id, number, kept), 303)


@bp.post("/<newsletter_id>/<int:number>/composer/enregistrement")
@signed_in
def autosave(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Keep what was typed so far; the page asks for this by itself."""
    try:
        kept = _keep(newsletter_id, number)
    except Conflict:
        said = _(
            "Ce numéro a changé d’étape pendant que vous écriviez : rien ne s’y enregistre plus. "
            "Votre texte est toujours dans cette page."
        )
        return stopped(said)
    if kept.taken:
        return paused(kept.taken, kept.marks, label_of=label_of)
    if kept.wrong:
        return {"said": kept.wrong[0][1]}, 422
    hour = local(now()).strftime("%-H\u00a0h\u00a0%M")
    said = _("Enregistré à %(hour)s", hour=hour)
    return {"version": kept.version, "said": said, "marks": kept.marks}


def _next_page(newsletter_id: str, number: int, kept: _Kept) -> str:
    at: dict[str, Any] = {"newsletter_id": newsletter_id, "number": number}
    gesture, _colon, what = request.form.get("geste", "").partition(":")
    if gesture == "choisir" and what in _PICKED:
        return url_for(".pick", **at, sorte=what)
    if gesture in _ELSEWHERE:
        return url_for(_ELSEWHERE[gesture], **at)
    if not gesture:
        flash(_("C’est enregistré."), "success")
    named = kept.place.removeprefix("item-")
    if gesture in _MOVES:
        return url_for(".compose", **at, geste=gesture, element=named)
    element = named if gesture == "ajouter" else None
    return url_for(".compose", **at, element=element, _anchor=kept.place or None)


def _keep(newsletter_id: str, number: int, *, gesture: str = "") -> _Kept:
    with writing() as session:
        found = find_to_compose(session, newsletter_id, number, viewer=viewer(), is_locked=True)
        issue = found or abort(404)
        stored = stored_fields(issue)
        typed = read_posted(request.form, stored=stored)
        rest, wrong = dict(typed), []
        taken: tuple[str, ...] = ()
        while True:
            try:
                seen = marks_in(request.form, stored=stored)
                write_issue(session, issue, rest, seen=seen, by=viewer())
            except StaleFields as refusal:
                taken = refusal.fields
                rest = {name: value for name, value in rest.items() if name not in taken}
            except DomainError as refusal:
                if refusal.about not in rest:
                    raise
                wrong.append((refusal.about, refusal.message))
                del rest[refusal.about]
            else:
                break
        place = ""
        if gesture and not taken and not wrong:
            place = _make(session, issue, gesture)
        session.flush()
        held = marks_of(stored_fields(issue))
        marks = {
            name: held[name]
            for name, value in rest.items()
            if name in held and held[name] == mark_of(name, tidied(name, value))
        }
        lost = written_of_nothing(request.form, stored=stored)
        return _Kept(issue.version, taken, tuple(wrong), typed, marks, place, lost)


def _make(session: Session, issue: Issue, gesture: str) -> str:
    """Do what a button says; the anchor of the item that it was about."""
    verb, _colon, what = gesture.partition(":")
    if verb == "ajouter" and what in {kind.value for kind in _FREE}:
        item = new_item(ItemKind(what))
        add_items(session, issue, [item], by=viewer())
        return f"item-{item.public_id}"
    gestures: Mapping[str, Callable[[], None]] = {
        "monter": lambda: move_item(session, issue, what, steps=-1, by=viewer()),
        "descendre": lambda: move_item(session, issue, what, steps=1, by=viewer()),
        "retirer": lambda: remove_item(session, issue, what, by=viewer()),
        "ordre": lambda: order_items(session, issue, what.split(","), by=viewer()),
    }
    if verb in gestures:
        gestures[verb]()
    return f"item-{what}" if verb in _MOVES else "elements"


def _form(
    session: Session,
    issue: Issue,
    *,
    wrong: tuple[tuple[str, str], ...] = (),
    typed: Mapping[str, str] | None = None,
) -> str:
    stored = stored_fields(issue)
    held = {**stored, **(typed or {})}
    errors = dict(wrong)
    settings = current_app.config["SETTINGS"]
    parts = parts_of(session, issue, settings=settings)
    words_of = vocabulary(session)
    returned = last_return(session, issue)
    people = people_named(session, [returned.by_id] if returned else [])
    words = len(plain_text(issue.markup).split())
    words += sum(len(block.whole.text.split()) for block in parts.blocks)
    return render_template(
        "newsletters/desk/compose.html",
        issue=issue,
        held=held,
        marks=marks_of(stored),
        errors=errors,
        parts=PARTS,
        field_of=field_of,
        label_of=label_of,
        rich=lambda name: rich(name, held[name], error=errors.get(name, "")),
        kinds=KINDS,
        states=STATES,
        free=_FREE,
        placed=request.args.get("element", "") if request.method == "GET" else "",
        gesture=request.args.get("geste", ""),
        returned=returned,
        returned_by=[person.name for person in people.values()],
        checked=check_issue(session, issue, parts, settings=settings),
        readers=told(session, issue),
        themes=[(node.entry.id, node.entry.label()) for node in words_of.tree(THEMES)],
        theme_label=partial(words_of.label, THEMES),
        words=words,
        minutes=max(1, round(words / WORDS_A_MINUTE)),
    )
