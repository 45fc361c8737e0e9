"""Shape and wording of an incident, after what the law asks a register to hold."""

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from inters4.core.i18n import lazy
from inters4.members.exports.incidents import STEPS

_LONG = Length(max=5_000, message=lazy("Écrivez 5 000 signes au plus."))
_SHORT = Length(max=200, message=lazy("Écrivez 200 signes au plus."))


class IncidentForm(FlaskForm):  # type: ignore[misc]
    """A new line of the register."""

    titre = StringField(
        lazy("En une ligne, que s’est-il passé?"),
        validators=[DataRequired(lazy("Nommez l’incident en une ligne.")), _SHORT],
    )
    connu_le = DateField(
        lazy("Jour où l’organisation l’a su"),
        validators=[InputRequired(lazy("Donnez le jour où l’organisation l’a su."))],
    )
    quand = StringField(
        lazy("Quand c’est arrivé"),
        description=lazy("Un jour, une période, ou « inconnu »."),
        validators=[Optional(), _SHORT],
    )
    circonstances = TextAreaField(
        lazy("Circonstances, et cause si elle est connue"),
        description=lazy("Sans nommer les personnes touchées : le registre ne s’efface pas."),
        validators=[DataRequired(lazy("Décrivez les circonstances.")), _LONG],
        render_kw={"rows": 5},
    )
    renseignements = TextAreaField(
        lazy("Renseignements visés"),
        description=lazy("Leur nature : noms, adresses, mots de passe hachés…"),
        validators=[DataRequired(lazy("Dites quels renseignements sont visés.")), _LONG],
        render_kw={"rows": 3},
    )
    personnes = IntegerField(
        lazy("Nombre de personnes touchées"),
        description=lazy("Vide si vous ne le savez pas encore."),
        validators=[Optional(), NumberRange(0, 10_000_000, lazy("Donnez un nombre."))],
        render_kw={"inputmode": "numeric"},
    )
    serieux = RadioField(
        lazy("Y a-t-il un risque de préjudice sérieux?"),
        description=lazy(
            "Selon la sensibilité des renseignements, l’usage qu’on peut craindre et sa "
            "probabilité. "
            "Si oui : avisez la Commission d’accès à l’information et les personnes, avec "
            "diligence."
        ),
        choices=[SelectChoice("oui", lazy("Oui")), SelectChoice("non", lazy("Non"))],
        validators=[InputRequired(lazy("Dites s’il y a un risque de préjudice sérieux."))],
    )
    evaluation = TextAreaField(
        lazy("Pourquoi"), validators=[Optional(), _LONG], render_kw={"rows": 3}
    )


class FollowForm(FlaskForm):  # type: ignore[misc]
    """What was learned or done since."""

    suite = SelectField(
        lazy("Nature"), choices=[SelectChoice(step.value, label) for step, label in STEPS.items()]
    )
    texte = TextAreaField(
        lazy("Ce qui a été appris ou fait"),
        validators=[DataRequired(lazy("Écrivez ce qui a été appris ou fait.")), _LONG],
        render_kw={"rows": 4},
    )
