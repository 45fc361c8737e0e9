"""Why a relay could not be used, in French, with the setting to look at."""

import re
import smtplib
import socket
import ssl

from inters4.core.i18n import LazyText, _, lazy
from inters4.core.mail.conversation import TooMuchSaidError

_LONGEST_ANSWER = 200
_STATUS = re.compile(r"\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

# The first cause that fits is the one said: particular ones stand before general ones.
_CAUSES: tuple[tuple[type[Exception], LazyText], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        lazy(
            "Le relais refuse le compte ou le mot de passe (%(answer)s). Vérifiez "
            "INTERS4_SMTP_USER et INTERS4_SMTP_PASSWORD."
        ),
    ),
    (
        UnicodeError,
        lazy(
            "Le relais ne prend que des caractères sans accent dans son nom, le compte et le mot "
            "de passe."
        ),
    ),
    (smtplib.SMTPResponseException, lazy("Le relais %(relay)s refuse la connexion (%(answer)s).")),
    (
        smtplib.SMTPNotSupportedError,
        lazy(
            "Le relais %(relay)s n’offre pas ce que les réglages demandent (%(error)s). Vérifiez "
            "INTERS4_SMTP_SECURITY et INTERS4_SMTP_USER."
        ),
    ),
    (
        TooMuchSaidError,
        lazy(
            "Ce qui répond à %(relay)s n’est pas un relais de courriel. Vérifiez "
            "INTERS4_SMTP_HOST et INTERS4_SMTP_PORT."
        ),
    ),
    (smtplib.SMTPServerDisconnected, lazy("Le relais %(relay)s a coupé la connexion.")),
    (
        ssl.SSLCertVerificationError,
        lazy(
            "Le certificat du relais %(relay)s n’est pas reconnu (%(error)s). Donnez-lui un "
            "certificat à son nom, ou nommez par INTERS4_SMTP_CA le fichier de son autorité."
        ),
    ),
    (
        ssl.SSLError,
        lazy("Le relais %(relay)s ne parle pas TLS sur ce port. Vérifiez INTERS4_SMTP_SECURITY."),
    ),
    (socket.gaierror, lazy("Le relais « %(host)s » est introuvable. Vérifiez INTERS4_SMTP_HOST.")),
    (
        ConnectionRefusedError,
        lazy("Rien ne répond à %(relay)s. Vérifiez INTERS4_SMTP_HOST et INTERS4_SMTP_PORT."),
    ),
)


# The codes of OpenSSL that are met in life.
_CERTIFICATES = {
    9: lazy("il n’est pas encore valable"),
    10: lazy("il est expiré"),
    18: lazy("il est signé par lui-même"),
    19: lazy("son autorité est inconnue"),
    20: lazy("son autorité est inconnue"),
    21: lazy("son autorité est inconnue"),
    62: lazy("il est au nom d’une autre machine"),
    64: lazy("il est au nom d’une autre machine"),
}


def why_unreachable(error: Exception, *, host: str, relay: str) -> str:
    """A sentence for the operator; `relay` is « host:port »."""
    if is_timeout(error):
        return _("Le relais %(relay)s ne répond pas.", relay=relay)
    answer = ""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = said(error.smtp_code, error.smtp_error)
    for kind, sentence in _CAUSES:
        if isinstance(error, kind):
            return str(sentence) % {
                "relay": relay,
                "host": host,
                "answer": answer,
                "error": _words(error),
            }
    return _("Le relais %(relay)s est hors d’atteinte (%(error)s).", relay=relay, error=error)


def _words(error: Exception) -> str:
    """What the library says, on one line; of a certificate, why it is refused."""
    if isinstance(error, ssl.SSLCertVerificationError):
        known = _CERTIFICATES.get(error.verify_code)
        return str(known) if known else str(error.verify_message)
    return _UNPRINTABLE.sub(" ", str(error))[:_LONGEST_ANSWER]


def is_timeout(error: BaseException) -> bool:
    """True when the relay said nothing; smtplib hides that behind a disconnection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def said(code: int, answer: bytes | str) -> str:
    """The relay's own answer, short and printable."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {_UNPRINTABLE.sub(' ', text).strip()}"[:_LONGEST_ANSWER].strip()


def status_of(answer: bytes | str) -> str:
    """The enhanced code with which an answer begins, `5.1.1`; empty when it has none."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    found = _STATUS.match(text)
    return found[1] if found else ""
