"""The forms of an adoption: its declaration, and an entry of its journal."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from inters4.core.clock import local, now
from inters4.core.i18n import _, lazy
from inters4.practices.exports.adoption_words import ASPECTS, OPENNESS, STATES
from inters4.practices.models import Adoption, AdoptionEntry, AdoptionState, Aspect, Openness
from inters4.practices.services.adopting import (
    LONGEST_SINCE,
    LONGEST_TEAM,
    Declared,
    declared_by,
)
from inters4.practices.services.adoption_life import LONGEST_REASON
from inters4.practices.services.drafts import one_line
from inters4.practices.services.journaling import MOST_RESULTS, Figure

CELLS: Mapping[str, str] = {
    "indicator": "indicateur",
    "before": "avant",
    "after": "apres",
    "value": "valeur",
    "unit": "unite",
    "n": "n",
    "period": "periode",
}
"""Field of a figure -> start of its name in the form."""


class AdoptionForm(FlaskForm):  # type: ignore[misc]
    """What a team says of its adoption. `vu` is the stamp of what the form showed."""

    organisation = SelectField(lazy("Organisation"), coerce=int)
    equipe = StringField(
        lazy("Équipe ou unité"),
        description=lazy("Le nom d’une équipe, jamais celui d’une personne."),
        validators=[DataRequired(lazy("Nommez l’équipe ou l’unité."))],
        render_kw={"maxlength": str(LONGEST_TEAM)},
    )
    region = SelectField(lazy("Région"))
    milieu = SelectField(lazy("Milieu"))
    etat = SelectField(
        lazy("Où en êtes-vous?"),
        choices=[SelectChoice(state.value, label) for state, label in STATES.items()],
        default=AdoptionState.TRIAL.value,
    )
    raison = TextAreaField(
        lazy("Pourquoi avez-vous cessé?"),
        description=lazy("À remplir seulement si la pratique est abandonnée."),
        render_kw={"rows": "3", "maxlength": str(LONGEST_REASON)},
    )
    depuis = StringField(
        lazy("Depuis quand"),
        description=lazy("Comme vous le savez : « printemps 2026 », « 2024 »."),
        render_kw={"maxlength": str(LONGEST_SINCE)},
    )
    visibilite = SelectField(
        lazy("Qui peut la lire, avec son journal"),
        choices=[SelectChoice(openness.value, label) for openness, label in OPENNESS.items()],
        default=Openness.PUBLIC.value,
    )
    vu = HiddenField()

    def offer(
        self,
        *,
        organisations: Sequence[tuple[int, str]],
        regions: Sequence[tuple[str, str]],
        settings: Sequence[tuple[str, str]],
    ) -> None:
        """The choices of this person: their organisations, what those serve, the settings."""
        silent = SelectChoice("", _("Non précisé"))
        self.organisation.choices = [SelectChoice(*one) for one in organisations]
        self.region.choices = [silent, *(SelectChoice(*one) for one in regions)]
        self.milieu.choices = [silent, *(SelectChoice(*one) for one in settings)]

    def show(self, adoption: Adoption) -> None:
        """Fill an empty form with what the adoption says."""
        self.organisation.data = adoption.organisation_id
        self.equipe.data = adoption.team
        self.region.data, self.milieu.data = adoption.region, adoption.setting
        self.depuis.data = adoption.since
        self.visibilite.data = adoption.openness.value
        self.vu.data = declared_by(adoption).stamp

    def said(self) -> Declared:
        """What the services take."""
        return Declared(
            team=self.equipe.data or "",
            region=self.region.data or "",
            setting=self.milieu.data or "",
            since=self.depuis.data or "",
            openness=Openness(self.visibilite.data),
        )

    @property
    def state(self) -> AdoptionState:
        """The state chosen."""
        return AdoptionState(self.etat.data)


class EntryForm(FlaskForm):  # type: ignore[misc]
    """An entry of the journal; its figures are read apart, row by row."""

    aspect = SelectField(
        lazy("De quoi s’agit-il?"),
        choices=[
            SelectChoice(aspect.value, label) for aspect, (label, _question) in ASPECTS.items()
        ],
    )
    jour = DateField(
        lazy("Date"), validators=[DataRequired(lazy("Donnez une date, comme 2026-11-22."))]
    )
    texte = TextAreaField(lazy("Ce que vous notez"))
    version = HiddenField()

    def show(self, entry: AdoptionEntry | None) -> None:
        """Fill an empty form with an entry, or with today."""
        self.jour.data = entry.on_day if entry else local(now()).date()
        if entry:
            self.aspect.data, self.texte.data = entry.aspect.value, entry.source
            self.version.data = str(entry.version)

    @property
    def chosen(self) -> Aspect:
        """The aspect chosen."""
        return Aspect(self.aspect.data)

    @property
    def day(self) -> date:
        """The day given."""
        found: date = self.jour.data
        return found

    @property
    def seen(self) -> int:
        """The version that the form showed."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def figures_of(form: MultiDict[str, str]) -> list[Figure]:
    """The figures that a form holds, blank rows left out."""
    found = (
        Figure(**{field: one_line(form.get(f"{name}-{row}", "")) for field, name in CELLS.items()})
        for row in range(MOST_RESULTS)
    )
    return [figure for figure in found if any(figure.cells())]


def cell_named(about: str) -> str:
    """The name in the form of the cell that a refusal is about; empty when it is about none."""
    field, _dash, row = about.partition("-")
    return f"{CELLS[field]}-{row}" if field in CELLS else ""


def rows_for(figures: Sequence[Figure]) -> list[dict[str, str]]:
    """What a form shows: the figures given, and a blank row while more may be added."""
    known = [dict(zip(CELLS.values(), figure.cells(), strict=True)) for figure in figures]
    blank = [dict.fromkeys(CELLS.values(), "")] if len(known) < MOST_RESULTS else []
    return known + blank


def figures_in(entry: AdoptionEntry) -> list[Figure]:
    """Those of an entry."""
    return [Figure(**{field: getattr(row, field) for field in CELLS}) for row in entry.results]
