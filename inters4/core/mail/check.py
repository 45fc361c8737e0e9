"""Sends one test message at once and says, in French, what the relay answered."""

import secrets
from contextlib import closing

from inters4.core.clock import now
from inters4.core.i18n import _
from inters4.core.mail.compose import UnsafeFieldError, compose
from inters4.core.mail.contract import FateUnknown, RefusedForNow, Transport, TransportError
from inters4.core.mail.render import render
from inters4.core.mail.signing import key_name
from inters4.core.mail.transports import open_transport
from inters4.core.values import dataclass
from inters4.settings import MailTransport, Settings

TEST_TEMPLATE = "test_message"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found; `message` is a French sentence for whoever typed the command."""

    is_ok: bool
    message: str


def check_mail(
    settings: Settings, recipient: str, *, transport: Transport | None = None
) -> CheckResult:
    """Send the test message to `recipient`, past the queue, without touching the database."""
    rendered = render(TEST_TEMPLATE, {"asked_at": now()}, settings=settings)
    domain = settings.mail_from.rpartition("@")[2]
    try:
        envelope = compose(
            rendered,
            recipient=recipient,
            message_id=f"<{secrets.token_hex(16)}@{domain}>",
            locale="fr",
            settings=settings,
        )
        with closing(transport or open_transport(settings)) as carrier:
            carrier.send(envelope)
    except UnsafeFieldError as error:
        return CheckResult(is_ok=False, message=str(error))
    except FateUnknown as refusal:
        return CheckResult(is_ok=False, message=refusal.reason)
    except RefusedForNow as refusal:
        later = _(
            "Ce refus peut passer : des relais font attendre qui leur est inconnu. Réessayez dans "
            "dix minutes."
        )
        return CheckResult(is_ok=False, message=f"{refusal.reason} {later}")
    except TransportError as refusal:
        return CheckResult(is_ok=False, message=refusal.reason)
    return CheckResult(is_ok=True, message=_taken(settings, envelope.recipient))


def _taken(settings: Settings, recipient: str) -> str:
    if settings.mail is MailTransport.SMTP:
        said = _(
            "Le relais %(relay)s a accepté le message pour %(recipient)s. Vérifiez qu’il est "
            "arrivé, et qu’il n’est pas dans les indésirables.",
            relay=f"{settings.smtp_host}:{settings.smtp_port}",
            recipient=recipient,
        )
        if settings.dkim_key is None:
            return said
        signed = _("Il est signé sous %(name)s.", name=key_name(settings))
        return f"{said} {signed}"
    if settings.mail is MailTransport.MAILDIR:
        return _(
            "Le message pour %(recipient)s est dans %(folder)s. Rien n’est parti : pour envoyer, "
            "choisissez INTERS4_MAIL=smtp.",
            recipient=recipient,
            folder=settings.data_dir / "courriels",
        )
    return _("Le message est resté en mémoire : INTERS4_MAIL=memory ne sert qu’aux essais.")
