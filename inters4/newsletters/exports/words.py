"""Words of subscriptions that pages, letters and files share; those of the consent are kept."""

from inters4.core.i18n import lazy
from inters4.newsletters.models import Frequency, SubscriberState

CONSENT_WORDS = lazy(
    "J’accepte de recevoir par courriel les infolettres choisies, envoyées par le Consortium "
    "InterS4. Je peux changer d’avis en tout temps, par un lien dans chaque message."
)
"""What stands beside the box of the form. Changed words take another version."""
CONSENT_VERSION = "2026-11"

_STATES = {
    SubscriberState.TO_CONFIRM: lazy("À confirmer"),
    SubscriberState.ACTIVE: lazy("Abonnement actif"),
    SubscriberState.PAUSED: lazy("En pause"),
    SubscriberState.UNSUBSCRIBED: lazy("Désabonnement"),
    SubscriberState.BOUNCED: lazy("Adresse qui ne reçoit plus"),
    SubscriberState.COMPLAINED: lazy("Plainte reçue"),
    SubscriberState.ERASED: lazy("Adresse effacée"),
}
_FREQUENCIES = {
    Frequency.EACH: lazy("Chaque numéro"),
    Frequency.MONTHLY: lazy("Une fois par mois au plus"),
    Frequency.QUARTERLY: lazy("Une fois par trimestre au plus"),
}


def state_label(state: SubscriberState) -> str:
    """Where a subscriber stands, in words."""
    return str(_STATES[state])


def frequency_label(frequency: Frequency) -> str:
    """How often, in words."""
    return str(_FREQUENCIES[frequency])
