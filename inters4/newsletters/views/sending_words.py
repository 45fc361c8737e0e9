"""Words for what becomes of each message of a sending."""

from collections.abc import Mapping

from inters4.core.i18n import LazyText, lazy
from inters4.newsletters.models import DeliveryState

DELIVERIES: Mapping[DeliveryState, LazyText] = {
    DeliveryState.SENT: lazy("Partis"),
    DeliveryState.QUEUED: lazy("En attente"),
    DeliveryState.SENDING: lazy("En train de partir"),
    DeliveryState.DEFERRED: lazy("Remis à plus tard"),
    DeliveryState.BOUNCED: lazy("Adresse refusée"),
    DeliveryState.FAILED: lazy("Message refusé"),
    DeliveryState.SUPPRESSED: lazy("Désabonnés entre-temps"),
}
