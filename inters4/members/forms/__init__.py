"""Shape and wording of what people type about themselves."""

from inters4.members.forms.sign_in import SignInForm

__all__ = ["SignInForm"]
