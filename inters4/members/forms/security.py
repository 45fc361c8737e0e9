"""Shape and wording of passwords and codes."""

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, ValidationError

from inters4.core.i18n import _, lazy
from inters4.members.services.passwords import LONGEST, SHORTEST

_NEW = {"autocomplete": "new-password", "minlength": SHORTEST, "maxlength": LONGEST}
_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "text",
    "autocapitalize": "off",
    "spellcheck": "false",
    "maxlength": 40,
}


class _Refusable(FlaskForm):  # type: ignore[misc]
    """A form that a service may refuse, above its fields."""

    def refuse(self, message: str) -> None:
        """Say why it did not go through."""
        self.form_errors.append(message)


class NewPasswordForm(_Refusable):
    """A password that replaces a forgotten one."""

    nouveau_passe = PasswordField(
        lazy("Nouveau mot de passe"),
        description=lazy(
            "12 caractères ou plus : quelques mots sans lien entre eux conviennent. Ce qui se "
            "devine d’abord est refusé : mots de passe courants, votre nom, votre adresse."
        ),
        validators=[DataRequired(lazy("Écrivez le nouveau mot de passe."))],
        render_kw=_NEW,
    )


class ChangePasswordForm(NewPasswordForm):
    """The present one, then the new one."""

    passe_actuel = PasswordField(
        lazy("Mot de passe actuel"),
        validators=[DataRequired(lazy("Écrivez votre mot de passe actuel."))],
        render_kw={"autocomplete": "current-password"},
    )


class ProofForm(_Refusable):
    """One's password once more; `suite` is where the person was going."""

    mot_de_passe = PasswordField(
        lazy("Mot de passe"),
        validators=[DataRequired(lazy("Écrivez votre mot de passe."))],
        render_kw={"autocomplete": "current-password"},
    )
    suite = HiddenField()


class ForgottenForm(_Refusable):
    """The address of an account, perhaps."""

    courriel = EmailField(
        lazy("Courriel"),
        validators=[DataRequired(lazy("Écrivez votre adresse de courriel."))],
        render_kw={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"},
    )

    def validate_courriel(self, field: Field) -> None:
        """Refuse what cannot be sent to; whether it has an account is not said."""
        typed = (field.data or "").strip()
        if not typed.isprintable() or "@" not in typed or len(typed) > 254 or " " in typed:
            raise ValidationError(
                _("Donnez une adresse complète, comme « prenom.nom@exemple.ca ».")
            )


class CodeForm(_Refusable):
    """A code of the telephone, or a recovery code; `suite` is where the person was going."""

    code = StringField(
        lazy("Code"),
        validators=[DataRequired(lazy("Écrivez le code à six chiffres, ou un code de secours."))],
        render_kw=_CODE,
    )
    suite = HiddenField()


class FirstCodeForm(CodeForm):
    """The first code of a telephone: digits only, so a telephone shows its digits."""

    code = StringField(
        lazy("Code"),
        validators=[DataRequired(lazy("Écrivez les six chiffres que l’application montre."))],
        render_kw={**_CODE, "inputmode": "numeric", "maxlength": 7},
    )
