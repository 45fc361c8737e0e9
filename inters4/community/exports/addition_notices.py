"""Telling those who carry a sheet that a thread has something for it, and who proposed it, the end.

Rights are those of the moment of reading: whoever left the sheet is told nothing, nor is anyone
of what became private or was removed.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.community.exports.addition_words import STATES, addition_path, what_it_is
from inters4.community.models import AdditionState, SheetAddition
from inters4.community.queries.additions import additions_named
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.queries.holders import holders_of
from inters4.practices.exports.notices import TEAM
from inters4.practices.queries.telling import authors_of

ADDITION_KIND, DECIDED_KIND = "community.addition", "community.addition_decided"


def about_addition(addition: SheetAddition) -> str:
    """The subject of notices about an addition."""
    return f"ajout:{addition.public_id}"


def tell_additions(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What is proposed, for those who decide: three statements."""
    rows = additions_named(session, {_tail(one) for one in notices})
    carried = authors_of(session, {row.practice.id for row in rows.values()})
    team = holders_of(session, TEAM)
    found = {}
    for one in notices:
        row = rows.get(_tail(one))
        if row is None:
            continue
        if one.member_id not in team and (row.practice.id, one.member_id) not in carried:
            continue
        found[one.id] = Told(
            title=_("Ajout proposé à la fiche : %(title)s", title=row.practice.title),
            text=what_it_is(row),
            path=addition_path(row.addition.public_id),
            is_over=not row.addition.is_waiting,
        )
    return found


def tell_decisions(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What became of it, for who proposed it: one statement."""
    rows = additions_named(session, {_tail(one) for one in notices})
    found = {}
    for one in notices:
        row = rows.get(_tail(one))
        if row is None or row.addition.by_id != one.member_id or row.addition.is_waiting:
            continue
        said = str(STATES[row.addition.state])
        is_declined = row.addition.state is AdditionState.DECLINED
        found[one.id] = Told(
            title=_("Votre ajout à la fiche : %(title)s", title=row.practice.title),
            text=f"{said}. {row.addition.reason}".strip() if is_declined else f"{said}.",
            path=addition_path(row.addition.public_id),
        )
    return found


KINDS = (
    NoticeKind(
        name=ADDITION_KIND,
        label=lambda: _("Ajouts que des fils proposent à vos fiches"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        tell=tell_additions,
        order=15,
    ),
    NoticeKind(
        name=DECIDED_KIND,
        label=lambda: _("Réponses aux ajouts que vous proposez à des fiches"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.DIGEST,
        tell=tell_decisions,
        order=16,
    ),
)


def _tail(notice: Noticed) -> str:
    return notice.subject.partition(":")[2]
