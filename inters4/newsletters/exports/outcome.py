"""The balance of an issue in words: what each figure counts, and the same as a table of figures."""

from collections.abc import Iterator, Mapping, Sequence

from inters4.core.i18n import LazyText, _, lazy
from inters4.core.tables import write_csv
from inters4.core.values import dataclass
from inters4.newsletters.models import DeliveryState, ItemKind
from inters4.newsletters.queries.born import Clicked, Corrected, Harvest
from inters4.newsletters.queries.outcome import Which
from inters4.newsletters.queries.sequels import SequelKind

WORDS: Mapping[Which, tuple[LazyText, LazyText]] = {
    Which.FROZEN: (
        lazy("Destinataires retenus"),
        lazy("Les abonnements à qui ce numéro était destiné quand l’envoi a commencé."),
    ),
    Which.SENT: (
        lazy("Messages partis"),
        lazy("Acceptés par le serveur qui les transmet; certains peuvent revenir ensuite."),
    ),
    Which.WAITING: (
        lazy("Pas encore réglés"),
        lazy("En attente, en train de partir ou remis à plus tard."),
    ),
    Which.REFUSED: (
        lazy("Adresses refusées"),
        lazy("Le serveur a refusé l’adresse pendant l’envoi."),
    ),
    Which.FAILED: (
        lazy("Messages abandonnés"),
        lazy("Le serveur a refusé le message lui-même, ou l’a remis trop souvent."),
    ),
    Which.ASIDE: (
        lazy("Mis de côté"),
        lazy("La personne est partie avant que son message parte, ou l’envoi a été arrêté."),
    ),
    Which.UNCERTAIN: (
        lazy("Peut-être reçus deux fois"),
        lazy("L’envoi a été coupé pendant que ces messages partaient."),
    ),
    Which.HARD: (
        lazy("Adresses qui n’existent pas"),
        lazy("Dites telles pendant l’envoi ou par un courriel de retour; on ne leur écrit plus."),
    ),
    Which.SOFT: (
        lazy("Boîtes pleines ou hors service"),
        lazy("Dites telles pendant l’envoi ou par un courriel de retour."),
    ),
    Which.COMPLAINTS: (
        lazy("Plaintes"),
        lazy("La personne a signalé le message comme indésirable; on ne lui écrit plus."),
    ),
}
SUM = (Which.SENT, Which.WAITING, Which.REFUSED, Which.FAILED, Which.ASIDE)
"""What adds up to the audience."""
AMONG = (Which.UNCERTAIN, Which.HARD, Which.SOFT, Which.COMPLAINTS)
"""What is counted among it."""
DEPARTURES: tuple[LazyText, LazyText] = (
    lazy("Désabonnements"),
    lazy(
        "Personnes parties par le lien de ce numéro, par le bouton de leur logiciel de courriel "
        "ou par le lien d’une correction qui lui est jointe; revenir ensuite n’y change rien."
    ),
)
BECAME: Mapping[DeliveryState, LazyText] = {
    DeliveryState.QUEUED: lazy("En attente"),
    DeliveryState.SENDING: lazy("En train de partir"),
    DeliveryState.DEFERRED: lazy("Remis à plus tard"),
    DeliveryState.SENT: lazy("Parti"),
    DeliveryState.BOUNCED: lazy("Adresse refusée"),
    DeliveryState.FAILED: lazy("Message abandonné"),
    DeliveryState.SUPPRESSED: lazy("Mis de côté"),
}
"""What became of one message."""
SEQUELS: Mapping[SequelKind, LazyText] = {
    SequelKind.QUESTION: lazy("Questions"),
    SequelKind.EVIDENCE: lazy("Demandes de preuves"),
    SequelKind.PRACTICE: lazy("Pratiques proposées"),
    SequelKind.ADOPTION: lazy("Adoptions"),
}
ONE_SEQUEL: Mapping[SequelKind, LazyText] = {
    SequelKind.QUESTION: lazy("Question"),
    SequelKind.EVIDENCE: lazy("Demande de preuves"),
    SequelKind.PRACTICE: lazy("Pratique proposée"),
    SequelKind.ADOPTION: lazy("Adoption"),
}
_BORN = lazy("Venues de l’élément; sans les questions indésirables ni ce qui n’est pas partagé.")
_CLICKS = lazy("Liens du message suivis, sans les logiciels qui les vérifient ni l’équipe.")
_REACTIONS = lazy("Avis donnés d’abord dans ce numéro; un avis repris n’est plus compté.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Every figure of an issue.

    Attributes:
        deliveries: None for an issue that the portal sent to nobody.
        elsewhere: how many people received it outside the portal, None when none did.
        outside: links that stand in no item.
    """

    deliveries: Mapping[Which, int] | None
    departures: int
    elsewhere: int | None
    harvests: Sequence[Harvest]
    outside: Sequence[Clicked]
    corrections: Sequence[Corrected]

    @property
    def clicks_outside(self) -> int:
        """How many times these links were followed."""
        return sum(link.clicks for link in self.outside)

    @property
    def clicks(self) -> int:
        """How many times links of the message were followed."""
        return self.clicks_outside + sum(one.clicks for one in self.harvests)

    @property
    def has_links(self) -> bool:
        """True of an issue whose message bore links that the portal counts."""
        return bool(self.outside) or any(one.links for one in self.harvests)

    @property
    def letters(self) -> int:
        """How many letters told readers what became of a summary."""
        return sum(one.correction.letters for one in self.corrections)


def name_of(harvest: Harvest, kinds: Mapping[ItemKind, LazyText]) -> str:
    """The title of an item, else what it is."""
    return harvest.title or str(kinds[harvest.kind])


def outcome_csv(outcome: Outcome, kinds: Mapping[ItemKind, LazyText]) -> Iterator[str]:
    """One figure a line, with what it counts; `kinds` are the words for items."""
    heads = (_("Partie"), _("Élément"), _("Mesure"), _("Nombre"), _("Ce qui est compté"))
    rows = [*_sending(outcome), *_items(outcome, kinds), *_afterwards(outcome)]
    return write_csv(heads, rows)


_Row = tuple[str, str, str, str, str]


def _sending(outcome: Outcome) -> Iterator[_Row]:
    part = _("Envoi")
    for which, number in (outcome.deliveries or {}).items():
        label, note = WORDS[which]
        yield part, "", str(label), str(number), str(note)
    if outcome.deliveries is not None:
        label, note = DEPARTURES
        yield part, "", str(label), str(outcome.departures), str(note)
    if outcome.elsewhere is not None:
        told = _("Nombre déclaré par l’équipe; il ne s’ajoute à aucun autre.")
        yield _("Hors du portail"), "", _("Personnes"), str(outcome.elsewhere), told


def _items(outcome: Outcome, kinds: Mapping[ItemKind, LazyText]) -> Iterator[_Row]:
    part = _("Éléments")
    for one in outcome.harvests:
        name, said = name_of(one, kinds), one.reactions
        yield part, name, _("Clics"), str(one.clicks), str(_CLICKS)
        for label, number in (
            (_("Utile : oui"), said.yes),
            (_("Utile : pas encore"), said.not_yet),
            (_("Utile : non"), said.no),
            (_("Potentiellement nuisible"), said.harmful),
        ):
            yield part, name, label, str(number), str(_REACTIONS)
        for kind, words in SEQUELS.items():
            yield part, name, str(words), str(one.born[kind]), str(_BORN)
    yield part, _("Hors des éléments"), _("Clics"), str(outcome.clicks_outside), str(_CLICKS)


def _afterwards(outcome: Outcome) -> Iterator[_Row]:
    note = _("Une par personne qui a reçu le résumé et reçoit encore l’infolettre.")
    for one in outcome.corrections:
        label = _("Lettres de correction")
        yield _("Corrections"), one.title, label, str(one.correction.letters), note
