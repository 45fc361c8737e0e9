"""The form of a meeting: every mistake told at once, everything typed kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, time
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict
from wtforms import Form as WTForm
from wtforms import TextAreaField

from inters4.community.exports.meeting_times import is_twice
from inters4.community.models import DEFAULT_MINUTES, Meeting, MeetingZone
from inters4.community.queries.seats import Host
from inters4.community.services.meetings.clocks import TwiceThatDay, instant_of
from inters4.community.services.meetings.planning import Plan
from inters4.core.errors import DomainError
from inters4.core.frontmatter import storable
from inters4.core.i18n import _, format_number
from inters4.core.values import dataclass

Posted = MultiDict[str, str]
TITLE_MIN, TITLE_MAX = 5, 200
PLACE_MAX, LINK_MAX = 300, 500
AGENDA_MAX, MINUTES_TEXT_MAX, REASON_MAX = 20_000, 32_000, 500
LONGEST, MOST_SEATS = 24 * 60, 5_000
ZONES: Mapping[str, MeetingZone] = {"quebec": MeetingZone.QUEBEC, "iles": MeetingZone.ILES}
_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class MeetingForm:
    """What was typed, what is wrong with it, and the plan that it makes when nothing is.

    Attributes:
        errors: (field, sentence), in the order of the page.
        is_twice: the hour comes twice that day: the page asks which.
    """

    typed: Mapping[str, str]
    plan: Plan | None = None
    errors: Sequence[tuple[str, str]] = field(default_factory=tuple)
    is_twice: bool = False


def blank_form(host: Host | None) -> MeetingForm:
    """What the page shows before anything is typed."""
    return MeetingForm(
        {
            "duree": str(DEFAULT_MINUTES),
            "zone": "quebec",
            "portee": "inter",
            "animation": host.public_id if host else "",
        }
    )


def stored_form(meeting: Meeting, host: Host | None) -> MeetingForm:
    """A meeting as its form shows it."""
    there = meeting.zone.at(meeting.starts_at)
    twice = is_twice(there)
    typed = {
        "titre": meeting.title,
        "jour": f"{there:%Y-%m-%d}",
        "heure": f"{there:%H:%M}",
        "zone": next(name for name, zone in ZONES.items() if zone is meeting.zone),
        "passage": str(there.fold + 1) if twice else "",
        "duree": str(meeting.minutes),
        "lieu": meeting.place,
        "lien": meeting.link,
        "animation": host.public_id if host else "",
        "ordre": meeting.source,
        "places": "" if meeting.capacity is None else str(meeting.capacity),
        "confirmation": "oui" if meeting.is_confirmed_by_hand else "",
        "portee": "inter" if meeting.is_inter else "intra",
    }
    return MeetingForm(typed, is_twice=twice)


def read_form(form: Posted, *, hosts: Sequence[Host], is_past: bool = False) -> MeetingForm:
    """What was posted. `is_past`: the meeting that is changed was held already."""
    typed = {name: storable(form.get(name, "")) for name in _FIELDS}
    errors: list[tuple[str, str]] = []
    reader = _Reader(typed, errors)
    title = reader.line("titre", most=TITLE_MAX)
    if len(title) < TITLE_MIN:
        errors.append(("titre", _("Donnez un titre d’au moins %(low)s caractères.", low=TITLE_MIN)))
    starts_at, twice = reader.instant()
    minutes = reader.number("duree", low=5, high=LONGEST)
    place = reader.line("lieu", most=PLACE_MAX)
    link = reader.link()
    host = next((one for one in hosts if one.public_id == typed["animation"]), None)
    if typed["animation"] and host is None:
        errors.append(("animation", _("Choisissez une personne de la liste.")))
    agenda = reader.text("ordre", most=AGENDA_MAX)
    capacity = reader.number("places", low=1, high=MOST_SEATS) if typed["places"].strip() else None
    if typed["portee"] not in {"inter", "intra"}:
        errors.append(("portee", _("Dites si une ou plusieurs organisations y prennent part.")))
    if errors or starts_at is None or minutes is None:
        return MeetingForm(typed, errors=tuple(errors), is_twice=twice)
    plan = Plan(
        title=title,
        starts_at=starts_at,
        zone=ZONES[typed["zone"]],
        minutes=minutes,
        agenda=agenda,
        place=place,
        link=link,
        facilitator_id=host.member_id if host else None,
        capacity=capacity,
        is_confirmed_by_hand=typed["confirmation"] == "oui",
        is_inter=typed["portee"] == "inter",
        is_past=is_past or typed["passee"] == "oui",
    )
    return MeetingForm(typed, plan=plan, is_twice=twice)


def refused(form: MeetingForm, refusal: DomainError) -> MeetingForm:
    """The same form, with what a service refused."""
    about = refusal.about if refusal.about in _FIELDS else ""
    return MeetingForm(form.typed, errors=((about, refusal.message),), is_twice=form.is_twice)


def rich(name: str, label: str, value: str, *, error: str = "") -> TextAreaField:
    """What the macro of the editor draws."""
    made: TextAreaField = TextAreaField(label).bind(form=WTForm(), name=name)
    made.data = value
    made.errors = [error] if error else []
    return made


def read_reason(form: Posted) -> str:
    """Why a meeting is cancelled.

    Raises:
        DomainError: it says nothing, or too much.
    """
    found = " ".join(storable(form.get("motif", "")).split())
    if not found:
        raise DomainError(
            _("Dites pourquoi : les personnes inscrites liront ce motif."), about="motif"
        )
    if len(found) > REASON_MAX:
        raise DomainError(too_long(REASON_MAX), about="motif")
    return found


def read_minutes(form: Posted) -> str:
    """The text of the minutes.

    Raises:
        DomainError: it is too long.
    """
    found = storable(form.get("texte", "")).strip()
    if len(found) > MINUTES_TEXT_MAX:
        raise DomainError(too_long(MINUTES_TEXT_MAX), about="texte")
    return found


def read_version(form: Posted) -> int:
    """The version that the form showed; one that no row has, when it cannot be read."""
    typed = form.get("version", "")
    return int(typed) if _NUMBER.fullmatch(typed) else -1


def too_long(most: int) -> str:
    """Said of what passes its limit."""
    return _(
        "Raccourcissez ce texte : la limite est de %(limit)s caractères.",
        limit=format_number(most),
    )


_FIELDS = (
    "titre",
    "jour",
    "heure",
    "zone",
    "passage",
    "duree",
    "lieu",
    "lien",
    "animation",
    "ordre",
    "places",
    "confirmation",
    "portee",
    "passee",
)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads fields one by one, and notes what is wrong."""

    typed: Mapping[str, str]
    errors: list[tuple[str, str]]

    def line(self, name: str, *, most: int) -> str:
        found = " ".join(self.typed[name].split())
        if len(found) > most:
            self.errors.append((name, too_long(most)))
        return found

    def text(self, name: str, *, most: int) -> str:
        found = self.typed[name].strip()
        if len(found) > most:
            self.errors.append((name, too_long(most)))
        return found

    def number(self, name: str, *, low: int, high: int) -> int | None:
        typed = self.typed[name].strip()
        if _NUMBER.fullmatch(typed) and low <= int(typed) <= high:
            return int(typed)
        self.errors.append(
            (
                name,
                _(
                    "Donnez un nombre entier de %(low)s à %(high)s.",
                    low=low,
                    high=format_number(high),
                ),
            )
        )
        return None

    def link(self) -> str:
        found = self.typed["lien"].strip()
        if not found:
            return ""
        try:
            parts = urlsplit(found)
        except ValueError:
            parts = urlsplit("")
        is_whole = parts.scheme in {"http", "https"} and bool(parts.netloc)
        is_sound = is_whole and not re.search(r"\s", found)
        if not is_sound or len(found) > LINK_MAX:
            self.errors.append(
                ("lien", _("Donnez une adresse complète, qui commence par https://."))
            )
        return found

    def instant(self) -> tuple[datetime | None, bool]:
        """When it starts, and whether its hour comes twice that day."""
        zone = ZONES.get(self.typed["zone"])
        if zone is None:
            self.errors.append(("zone", _("Choisissez sur quelle horloge on lit l’heure.")))
        day, hour = self._day(), self._hour()
        if zone is None or day is None or hour is None:
            return None, False
        second = {"1": False, "2": True}.get(self.typed["passage"])
        try:
            found = instant_of(day, hour, zone, is_second=second)
        except DomainError as refusal:
            self.errors.append((refusal.about, refusal.message))
            return None, isinstance(refusal, TwiceThatDay)
        return found, is_twice(zone.at(found))

    def _day(self) -> date | None:
        try:
            found = date.fromisoformat(self.typed["jour"].strip())
        except ValueError:
            found = None
        if found is None or not 2000 <= found.year <= 2200:
            self.errors.append(("jour", _("Donnez le jour de la rencontre.")))
            return None
        return found

    def _hour(self) -> time | None:
        try:
            found = time.fromisoformat(self.typed["heure"].strip())
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None:
            self.errors.append(("heure", _("Donnez l’heure du début.")))
            return None
        return found.replace(second=0, microsecond=0)
