"""`/infolettres/NEWSLETTER/NUMBER/composer/choisir`: summaries and sheets to put in an issue."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.i18n import _, ngettext
from inters4.core.web.requests import signed_in, viewer
from inters4.newsletters.models import ItemKind
from inters4.newsletters.queries.composing import (
    find_to_compose,
    practices_offered,
    summaries_offered,
    told_in,
)
from inters4.newsletters.services.arranging import add_items, new_item
from inters4.newsletters.services.life import may_write
from inters4.newsletters.views.blueprint import bp
from inters4.practices.queries import readable_practices
from inters4.veille.queries.summaries import readable_summaries

_SUMMARIES, _PRACTICES = "resumes", "fiches"


@bp.get("/<newsletter_id>/<int:number>/composer/choisir")
@signed_in
def pick(newsletter_id: str, number: int) -> ResponseReturnValue:
    """What may be put in the issue: first what no issue told."""
    sort = _PRACTICES if request.args.get("sorte") == _PRACTICES else _SUMMARIES
    words = request.args.get("q", "")[:200]
    at: dict[str, Any] = {"newsletter_id": newsletter_id, "number": number}
    with reading() as session:
        g.session = session
        issue = find_to_compose(session, newsletter_id, number, viewer=viewer()) or abort(404)
        if not may_write(issue, by=viewer()):
            return redirect(url_for(".approval", **at), 303)
        offered = practices_offered if sort == _PRACTICES else summaries_offered
        page = request.args.get("page", 1, type=int)
        return render_template(
            "newsletters/desk/pick.html",
            issue=issue,
            sort=sort,
            words=words,
            page=offered(session, issue, words=words, page=page),
            told=told_in(session, issue),
            headings=[
                (one.public_id, one.title) for one in issue.items if one.kind is ItemKind.HEADING
            ],
            url_of=lambda asked: url_for(".pick", **at, sorte=sort, q=words or None, page=asked),
        )


@bp.post("/<newsletter_id>/<int:number>/composer/choisir")
@signed_in
def put_in(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Put what was ticked in the issue."""
    at: dict[str, Any] = {"newsletter_id": newsletter_id, "number": number}
    chosen = request.form.getlist("choix")
    is_practices = request.form.get("sorte") == _PRACTICES
    try:
        with writing() as session:
            found = find_to_compose(session, newsletter_id, number, viewer=viewer(), is_locked=True)
            issue = found or abort(404)
            if is_practices:
                known = {one.id for one in readable_practices(session, chosen, viewer=viewer())}
                items = [
                    new_item(ItemKind.PRACTICE, practice_id=one) for one in chosen if one in known
                ]
            else:
                known = {one.id for one in readable_summaries(session, chosen)}
                items = [
                    new_item(ItemKind.SUMMARY, summary_id=one) for one in chosen if one in known
                ]
            under = request.form.get("section", "")
            add_items(session, issue, items, under=under, by=viewer())
            place = f"item-{items[0].public_id}" if items and items[0].public_id else "elements"
    except DomainError as refusal:
        if refusal.status not in {DomainError.status, 409}:
            raise
        flash(refusal.message, "warning")
        return redirect(url_for(".pick", **at, sorte=request.form.get("sorte")), 303)
    if not items:
        flash(_("Cochez ce qui doit entrer dans le numéro."), "warning")
        return redirect(url_for(".pick", **at, sorte=request.form.get("sorte")), 303)
    flash(
        ngettext("%(num)s élément est ajouté.", "%(num)s éléments sont ajoutés.", len(items)),
        "success",
    )
    return redirect(url_for(".compose", **at, _anchor=place), 303)
