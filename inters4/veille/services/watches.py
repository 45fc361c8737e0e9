"""A watch made, changed, closed and opened again: its criteria answer to a date of review."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.errors import Conflict
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.queries.holders import holders_of
from inters4.veille.exports.desk_notices import TEAM
from inters4.veille.models import (
    MONTHS_BETWEEN_REVIEWS,
    Rhythm,
    Scheme,
    Watch,
    WatchMember,
    WatchTheme,
)
from inters4.veille.queries.watches import name_is_taken
from inters4.veille.services.gestures import check_team
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services.editing import Misfilled

LONGEST: Mapping[str, int] = {
    "name": 120,
    "purpose": 1_000,
    "audience": 300,
    "inclusion": 2_000,
    "exclusion": 2_000,
}
SPOKEN = ("fr", "en", "es", "de", "it", "pt")
"""Languages that a team may say it reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSaid:
    """What people say of a watch; see `Watch`.

    Attributes:
        team: numbers of people of the brokering team.
        is_reviewed: the criteria were read again today.
        review_on: None when what was typed is no day.
    """

    name: str
    purpose: str
    audience: str = ""
    inclusion: str = ""
    exclusion: str = ""
    languages: tuple[str, ...] = ()
    rhythm: Rhythm = Rhythm.WEEKLY
    is_sorted_twice: bool = False
    themes: tuple[str, ...] = ()
    team: tuple[int, ...] = ()
    is_reviewed: bool = False
    review_on: date | None = None


def latest_review(reviewed_on: date) -> date:
    """The last day by which criteria read on `reviewed_on` are read again."""
    year = reviewed_on.year + MONTHS_BETWEEN_REVIEWS // 12
    is_leap_day = (reviewed_on.month, reviewed_on.day) == (2, 29)
    return reviewed_on.replace(year=year, day=28 if is_leap_day else reviewed_on.day)


def add_watch(session: Session, said: WatchSaid, *, by: Viewer) -> Watch:
    """Open a watch, without a source yet.

    Raises:
        NotFound: `by` is not of the team.
        Misfilled: says what is wrong, by name of attribute.
    """
    by_id = check_team(by)
    today = local(now()).date()
    _check(session, said, reviewed_on=today, before=None)
    watch = Watch(
        created_by_id=by_id, reviewed_on=today, review_on=said.review_on, themes=[], team=[]
    )
    _say(watch, said)
    with _name_free(session):
        session.add(watch)
    _record(session, "veille.watch_added", watch, by=by)
    return watch


def change_watch(
    session: Session, watch: Watch, said: WatchSaid, *, version: int, by: Viewer
) -> None:
    """Keep what was changed of a watch whose themes and team are loaded.

    Raises:
        NotFound: `by` is not of the team.
        Misfilled: says what is wrong, by name of attribute.
        Conflict: it changed since `version`.
    """
    check_team(by)
    reviewed_on = local(now()).date() if said.is_reviewed else watch.reviewed_on
    _check(session, said, reviewed_on=reviewed_on, before=watch)
    if watch.version != version:
        raise Conflict(_("Quelqu’un a changé ce dispositif entre-temps : voici ce qui est gardé."))
    watch.reviewed_on = reviewed_on
    with _name_free(session):
        _say(watch, said)
    _record(session, "veille.watch_changed", watch, by=by)


def _name_taken() -> str:
    return _("Un autre dispositif porte déjà ce nom.")


@contextmanager
def _name_free(session: Session) -> Iterator[None]:
    """Two people may give the same name at once: the second is told as if it had been there."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError:
        raise Misfilled({"name": _name_taken()}) from None


def close_watch(session: Session, watch: Watch, *, by: Viewer) -> None:
    """Collect nothing for it any more; what it brought stays. Twice is once."""
    check_team(by)
    if watch.closed_at is None:
        watch.closed_at = now()
        _record(session, "veille.watch_closed", watch, by=by)


def open_watch(session: Session, watch: Watch, *, by: Viewer) -> None:
    """Collect for it again."""
    check_team(by)
    if watch.closed_at is not None:
        watch.closed_at = None
        _record(session, "veille.watch_opened", watch, by=by)


def _say(watch: Watch, said: WatchSaid) -> None:
    for name in LONGEST:
        setattr(watch, name, getattr(said, name))
    watch.languages = list(said.languages)
    watch.rhythm = said.rhythm
    watch.is_sorted_twice = said.is_sorted_twice
    watch.review_on = said.review_on or watch.review_on
    given = {row.theme: row for row in watch.themes}
    watch.themes[:] = [given.get(theme) or WatchTheme(theme=theme) for theme in said.themes]
    for position, row in enumerate(watch.themes):
        row.position = position
    people = {row.member_id: row for row in watch.team}
    watch.team[:] = [people.get(one) or WatchMember(member_id=one) for one in said.team]


def _check(session: Session, said: WatchSaid, *, reviewed_on: date, before: Watch | None) -> None:
    """Refuse what cannot be kept, all of it at once."""
    errors: dict[str, str] = {}
    if not said.name:
        errors["name"] = _("Donnez un nom au dispositif.")
    elif name_is_taken(session, said.name, but=before.id if before else None):
        errors["name"] = _name_taken()
    if not said.purpose:
        errors["purpose"] = _("Dites à quoi sert ce dispositif.")
    for name, most in LONGEST.items():
        if len(getattr(said, name)) > most:
            errors[name] = _("Raccourcissez ce texte : %(most)s caractères au plus.", most=most)
    errors |= _of_lists(session, said, before)
    told = _of_the_day(said.review_on, reviewed_on, before)
    if told:
        errors["review_on"] = told
    if errors:
        raise Misfilled(errors)


def _of_lists(session: Session, said: WatchSaid, before: Watch | None) -> dict[str, str]:
    errors = {}
    kept = {row.theme for row in before.themes} if before else set()
    if not set(said.themes) <= vocabulary(session).ids(Scheme.THEMES) | kept:
        errors["themes"] = _("Un de ces thèmes n’existe plus : choisissez-en un autre.")
    if not set(said.team) <= holders_of(session, TEAM):
        errors["team"] = _("Choisissez des personnes de l’équipe de courtage.")
    if not set(said.languages) <= set(SPOKEN):
        errors["languages"] = _("Choisissez des langues de la liste.")
    return errors


def _of_the_day(asked: date | None, reviewed_on: date, before: Watch | None) -> str:
    if asked is None:
        return _("Donnez un jour, comme 2027-11-22.")
    if asked > latest_review(reviewed_on):
        return _(
            "Choisissez un jour plus proche : les critères se relisent au moins tous les "
            "%(months)s mois.",
            months=MONTHS_BETWEEN_REVIEWS,
        )
    is_as_before = before is not None and asked == before.review_on
    if asked < local(now()).date() and not is_as_before:
        return _("Choisissez un jour à venir.")
    return ""


def _record(session: Session, action: str, watch: Watch, *, by: Viewer) -> None:
    audit.record(session, action, by=by, subject=f"dispositif:{watch.public_id}", name=watch.name)
