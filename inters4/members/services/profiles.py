"""What a person says of themselves, and letters from one person to another."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import DomainError, NotFound, TooMany
from inters4.core.hooks import hooks
from inters4.core.i18n import _, current_locale, format_number
from inters4.core.mail import enqueue
from inters4.members.exports.letters import MESSAGE
from inters4.members.exports.notices import MESSAGE_KIND
from inters4.members.models import (
    ConsentPurpose,
    DirectoryListing,
    Member,
    MemberPreference,
    MemberState,
    ProfileField,
    ProfileKey,
    Visibility,
)
from inters4.members.queries.profiles import find_person, member_behind, own_fields
from inters4.members.services.consents import record_consent
from inters4.members.services.people import check_name

LONGEST_VALUE = 600
LONGEST_MESSAGE = 2_000
MOST_MESSAGES = 10
_WINDOW = timedelta(hours=1)
_SENT = "members.message_sent"


def one_newline(typed: str) -> str:
    """`typed` as the person counts it: browsers send two signs for each end of line."""
    return typed.replace("\r\n", "\n").strip()


def save_profile(
    session: Session, said: Mapping[ProfileKey, tuple[str, Visibility]], *, by: Viewer
) -> None:
    """Keep what one says of oneself; an empty value forgets the field.

    Organisations have no value of their own: what is kept is who sees them, unless nobody does.

    Raises:
        DomainError: a value is too long.
    """
    member_id = _own(by)
    held = own_fields(session, member_id)
    for key, (value, visibility) in said.items():
        text = one_newline(value)
        if len(text) > LONGEST_VALUE:
            raise DomainError(
                _("Ce texte dépasse %(most)s signes : raccourcissez-le.", most=LONGEST_VALUE),
                about=key.value,
            )
        row = held.get(key)
        if key is ProfileKey.ORGANISATIONS:
            text, is_said = "", visibility is not Visibility.NOBODY
        else:
            is_said = bool(text)
        if not is_said:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(
                ProfileField(member_id=member_id, key=key, value=text, visibility=visibility)
            )
        else:
            row.value, row.visibility = text, visibility
    session.flush()


def rename(session: Session, name: str, *, by: Viewer) -> bool:
    """Change one's own name, wherever it is shown; False when it is the same.

    The journal says when, not what: names go with their account.

    Raises:
        DomainError: it is no name.
    """
    name = " ".join(name.split())
    check_name(name)
    member = session.get_one(Member, _own(by))
    if name == member.name:
        return False
    member.name = name
    audit.record(session, "members.name_changed", by=by, subject=f"member:{member.id}")
    return True


def set_listed(session: Session, *, is_listed: bool, text: str, by: Viewer, source: str) -> None:
    """Appear in the directory or leave it; `text` is what stood beside the box."""
    member_id = _own(by)
    row = session.get(DirectoryListing, member_id)
    if is_listed is (row is not None):
        return
    if row is None:
        session.add(DirectoryListing(member_id=member_id))
    else:
        session.delete(row)
    member = session.get_one(Member, member_id)
    record_consent(
        session,
        ConsentPurpose.DIRECTORY,
        email=member.email,
        text=text,
        locale=current_locale(),
        source=source,
        is_given=is_listed,
        member_id=member_id,
    )


def set_preference(session: Session, name: str, value: object, *, by: Viewer) -> None:
    """Keep one choice under `name`."""
    member_id = _own(by)
    row = session.get(MemberPreference, (member_id, name))
    if row is None:
        session.add(MemberPreference(member_id=member_id, name=name, value=value))
    else:
        row.value = value


def set_locale_of(session: Session, locale: str, *, by: Viewer) -> None:
    """The language in which a person reads and is written to."""
    session.get_one(Member, _own(by)).locale = locale


def write_to(session: Session, public_id: str, text: str, *, by: Viewer) -> None:
    """Send a letter to someone whose page `by` may read; `by` is named, with their address.

    Raises:
        NotFound: there is no such page for `by`, or it is their own.
        DomainError: nothing was written, or too much; the person wants no letters.
        TooMany: `by` wrote too often in an hour.
    """
    sender_id = _own(by)
    person = find_person(session, public_id, viewer=by)
    recipient = member_behind(session, public_id) if person else None
    if recipient is None or recipient.id == sender_id:
        raise NotFound(_("Cette personne ne reçoit pas de message par le portail."))
    text = _message(text)
    leaves_at = hooks.notifier.letters(session, MESSAGE_KIND, [recipient.id]).get(recipient.id)
    if leaves_at is None:
        raise DomainError(refused_letters(recipient.name))
    _admit(session, sender_id)
    audit.record(session, _SENT, by=by, subject=f"member:{recipient.id}")
    _queue(session, recipient, text, sender_id=sender_id, leaves_at=leaves_at)


def reachable(session: Session, ids: Collection[int], *, by: Viewer) -> Mapping[int, datetime]:
    """Those of a team, but `by`, who may be written to, and when a letter to each may leave."""
    others = session.scalars(
        select(Member.id).where(
            Member.id.in_(ids), Member.id != (by.member_id or 0), Member.state == MemberState.ACTIVE
        )
    ).all()
    return hooks.notifier.letters(session, MESSAGE_KIND, others) if others else {}


def write_to_team(
    session: Session, ids: Collection[int], text: str, *, about: str, subject: str, by: Viewer
) -> None:
    """Send one letter to each of a team that another domain shows; nobody there is named.

    `about` says, first, what it is about; `subject` names it in the journal. Those who want no
    letters are left alone, and the whole counts as one message of `by`.

    Raises:
        NotFound: `by` is nobody.
        DomainError: nothing was written, or too much; nobody there wants letters.
        TooMany: `by` wrote too often in an hour.
    """
    sender_id = _own(by)
    text = _message(text)
    leaving = reachable(session, ids, by=by)
    if not leaving:
        raise DomainError(unreachable_team())
    _admit(session, sender_id)
    audit.record(session, _SENT, by=by, subject=subject)
    for person in session.scalars(
        select(Member).where(Member.id.in_(leaving)).order_by(Member.id)
    ).all():
        _queue(
            session,
            person,
            f"{about}\n\n{text}",
            sender_id=sender_id,
            leaves_at=leaving[person.id],
        )


def unreachable_team() -> str:
    """What is said to whoever would write to a team where nobody can be reached."""
    return _(
        "Personne de cette équipe ne reçoit de messages par le portail pour l’instant. L’équipe "
        "de courtage peut la joindre pour vous."
    )


def _message(typed: str) -> str:
    text = one_newline(typed)
    if not 1 <= len(text) <= LONGEST_MESSAGE:
        raise DomainError(
            _(
                "Écrivez votre message en %(most)s signes au plus.",
                most=format_number(LONGEST_MESSAGE),
            )
        )
    return text


def _queue(
    session: Session, recipient: Member, text: str, *, sender_id: int, leaves_at: datetime
) -> None:
    enqueue(
        session,
        kind=MESSAGE,
        template=MESSAGE,
        recipient=recipient.email,
        locale=recipient.locale,
        member_id=recipient.id,
        parameters={"sender": sender_id, "text": text},
        not_before=leaves_at,
    )


def refused_letters(name: str) -> str:
    """What is said to whoever would write to someone who wants no letters."""
    return _(
        "%(name)s préfère ne pas recevoir de messages par le portail. L’équipe de courtage peut "
        "vous aider à joindre son équipe.",
        name=name,
    )


def _admit(session: Session, sender_id: int) -> None:
    session.get(Member, sender_id, with_for_update=True)
    since = now() - _WINDOW
    sent = session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.actor_id == sender_id, AuditEntry.action == _SENT, AuditEntry.at > since)
    )
    if (sent or 0) >= MOST_MESSAGES:
        raise TooMany(
            _("Vous avez écrit beaucoup de messages. Réessayez dans une heure."),
            retry_after=int(_WINDOW.total_seconds()),
        )


def _own(by: Viewer) -> int:
    if by.member_id is None:
        raise NotFound(_("Cette page n’existe pas."))
    return by.member_id
