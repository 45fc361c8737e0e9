"""What stops a sign-in at the provider: a reason for the journal, a sentence for the person."""

from inters4.core.errors import DomainError
from inters4.core.i18n import _


class SignOnRefused(DomainError):
    """The provider's answer opens nothing.

    Attributes:
        reason: a short code name, for the journal: what the provider wrote is never in it.
    """

    status = 403

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(
            message
            or _(
                "La réponse du service de connexion n’a pas pu être vérifiée : rien n’a été "
                "ouvert. Recommencez; si cela se répète, dites-le à l’équipe de courtage."
            )
        )
        self.reason = reason


class ProviderAway(SignOnRefused):
    """The provider does not answer, or not as a provider does."""

    status = 503

    def __init__(self, reason: str) -> None:
        super().__init__(
            reason,
            _(
                "Le service de connexion de votre organisation ne répond pas. Réessayez dans "
                "quelques minutes, ou entrez avec votre mot de passe si vous en avez un."
            ),
        )


class UnknownKey(SignOnRefused):
    """No key of the provider that is known here made this signature; others may have come since."""


def denied(error: str) -> SignOnRefused:
    """What the provider itself answered instead of a code."""
    if error in {"server_error", "temporarily_unavailable"}:
        return ProviderAway(error)
    if error == "access_denied":
        return SignOnRefused(
            error,
            _(
                "La connexion a été annulée, ou votre organisation ne vous donne pas accès au "
                "portail. Recommencez, ou parlez-en à votre service informatique."
            ),
        )
    known = {"login_required", "interaction_required", "consent_required", "invalid_request"}
    return SignOnRefused(error if error in known else "provider_error")
