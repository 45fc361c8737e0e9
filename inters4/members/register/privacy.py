"""The safety of accounts: letters about it, links to it, and how long its traces are kept."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks, RetentionRule
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.mail import MailKind, QueuedMail, kinds
from inters4.members.exports.account_data import ACCOUNT_DATA
from inters4.members.jobs import INACTIVITY_JOB, INACTIVITY_SECONDS, write_to_inactive
from inters4.members.services.challenges import purge_challenges
from inters4.members.services.erasure import INACTIVE_LETTER, anonymise_inactive
from inters4.members.services.notices import SECURITY_NOTICE
from inters4.members.services.own_password import FORGOTTEN, purge_resets, secret_of_reset


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    kinds.add(MailKind(SECURITY_NOTICE))
    kinds.add(MailKind(FORGOTTEN, _forgotten))
    kinds.add(MailKind(INACTIVE_LETTER))
    jobs.periodic(INACTIVITY_JOB, every=INACTIVITY_SECONDS)(write_to_inactive)
    hooks.add_fragment("account.links", Fragment("members/_privacy_links.html", _link, order=20))
    hooks.add_fragment(
        "admin.links", Fragment("members/_admin_privacy_links.html", _link, order=20)
    )
    officer = Fragment("members/_privacy_officer.html", _officer)
    hooks.add_fragment("privacy.officer", officer)
    for name, export in ACCOUNT_DATA.items():
        hooks.add_member_export(name, export)
    for rule in _retention():
        hooks.add_retention(rule)


def _retention() -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            name="password_resets",
            reason=lambda: _(
                "Demandes de mot de passe oublié, avec l’adresse donnée : elles limitent les "
                "envois."
            ),
            days=1,
            purge=purge_resets,
        ),
        RetentionRule(
            name="sign_in_challenges",
            reason=lambda: _("Connexions qui attendaient leur code de validation."),
            days=1,
            purge=purge_challenges,
        ),
        RetentionRule(
            name="inactive_members",
            reason=lambda: _(
                "Comptes que personne n’ouvre : un courriel prévient à 23 mois, puis le nom et "
                "l’adresse sont effacés."
            ),
            days=730,
            purge=anonymise_inactive,
        ),
    )


def _forgotten(session: Session, mail: QueuedMail) -> Mapping[str, Any] | None:
    """The link, when the address has an account at the moment of sending."""
    secret = secret_of_reset(session, mail.parameters["reset"])
    return None if secret is None else {"secret": secret}


def _link(_session: Session | None, viewer: Viewer) -> Mapping[str, Any] | None:
    return {} if viewer.is_signed_in else None


def _officer(_session: Session | None, _viewer: Viewer) -> Mapping[str, Any]:
    """Who answers for personal information, as the settings say."""
    settings = jobs.settings
    return {
        "name": settings.privacy_officer,
        "email": settings.privacy_email or settings.contact,
        "is_public_body": settings.legal_form == "public",
    }
