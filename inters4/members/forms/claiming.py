"""The form of whoever holds a letter that is theirs, whatever another typed before."""

from inters4.members.forms.registration import RegistrationForm


class ClaimForm(RegistrationForm):
    """As for registering, to an address that the letter proves."""

    courriel = None
    site_web = None
    invitation = None
    address = ""

    @property
    def typed_address(self) -> str:
        """The address that the letter went to."""
        return self.address
