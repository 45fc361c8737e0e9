"""The form of whoever signs in."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
)
from wtforms.validators import DataRequired, ValidationError

from inters4.core.i18n import _, lazy


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Address and password. `suite` is where the person was going."""

    courriel = EmailField(
        lazy("Courriel"),
        validators=[DataRequired(lazy("Écrivez votre adresse de courriel."))],
        render_kw={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"},
    )
    mot_de_passe = PasswordField(
        lazy("Mot de passe"),
        validators=[DataRequired(lazy("Écrivez votre mot de passe."))],
        render_kw={"autocomplete": "current-password"},
    )
    rester = BooleanField(
        lazy("Garder la session ouverte sur cet appareil"),
        description=lazy("Pendant 90 jours au plus. À éviter sur un poste partagé."),
    )
    suite = HiddenField()

    def validate_courriel(self, field: Field) -> None:
        """Refuse what no address contains; the rest is for the sign-in to say."""
        if not (field.data or "").isprintable():
            raise ValidationError(_("Écrivez votre adresse de courriel."))

    def refuse(self, message: str) -> None:
        """Say, above the form, why it did not go through."""
        self.form_errors.append(message)
