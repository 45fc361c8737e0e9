"""Why a relay could not be used, in French, with the setting to look at."""

import re
import smtplib
import socket
import ssl

_LONGEST_ANSWER = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

# The first cause that fits is the one said: particular ones stand before general ones.
_CAUSES: tuple[tuple[type[Exception], str], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        (
            "Le relais refuse le compte ou le mot de passe ({answer}). Vérifiez INTERS4_SMTP_USER "
            "et INTERS4_SMTP_PASSWORD."
        ),
    ),
    (
        UnicodeError,
        (
            "Le relais ne prend que des caractères sans accent dans son nom, le compte et le mot "
            "de passe."
        ),
    ),
    (smtplib.SMTPResponseException, "Le relais {relay} refuse la connexion ({answer})."),
    (
        smtplib.SMTPNotSupportedError,
        (
            "Le relais {relay} n’offre pas ce que les réglages demandent ({error}). Vérifiez "
            "INTERS4_SMTP_SECURITY et INTERS4_SMTP_USER."
        ),
    ),
    (smtplib.SMTPServerDisconnected, "Le relais {relay} a coupé la connexion."),
    (
        ssl.SSLCertVerificationError,
        "Le certificat du relais {relay} n’est pas reconnu ({error}).",
    ),
    (
        ssl.SSLError,
        "Le relais {relay} ne parle pas TLS sur ce port. Vérifiez INTERS4_SMTP_SECURITY.",
    ),
    (socket.gaierror, "Le relais « {host} » est introuvable. Vérifiez INTERS4_SMTP_HOST."),
    (
        ConnectionRefusedError,
        "Rien ne répond à {relay}. Vérifiez INTERS4_SMTP_HOST et INTERS4_SMTP_PORT.",
    ),
)


def why_unreachable(error: Exception, *, host: str, relay: str) -> str:
    """A sentence for the operator; `relay` is « host:port »."""
    if is_timeout(error):
        return f"Le relais {relay} ne répond pas."
    answer = ""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = said(error.smtp_code, error.smtp_error)
    for kind, sentence in _CAUSES:
        if isinstance(error, kind):
            return sentence.format(relay=relay, host=host, answer=answer, error=error)
    return f"Le relais {relay} est hors d’atteinte ({error})."


def is_timeout(error: BaseException) -> bool:
    """True when the relay said nothing; smtplib hides that behind a disconnection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def said(code: int, answer: bytes | str) -> str:
    """The relay's own answer, short and printable."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {_UNPRINTABLE.sub(' ', text).strip()}"[:_LONGEST_ANSWER].strip()
