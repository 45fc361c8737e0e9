"""The form of whoever registers."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, ValidationError

from inters4.core.errors import DomainError
from inters4.core.i18n import _, lazy
from inters4.members.exports.words import NEWSLETTER_WORDS
from inters4.members.models import Organisation
from inters4.members.services.passwords import LONGEST, SHORTEST, check_strength
from inters4.members.services.people import LONGEST_NAME, check_email
from inters4.members.services.registration import Said

OTHER = "autre"
_LONGEST_EMAIL = 254
_LONGEST_OTHER = 120


class ConfirmationForm(FlaskForm):  # type: ignore[misc]
    """The password of the form, asked of whoever holds the letter."""

    mot_de_passe = PasswordField(
        lazy("Mot de passe choisi en remplissant le formulaire"),
        validators=[DataRequired(lazy("Écrivez le mot de passe choisi dans le formulaire."))],
        render_kw={"autocomplete": "current-password", "maxlength": str(LONGEST)},
    )

    def refuse(self, message: str) -> None:
        """Say, above the form, why it did not go through."""
        self.form_errors.append(message)


class RegistrationForm(FlaskForm):  # type: ignore[misc]
    """Name, address, organisation, password. `site_web` is a trap: people do not see it."""

    nom = StringField(
        lazy("Nom et prénom"),
        validators=[DataRequired(lazy("Écrivez votre nom."))],
        render_kw={"autocomplete": "name", "maxlength": str(LONGEST_NAME)},
    )
    courriel = EmailField(
        lazy("Courriel du travail"),
        validators=[DataRequired(lazy("Écrivez votre adresse de courriel."))],
        render_kw={
            "autocomplete": "email",
            "autocapitalize": "off",
            "spellcheck": "false",
            "maxlength": str(_LONGEST_EMAIL),
        },
    )
    organisation = SelectField(
        lazy("Organisation"),
        validators=[
            DataRequired(lazy("Choisissez votre organisation, ou « Autre organisation »."))
        ],
    )
    autre_organisation = StringField(
        lazy("Si c’est une autre, son nom"),
        render_kw={"autocomplete": "organization", "maxlength": str(_LONGEST_OTHER)},
    )
    mot_de_passe = PasswordField(
        lazy("Mot de passe"),
        validators=[DataRequired(lazy("Choisissez un mot de passe."))],
        render_kw={"autocomplete": "new-password", "maxlength": str(LONGEST)},
    )
    infolettre = BooleanField(NEWSLETTER_WORDS)
    site_web = StringField(
        lazy("Laissez ce champ vide"), render_kw={"autocomplete": "off", "tabindex": "-1"}
    )
    invitation = HiddenField()

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Let the person choose among `organisations`."""
        if self.mot_de_passe is not None:
            self.mot_de_passe.description = _(
                "Au moins %(count)s caractères; quelques mots sans lien entre eux conviennent.",
                count=SHORTEST,
            )
        self.organisation.choices = [
            ("", _("Choisir…")),
            *((one.slug, one.name) for one in organisations),
            (OTHER, _("Autre organisation")),
        ]

    def validate_nom(self, field: Field) -> None:
        """Refuse what is no name."""
        if len(field.data) > LONGEST_NAME or not field.data.isprintable():
            raise ValidationError(
                _("Donnez un nom de %(count)s caractères au plus.", count=LONGEST_NAME)
            )

    def validate_courriel(self, field: Field) -> None:
        """Refuse what is not exactly one address."""
        try:
            check_email(field.data.strip().lower())
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal

    def validate_autre_organisation(self, field: Field) -> None:
        """A name is needed for an organisation that is not in the list."""
        if self.organisation.data == OTHER and not (field.data or "").strip():
            raise ValidationError(_("Écrivez le nom de votre organisation."))
        if len(field.data or "") > _LONGEST_OTHER:
            raise ValidationError(
                _("Donnez un nom de %(count)s caractères au plus.", count=_LONGEST_OTHER)
            )

    def validate_mot_de_passe(self, field: Field) -> None:
        """Refuse what is guessed first."""
        try:
            check_strength(field.data, context=(self.nom.data or "", self.typed_address))
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal

    def said(self, chosen: Organisation | None) -> Said:
        """What the person says of themselves; `chosen` is the organisation of the list."""
        return Said(
            name=" ".join(self.nom.data.split()),
            organisation_id=chosen.id if chosen else None,
            other_organisation="" if chosen else self.autre_organisation.data.strip(),
            consent_text=self.consent_text,
        )

    @property
    def typed_address(self) -> str:
        """The address of whoever registers."""
        return self.courriel.data or ""

    @property
    def is_from_a_robot(self) -> bool:
        """True when the trap was filled."""
        return bool(self.site_web.data)

    @property
    def consent_text(self) -> str:
        """What the person agreed to, as they read it; empty when they did not."""
        return str(self.infolettre.label.text) if self.infolettre.data else ""

    def refuse(self, message: str) -> None:
        """Say, above the form, why it did not go through."""
        self.form_errors.append(message)


class ProviderRegistrationForm(RegistrationForm):
    """What is left to ask of whoever comes from a provider that proved their address."""

    courriel = None
    mot_de_passe = None
    site_web = None
    invitation = None
