"""Who a newsletter says that it comes from: the law wants a name and a postal address."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.mail.compose import UnsafeFieldError, clean_address
from inters4.newsletters.models import Issue, IssueState, Newsletter
from inters4.newsletters.services.steps import enter
from inters4.veille.services.life import check_team

_HELD = frozenset({IssueState.IN_REVIEW, IssueState.APPROVED, IssueState.SCHEDULED})
_LONGEST_NAME, _LONGEST_ADDRESS, _MOST_LINES = 80, 300, 6


def set_sender(
    session: Session,
    newsletter: Newsletter,
    *,
    name: str,
    reply_to: str,
    postal_address: str,
    by: Viewer,
    request_id: str = "",
) -> None:
    """Say who sends `newsletter`, where answers go and where the sender is.

    It is part of every message: whoever says it has written in the drafts that there are, and it
    does not change while a message is being approved, or waits for its hour.

    Raises:
        NotFound: `by` is not of the team.
        DomainError: a field is empty, too long, or is no address; an issue is being approved.
    """
    check_team(by)
    issues = session.scalars(
        select(Issue)
        .where(Issue.newsletter_id == newsletter.id, Issue.state.in_({IssueState.DRAFT, *_HELD}))
        .with_for_update()
    ).all()
    if any(issue.state in _HELD for issue in issues):
        raise DomainError(
            _(
                "Un numéro est en approbation, ou approuvé : son message dit qui l’envoie. "
                "Reprenez-le d’abord, ou attendez qu’il soit parti."
            ),
            about="nom",
        )
    name = " ".join(name.split())
    lines = [" ".join(line.split()) for line in postal_address.splitlines()]
    postal_address = "\n".join(line for line in lines if line)
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise DomainError(_("Donnez le nom de qui envoie, en 80 caractères au plus."), about="nom")
    if not postal_address:
        raise DomainError(_("Donnez l’adresse postale de qui envoie."), about="adresse")
    if len(postal_address) > _LONGEST_ADDRESS or postal_address.count("\n") >= _MOST_LINES:
        raise DomainError(
            _("Raccourcissez l’adresse : six lignes, 300 caractères au plus."), about="adresse"
        )
    reply_to = reply_to.strip()
    try:
        reply_to = clean_address(reply_to) if reply_to else ""
    except UnsafeFieldError as error:
        raise DomainError(_("Ce n’est pas une adresse de courriel."), about="reponse") from error
    newsletter.sender, newsletter.reply_to = name, reply_to
    newsletter.postal_address = postal_address
    for issue in issues:
        enter(session, issue, IssueState.DRAFT, by=by)
    audit.record(
        session,
        "newsletters.sender",
        by=by,
        subject=f"infolettre:{newsletter.id}",
        request_id=request_id,
    )
    session.flush()
