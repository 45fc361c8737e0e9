"""What became of a sheet in a quarter, in words, for those who carry it."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.core.i18n import _, format_date, format_number, ngettext
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.practices.models import READABLE
from inters4.practices.models.readership import PracticeQuarter, Quarter
from inters4.practices.queries.readership import quarters_named
from inters4.practices.queries.telling import authors_of, standings
from inters4.reactions.exports import words_of as added_in_words

QUARTER_KIND = "practices.quarter"


def tell_quarter(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Numbers of a quarter, for those who still carry the sheet: three statements."""
    named = {one.id: (one.subject.partition(":")[2], str(one.facts["first"])) for one in notices}
    counted = quarters_named(session, set(named.values()))
    ids = {practice_id for practice_id, _first in named.values()}
    sheets, carried = standings(session, ids), authors_of(session, ids)
    found = {}
    for one in notices:
        row, sheet = counted.get(named[one.id]), sheets.get(named[one.id][0])
        if row is None or sheet is None or (row.practice_id, one.member_id) not in carried:
            continue
        if sheet.practice.state not in READABLE:
            continue
        found[one.id] = Told(
            title=_("Votre fiche, ces trois mois : %(title)s", title=sheet.practice.title),
            text=words_of(row),
            path=f"/pratiques/{sheet.practice.slug}",
        )
    return found


def words_of(row: PracticeQuarter) -> str:
    """The quarter in a few sentences; what did not happen is left out, but readings."""
    quarter = Quarter.of(row.first)
    period = _(
        "Du %(first)s au %(last)s.",
        first=format_date(quarter.first),
        last=format_date(quarter.last),
    )
    return " ".join((period, *_sentences(row)))


KINDS = (
    NoticeKind(
        name=QUARTER_KIND,
        label=lambda: _("Ce que devient une fiche que vous portez, chaque trimestre"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.MAIL,
        tell=tell_quarter,
        order=43,
    ),
)


def _sentences(row: PracticeQuarter) -> Iterator[str]:
    yield ngettext("Lue %(num)s fois.", "Lue %(num)s fois.", row.readings)
    if row.adoptions:
        yield ngettext(
            "Une équipe de plus déclare l’essayer (%(all)s en tout).",
            "%(num)s équipes de plus déclarent l’essayer (%(all)s en tout).",
            row.adoptions,
            all=format_number(row.adoptions_in_all),
        )
    elif row.adoptions_in_all:
        yield ngettext(
            "Une équipe déclare l’essayer.",
            "%(num)s équipes déclarent l’essayer.",
            row.adoptions_in_all,
        )
    if row.questions:
        yield ngettext(
            "Une question posée à son sujet.",
            "%(num)s questions posées à son sujet.",
            row.questions,
        )
    if row.yes or row.not_yet or row.no:
        yield _(
            "Utile pour la pratique : oui %(yes)s, pas encore %(not_yet)s, non %(no)s.",
            yes=format_number(row.yes),
            not_yet=format_number(row.not_yet),
            no=format_number(row.no),
        )
    yield from added_in_words(row.said)
