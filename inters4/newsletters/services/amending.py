"""An issue that readers have is not changed: a note says what was wrong, or a message corrects it.

The note stands on its page and in its feed. An erratum is an issue like others, approved by
somebody else, which goes to those who received what it corrects.
"""

import re

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, DomainError
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.newsletters.models import READABLE, Issue, IssueState, Newsletter
from inters4.newsletters.queries.errata import erratum_in_progress
from inters4.newsletters.services.preparing import begin_issue
from inters4.newsletters.services.steps import enter
from inters4.veille.services.drafting import mark_of
from inters4.veille.services.life import check_team

LONGEST_NOTE = 600
_NOTE = "note"
_BREAKS = re.compile(r"[ \t\r\n]+")


class StaleNote(Conflict):
    """Somebody else wrote the note meanwhile."""


def may_have_erratum(issue: Issue) -> bool:
    """True of an issue that left: one that is on the web alone has nobody to tell."""
    return issue.state is IssueState.SENT


def note_mark(issue: Issue) -> str:
    """What a form shows of the note, to send back."""
    return mark_of(_NOTE, issue.correction)


def write_note(
    session: Session, issue: Issue, text: str, *, seen: str, by: Viewer, request_id: str = ""
) -> None:
    """Say, at the top of an issue that everyone reads, what was wrong in it.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the issue is not read yet; somebody else wrote the note meanwhile.
        DomainError: the note is empty, or too long.
    """
    check_team(by)
    if issue.state not in READABLE:
        raise Conflict(_("Ce numéro n’est pas paru : corrigez-le dans son brouillon."))
    text = _BREAKS.sub(" ", storable(text)).strip()
    if text == issue.correction:
        return
    if seen != note_mark(issue):
        raise StaleNote(_("Quelqu’un a écrit cette note entre-temps : les deux textes sont ici."))
    if not text:
        raise DomainError(
            _("Écrivez ce qu’il fallait lire. Une note se change; elle ne s’efface pas."),
            about=_NOTE,
        )
    if len(text) > LONGEST_NOTE:
        raise DomainError(_("Raccourcissez la note : 600 caractères au plus."), about=_NOTE)
    issue.correction = text
    enter(session, issue, issue.state, by=by, reason=text)
    audit.record(
        session,
        "newsletters.correction",
        by=by,
        subject=f"numero:{issue.id}",
        request_id=request_id,
        note=text,
    )
    session.flush()


def prepare_erratum(session: Session, issue: Issue, *, by: Viewer, request_id: str = "") -> Issue:
    """The draft of a message that corrects `issue`, locked; the one being made, if there is one.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the issue has not left, or somebody takes the next number at this instant.
    """
    check_team(by)
    if not may_have_erratum(issue):
        raise Conflict(_("Un erratum se prépare une fois le numéro envoyé."))
    present = erratum_in_progress(session, issue.id)
    if present is not None:
        return present
    newsletter = session.get_one(Newsletter, issue.newsletter_id)
    made = begin_issue(session, newsletter, by=by, corrects=issue, request_id=request_id)
    if made is None:
        raise Conflict(_("Quelqu’un vient de commencer un numéro. Réessayez."))
    return made
