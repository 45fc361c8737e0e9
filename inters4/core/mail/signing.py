"""Signs what leaves (DKIM), so that whoever receives it knows that it is ours and whole.

The message is signed as it is given to the relay, before the dots of SMTP are doubled. A key that
cannot be read any more stops every message, which waits: none leaves unsigned by mistake.

Each field is signed once more than it is there: one that is put in front of ours, which some
programs would show instead, breaks the signature.
"""

from collections.abc import Callable
from pathlib import Path

from inters4.core.i18n import _
from inters4.core.mail.contract import RelayUnreachable
from inters4.core.speech import reason_of
from inters4.settings import Settings

Signer = Callable[[bytes], bytes]
_SIGNED = frozenset(
    {
        *(b"from", b"reply-to", b"to", b"subject", b"date", b"message-id", b"in-reply-to"),
        *(b"references", b"mime-version", b"content-type", b"content-transfer-encoding"),
        *(b"content-language", b"auto-submitted"),
        *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post"),
    }
)
_RELAXED = (b"relaxed", b"relaxed")


def signing_domain(settings: Settings) -> str:
    """The domain that answers for messages, whether they are signed or not."""
    return settings.dkim_domain or settings.mail_from.rpartition("@")[2]


def key_name(settings: Settings) -> str:
    """The name under which the key that signs is published."""
    return f"{settings.dkim_selector}._domainkey.{signing_domain(settings)}"


def signer_of(settings: Settings) -> Signer:
    """What puts a signature before a message; gives it back as it is when no key is set.

    Raises:
        RelayUnreachable: the key cannot be read.
    """
    if settings.dkim_key is None:
        return _unsigned
    key = _read(settings.dkim_key)
    selector, domain = settings.dkim_selector.encode(), signing_domain(settings).encode()

    def sign(message: bytes) -> bytes:
        import dkim  # noqa: PLC0415  (an extra)

        try:
            field: bytes = dkim.sign(
                message,
                selector,
                domain,
                key,
                canonicalize=_RELAXED,
                include_headers=_fields(message),
            )
        except Exception as error:
            raise _unusable(settings.dkim_key, str(error) or type(error).__name__) from error
        return field + message

    return sign


def _unsigned(message: bytes) -> bytes:
    return message


def _read(path: Path) -> bytes:
    """The key, written again in the one form that whoever signs reads: any ends of line will do."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  (for whoever signs)

    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        return key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    except OSError as error:
        raise _unusable(path, reason_of(error)) from error
    except Exception as error:
        reason = _("ce fichier ne contient pas de clé privée au format PEM")
        raise _unusable(path, reason) from error


def _unusable(path: Path | None, reason: str) -> RelayUnreachable:
    return RelayUnreachable(
        _(
            "La clé qui signe les courriels ne peut pas servir : %(path)s (%(reason)s). Vérifiez "
            "INTERS4_DKIM_KEY.",
            path=path,
            reason=reason,
        )
    )


def _fields(message: bytes) -> list[bytes]:
    """Those that the message has, then each that may be signed, so that none can be added."""
    head = message.partition(b"\r\n\r\n")[0]
    names = (
        line.partition(b":")[0].lower()
        for line in head.split(b"\r\n")
        if not line.startswith((b" ", b"\t"))
    )
    return [*(name for name in names if name in _SIGNED), *sorted(_SIGNED)]
