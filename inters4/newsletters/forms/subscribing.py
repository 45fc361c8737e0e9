"""The form of whoever subscribes, and of whoever changes their choices: what was typed, checked."""

from collections.abc import Collection

from werkzeug.datastructures import MultiDict

from inters4.core.errors import DomainError
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.models import normalise_email
from inters4.members.services.people import check_email
from inters4.newsletters.models import Frequency
from inters4.newsletters.services.subscribing import Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What may be chosen, by id.

    Attributes:
        newsletters, themes, languages: (id, words), in the order shown.
    """

    newsletters: tuple[tuple[str, str], ...]
    themes: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds, whatever it is.

    Attributes:
        errors: (field, what to do), in the order of the page.
        is_from_a_robot: the trap was filled: people do not see it.
    """

    email: str = ""
    newsletters: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    language: str = "fr"
    frequency: Frequency = Frequency.EACH
    agrees: bool = False
    is_from_a_robot: bool = False
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def choices(self) -> Choices:
        """What the services take."""
        return Choices(
            newsletters=self.newsletters,
            themes=self.themes,
            language=self.language,
            frequency=self.frequency,
        )

    def error_of(self, field: str) -> str:
        """What is wrong with `field`, empty when nothing is."""
        return dict(self.errors).get(field, "")


def read_subscription(sent: MultiDict[str, str], offered: Offered) -> Typed:
    """The form of whoever subscribes."""
    email = sent.get("courriel", "").strip()
    errors = []
    try:
        check_email(normalise_email(email))
    except DomainError as refusal:
        errors.append(("courriel", refusal.message))
    newsletters = _chosen(sent, "infolettres", offered.newsletters)
    if not newsletters:
        errors.append(("infolettres", _("Choisissez au moins une infolettre.")))
    agrees = sent.get("accord") == "oui"
    if not agrees:
        errors.append(("accord", _("Cochez la case : sans votre accord, rien n’est envoyé.")))
    return Typed(
        email=email,
        newsletters=newsletters,
        themes=_chosen(sent, "themes", offered.themes),
        language=_language(sent, offered),
        frequency=_frequency(sent),
        agrees=agrees,
        is_from_a_robot=bool(sent.get("site_web")),
        errors=tuple(errors),
    )


def read_choices(sent: MultiDict[str, str], offered: Offered) -> Typed:
    """The choices of someone who is subscribed."""
    return Typed(
        newsletters=_chosen(sent, "infolettres", offered.newsletters),
        themes=_chosen(sent, "themes", offered.themes),
        language=_language(sent, offered),
        frequency=_frequency(sent),
    )


def _chosen(
    sent: MultiDict[str, str], field: str, offered: Collection[tuple[str, str]]
) -> tuple[str, ...]:
    typed = set(sent.getlist(field))
    return tuple(identifier for identifier, _words in offered if identifier in typed)


def _language(sent: MultiDict[str, str], offered: Offered) -> str:
    codes = [code for code, _words in offered.languages]
    typed = sent.get("langue", "")
    return typed if typed in codes else codes[0]


def _frequency(sent: MultiDict[str, str]) -> Frequency:
    typed = sent.get("frequence", "")
    return Frequency(typed) if typed in set(Frequency) else Frequency.EACH
