"""How a number becomes a viewer, and how long what signing in leaves is kept."""

from inters4.core.hooks import Hooks, RetentionRule
from inters4.core.i18n import _
from inters4.core.installation import RESTORED
from inters4.members.queries import load_viewer
from inters4.members.services import purge_attempts, purge_sessions
from inters4.members.services.sessions import end_what_opens
from inters4.members.services.tokens import purge_tokens
from inters4.members.services.visits import purge_returns


def register(hooks: Hooks) -> None:
    """Called once, at start."""
    hooks.set_viewer_loader(load_viewer)
    hooks.on(RESTORED, end_what_opens)
    hooks.add_retention(
        RetentionRule(
            name="member_sessions",
            reason=lambda: _(
                "Sessions terminées : chaque personne reconnaît les siennes et signale une "
                "connexion qui n’est pas la sienne."
            ),
            days=30,
            purge=purge_sessions,
        )
    )
    hooks.add_retention(
        RetentionRule(
            name="sign_in_attempts",
            reason=lambda: _(
                "Essais de connexion, avec une empreinte de l’adresse Internet et de l’adresse de "
                "courriel : ils ralentissent qui devine des mots de passe."
            ),
            days=90,
            purge=purge_attempts,
        )
    )
    hooks.add_retention(
        RetentionRule(
            name="provider_returns",
            reason=lambda: _(
                "Retours du fournisseur d’identité, sous empreinte et sans nom : aucun ne sert "
                "deux fois, et les échecs d’un réseau se comptent."
            ),
            days=1,
            purge=purge_returns,
        )
    )
    hooks.add_retention(
        RetentionRule(
            name="member_tokens",
            reason=lambda: _(
                "Liens secrets envoyés par courriel, une fois expirés : ils disent à qui clique "
                "encore que c’est déjà fait."
            ),
            days=14,
            purge=purge_tokens,
        )
    )
