"""`/pratiques/dossiers/ID/apercu`: what is being written, as readers will see it."""

from collections.abc import Mapping
from dataclasses import replace

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.web.requests import signed_in, viewer
from inters4.practices.exports.sheets import PRACTICE
from inters4.practices.models import Practice, PracticeRevision, PracticeState
from inters4.practices.queries.known import citable
from inters4.practices.queries.left import find_left
from inters4.practices.queries.revisions import find_revision
from inters4.practices.services.drafts import read_revision
from inters4.practices.services.life import JUDGEMENTS
from inters4.practices.services.revising import judged_changes
from inters4.practices.services.sheets import sheet_to_show
from inters4.practices.views.blueprint import bp
from inters4.practices.views.parts import drawn_parts
from inters4.vocabulary.queries import vocabulary

_WRITTEN = frozenset({PracticeState.DRAFTING, PracticeState.OWNER_VALIDATION})
_UNJUDGED = {item.name: item.empty() for item in PRACTICE.fields if item.name in JUDGEMENTS}


@bp.get("/dossiers/<practice_id>/apercu")
@signed_in
def preview_dossier(practice_id: str) -> ResponseReturnValue:
    """The page of the sheet, for whoever takes part in its writing, or did until it was gone."""
    with reading() as session:
        g.session = session
        revision = (
            find_revision(session, practice_id, viewer=viewer())
            or find_left(session, practice_id, viewer=viewer())
            or abort(404)
        )
        practice = practice_to_be(session, revision)
        return render_template(
            "practices/dossier/preview.html",
            revision=revision,
            practice=practice,
            parts=drawn_parts(session, practice, words=vocabulary(session)),
        )


def preview_parts(session: Session, revision: PracticeRevision) -> Mapping[str, str]:
    """The parts of the page of the sheet, as readers will see them."""
    practice = practice_to_be(session, revision)
    return drawn_parts(session, practice, words=vocabulary(session))


def practice_to_be(session: Session, revision: PracticeRevision) -> Practice:
    """The sheet that readers will see; what is wrong in it is left out.

    What reviewers and organisations said of the published sheet is not said of a text that they
    have not judged.
    """
    found = read_revision(revision, known=citable(session)).sheet
    is_judged = revision.is_new_sheet or not judged_changes(session, revision)
    values = {
        **found.values,
        **({} if is_judged or revision.state not in _WRITTEN else _UNJUDGED),
        "id": revision.practice_id,
        "slug": revision.practice.slug,
        "state": PracticeState.PUBLISHED,
        "published_at": None,
        "review_due": None,
    }
    return sheet_to_show(session, replace(found, values=values))
