"""What the forms of watches and sources send, read as the services take it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from werkzeug.datastructures import MultiDict

from inters4.veille.models import Rhythm, SourceKind
from inters4.veille.services.sources import SourceSaid
from inters4.veille.services.watches import WatchSaid

Posted = MultiDict[str, str]


def read_watch(form: Posted, *, people: Mapping[str, int]) -> WatchSaid:
    """A watch as it was typed; `people` are numbers by public id."""
    rhythm = form.get("rythme", "")
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(form.get("relecture", "").strip())
    return WatchSaid(
        name=_line(form, "nom"),
        purpose=_text(form, "but"),
        audience=_line(form, "public"),
        inclusion=_text(form, "inclusion"),
        exclusion=_text(form, "exclusion"),
        languages=_several(form, "langues"),
        rhythm=Rhythm(rhythm) if rhythm in set(Rhythm) else Rhythm.WEEKLY,
        is_sorted_twice="double" in form,
        themes=_several(form, "themes"),
        team=tuple(people[one] for one in _several(form, "equipe") if one in people),
        is_reviewed="relus" in form,
        review_on=day,
    )


def read_source(form: Posted, *, kind: SourceKind) -> SourceSaid:
    """A source as it was typed."""
    return SourceSaid(
        kind=kind,
        name=_line(form, "nom"),
        url=form.get("adresse", "").strip(),
        site_url=form.get("site", "").strip(),
        language=form.get("langue", ""),
        themes=_several(form, "themes"),
    )


def _line(form: Posted, name: str) -> str:
    return " ".join(form.get(name, "").split())


def _text(form: Posted, name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _several(form: Posted, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form.getlist(name)))
