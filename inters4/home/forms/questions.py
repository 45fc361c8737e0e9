"""The form of whoever asks, and those of the team that answers."""

from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from inters4.core.i18n import _, format_number, lazy
from inters4.core.mail.compose import UnsafeFieldError, clean_address
from inters4.core.richtext import Profile, TooIntricate, render
from inters4.core.web.requests import safe_next
from inters4.home.models import Outcome, Subject

SHORTEST_QUESTION = 10
LONGEST_QUESTION = 4_000
LONGEST_NOTE = 500
LONGEST_ANSWER = 20_000
LONGEST_QUERY = 200
LONGEST_ORIGIN = 500
_LONGEST_LINE = 120
_LONGEST_EMAIL = 254


def one_line(text: str | None, *, limit: int) -> str:
    """`text` on one line of printable signs, at most `limit` of them."""
    words = " ".join((text or "").split())
    return "".join(sign for sign in words if sign.isprintable())[:limit]


def known_origin(path: str | None) -> str:
    """The path of this portal that `path` is, empty when it is anything else or too long."""
    if not path or len(path) > LONGEST_ORIGIN or not path.isprintable():
        return ""
    return safe_next(path, default="")


def known_subject(value: str | None) -> Subject:
    """The subject that the address names; a question when it names none."""
    return Subject(value) if value in set(Subject) else Subject.QUESTION


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """What someone asks, and where to answer. `site_web` is a trap: people do not see it."""

    question = TextAreaField(
        lazy("Votre question"),
        validators=[DataRequired(lazy("Écrivez votre question."))],
        render_kw={"rows": "7", "maxlength": str(LONGEST_QUESTION)},
    )
    courriel = EmailField(
        lazy("Courriel"),
        description=lazy("Pour vous répondre, et pour rien d’autre."),
        validators=[DataRequired(lazy("Écrivez l’adresse où vous répondre."))],
        render_kw={
            "autocomplete": "email",
            "autocapitalize": "off",
            "spellcheck": "false",
            "maxlength": str(_LONGEST_EMAIL),
        },
    )
    nom = StringField(
        lazy("Nom"), render_kw={"autocomplete": "name", "maxlength": str(_LONGEST_LINE)}
    )
    organisation = StringField(
        lazy("Organisation"),
        render_kw={"autocomplete": "organization", "maxlength": str(_LONGEST_LINE)},
    )
    site_web = StringField(
        lazy("Laissez ce champ vide"), render_kw={"autocomplete": "off", "tabindex": "-1"}
    )
    objet = HiddenField()
    q = HiddenField()
    de = HiddenField()
    numero = HiddenField()

    def validate_courriel(self, field: Field) -> None:
        """Refuse what is not exactly one address with a full domain."""
        typed = (field.data or "").strip()
        try:
            found = clean_address(typed)
        except UnsafeFieldError:
            found = ""
        if not found or len(typed) > _LONGEST_EMAIL or "." not in found.rpartition("@")[2]:
            raise ValidationError(_("Cette adresse de courriel n’est pas complète : vérifiez-la."))

    def validate_question(self, field: Field) -> None:
        """Refuse what says nothing, what is endless, and what the team's page could not draw."""
        if not SHORTEST_QUESTION <= len(field.data.strip()) <= LONGEST_QUESTION:
            raise ValidationError(
                _(
                    "Écrivez votre question en %(low)s à %(high)s signes.",
                    low=format_number(SHORTEST_QUESTION),
                    high=format_number(LONGEST_QUESTION),
                )
            )
        _must_render(field)

    @property
    def is_from_a_robot(self) -> bool:
        """True when the trap was filled."""
        return bool(self.site_web.data)

    def values(self) -> dict[str, Any]:
        """What the service takes, each text bounded and on one line but for the question."""
        return {
            "subject": known_subject(self.objet.data),
            "text": self.question.data.strip(),
            "email": self.courriel.data.strip(),
            "name": one_line(self.nom.data, limit=_LONGEST_LINE),
            "organisation": one_line(self.organisation.data, limit=_LONGEST_LINE),
            "query": one_line(self.q.data, limit=LONGEST_QUERY),
            "origin": known_origin(self.de.data),
        }

    def refuse(self, message: str) -> None:
        """Say, above the form, why it did not go through."""
        self.form_errors.append(message)


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An answer, and whether it ends the matter."""

    reponse = TextAreaField(
        lazy("Votre réponse"),
        validators=[DataRequired(lazy("Écrivez la réponse."))],
        render_kw={"rows": "10", "maxlength": str(LONGEST_ANSWER)},
    )
    fermer = BooleanField(lazy("Fermer la question comme répondue"))
    version = HiddenField()

    def validate_reponse(self, field: Field) -> None:
        """Refuse what could not be drawn in the message."""
        if len(field.data) > LONGEST_ANSWER:
            raise ValidationError(
                _("La réponse dépasse %(high)s signes.", high=format_number(LONGEST_ANSWER))
            )
        _must_render(field)


class ClosingForm(FlaskForm):  # type: ignore[misc]
    """How a question ends without, or after, an answer."""

    LABELS: ClassVar[dict[Outcome, Any]] = {
        Outcome.ANSWERED: lazy("Répondue"),
        Outcome.NO_ANSWER: lazy("Sans réponse possible"),
        Outcome.DUPLICATE: lazy("Doublon"),
        Outcome.UNWANTED: lazy("Indésirable : effacée dans 30 jours"),
    }

    issue = RadioField(
        lazy("Issue"),
        choices=[SelectChoice(outcome.value, label) for outcome, label in LABELS.items()],
        validators=[DataRequired(lazy("Choisissez une issue."))],
    )
    note = StringField(
        lazy("Note pour l’équipe"),
        render_kw={"maxlength": str(LONGEST_NOTE)},
    )
    version = HiddenField()

    def validate_note(self, field: Field) -> None:
        """Refuse a note that is a letter."""
        if len(field.data or "") > LONGEST_NOTE:
            raise ValidationError(
                _("La note dépasse %(high)s signes.", high=format_number(LONGEST_NOTE))
            )


def _must_render(field: Field) -> None:
    try:
        render(field.data or "", profile=Profile.POST)
    except TooIntricate as refusal:
        raise ValidationError(refusal.message) from refusal
