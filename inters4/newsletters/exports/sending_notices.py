"""What newsletters tells of a sending: one that waits for a person, one that stopped by itself."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from inters4.core.access import Role
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.members.queries.holders import holders_of
from inters4.newsletters.models import FrozenIssue, Hold, Issue, IssueState, Pause
from inters4.newsletters.queries.deliveries import FOLLOWED

SENDING_KIND = "newsletters.sending"
TEAM = (Role.BROKER, Role.COORDINATION)

HOLDS: Mapping[str, Callable[[], str]] = {
    Hold.LATE: lambda: _(
        "L’heure d’envoi est passée depuis plus d’un jour : confirmez que ce numéro part encore."
    ),
    Hold.INSTANCE: lambda: _(
        "La base de données a été remise d’une copie depuis que l’envoi a été demandé : ce numéro "
        "est peut-être déjà parti. Confirmez qu’il part d’ici."
    ),
    Hold.CHANGED: lambda: _(
        "Le message n’est plus celui qui a été approuvé : un élément qu’il cite a changé. Reprenez "
        "le numéro, puis demandez une nouvelle approbation."
    ),
    Hold.EMPTY: lambda: _("Personne ne recevrait ce numéro : revoyez à qui il s’adresse."),
}
PAUSES: Mapping[str, Callable[[], str]] = {
    Pause.PERSON: lambda: _("L’équipe a suspendu l’envoi."),
    Pause.REFUSALS: lambda: _(
        "Trop de messages étaient refusés ou remis à plus tard : voyez pourquoi avant de reprendre."
    ),
    Pause.RELAY: lambda: _("Le relais de courriel ne répond pas."),
    Pause.INSTANCE: lambda: _(
        "La base de données a été remise d’une copie pendant l’envoi : des messages sont peut-être "
        "partis depuis. Reprendre les enverrait une seconde fois."
    ),
}


def about_sending(issue_id: str) -> str:
    """The subject of notices about a sending."""
    return f"envoi:{issue_id}"


def sending_path(issue: Issue) -> str:
    """Where a sending is followed; where the issue stands, once somebody took it back."""
    page = "envoi" if issue.state in FOLLOWED else "approbation"
    return f"/infolettres/{issue.newsletter_id}/{issue.number}/{page}"


def why_waiting(issue: Issue, frozen: FrozenIssue | None) -> str:
    """Why a sending waits for a person, in a sentence; empty when it does not."""
    if issue.state is IssueState.SCHEDULED and issue.held_for in HOLDS:
        return HOLDS[issue.held_for]()
    if issue.state is IssueState.PAUSED and frozen is not None and frozen.paused_for in PAUSES:
        return PAUSES[frozen.paused_for]()
    return ""


def tell_sendings(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """What waits for a decision, for whoever is of the team now: two statements."""
    ids = {one.subject.partition(":")[2] for one in notices}
    rows = {
        about_sending(issue.id): (issue, frozen)
        for issue, frozen in session.execute(
            select(Issue, FrozenIssue)
            .outerjoin(FrozenIssue, FrozenIssue.issue_id == Issue.id)
            .where(Issue.id.in_(ids))
            .options(joinedload(Issue.newsletter))
        )
    }
    team = holders_of(session, TEAM)
    found = {}
    for one in notices:
        issue, frozen = rows.get(one.subject, (None, None))
        if issue is None or one.member_id not in team:
            continue
        why = why_waiting(issue, frozen)
        found[one.id] = Told(
            title=_(
                "Envoi en attente : %(newsletter)s, numéro %(number)s",
                newsletter=issue.newsletter.title,
                number=issue.number,
            ),
            text=why,
            path=sending_path(issue),
            is_over=not why,
        )
    return found


KINDS = (
    NoticeKind(
        name=SENDING_KIND,
        label=lambda: _("Envois d’infolettre qui attendent une décision"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_sendings,
        concerns=lambda viewer: viewer.holds_any(*TEAM),
        order=29,
    ),
)
