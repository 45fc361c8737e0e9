"""« Est-ce que ça marcherait ici? »: four questions that a team answers for itself.

An aid to discussion, never a score: nothing is counted, nothing leaves the organisation.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _, format_number
from inters4.core.values import dataclass
from inters4.members.models import Organisation
from inters4.practices.models import Practice, TransferAssessment
from inters4.practices.services.adopting import LONGEST_TEAM

LONGEST_ANSWER = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a team answers: does it fit, should we, can we here, how."""

    team: str
    fit: str = ""
    worth: str = ""
    feasible: str = ""
    how: str = ""

    def texts(self) -> tuple[str, ...]:
        """The four answers, in the order of the questions."""
        return self.fit, self.worth, self.feasible, self.how


def start_assessment(
    session: Session, practice: Practice, said: Answers, *, organisation_id: int, by: Viewer
) -> TransferAssessment:
    """Keep the answers of a team.

    Raises:
        NotAllowed: the organisation has not confirmed `by`.
        Conflict: that team has answered already.
        DomainError: the team has no name, or an answer is too long.
    """
    if by.member_id is None or organisation_id not in by.organisations:
        raise NotAllowed(_("Seule une personne de l’organisation peut faire cela."))
    said = _checked(said)
    _refuse_twin(session, practice.id, organisation_id, said)
    row = TransferAssessment(
        practice=practice,
        organisation=session.get_one(Organisation, organisation_id),
        team=said.team,
        written_by_id=by.member_id,
    )
    row.fit, row.worth, row.feasible, row.how = said.texts()
    session.add(row)
    session.flush()
    return row


def change_assessment(
    session: Session, row: TransferAssessment, said: Answers, *, seen: int, by: Viewer
) -> None:
    """Answer again; `seen` is the version that the form showed.

    Raises:
        NotAllowed: the organisation has not confirmed `by`.
        Conflict: someone changed it meanwhile, or another team has that name.
        DomainError: the team has no name, or an answer is too long.
    """
    _must_belong(row, by)
    said = _checked(said)
    present = _texts(row)
    if row.version != seen:
        raise Conflict(
            _("Quelqu’un de votre équipe a changé ces réponses pendant que vous les écriviez."),
            theirs="\n\n".join(present),
            mine="\n\n".join(said.texts()),
        )
    if said.team != row.team:
        _refuse_twin(session, row.practice_id, row.organisation_id, said)
    if (row.team, *present) == (said.team, *said.texts()):
        return
    row.team = said.team
    row.fit, row.worth, row.feasible, row.how = said.texts()
    row.written_by_id, row.updated_at = by.member_id, now()
    session.flush()


def remove_assessment(session: Session, row: TransferAssessment, *, by: Viewer) -> None:
    """Forget the answers of a team, for good.

    Raises:
        NotAllowed: the organisation has not confirmed `by`.
    """
    _must_belong(row, by)
    session.delete(row)
    session.flush()


def _texts(row: TransferAssessment) -> tuple[str, ...]:
    return row.fit, row.worth, row.feasible, row.how


def _must_belong(row: TransferAssessment, by: Viewer) -> None:
    if row.organisation_id not in by.organisations:
        raise NotAllowed(_("Seule une personne de l’organisation peut faire cela."))


def _checked(said: Answers) -> Answers:
    team = " ".join(said.team.split())
    if not team or len(team) > LONGEST_TEAM:
        raise DomainError(
            _("Nommez l’équipe ou l’unité, en %(most)s signes au plus.", most=LONGEST_TEAM)
        )
    texts = [text.replace("\r\n", "\n").strip() for text in said.texts()]
    if any(len(text) > LONGEST_ANSWER for text in texts):
        raise DomainError(
            _("Une réponse dépasse %(most)s signes.", most=format_number(LONGEST_ANSWER))
        )
    fit, worth, feasible, how = texts
    return Answers(team=team, fit=fit, worth=worth, feasible=feasible, how=how)


def _refuse_twin(session: Session, practice_id: str, organisation_id: int, said: Answers) -> None:
    twin = session.scalars(
        select(TransferAssessment).where(
            TransferAssessment.practice_id == practice_id,
            TransferAssessment.organisation_id == organisation_id,
            TransferAssessment.team == said.team,
        )
    ).first()
    if twin is not None:
        raise Conflict(
            _("Cette équipe a déjà répondu pour cette pratique : complétez ses réponses."),
            theirs="\n\n".join(_texts(twin)),
            mine="\n\n".join(said.texts()),
        )
