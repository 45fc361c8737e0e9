"""The page of preferences: what its form says, read without trust, and the words of its choices."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.notices import Channel, NoticeKind
from inters4.notices.models import Frequency, MailRule, NoticeSettings, Zone
from inters4.notices.services.choosing import Wishes

Choice = TypeVar("Choice", bound=StrEnum)


def read_wishes(form: Mapping[str, str], *, held: NoticeSettings) -> Wishes:
    """What the form asks; a value that no choice offers leaves what was held."""
    hour, weekday = _number(form.get("heure"), 23), _number(form.get("jour"), 6)
    return Wishes(
        mail=_among(MailRule, form.get("courriels"), held.mail),
        frequency=_among(Frequency, form.get("rythme"), held.frequency),
        hour=held.hour if hour is None else hour,
        weekday=held.weekday if weekday is None else weekday,
        zone=_among(Zone, form.get("fuseau"), held.zone),
        is_discreet="discret" in form,
        channels={
            kind.name: Channel(form[field_of(kind)])
            for kind in hooks.notice_kinds.values()
            if form.get(field_of(kind)) in {channel.value for channel in kind.channels}
        },
    )


def field_of(kind: NoticeKind) -> str:
    """The name of the field that chooses the channel of a kind."""
    return f"avis-{kind.name.replace('.', '-')}"


def channel_label(channel: Channel, kind: NoticeKind) -> str:
    """A channel, as the page offers it for this kind."""
    if channel is Channel.NONE and Channel.IN_APP not in kind.channels:
        return _("Ne pas recevoir")
    return {
        Channel.NONE: _("Ne pas m’avertir"),
        Channel.IN_APP: _("Dans le portail seulement"),
        Channel.DIGEST: _("Dans le résumé"),
        Channel.MAIL: _("Par courriel, sans attendre"),
    }[channel]


def rule_choices() -> list[tuple[str, str, str]]:
    """(value, label, help) of what is said of mail in general."""
    return [
        (
            MailRule.BY_KIND.value,
            _("Selon le sujet"),
            _("Chaque sorte d’avis suit ce que vous choisissez plus bas."),
        ),
        (
            MailRule.DIGEST_ONLY.value,
            _("Résumé seulement"),
            _("Tout attend l’heure de votre résumé, même ce qu’une personne vous écrit."),
        ),
        (
            MailRule.NEVER.value,
            _("Aucun courriel"),
            _("Les avis restent dans le portail; personne ne peut vous écrire par votre profil."),
        ),
    ]


def frequency_choices() -> list[tuple[str, str]]:
    """How often the digest leaves."""
    return [
        (Frequency.DAILY.value, _("Chaque jour")),
        (Frequency.WEEKLY.value, _("Chaque semaine")),
    ]


def weekday_choices() -> list[tuple[str, str]]:
    """The days of the week, from Monday."""
    names = (
        _("Lundi"),
        _("Mardi"),
        _("Mercredi"),
        _("Jeudi"),
        _("Vendredi"),
        _("Samedi"),
        _("Dimanche"),
    )
    return [(str(number), name) for number, name in enumerate(names)]


def hour_choices() -> list[tuple[str, str]]:
    """The hours of a day."""
    return [(str(hour), _("%(hour)s h", hour=hour)) for hour in range(24)]


def zone_choices() -> list[tuple[str, str]]:
    """The clocks of Québec."""
    return [
        (Zone.TORONTO.value, _("Québec (heure de l’Est)")),
        (Zone.HALIFAX.value, _("Îles-de-la-Madeleine (heure de l’Atlantique)")),
    ]


def _among(choices: type[Choice], typed: str | None, held: Choice) -> Choice:
    return choices(typed) if typed in {one.value for one in choices} else held


def _number(typed: str | None, most: int) -> int | None:
    """A number of at most two digits, up to `most`; None for anything else."""
    is_number = typed is not None and len(typed) <= 2 and typed.isascii() and typed.isdigit()
    return int(typed or 0) if is_number and int(typed or 0) <= most else None
