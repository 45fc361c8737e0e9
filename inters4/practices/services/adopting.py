"""A team says that it tries a practice: which team, where, since when, and who may read it.

Whoever calls has locked the sheet first: an adoption is part of what the sheet says.
"""

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.models import Organisation, OrganisationRegion
from inters4.practices.exports.adoption_notices import DECLARED_KIND, about_adoption
from inters4.practices.models import (
    READABLE,
    Adoption,
    AdoptionHolder,
    AdoptionState,
    Openness,
    Practice,
)
from inters4.practices.queries.revisions import author_ids
from inters4.practices.services.adoption_life import (
    add_step,
    must_hold,
    note_news,
    reason_for,
    record,
)
from inters4.practices.services.drafts import one_line
from inters4.vocabulary.queries import vocabulary

LONGEST_TEAM = 120
LONGEST_SINCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a team says of its adoption, beside how far it has come."""

    team: str
    region: str = ""
    setting: str = ""
    since: str = ""
    openness: Openness = Openness.PUBLIC

    @property
    def stamp(self) -> str:
        """Changes with any of the values: what a form saw of them."""
        return sha256("\0".join(self.lines()).encode()).hexdigest()[:16]

    def lines(self) -> tuple[str, ...]:
        """The values as text."""
        return (self.team, self.region, self.setting, self.since, self.openness.value)


def declared_by(adoption: Adoption) -> Declared:
    """What it says now."""
    return Declared(
        team=adoption.team,
        region=adoption.region,
        setting=adoption.setting,
        since=adoption.since,
        openness=adoption.openness,
    )


def declare_adoption(
    session: Session,
    practice: Practice,
    said: Declared,
    *,
    organisation_id: int,
    state: AdoptionState,
    by: Viewer,
    reason: str = "",
    request_id: str = "",
    read_in: str = "",
) -> Adoption:
    """A team says that it tries a practice; whoever says so answers for it.

    `read_in` is the item of an issue where they read of it.

    Raises:
        NotAllowed: the organisation has not confirmed that `by` belongs to it.
        Conflict: its team declared it already, or the sheet is not there any more.
        DomainError: a value is wrong.
    """
    if by.member_id is None or organisation_id not in by.organisations:
        raise NotAllowed(_("Seule une personne de l’organisation peut déclarer cette adoption."))
    if practice.state not in READABLE:
        raise Conflict(_("Cette fiche n’est plus publiée : rien n’y est déclaré."))
    said = _checked(session, said, organisation_id=organisation_id)
    reason = reason_for(state, reason)
    _refuse_twin(session, practice.id, organisation_id, said.team)
    adoption = Adoption(
        practice_id=practice.id,
        organisation=session.get_one(Organisation, organisation_id),
        practice=practice,
        state=state,
        state_reason=reason,
        team=said.team,
        region=said.region,
        setting=said.setting,
        since=said.since,
        openness=said.openness,
        read_in=read_in,
    )
    session.add(adoption)
    session.flush()
    session.add(AdoptionHolder(adoption_id=adoption.id, member_id=by.member_id))
    add_step(session, adoption, from_state=None, by=by)
    record(session, "practices.adoption_declared", adoption, by=by, request_id=request_id)
    if said.openness is not Openness.US:
        hooks.notifier.notify(
            session,
            DECLARED_KIND,
            author_ids(session, practice.id) - {by.member_id},
            subject=about_adoption(adoption),
            once=f"{DECLARED_KIND}:{adoption.public_id}",
        )
    session.flush()
    return adoption


def describe_adoption(
    session: Session, adoption: Adoption, said: Declared, *, seen: str, by: Viewer
) -> None:
    """Say it otherwise; `seen` is the stamp of what the form showed.

    Raises:
        NotAllowed: `by` does not answer for it.
        Conflict: someone changed it meanwhile, or another team of that name declared one.
        DomainError: a value is wrong.
    """
    must_hold(session, adoption, by=by)
    said = _checked(session, said, organisation_id=adoption.organisation_id, present=adoption)
    present = declared_by(adoption)
    if present.stamp != seen and present != said:
        raise Conflict(
            _("Quelqu’un de votre équipe a changé cette déclaration entre-temps."),
            theirs="\n".join(present.lines()),
            mine="\n".join(said.lines()),
        )
    if said.team != adoption.team:
        _refuse_twin(session, adoption.practice_id, adoption.organisation_id, said.team)
    adoption.team, adoption.region, adoption.setting = said.team, said.region, said.setting
    adoption.since, adoption.openness = said.since, said.openness
    note_news(adoption)
    session.flush()


def _checked(
    session: Session, said: Declared, *, organisation_id: int, present: Adoption | None = None
) -> Declared:
    team = one_line(said.team)
    if not team or len(team) > LONGEST_TEAM:
        raise DomainError(
            _("Nommez l’équipe ou l’unité, en %(most)s signes au plus.", most=LONGEST_TEAM)
        )
    since = one_line(said.since)
    if len(since) > LONGEST_SINCE:
        raise DomainError(_("« Depuis quand » dépasse %(most)s signes.", most=LONGEST_SINCE))
    words = vocabulary(session)
    setting = words.present("settings", said.setting)
    if said.setting and not setting:
        raise DomainError(_("Choisissez un milieu de la liste."))
    served = set(
        session.scalars(
            select(OrganisationRegion.region).where(
                OrganisationRegion.organisation_id == organisation_id
            )
        )
    )
    region = words.present("regions", said.region)
    if not region and len(served) == 1:
        (region,) = served
    if region and region not in served and not (present and region == present.region):
        raise DomainError(_("Choisissez une région que votre organisation dessert."))
    return Declared(team=team, region=region, setting=setting, since=since, openness=said.openness)


def _refuse_twin(session: Session, practice_id: str, organisation_id: int, team: str) -> None:
    twin = session.scalars(
        select(Adoption.id).where(
            Adoption.practice_id == practice_id,
            Adoption.organisation_id == organisation_id,
            Adoption.team == team,
        )
    ).first()
    if twin is not None:
        raise Conflict(
            _("Cette équipe a déjà déclaré cette pratique : ajoutez-vous à sa déclaration."),
            mine=team,
        )
