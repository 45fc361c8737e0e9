"""`/pratiques/proposer`: three fields start a sheet that nobody else sees yet."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, TooMany
from inters4.core.files import FileRefused
from inters4.core.files.word import LARGEST, Passage, read_word
from inters4.core.web.read_in import item_read
from inters4.core.web.requests import request_id, signed_in, viewer
from inters4.practices.forms.proposing import ProposalForm
from inters4.practices.models import WHOLE_LIFE
from inters4.practices.services.revising import start_sheet
from inters4.practices.services.starting import admit_document, begin_with
from inters4.practices.views.blueprint import bp


@bp.route("/proposer", methods=["GET", "POST"])
@signed_in
def propose() -> ResponseReturnValue:
    """The form; once sent, the dossier of the sheet that it starts."""
    form = ProposalForm()
    if request.method == "POST" and form.validate():
        try:
            passages = _passages(form)
            with writing() as session:
                revision = start_sheet(
                    session,
                    title=form.titre.data or "",
                    problem=form.probleme.data or "",
                    solution=form.solution.data or "",
                    by=viewer(),
                    request_id=request_id(),
                    read_in=item_read(session),
                )
                begin_with(session, revision, passages)
                started = revision.practice_id
        except (FileRefused, TooMany) as refusal:
            form.document.errors = [refusal.message]
        except DomainError as refusal:
            form.form_errors.append(refusal.message)
        else:
            return redirect(url_for(".dossier", practice_id=started), code=303)
    with reading() as session:
        g.session = session
        body = render_template("practices/dossier/propose.html", form=form, days=WHOLE_LIFE.days)
    return body, 422 if form.is_submitted() else 200


def _passages(form: ProposalForm) -> list[Passage]:
    """What the Word document says; nothing when none is given."""
    given = form.document.data
    if not isinstance(given, FileStorage) or not given.filename:
        return []
    with writing() as session:
        admit_document(session, by=viewer(), request_id=request_id())
    return read_word(given.stream.read(LARGEST + 1), given.filename)
