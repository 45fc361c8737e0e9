"""`/pratiques/dossiers/ID`: where a sheet stands, what it lacks, who carries it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading, writing
from inters4.core.i18n import _
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.practices.exports.step_words import WHO_WORDS, state_word
from inters4.practices.forms.standing import standings_of
from inters4.practices.forms.words import in_words
from inters4.practices.models import READABLE, TOMBSTONES, PracticeRevision
from inters4.practices.queries import find_head_of
from inters4.practices.queries.carrying import carriers_of
from inters4.practices.queries.known import citable
from inters4.practices.queries.queue import HANDS, wait_of
from inters4.practices.queries.revisions import find_revision, steps_of
from inters4.practices.services.deciding import is_team, may_write
from inters4.practices.services.drafts import read_revision
from inters4.practices.services.holding import PATH, aimed_on, next_state, sent_back
from inters4.practices.services.requirements import Lack, lacks_of
from inters4.practices.services.revising import abandon, may_abandon
from inters4.practices.views.blocks import address_of_field
from inters4.practices.views.blueprint import bp
from inters4.practices.views.panel import decisions_of
from inters4.reactions.exports import words_of
from inters4.reactions.queries import count


@bp.get("/dossiers/<practice_id>")
@signed_in
def dossier(practice_id: str) -> ResponseReturnValue:
    """The dossier of the open revision, for whoever takes part in it."""
    return dossier_page(practice_id)


def dossier_page(
    practice_id: str,
    *,
    told: str = "",
    unfound: str = "",
    typed: Mapping[str, str] | None = None,
    lacks: Sequence[Lack] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page; `told`, `typed` and `lacks` are those of a move that was refused.

    `unfound` says that nobody is called as was typed.
    """
    with reading() as session:
        g.session = session
        revision = find_revision(session, practice_id, viewer=viewer())
        if revision is None:
            return _closed(practice_id)
        read = read_revision(revision, known=citable(session))
        coming = next_state(revision.state)
        missing = [*read.mistakes, *(lacks_of(read.sheet, coming) if coming else ())]
        carriers = carriers_of(session, practice_id)
        authors = frozenset(one.member_id for one in carriers)
        owner = next((one.member_id for one in carriers if one.is_owner), None)
        steps = steps_of(session, practice_id)
        body = render_template(
            "practices/dossier/show.html",
            revision=revision,
            practice=revision.practice,
            title=revision.values.get("title") or revision.practice.title,
            path=PATH,
            state_word=state_word,
            held_by=WHO_WORDS[HANDS[wait_of(session, revision)]],
            aimed_on=aimed_on(revision, steps),
            sent_back=sent_back(revision, steps),
            coming=coming,
            lacks=[(in_words(one.message), one.field) for one in missing],
            address_of_field=address_of_field,
            blocks=standings_of(revision, read),
            carriers=carriers,
            may_write=may_write(revision, by=viewer(), authors=authors),
            may_abandon=may_abandon(owner, by=viewer()),
            steps=steps,
            readers=_readers(session, revision, authors),
            decisions=decisions_of(session, revision, viewer=viewer()),
            told=told,
            has_moved=status == 409,
            unfound=unfound,
            typed=typed or {},
            refused=[(in_words(one.message), one.field) for one in lacks or ()],
        )
    return body, status


@bp.route("/dossiers/<practice_id>/abandon", methods=["GET", "POST"])
@signed_in
def abandon_dossier(practice_id: str) -> ResponseReturnValue:
    """Ask once more, by its name; then give up what is being written."""
    if request.method == "POST":
        with writing() as session:
            revision = find_revision(session, practice_id, viewer=viewer(), for_update=True)
            if revision is None:
                abort(404)
            abandon(session, revision, by=viewer(), request_id=request_id())
            is_new, slug = revision.is_new_sheet, revision.practice.slug
        flash(_("C’est abandonné; rien n’en paraîtra."), "success")
        where = url_for("members.account") if is_new else url_for(".show", slug=slug)
        return redirect(where, code=303)
    with reading() as session:
        g.session = session
        revision = find_revision(session, practice_id, viewer=viewer()) or abort(404)
        title = revision.values.get("title") or revision.practice.title
        return render_template("practices/dossier/abandon.html", revision=revision, title=title)


def _readers(
    session: Session, revision: PracticeRevision, authors: frozenset[int]
) -> Mapping[str, Any] | None:
    """What readers said of the published sheet, for its authors and the team."""
    is_told = viewer().member_id in authors or is_team(viewer())
    if revision.is_new_sheet or not is_told:
        return None
    tally = count(session, revision.practice.document_ref)
    return {"tally": tally, "added": words_of(tally.told)}


def _closed(practice_id: str) -> ResponseReturnValue:
    """Nothing is being written: the sheet that readers see, or the page that says it is gone."""
    with reading() as session:
        found = find_head_of(session, practice_id, viewer=viewer())
        if found is None or found.state not in READABLE | TOMBSTONES:
            abort(404)
        slug = found.slug
    return redirect(url_for(".show", slug=slug), code=303)
