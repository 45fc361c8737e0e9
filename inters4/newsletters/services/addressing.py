"""To whom a draft goes: chosen by the team, and part of what is approved."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.newsletters.exports.audience import PARTS
from inters4.newsletters.models import Issue
from inters4.newsletters.services.composing import check_is_draft, note_writer
from inters4.veille.services.drafting import mark_of
from inters4.veille.services.life import check_team

Audience = Mapping[str, Sequence[str]]


class StaleAudience(Conflict):
    """Somebody else chose meanwhile."""


def audience_mark(issue: Issue) -> str:
    """What a form shows of the audience, to send back."""
    return mark_of("audience", json.dumps(_tidied(issue.audience), sort_keys=True))


def set_audience(
    session: Session,
    issue: Issue,
    chosen: Audience,
    *,
    seen: str,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Narrow a draft to those whom `chosen` names, by part; what is empty leaves nobody out.

    Whoever chooses has written in the issue.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: the issue is not a draft any more, is an erratum, or somebody else chose.
    """
    check_team(by)
    check_is_draft(issue, by=by)
    if issue.erratum_of_id is not None:
        raise Conflict(_("Un erratum va aux personnes qui ont reçu le numéro qu’il corrige."))
    wanted = _tidied(chosen)
    if wanted == _tidied(issue.audience):
        return
    if seen != audience_mark(issue):
        raise StaleAudience(
            _("Quelqu’un a changé les destinataires entre-temps : voyez, puis enregistrez.")
        )
    issue.audience = wanted
    note_writer(session, issue, by=by)
    audit.record(
        session,
        "newsletters.audience",
        by=by,
        subject=f"numero:{issue.id}",
        request_id=request_id,
        **wanted,
    )
    session.flush()


def _tidied(audience: Audience) -> dict[str, list[str]]:
    """What narrows alone, always written the same way."""
    return {part: sorted(set(audience[part])) for part in PARTS if audience.get(part)}
