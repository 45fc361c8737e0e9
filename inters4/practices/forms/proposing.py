"""Shape and wording of a first proposal."""

from flask_wtf import FlaskForm
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from inters4.core.i18n import lazy
from inters4.practices.exports.rows import SENTENCE

_TITLE = 120


class ProposalForm(FlaskForm):  # type: ignore[misc]
    """What is enough to start."""

    titre = StringField(
        lazy("Titre"),
        description=lazy("Par exemple : « Appeler chaque personne dans les deux jours »."),
        validators=[
            DataRequired(lazy("Donnez un titre : quelques mots suffisent.")),
            Length(max=_TITLE, message=lazy("Raccourcissez le titre : 120 caractères au plus.")),
        ],
    )
    probleme = TextAreaField(
        lazy("Le problème"),
        description=lazy(
            "Par exemple : « Après une hospitalisation, l’attente pour un suivi dépasse un mois. »"
        ),
        validators=[
            DataRequired(lazy("Dites en une phrase quel est le problème.")),
            Length(max=SENTENCE, message=lazy("Une phrase : 600 caractères au plus.")),
        ],
        render_kw={"rows": 3},
    )
    solution = TextAreaField(
        lazy("La solution"),
        description=lazy(
            "Par exemple : « Une infirmière appelle, fait le point et prend le rendez-vous. »"
        ),
        validators=[
            DataRequired(lazy("Dites en une phrase ce que fait la pratique.")),
            Length(max=SENTENCE, message=lazy("Une phrase : 600 caractères au plus.")),
        ],
        render_kw={"rows": 3},
    )
    document = FileField(
        lazy("Commencer d’après un fichier Word"),
        description=lazy(
            "Le texte sous des titres comme « Contexte », « La pratique » ou « Ressources » va "
            "dans ces blocs; le reste vous est gardé à côté, à ranger. Le gras, les liens, les "
            "listes et les tableaux restent; les images s’ajoutent ensuite aux pièces. 10 Mo au "
            "plus."
        ),
        render_kw={"accept": ".docx"},
    )
