"""`/veille/resumes/SLUG/ecrire`: a draft is written; a correction has the same form.

What was typed is kept, right or wrong, then told what is wrong in it. When somebody else changed
the same field meanwhile, the others are kept and both texts of that one are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.richtext import plain_text
from inters4.core.values import dataclass
from inters4.core.web.requests import signed_in, viewer
from inters4.practices.forms.posted import undecided
from inters4.practices.views.paused import paused, stopped
from inters4.veille.exports.citations import citation_of
from inters4.veille.forms.writing import (
    controls_of,
    marks_in,
)
from inters4.veille.forms.writing_words import label_of, told
from inters4.veille.models import Lack, Summary, count_words
from inters4.veille.queries.alike import told_of_draft
from inters4.veille.queries.writing import find_to_write
from inters4.veille.services.drafting import (
    StaleFields,
    Typed,
    mark_of,
    marks_of,
    stored_fields,
    tidied,
    write_draft,
)
from inters4.veille.services.life import may_write
from inters4.veille.services.requirements import PARAGRAPH, lacks_of, mistakes_of
from inters4.veille.views.blueprint import bp
from inters4.veille.views.disputes import (
    ask_again,
    choices_of,
    conflict_page,
    given_back,
    typed_in,
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What became of what was sent.

    Attributes:
        version: that of the draft now.
        taken: the fields that somebody else changed meanwhile.
        wrong: a field that could not be kept as it was typed, and why.
        typed: what was typed, by field.
        marks: of the fields that are now as they were sent.
        lacks: what is still to be done, by field.
    """

    version: int
    taken: tuple[str, ...] = ()
    wrong: tuple[Lack, ...] = ()
    typed: Mapping[str, Typed] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    lacks: Sequence[tuple[str, str]] = ()


@bp.get("/resumes/<slug>/ecrire")
@signed_in
def write(slug: str) -> ResponseReturnValue:
    """The form, with what the draft holds and what it still lacks."""
    with reading() as session:
        g.session = session
        summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
        if summary.slug != slug:
            return redirect(url_for(".write", slug=summary.slug), code=301)
        if not may_write(summary, by=viewer()):
            flash(_("Ce résumé ne s’écrit pas maintenant : voyez où il en est."), "warning")
            return redirect(url_for(".follow", slug=slug), code=303)
        return form_of(session, summary)


@bp.post("/resumes/<slug>/ecrire")
@signed_in
def save(slug: str) -> ResponseReturnValue:
    """Keep what was typed, then go where the button says."""
    if undecided(request.form):
        return ask_again(slug)
    try:
        kept = _keep(slug)
    except Conflict:
        return given_back(slug)
    if kept.taken:
        return conflict_page(slug, kept.taken, kept.typed)
    if kept.wrong:
        with reading() as session:
            g.session = session
            summary = find_to_write(session, slug, viewer=viewer()) or abort(404)
            return form_of(session, summary, wrong=kept.wrong, typed=kept.typed), 422
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".follow" if "suite" in request.form else ".write", slug=slug), 303)


@bp.post("/resumes/<slug>/ecrire/enregistrement")
@signed_in
def autosave(slug: str) -> ResponseReturnValue:
    """Keep what was typed so far; the page asks for this by itself."""
    try:
        kept = _keep(slug)
    except Conflict:
        said = _(
            "Ce résumé a changé d’étape pendant que vous écriviez : rien ne s’y enregistre plus. "
            "Votre texte est toujours dans cette page."
        )
        return stopped(said)
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        return {"said": refusal.message}, 422
    if kept.taken:
        return paused(kept.taken, kept.marks, label_of=label_of)
    if kept.wrong:
        return {"said": told(kept.wrong[0])}, 422
    hour = local(now()).strftime("%-H\u00a0h\u00a0%M")
    said = _("Enregistré à %(hour)s", hour=hour)
    return {"version": kept.version, "said": said, "marks": kept.marks, "lacks": kept.lacks}


def _keep(slug: str) -> _Kept:
    with writing() as session:
        summary = find_to_write(session, slug, viewer=viewer(), is_locked=True) or abort(404)
        typed = typed_in(session, summary)
        rest = dict(typed)
        taken: tuple[str, ...] = ()
        wrong: tuple[Lack, ...] = ()
        while True:
            try:
                write_draft(
                    session,
                    summary,
                    rest,
                    seen=marks_in(request.form),
                    by=viewer(),
                )
            except StaleFields as refusal:
                taken = refusal.fields
                rest = {name: value for name, value in rest.items() if name not in taken}
            except DomainError as refusal:
                if refusal.about not in rest:
                    raise
                wrong = (*wrong, Lack(refusal.about, refusal.message))
                del rest[refusal.about]
            else:
                break
        session.flush()
        held = marks_of(stored_fields(summary))
        marks = {
            name: held[name] for name, value in rest.items() if held[name] == _mark(name, value)
        }
        return _Kept(summary.version, taken, wrong, typed, marks, _lacks(summary))


def _lacks(summary: Summary) -> list[tuple[str, str]]:
    return [(lack.field, told(lack)) for lack in lacks_of(summary)]


def _mark(name: str, value: Typed) -> str:
    return mark_of(name, tidied(name, value))


def form_of(
    session: Session,
    summary: Summary,
    *,
    wrong: Sequence[Lack] = (),
    typed: Mapping[str, Typed] | None = None,
    marks: Mapping[str, str] | None = None,
    reason: str | None = None,
    over: str = "",
) -> str:
    """The page; `marks` are those that it keeps.

    `reason` is that of a correction, None for a draft; `over` the stamp of the one it continues.
    """
    stored = stored_fields(summary)
    mistakes = [*wrong, *(one for one in mistakes_of(summary) if typed is None or not wrong)]
    text = str({**stored, **(typed or {})}[PARAGRAPH])
    return render_template(
        "veille/writing/write.html",
        summary=summary,
        parts=controls_of(
            {**stored, **(typed or {})},
            wrong=mistakes,
            marks={**marks_of(stored), **(marks or {})},
            choices=choices_of(session),
        ),
        errors=[(lack.field or "raison", told(lack)) for lack in mistakes],
        lacks=_lacks(summary),
        words_written=count_words(plain_text(text)) if text else 0,
        characters=len(text),
        citation=citation_of(summary),
        told=told_of_draft(session, summary),
        reason=reason,
        over=over,
        reason_error=next((one.sentence for one in wrong if one.field in {"", "raison"}), ""),
    )
