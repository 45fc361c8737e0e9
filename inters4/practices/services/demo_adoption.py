"""What a demonstration shows of adoptions: one, plainly fictional, with its journal.

It is open to the people who registered alone: what the public reads and counts does not change.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.installation import is_demo
from inters4.members.queries import find_member_by_email, find_organisation, load_viewer
from inters4.practices.models import Adoption, AdoptionState, Aspect, Openness
from inters4.practices.queries.adoptions import hold_practice
from inters4.practices.services.adopting import Declared, declare_adoption
from inters4.practices.services.adoption_life import change_state
from inters4.practices.services.assessing import Answers, start_assessment
from inters4.practices.services.journaling import Figure, write_entry

EXAMPLE = "exemple"
"""Names the demonstration's adoption, its note and its answers in addresses."""
_SHEET, _ORGANISATION, _PERSON = "agir-tot", "cisss-bsl", "camille@exemple.invalid"
_TEAM = "Équipe fictive, pour la démonstration"
_NOTES: tuple[tuple[Aspect, int, str, tuple[Figure, ...]], ...] = (
    (
        Aspect.REACH,
        120,
        "Exemple fictif : douze familles ont été rejointes; trois n’ont pas rappelé.",
        (),
    ),
    (
        Aspect.ADAPTATIONS,
        80,
        (
            "Exemple fictif. Ce que l’équipe a changé :\n\n"
            "- une rencontre sur deux par téléphone, à cause des distances;\n"
            "- un seul questionnaire au lieu de deux."
        ),
        (),
    ),
    (
        Aspect.EFFECTIVENESS,
        20,
        "Exemple fictif : ces chiffres n’ont jamais été mesurés.",
        (
            Figure(
                indicator="Délai du premier rendez-vous (fictif)",
                before="40",
                after="12",
                unit="jours",
                n="12 familles",
                period="automne 2026",
            ),
        ),
    ),
)


def seed_adoption(session: Session) -> None:
    """Make it once; a demonstration that was played with is left as it is.

    Raises:
        RuntimeError: the database is not marked as a demonstration.
    """
    if not is_demo(session):
        raise RuntimeError("a fictional adoption is made in a demonstration database only")
    if session.scalars(select(Adoption.id).where(Adoption.public_id == EXAMPLE)).first():
        return
    practice = hold_practice(session, _SHEET)
    organisation = find_organisation(session, _ORGANISATION)
    member = find_member_by_email(session, _PERSON)
    if practice is None or organisation is None or member is None:
        return
    by = load_viewer(session, member.id)
    adoption = declare_adoption(
        session,
        practice,
        Declared(
            team=_TEAM,
            region="rss01",
            since="été 2026 (exemple fictif)",
            openness=Openness.MEMBERS,
        ),
        organisation_id=organisation.id,
        state=AdoptionState.INTENTION,
        by=by,
    )
    adoption.public_id = EXAMPLE
    change_state(session, adoption, AdoptionState.TRIAL, by=by)
    today = local(now()).date()
    for aspect, days, text, figures in _NOTES:
        entry = write_entry(
            session,
            adoption,
            aspect=aspect,
            on_day=today - timedelta(days=days),
            text=text,
            figures=figures,
            by=by,
        )
    entry.public_id = EXAMPLE
    answers = start_assessment(
        session,
        practice,
        Answers(
            team=_TEAM,
            fit="Exemple fictif : oui, les familles d’ici attendent aussi.",
            feasible="Exemple fictif : il manque une personne un jour par semaine.",
        ),
        organisation_id=organisation.id,
        by=by,
    )
    answers.public_id = EXAMPLE
    session.flush()
