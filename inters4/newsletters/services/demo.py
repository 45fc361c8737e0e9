"""What a demonstration shows of the infolettres: an issue to approve, a draft, subscribers.

People are plainly fictional and their addresses lead nowhere; the words of both issues say that
they are examples.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.installation import is_demo
from inters4.members.queries import find_member_by_email, load_viewer
from inters4.newsletters.exports.words import CONSENT_VERSION, CONSENT_WORDS
from inters4.newsletters.models import (
    Issue,
    ItemKind,
    Newsletter,
    Subscriber,
)
from inters4.newsletters.queries.composing import summaries_offered
from inters4.newsletters.services import subscriber_life as life
from inters4.newsletters.services.approving import ask_approval
from inters4.newsletters.services.arranging import add_items, new_item
from inters4.newsletters.services.composing import field_of, marks_of, stored_fields, write_issue
from inters4.newsletters.services.preparing import begin_issue
from inters4.newsletters.services.subscriber_life import Move, Proof
from inters4.newsletters.services.subscribing import Choices, begin_subscriber, keep_choices
from inters4.settings import Settings

NEWSLETTER = "en-bref"
_SUBSCRIBERS = 12
_THEMES = ("domicile", "telesante", "aines")
_TO_CONFIRM = timedelta(minutes=4)
_ENDINGS = (
    (Move.PAUSE, "/infolettres/preferences", ""),
    (Move.LEAVE, "/infolettres/desabonnement", ""),
    (Move.BOUNCE, "retour", "5.1.1 550 5.1.1 <…> : adresse inconnue (exemple fictif)"),
)
_CITED = 3
_WORDS = {
    "title": "Exemple fictif : trois lectures pour les équipes à domicile",
    "description": (
        "Exemple fictif : ce numéro attend une approbation; il montre à quoi ressemble un envoi."
    ),
    "opening": (
        "**Exemple fictif.** Bonjour, ce numéro de démonstration réunit trois lectures "
        "récentes. Une personne de l’équipe l’a préparé; une autre doit encore l’approuver."
    ),
}
_DRAFT = {
    "title": "Exemple fictif : le numéro suivant, en préparation",
    "description": "Exemple fictif : un brouillon à compléter, à mettre en ordre et à relire.",
    "opening": "**Exemple fictif.** Ce brouillon se compose : ajoutez, déplacez, retirez.",
}


def seed_newsletters(session: Session, settings: Settings) -> bool:
    """Make the issues and the subscribers of the demonstration; False when they are there.

    Content and people come first.

    Raises:
        RuntimeError: the database is not marked as a demonstration.
    """
    if not is_demo(session):
        raise RuntimeError("fictional subscribers are made in a demonstration database only")
    newsletter = session.get(Newsletter, NEWSLETTER)
    if newsletter is None or newsletter.sender:
        return False
    newsletter.sender = "InterS4 (démonstration)"
    newsletter.postal_address = "Équipe de courtage (exemple fictif)\n1, rue de l’Exemple\nRimouski"
    _subscribe(session)
    broker = _person(session, "dominique")
    asked = _compose(session, newsletter, _WORDS, broker)
    approver, deputy = _person(session, "morgan"), _person(session, "frederique")
    hour = local(now() + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    ask_approval(
        session,
        asked,
        approver.member_id or 0,
        deputy.member_id or 0,
        send_at=hour,
        by=broker,
        settings=settings,
    )
    _compose(session, newsletter, _DRAFT, broker)
    return True


def _person(session: Session, key: str) -> Viewer:
    found = find_member_by_email(session, f"{key}@exemple.invalid")
    if found is None:
        raise RuntimeError("make the people of the demonstration first")
    return load_viewer(session, found.id)


def _subscribe(session: Session) -> None:
    """Twelve readers, then one who rests, one who left and one whose address came back."""
    taken = set(session.scalars(select(Subscriber.address)))
    for number in range(1, _SUBSCRIBERS + len(_ENDINGS) + 1):
        address = f"abonnement-{number}@exemple.invalid"
        if address in taken:
            continue
        day = now() - timedelta(days=9 * number, hours=number)
        proof = Proof(
            text=str(CONSENT_WORDS),
            version=CONSENT_VERSION,
            source="/infolettres/abonnement",
            network="192.0.2.0/24",
            at=day,
        )
        reader = begin_subscriber(session, address, language="fr", proof=proof)
        life.make(session, reader, Move.CONFIRM, proof=replace(proof, at=day + _TO_CONFIRM))
        reader.created_at, reader.confirmed_at = day, day + _TO_CONFIRM
        theme = _THEMES[number % len(_THEMES)]
        keep_choices(reader, Choices(newsletters=(NEWSLETTER,), themes=(theme,)))
        if number > _SUBSCRIBERS:
            move, source, reason = _ENDINGS[number - _SUBSCRIBERS - 1]
            life.make(session, reader, move, proof=Proof(source=source), reason=reason)
            if move is Move.PAUSE:
                reader.paused_until = now() + timedelta(days=60)
    session.flush()


def _compose(
    session: Session, newsletter: Newsletter, words: dict[str, str], broker: Viewer
) -> Issue:
    issue = begin_issue(session, newsletter, by=broker)
    if issue is None:
        raise RuntimeError("somebody else makes this demonstration")
    offered = summaries_offered(session, issue).rows[:_CITED]
    cited = [new_item(ItemKind.SUMMARY, summary_id=summary.id) for summary in offered]
    heading = new_item(ItemKind.HEADING)
    note = new_item(ItemKind.TEXT)
    add_items(session, issue, [heading, *cited, note], by=broker)
    typed = {
        **words,
        field_of(heading, "title"): "À lire (exemple fictif)",
        field_of(note, "text"): "Exemple fictif : une question? Répondez simplement à ce courriel.",
    }
    write_issue(session, issue, typed, seen=marks_of(stored_fields(issue)), by=broker)
    return issue
