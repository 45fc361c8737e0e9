"""What was typed in a form whose sheet moved meanwhile is given back, to be copied elsewhere.

So is what someone typed while they were taken off the sheet; nothing of it is said to them.
"""

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.web.requests import viewer
from inters4.practices.exports.step_words import state_word
from inters4.practices.forms.pages import FormPage
from inters4.practices.forms.posted import Posted
from inters4.practices.forms.shown import shown
from inters4.practices.forms.words import label_of
from inters4.practices.models import Practice, PracticeRevision
from inters4.practices.queries import find_head_of
from inters4.practices.queries.revisions import author_ids, find_revision, worked_on
from inters4.practices.services.marks import mark_of
from inters4.practices.views.blocks import choices_of


class Moved(Exception):
    """The sheet cannot be written now, nor perhaps by this person."""


def where_it_stands(session: Session, practice_id: str) -> PracticeRevision | Practice | None:
    """What tells where the sheet is; None for who was taken off it. To anyone else: 404."""
    revision = find_revision(session, practice_id, viewer=viewer())
    practice = find_head_of(session, practice_id, viewer=viewer())
    if practice is None and viewer().member_id in author_ids(session, practice_id):
        practice = session.get(Practice, practice_id)
    if not (revision or practice or viewer().member_id in worked_on(session, practice_id)):
        abort(404)
    return revision or practice


def given_back(
    practice_id: str, page: FormPage, posted: Posted, marks: dict[str, str]
) -> ResponseReturnValue:
    """Where the sheet stands, and what was typed in the fields that were changed."""
    with reading() as session:
        g.session = session
        stands = where_it_stands(session, practice_id)
        choices = choices_of(session)
        typed = [
            (name, label_of(name), shown(name, value, choices=choices))
            for name, value in posted.by_field().items()
            if mark_of(name, value) != marks.get(name)
        ]
        body = render_template(
            "practices/dossier/moved.html",
            page=page,
            state=state_word(stands.state) if stands else "",
            typed=[one for one in typed if one[2]],
            address=f"/pratiques/dossiers/{practice_id}" if stands else "/compte",
        )
    return body, 409
