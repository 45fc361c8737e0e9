"""Finding someone by their address or their whole name; attempts are counted.

Nobody tries a list of addresses to learn who has an account.
"""

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import DomainError
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.members.models import Member
from inters4.members.services import seeking as members
from inters4.practices.queries.carrying import find_active_person

_SOUGHT = "community.person_sought"
_MOST_SOUGHT = 40
_LONGEST = 254


def check_seeking(session: Session, *, by: Viewer) -> None:
    """Refuse whoever looked for many people already.

    Raises:
        TooMany: with how long to wait.
    """
    members.check_seeking(session, _SOUGHT, by=by, most=_MOST_SOUGHT)


def note_seeking(session: Session, *, by: Viewer) -> None:
    """Count an attempt, found or not: written by itself, so that a refusal keeps it."""
    audit.record(session, _SOUGHT, by=by)
    session.flush()


def find_person(session: Session, told: str, *, about: str) -> Member:
    """The one active person of this address or whole name.

    Raises:
        DomainError: nobody, or several; says what to type.
    """
    text = storable(told).strip()
    found = find_active_person(session, text) if 0 < len(text) <= _LONGEST else None
    if found is None:
        raise DomainError(
            _(
                "Personne n’a de compte actif sous ce nom ou cette adresse. Donnez son adresse "
                "de courriel, ou invitez d’abord cette personne à s’inscrire."
            )
            if text
            else _("Donnez le nom ou l’adresse de courriel de la personne."),
            about=about,
        )
    return found
