"""The journal of an adoption: entries that the people who answer for it write, and take back.

Whatever changes the journal is news of the adoption, and dates it.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _, format_number
from inters4.core.richtext import Profile
from inters4.core.values import dataclass
from inters4.practices.models import FIRST_DAY, Adoption, AdoptionEntry, AdoptionResult, Aspect
from inters4.practices.services.adoption_life import must_hold, note_news

MOST_RESULTS = 8
LONGEST_CELL = 200
LONGEST_ENTRY = Profile.POST.max_chars


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure, as the team writes it: before and after, or a single value."""

    indicator: str
    before: str = ""
    after: str = ""
    value: str = ""
    unit: str = ""
    n: str = ""
    period: str = ""

    def cells(self) -> tuple[str, ...]:
        """Its texts, in the order of the form."""
        return (
            self.indicator,
            self.before,
            self.after,
            self.value,
            self.unit,
            self.n,
            self.period,
        )


def write_entry(
    session: Session,
    adoption: Adoption,
    *,
    aspect: Aspect,
    on_day: date,
    text: str,
    figures: Sequence[Figure] = (),
    by: Viewer,
) -> AdoptionEntry:
    """Add an entry.

    Raises:
        NotAllowed: `by` does not answer for the adoption.
        DomainError: it says nothing, or too much, or of a day to come; `about` names the cell of a
            figure, « n-0 ».
    """
    must_hold(session, adoption, by=by)
    entry = AdoptionEntry(
        adoption_id=adoption.id, source="", html="", renderer=0, written_by_id=by.member_id
    )
    _fill(entry, aspect=aspect, on_day=on_day, text=text, figures=figures)
    session.add(entry)
    note_news(adoption)
    session.flush()
    return entry


def change_entry(
    session: Session,
    adoption: Adoption,
    entry: AdoptionEntry,
    *,
    aspect: Aspect,
    on_day: date,
    text: str,
    figures: Sequence[Figure] = (),
    seen: int,
    by: Viewer,
) -> None:
    """Write it again; `seen` is the version that the form showed.

    Raises:
        NotAllowed: `by` does not answer for the adoption.
        Conflict: someone changed it meanwhile; it holds both texts.
        DomainError: it says nothing, or too much, or of a day to come.
    """
    must_hold(session, adoption, by=by)
    if entry.version != seen:
        raise Conflict(
            _("Quelqu’un de votre équipe a changé cette note pendant que vous l’écriviez."),
            theirs=entry.source,
            mine=text,
        )
    _fill(entry, aspect=aspect, on_day=on_day, text=text, figures=figures)
    entry.written_by_id = by.member_id
    entry.updated_at = now()
    note_news(adoption)
    session.flush()


def remove_entry(session: Session, adoption: Adoption, entry: AdoptionEntry, *, by: Viewer) -> None:
    """Take an entry out of the journal, for good.

    Raises:
        NotAllowed: `by` does not answer for the adoption.
    """
    must_hold(session, adoption, by=by)
    audit.record(
        session,
        "practices.adoption_entry_removed",
        by=by,
        subject=f"adoption:{adoption.public_id}",
        entry=entry.public_id,
    )
    session.delete(entry)
    note_news(adoption)
    session.flush()


def _fill(
    entry: AdoptionEntry, *, aspect: Aspect, on_day: date, text: str, figures: Sequence[Figure]
) -> None:
    kept = _checked(figures)
    text = text.replace("\r\n", "\n").strip()
    if not text and not kept:
        raise DomainError(_("Écrivez quelques mots, ou donnez un résultat."))
    if len(text) > LONGEST_ENTRY:
        raise DomainError(
            _("Cette note dépasse %(most)s signes.", most=format_number(LONGEST_ENTRY))
        )
    if on_day > local(now()).date():
        raise DomainError(_("La date de la note est à venir."))
    if on_day < FIRST_DAY:
        raise DomainError(_("Écrivez l’année de la date en quatre chiffres, comme 2026."))
    entry.aspect, entry.on_day = aspect, on_day
    entry.write(text)
    present = [_cells(row) for row in entry.results] if entry.id else []
    if present != [figure.cells() for figure in kept]:
        entry.results = [
            AdoptionResult(
                position=position,
                indicator=figure.indicator,
                before=figure.before,
                after=figure.after,
                value=figure.value,
                unit=figure.unit,
                n=figure.n,
                period=figure.period,
            )
            for position, figure in enumerate(kept)
        ]


def _cells(row: AdoptionResult) -> tuple[str, ...]:
    return (row.indicator, row.before, row.after, row.value, row.unit, row.n, row.period)


def _checked(figures: Sequence[Figure]) -> list[Figure]:
    kept = [figure for figure in figures if any(figure.cells())]
    if len(kept) > MOST_RESULTS:
        raise DomainError(_("Une note a %(most)s résultats au plus.", most=MOST_RESULTS))
    for place, figure in enumerate(kept):
        if not figure.indicator:
            raise DomainError(_("Dites ce que chaque résultat mesure."), about=f"indicator-{place}")
        if not (figure.before or figure.after or figure.value):
            raise DomainError(_("Donnez une valeur à chaque résultat."), about=f"value-{place}")
        if figure.n and not any(sign.isdigit() for sign in figure.n):
            raise DomainError(
                _("Donnez le nombre suivi en chiffres, comme « 42 » ou « 42 personnes »."),
                about=f"n-{place}",
            )
        if any(len(cell) > LONGEST_CELL for cell in figure.cells()):
            raise DomainError(_("Un résultat dépasse %(most)s signes.", most=LONGEST_CELL))
    return kept
