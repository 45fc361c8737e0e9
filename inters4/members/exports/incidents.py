"""The register of incidents in words, and as the table that the law asks for."""

from collections.abc import Iterable, Iterator, Mapping

from inters4.core.clock import local
from inters4.core.i18n import LazyText, _, lazy
from inters4.core.tables import write_csv
from inters4.members.models import IncidentStep
from inters4.members.queries.incidents import Record

STEPS: Mapping[IncidentStep, LazyText] = {
    IncidentStep.NOTE: lazy("Constat"),
    IncidentStep.MEASURE: lazy("Mesure prise"),
    IncidentStep.COMMISSION_TOLD: lazy("Commission d’accès à l’information avisée"),
    IncidentStep.PEOPLE_TOLD: lazy("Personnes avisées"),
    IncidentStep.REASSESSED: lazy("Risque réévalué"),
    IncidentStep.CLOSED: lazy("Incident clos"),
}


def incidents_csv(records: Iterable[Record]) -> Iterator[str]:
    """One line an incident, in the order of the register."""
    heads = (
        _("Numéro"),
        _("Incident"),
        _("Connu le"),
        _("Quand c’est arrivé"),
        _("Circonstances"),
        _("Renseignements visés"),
        _("Personnes touchées"),
        _("Risque de préjudice sérieux"),
        _("Évaluation du risque"),
        _("Commission avisée le"),
        _("Personnes avisées le"),
        _("Mesures et constats"),
        _("Clos"),
    )
    return write_csv(heads, (_cells(record) for record in records))


def _cells(record: Record) -> tuple[str, ...]:
    incident = record.incident
    return (
        incident.public_id,
        incident.title,
        incident.noticed_on.isoformat(),
        incident.happened,
        incident.circumstances,
        incident.data,
        "" if incident.people is None else str(incident.people),
        _("oui") if incident.is_serious else _("non"),
        incident.assessment,
        _days(record, IncidentStep.COMMISSION_TOLD),
        _days(record, IncidentStep.PEOPLE_TOLD),
        " | ".join(
            f"{local(entry.at).date()} {STEPS[entry.step]} - {entry.text}"
            for entry in record.entries
        ),
        _("oui") if record.is_closed else _("non"),
    )


def _days(record: Record, step: IncidentStep) -> str:
    return ", ".join(
        local(entry.at).date().isoformat() for entry in record.entries if entry.step is step
    )
