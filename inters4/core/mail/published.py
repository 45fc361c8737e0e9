"""What a domain publishes so that its messages are believed: SPF, DKIM, DMARC, where returns go.

Each record is shown ready to be copied, with what it is for in plain words. What is published is
compared with it when DNS can be asked; a record that says otherwise for a good reason is shown as
it is, and a person judges.
"""

from base64 import b64encode
from collections.abc import Sequence
from enum import StrEnum
from ipaddress import ip_address

from inters4.core.i18n import _
from inters4.core.mail.names import Ask, NotAsked
from inters4.core.mail.signing import key_name, signing_domain
from inters4.core.values import dataclass
from inters4.settings import Settings


class RecordKind(StrEnum):
    """What a record is about."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    RETURNS = "mx"


@dataclass(frozen=True, slots=True)
class Record:
    """A record to publish.

    Attributes:
        name, type: where it stands in DNS, and its type there.
        value: ready to be copied; empty when nobody here can know it.
        why: what it is for.
    """

    kind: RecordKind
    title: str
    name: str
    type: str
    value: str
    why: str


class Verdict(StrEnum):
    """What was seen of a record."""

    GOOD = "good"
    WATCH = "watch"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is published of a record, and what to do about it."""

    verdict: Verdict
    said: str
    published: tuple[str, ...] = ()


def records_of(settings: Settings) -> list[Record]:
    """What this installation should publish, in the order in which to do it."""
    sender = settings.mail_from.rpartition("@")[2]
    domain = signing_domain(settings)
    returns = (settings.returns or settings.mail_from).rpartition("@")[2]
    return [
        Record(
            RecordKind.SPF,
            _("SPF : qui peut envoyer"),
            returns,
            "TXT",
            f"v=spf1 {_sending_host(settings)} ~all",
            _(
                "Nomme les machines qui envoient pour ce domaine. Un domaine n’en a qu’un : s’il y "
                "en a déjà un, ajoutez-y ce qui manque. Si votre relais est celui d’un "
                "fournisseur, prenez la valeur que le fournisseur donne."
            ),
        ),
        Record(
            RecordKind.DKIM,
            _("DKIM : la signature"),
            key_name(settings) if settings.dkim_key else f"selecteur._domainkey.{domain}",
            "TXT",
            _public_key(settings),
            _("Permet de vérifier que le message est bien de vous, et que personne ne l’a changé.")
            if settings.dkim_key
            else _(
                "Le portail ne signe pas : votre relais le fait peut-être, demandez à qui le "
                "tient. Sinon, faites une clé, puis donnez INTERS4_DKIM_KEY et "
                "INTERS4_DKIM_SELECTOR."
            ),
        ),
        Record(
            RecordKind.DMARC,
            _("DMARC : que faire du reste"),
            f"_dmarc.{sender}",
            "TXT",
            f"v=DMARC1; p=none; rua=mailto:{settings.contact}",
            _(
                "Dit que faire des messages qui se réclament de vous sans preuve. Commencez par "
                "« p=none », qui ne refuse rien; passez à « p=quarantine » quand les rapports "
                "sont propres depuis quelques semaines."
            ),
        ),
        Record(
            RecordKind.RETURNS,
            _("MX : où reviennent les messages non remis"),
            returns,
            "MX",
            "",
            _(
                "Les messages non remis reviennent à une adresse de ce domaine : il lui faut un "
                "serveur qui reçoit. Les adresses qui n’existent plus sont alors quittées."
            ),
        ),
    ]


def look(record: Record, ask: Ask) -> Finding:
    """What is published of `record`."""
    try:
        found = ask(record.name, record.type)
        is_above = record.kind is RecordKind.DMARC and not _own_dmarc(found)
        above = _above(record, ask) if is_above else ()
    except NotAsked as error:
        return Finding(Verdict.UNKNOWN, error.reason)
    if record.kind is RecordKind.SPF:
        return _spf(found)
    if record.kind is RecordKind.DKIM:
        return _dkim(record, found)
    if record.kind is RecordKind.DMARC:
        return _dmarc_above(above) if above else _dmarc(found)
    if found:
        return Finding(Verdict.GOOD, _("Ce domaine reçoit du courriel."), tuple(found))
    return Finding(
        Verdict.MISSING, _("Ce domaine ne reçoit pas de courriel : rien ne reviendrait.")
    )


def _spf(found: Sequence[str]) -> Finding:
    own = tuple(one for one in found if one.lower().startswith("v=spf1"))
    if not own:
        return Finding(Verdict.MISSING, _nothing())
    if len(own) > 1:
        return Finding(
            Verdict.WATCH,
            _("Il y en a plusieurs : aucun ne compte. Réunissez-les en un seul."),
            own,
        )
    if own[0].lower().endswith("+all"):
        return Finding(
            Verdict.WATCH, _("Il permet à tout le monde d’envoyer : ôtez « +all »."), own
        )
    return Finding(Verdict.GOOD, _("Publié. Vérifiez qu’il nomme bien votre relais."), own)


def _dkim(record: Record, found: Sequence[str]) -> Finding:
    own = tuple(one for one in found if "p=" in one)
    if not record.value:
        return Finding(Verdict.WATCH, _("Le portail n’a pas de clé : il n’y a rien à comparer."))
    if not own:
        return Finding(Verdict.MISSING, _nothing())
    if not any(_key_in(one) == _key_in(record.value) for one in own):
        return Finding(
            Verdict.MISSING,
            _(
                "La clé publiée n’est pas celle qui signe : les messages seraient refusés. "
                "Remplacez-la."
            ),
            own,
        )
    return Finding(Verdict.GOOD, _("Publié : c’est bien la clé qui signe."), own)


def _above(record: Record, ask: Ask) -> tuple[str, ...]:
    """What a domain above publishes, when the domain itself says nothing of DMARC.

    A receiver that finds nothing under the name of the sender looks above it (RFC 7489, 6.6.3).
    Which names are registered is a list that we do not carry: those of one label are left out.
    """
    labels = record.name.removeprefix("_dmarc.").split(".")
    for start in range(1, len(labels) - 1):
        name = ".".join(labels[start:])
        if found := _own_dmarc(ask(f"_dmarc.{name}", record.type)):
            return found
    return ()


def _own_dmarc(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in found if one.strip(' "').lower().startswith("v=dmarc1"))


def _dmarc_above(found: tuple[str, ...]) -> Finding:
    return Finding(
        Verdict.GOOD,
        _("Rien sous ce nom; le domaine au-dessus en publie un, qui vaut aussi pour celui-ci."),
        found,
    )


def _dmarc(found: Sequence[str]) -> Finding:
    own = _own_dmarc(found)
    if not own:
        return Finding(Verdict.MISSING, _nothing())
    if "p=none" in own[0].lower().replace(" ", ""):
        return Finding(
            Verdict.GOOD,
            _("Publié, sans rien refuser encore : c’est ainsi que l’on commence."),
            own,
        )
    return Finding(Verdict.GOOD, _("Publié."), own)


def _nothing() -> str:
    return _("Rien n’est publié sous ce nom.")


def _key_in(text: str) -> str:
    """The key of a DKIM record, however it is spaced."""
    fields = (field.strip() for field in text.split(";"))
    return next(("".join(one[2:].split()) for one in fields if one.startswith("p=")), "")


def _sending_host(settings: Settings) -> str:
    """How SPF names the relay: by its name, its address, or the one that only its keeper knows."""
    host = settings.smtp_host
    try:
        address = ip_address(host)
    except ValueError:
        is_public = "." in host and not host.endswith((".local", ".internal", ".invalid"))
        return f"a:{host}" if is_public else _("ip4:ADRESSE-DU-RELAIS")
    if not address.is_global:
        return _("ip4:ADRESSE-DU-RELAIS")
    return f"ip{address.version}:{address}"


def _public_key(settings: Settings) -> str:
    """The record of the key that signs; empty without one, or when it cannot be read."""
    if settings.dkim_key is None:
        return ""
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  (slow to import)
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(settings.dkim_key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        return ""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"
