"""`/pratiques/SLUG`: one sheet, and its reference as files."""

from functools import partial

from flask import (
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from inters4.core import tallies
from inters4.core.citations import Citation
from inters4.core.clock import local, now
from inters4.core.db import reading
from inters4.core.jobs import jobs
from inters4.core.web.downloads import references_file
from inters4.core.web.paced import Pace
from inters4.core.web.requests import public, site, viewer
from inters4.core.web.visits import is_a_robot, is_a_visit
from inters4.practices import queries
from inters4.practices.exports.adoption_words import STATES
from inters4.practices.exports.citing import citation_of
from inters4.practices.jobs import READINGS
from inters4.practices.queries.adoptions import beside_public
from inters4.practices.queries.left import find_left, how_it_went
from inters4.practices.queries.sheets import sees_all
from inters4.practices.queries.translations import translations_of
from inters4.practices.views.blueprint import bp
from inters4.practices.views.papers import shown_paper
from inters4.practices.views.parts import parts_of
from inters4.settings import Settings
from inters4.vocabulary.queries import vocabulary

MOST_READINGS_AN_HOUR = 30
"""Of one sheet, from one network: a whole hospital may share one, and a program makes thousands."""
_PACE = "practices.readings"


@bp.record
def _keep_pace(state: BlueprintSetupState) -> None:
    """Each process counts by itself, a part of the whole."""
    settings: Settings = state.app.config["SETTINGS"]
    pace = Pace(max(1, MOST_READINGS_AN_HOUR // settings.web_workers))
    state.app.extensions[_PACE] = pace


@bp.get("/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """One sheet; a former address leads to the present one."""
    with reading() as session:
        g.session = session
        practice = queries.find_head(session, slug, viewer=viewer())
        if practice is None:
            moved = queries.find_renamed(session, slug, viewer=viewer()) or abort(404)
            return redirect(url_for(".show", slug=moved), code=301)
        if practice.is_tombstone:
            left = find_left(session, practice.id, viewer=viewer())
            went = how_it_went(session, practice.id)
            return render_template(
                "practices/tombstone.html", practice=practice, left=left, went=went
            )
        others = translations_of(session, practice)
        parts = parts_of(session, practice, words=vocabulary(session), others=others)
        beside = beside_public(session, practice.id, viewer=viewer())
        body = render_template(
            "practices/sheet.html",
            practice=practice,
            parts=parts,
            beside=beside,
            states=STATES,
            paper=shown_paper(session, practice),
        )
        is_read = practice.is_readable and is_a_visit() and not is_a_robot()
        practice_id = practice.id
    response = make_response(body)
    if is_read and not sees_all(viewer()) and _is_paced(practice_id):
        response.call_on_close(partial(_count_reading, practice_id))
    return response


@bp.get("/<slug>.ris")
@public
def as_ris(slug: str) -> ResponseReturnValue:
    """The reference of a sheet, for Zotero, EndNote or Mendeley."""
    return references_file([_citation(slug)], "ris", name=slug)


@bp.get("/<slug>.bib")
@public
def as_bibtex(slug: str) -> ResponseReturnValue:
    """The reference of a sheet, as BibTeX."""
    return references_file([_citation(slug)], "bib", name=slug)


def _is_paced(practice_id: str) -> bool:
    pace: Pace = current_app.extensions[_PACE]
    return pace.admits(request.remote_addr or "", practice_id)


def _count_reading(practice_id: str) -> None:
    """After the answer; those of the brokering team, who work there, do not count."""
    tallies.note(jobs.settings.data_dir, READINGS, practice_id, on=local(now()).date())


def _citation(slug: str) -> Citation:
    with reading() as session:
        practice = queries.find_practice(session, slug, viewer=viewer())
        if practice is None:
            abort(404)
        if practice.is_tombstone:
            abort(redirect(url_for(".show", slug=practice.slug)))
        return citation_of(practice, site=site())
