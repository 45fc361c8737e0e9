"""The form of whoever holds a letter that is theirs, whatever another typed before."""

from wtforms import Field
from wtforms.validators import ValidationError

from inters4.core.errors import DomainError
from inters4.members.forms.registration import RegistrationForm
from inters4.members.services.passwords import check_strength


class ClaimForm(RegistrationForm):
    """As for registering, to an address that the letter proves."""

    courriel = None
    site_web = None
    invitation = None
    address = ""

    def validate_mot_de_passe(self, field: Field) -> None:
        """Refuse what is guessed first."""
        try:
            check_strength(field.data, context=(self.nom.data or "", self.address))
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal
