"""The form of an issue: what it sent, what its fields are called."""

from collections.abc import Mapping
from datetime import datetime

from werkzeug.datastructures import MultiDict
from wtforms import Form as WTForm
from wtforms import TextAreaField

from inters4.core.clock import LOCAL_ZONE, local
from inters4.core.i18n import LazyText, _, lazy
from inters4.veille.services.drafting import mark_of

Posted = MultiDict[str, str]
_LABELS: Mapping[str, LazyText] = {
    "title": lazy("Titre du numéro"),
    "subject": lazy("Objet du courriel"),
    "description": lazy("Ligne d’aperçu"),
    "opening": lazy("Mot d’ouverture"),
}
_PART_LABELS: Mapping[str, LazyText] = {
    "title": lazy("Titre"),
    "url": lazy("Adresse"),
    "text": lazy("Texte"),
}


_THEMES = "-themes"
_THEMES_LABEL = lazy("Thèmes")


def label_of(name: str) -> str:
    """What a field is called, on its page and in a conflict."""
    if name in _LABELS:
        return str(_LABELS[name])
    if name.endswith(_THEMES):
        return str(_THEMES_LABEL)
    return str(_PART_LABELS[name.rpartition("-")[2]])


def read_posted(form: Posted, *, stored: Mapping[str, str]) -> dict[str, str]:
    """The fields that the form says it shows (`champs`).

    After a conflict, `garder-FIELD` says which text stays: `autre` leaves the stored one, `fusion`
    takes the text of `fusion-FIELD`.
    """
    found: dict[str, str] = {}
    for name in form.getlist("champs"):
        kept = form.get(f"garder-{name}", "")
        if name in stored and kept != "autre":
            sent = form.getlist(f"fusion-{name}" if kept == "fusion" else name)
            found[name] = " ".join(sent) if name.endswith(_THEMES) else "".join(sent[:1])
    return found


def marks_in(form: Posted, *, stored: Mapping[str, str]) -> dict[str, str]:
    """What the form showed of each field."""
    return {name: mark for name in stored if (mark := form.get(f"vu-{name}"))}


def written_of_nothing(form: Posted, *, stored: Mapping[str, str]) -> tuple[str, ...]:
    """Fields of the form that hold words of an item that the issue has no more."""
    return tuple(
        name
        for name in form.getlist("champs")
        if name not in stored
        and name.rpartition("-")[2] in _PART_LABELS
        and form.get(name, "").strip()
        and mark_of(name, form[name].replace("\r\n", "\n").strip()) != form.get(f"vu-{name}")
    )


def rich(name: str, value: str, *, error: str = "") -> TextAreaField:
    """What the macro of the editor draws."""
    made: TextAreaField = TextAreaField(label_of(name)).bind(form=WTForm(), name=name)
    made.data = value
    made.errors = [error] if error else []
    return made


def read_hour(form: Posted) -> datetime | None:
    """The day and the hour chosen, as the clocks of Québec show them; None when there is none."""
    try:
        typed = datetime.fromisoformat(f"{form.get('jour', '')}T{form.get('heure', '')}")
    except ValueError:
        return None
    return None if typed.tzinfo else typed.replace(tzinfo=LOCAL_ZONE)


def shown_hour(moment: datetime) -> dict[str, str]:
    """The same for the two fields of a form."""
    there = local(moment)
    return {"jour": there.strftime("%Y-%m-%d"), "heure": there.strftime("%H:%M")}


def past_hour() -> str:
    """Said when no hour can be read."""
    return _("Donnez le jour et l’heure de l’envoi.")
