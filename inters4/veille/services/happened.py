"""Who changed a finding last, and when: what whoever comes second is told."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.i18n import _, format_moment
from inters4.members.models import Member
from inters4.veille.models import Act, Finding, FindingAct

_WORDS: Mapping[Act, Callable[[str, str], str]] = {
    Act.KEEP: lambda who, when: _(
        "%(who)s a gardé cette trouvaille le %(when)s.", who=who, when=when
    ),
    Act.DISCARD: lambda who, when: _(
        "%(who)s a écarté cette trouvaille le %(when)s.", who=who, when=when
    ),
    Act.LATER: lambda who, when: _(
        "%(who)s a remis cette trouvaille à plus tard le %(when)s.", who=who, when=when
    ),
    Act.REOPEN: lambda who, when: _(
        "%(who)s a rouvert cette trouvaille le %(when)s.", who=who, when=when
    ),
    Act.CLAIM: lambda who, when: _(
        "%(who)s tient cette trouvaille depuis le %(when)s.", who=who, when=when
    ),
    Act.RELEASE: lambda who, when: _(
        "%(who)s a rendu cette trouvaille à l’équipe le %(when)s.", who=who, when=when
    ),
    Act.ASSIGN: lambda who, when: _(
        "%(who)s a attribué cette trouvaille le %(when)s.", who=who, when=when
    ),
    Act.MERGE: lambda who, when: _(
        "%(who)s a fusionné cette trouvaille le %(when)s.", who=who, when=when
    ),
    Act.SUMMARISE: lambda who, when: _(
        "%(who)s a commencé un résumé de cette trouvaille le %(when)s.", who=who, when=when
    ),
}


def what_happened(session: Session, finding: Finding) -> str:
    """One sentence, for whoever saw the finding before that."""
    last = session.scalars(
        select(FindingAct)
        .where(
            FindingAct.finding_id == finding.id,
            FindingAct.undone_at.is_(None),
            FindingAct.act.in_(_WORDS),
        )
        .order_by(FindingAct.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return _("Cette trouvaille a changé depuis que vous l’avez ouverte : relisez-la.")
    if last.by_id is None:
        return _("Une règle a trié cette trouvaille le %(when)s.", when=format_moment(last.at))
    return _WORDS[last.act](name_of(session, last.by_id), format_moment(last.at))


def who_holds(session: Session, member_id: int, since: datetime | None) -> str:
    """« Ariane Essai tient cette trouvaille depuis le… »."""
    who = name_of(session, member_id)
    if since is None:
        return _("%(who)s tient cette trouvaille.", who=who)
    return _WORDS[Act.CLAIM](who, format_moment(since))


def name_of(session: Session, member_id: int | None) -> str:
    """The name of a colleague, for a sentence."""
    found = session.scalar(select(Member.name).where(Member.id == member_id))
    return found or _("L’équipe de courtage")
