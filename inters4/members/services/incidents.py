"""The register of confidentiality incidents: written once, followed, never taken back."""

from datetime import date

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.members.models import Incident, IncidentEntry, IncidentStep


def add_incident(
    session: Session,
    *,
    title: str,
    noticed_on: date,
    happened: str,
    circumstances: str,
    data: str,
    people: int | None,
    is_serious: bool,
    assessment: str,
    by: Viewer,
    request_id: str = "",
) -> Incident:
    """Write an incident in the register.

    Raises:
        NotAllowed: `by` does not keep the register.
        DomainError: the day has not come yet.
    """
    _check(by)
    if noticed_on > local(now()).date():
        raise DomainError(
            _("Ce jour n’est pas encore venu : donnez celui où l’incident a été connu.")
        )
    incident = Incident(
        title=" ".join(title.split()),
        noticed_on=noticed_on,
        happened=" ".join(happened.split()),
        circumstances=circumstances.strip(),
        data=data.strip(),
        people=people,
        is_serious=is_serious,
        assessment=assessment.strip(),
        reported_by_id=by.member_id,
    )
    session.add(incident)
    session.flush()
    audit.record(
        session,
        "privacy.incident_added",
        by=by,
        subject=f"incident:{incident.public_id}",
        request_id=request_id,
        is_serious=is_serious,
    )
    return incident


def follow_incident(
    session: Session,
    incident: Incident,
    *,
    step: IncidentStep,
    text: str,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Add what was learned or done.

    Raises:
        NotAllowed: `by` does not keep the register.
        DomainError: nothing is said.
    """
    _check(by)
    if not text.strip():
        raise DomainError(_("Écrivez ce qui a été appris ou fait."))
    session.add(
        IncidentEntry(incident_id=incident.id, by_id=by.member_id, step=step, text=text.strip())
    )
    audit.record(
        session,
        "privacy.incident_followed",
        by=by,
        subject=f"incident:{incident.public_id}",
        request_id=request_id,
        step=step.value,
    )


def _check(by: Viewer) -> None:
    if not by.is_staff:
        raise NotAllowed(_("Seules la coordination et l’administration tiennent ce registre."))
