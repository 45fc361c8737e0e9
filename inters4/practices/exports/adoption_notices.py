"""What practices tell people of adoptions: someone tries their sheet, news are asked for.

Words are read when a notice is shown or sent, for whoever may still read the adoption then.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Role
from inters4.core.i18n import _, format_date
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.models import RoleGrant
from inters4.members.queries.holders import holders_of
from inters4.practices.models import (
    READABLE,
    Adoption,
    AdoptionHolder,
    AdoptionState,
    Openness,
    Practice,
    PracticeAuthor,
    PracticeState,
)
from inters4.practices.queries.telling import is_unheld

NEWS_KIND, DECLARED_KIND = "practices.adoption_news", "practices.adoption_declared"
HIDDEN_KIND, UNHELD_KIND = "practices.adoption_hidden", "practices.adoption_unheld"
GONE_KIND = "practices.adopted_gone"
_PREFIX = "adoption:"


def about_adoption(adoption: Adoption) -> str:
    """The subject of notices about an adoption."""
    return f"{_PREFIX}{adoption.public_id}"


def tell_news_wanted(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """An adoption silent for a year, for those who answer for it: two statements."""
    adoptions = _named(session, notices)
    held = _held(session, adoptions)
    found = {}
    for one in notices:
        adoption = adoptions.get(one.subject)
        if adoption is None or (adoption.id, one.member_id) not in held:
            continue
        found[one.id] = Told(
            title=_("Où en êtes-vous : %(title)s", title=adoption.practice.title),
            text=_(
                "Votre équipe (%(team)s) n’a rien écrit depuis le %(day)s. Quelques mots "
                "suffisent, ou un clic si rien n’a changé.",
                team=adoption.team,
                day=format_date(adoption.news_at),
            ),
            path=_path_of(adoption),
            is_over=adoption.news_asked_at is None or adoption.state is AdoptionState.ABANDONED,
        )
    return found


def tell_hidden(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """An adoption taken out of sight, for those who answer for it: two statements."""
    adoptions = _named(session, notices)
    held = _held(session, adoptions)
    return {
        one.id: Told(
            title=_(
                "La coordination a retiré votre adoption de la vue des autres : %(title)s",
                title=adoption.practice.title,
            ),
            text=adoption.hidden_reason,
            path=_path_of(adoption),
            is_over=not adoption.is_hidden,
        )
        for one in notices
        if (adoption := adoptions.get(one.subject)) is not None
        and (adoption.id, one.member_id) in held
    }


def tell_gone(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A sheet that a team tries is withdrawn or replaced, for those who answer: two statements."""
    adoptions = _named(session, notices)
    held = _held(session, adoptions)
    return {
        one.id: _gone(adoption.practice)
        for one in notices
        if (adoption := adoptions.get(one.subject)) is not None
        and (adoption.id, one.member_id) in held
    }


def _gone(sheet: Practice) -> Told:
    is_replaced = sheet.state is PracticeState.REPLACED
    return Told(
        title=_("Une pratique que vous essayez est remplacée : %(title)s", title=sheet.title)
        if is_replaced
        else _("Une pratique que vous essayez est retirée : %(title)s", title=sheet.title),
        text=sheet.state_reason,
        path=f"/pratiques/{sheet.slug}",
        is_over=sheet.state in READABLE,
    )


def tell_declared(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """A team tries a sheet, for those who carry it: two statements."""
    adoptions = _named(session, notices)
    sheets = {one.practice_id for one in adoptions.values()}
    carried = set(
        session.execute(
            select(PracticeAuthor.practice_id, PracticeAuthor.member_id).where(
                PracticeAuthor.practice_id.in_(sheets)
            )
        )
    )
    return {
        one.id: Told(
            title=_("Une équipe essaie votre pratique : %(title)s", title=adoption.practice.title),
            text=adoption.label,
            path=_path_of(adoption),
        )
        for one in notices
        if (adoption := adoptions.get(one.subject)) is not None
        and (adoption.practice_id, one.member_id) in carried
        and adoption.openness is not Openness.US
        and not adoption.is_hidden
        and adoption.practice.state in READABLE
    }


def told_of_unheld(session: Session, adoption: Adoption) -> frozenset[int]:
    """Whom it concerns that nobody answers for an adoption any more.

    Those who answer for its organisation; and, when others may read it, those who carry the sheet
    and the coordination.
    """
    places = select(RoleGrant.member_id).where(
        RoleGrant.role == Role.RESPONDENT, RoleGrant.organisation_id == adoption.organisation_id
    )
    found = set(session.scalars(places))
    if adoption.openness is not Openness.US and not adoption.is_hidden:
        carriers = select(PracticeAuthor.member_id).where(
            PracticeAuthor.practice_id == adoption.practice_id
        )
        found |= {*session.scalars(carriers), *holders_of(session, (Role.COORDINATION,))}
    return frozenset(found)


def tell_of_unheld(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """An adoption for which nobody answers, for those whom it concerns now."""
    adoptions = _named(session, notices)
    ids = [one.id for one in adoptions.values()]
    unheld = set(session.scalars(select(Adoption.id).where(Adoption.id.in_(ids), is_unheld())))
    concerned = {key: told_of_unheld(session, one) for key, one in adoptions.items()}
    return {
        one.id: Told(
            title=_("Personne ne répond plus d’une adoption : %(title)s", title=adoption.label),
            text=_("Elle reste lisible; une personne de l’organisation peut la reprendre."),
            path=_path_of(adoption),
            is_over=adoption.id not in unheld or adoption.state is AdoptionState.ABANDONED,
        )
        for one in notices
        if (adoption := adoptions.get(one.subject)) is not None
        and one.member_id in concerned[one.subject]
    }


KINDS = (
    NoticeKind(
        name=NEWS_KIND,
        label=lambda: _("Nouvelles attendues d’une pratique que vous essayez"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_news_wanted,
        order=40,
    ),
    NoticeKind(
        name=HIDDEN_KIND,
        label=lambda: _("Votre adoption retirée de la vue des autres"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        tell=tell_hidden,
        order=42,
    ),
    NoticeKind(
        name=GONE_KIND,
        label=lambda: _("Une pratique que votre équipe essaie est retirée"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        tell=tell_gone,
        order=44,
    ),
    NoticeKind(
        name=DECLARED_KIND,
        label=lambda: _("Une équipe essaie une pratique que vous portez"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.DIGEST,
        tell=tell_declared,
        order=41,
    ),
    NoticeKind(
        name=UNHELD_KIND,
        label=lambda: _("Adoptions dont plus personne ne répond"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.DIGEST,
        tell=tell_of_unheld,
        order=43,
    ),
)


def _named(session: Session, notices: Sequence[Noticed]) -> dict[str, Adoption]:
    ids = {one.subject.removeprefix(_PREFIX) for one in notices}
    rows = session.scalars(
        select(Adoption)
        .where(Adoption.public_id.in_(ids))
        .options(joinedload(Adoption.practice), joinedload(Adoption.organisation))
    )
    return {about_adoption(row): row for row in rows}


def _held(session: Session, adoptions: Mapping[str, Adoption]) -> set[tuple[int, int]]:
    """(adoption, person) of those who answer for them."""
    ids = [one.id for one in adoptions.values()]
    rows = session.execute(
        select(AdoptionHolder.adoption_id, AdoptionHolder.member_id).where(
            AdoptionHolder.adoption_id.in_(ids)
        )
    )
    return {(row.adoption_id, row.member_id) for row in rows}


def _path_of(adoption: Adoption) -> str:
    return f"/pratiques/{adoption.practice.slug}/adoptions/{adoption.public_id}"
