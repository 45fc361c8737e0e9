"""The pages of the composer that lose nothing of what was typed when somebody came first."""

from collections.abc import Mapping, Sequence

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading
from inters4.core.i18n import _
from inters4.core.web.requests import viewer
from inters4.newsletters.forms.composing import label_of, marks_in, read_posted
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.composing import marks_of, stored_fields
from inters4.newsletters.views.wording import STATES
from inters4.practices.services.comparing import compare
from inters4.practices.views.conflicts import Dispute
from inters4.veille.services.drafting import mark_of


def ask_again(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Nobody said which text stays: ask again, with what was chosen so far."""
    asked = request.form.getlist("champs")
    typed = {name: request.form.get(name, "") for name in asked}
    return conflict_page(
        newsletter_id, number, asked, typed, told=_("Choisissez quel texte garder.")
    )


def conflict_page(
    newsletter_id: str,
    number: int,
    taken: Sequence[str],
    typed: Mapping[str, str],
    *,
    told: str = "",
) -> ResponseReturnValue:
    """Both texts of the fields `taken`, with a form that keeps one, the other, or a third."""
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        stored = stored_fields(issue)
        marks = marks_of(stored)
        known = [name for name in taken if name in stored]
        disputes = [
            Dispute(
                name,
                label_of(name),
                typed.get(name, stored[name]),
                stored[name],
                compare(stored[name], typed.get(name, stored[name])),
                is_text=True,
            )
            for name in known
        ]
        body = render_template(
            "newsletters/desk/conflict.html",
            issue=issue,
            save_url=url_for(".save", newsletter_id=newsletter_id, number=number),
            is_rest_kept=True,
            version=issue.version,
            level=1,
            disputes=disputes,
            sent=[
                *((name, typed.get(name, stored[name])) for name in known),
                *((f"vu-{name}", marks[name]) for name in known),
            ],
            told=told,
            chosen=request.form if told else {},
        )
    return body, 422 if told else 409


def given_back(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Others judge it now: what was typed comes back, to be copied."""
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        stored = stored_fields(issue)
        seen = marks_in(request.form, stored=stored)
        typed = [
            (name, label_of(name), value)
            for name, value in read_posted(request.form, stored=stored).items()
            if mark_of(name, value.replace("\r\n", "\n")) != seen.get(name)
        ]
        body = render_template(
            "newsletters/desk/moved.html", issue=issue, typed=typed, states=STATES, is_item=False
        )
    return body, 409


def left_over(newsletter_id: str, number: int, names: Sequence[str]) -> ResponseReturnValue:
    """Somebody took out the items that these fields are of: their words come back."""
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        body = render_template(
            "newsletters/desk/moved.html",
            issue=issue,
            typed=[(name, label_of(name), request.form[name]) for name in names],
            states=STATES,
            is_item=True,
        )
    return body, 409
