"""The list of people as a table."""

from collections.abc import Iterable, Iterator

from inters4.core.clock import local
from inters4.core.i18n import _
from inters4.core.tables import write_csv
from inters4.members.exports.words import role_label, state_label
from inters4.members.models import Member


def members_csv(members: Iterable[Member]) -> Iterator[str]:
    """One line a person; needs organisations and grants loaded."""
    heads = (
        _("Nom"),
        _("Courriel"),
        _("État"),
        _("Organisations"),
        _("Rôles"),
        _("Inscription"),
    )
    return write_csv(heads, (_cells(member) for member in members))


def _cells(member: Member) -> tuple[str, ...]:
    confirmed = [link for link in member.organisations if link.confirmed_at is not None]
    return (
        member.name,
        member.email,
        state_label(member.state),
        ", ".join(sorted(link.organisation.label for link in confirmed)),
        ", ".join(sorted({role_label(grant.role) for grant in member.grants})),
        local(member.created_at).date().isoformat(),
    )
