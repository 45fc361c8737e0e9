"""What communities keep of people: what they take with them, what is forgotten, and when."""

from inters4.community.exports import own_data
from inters4.community.services import purging
from inters4.community.services.forgetting import forget_person
from inters4.core.hooks import Hooks, RetentionRule
from inters4.core.i18n import _


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.on_member_erased(forget_person)
    hooks.add_member_export("community_spaces", own_data.spaces_of)
    hooks.add_member_export("community_posts", own_data.posts_by)
    hooks.add_member_export("community_drafts", own_data.drafts_of)
    hooks.add_member_export("community_reading", own_data.reading_of)
    for rule in _RULES:
        hooks.add_retention(rule)


_RULES = (
    RetentionRule(
        name="community_drafts",
        reason=lambda: _(
            "Brouillons de messages que la personne n’a ni publiés ni repris, et leurs fichiers."
        ),
        days=purging.DRAFT_DAYS,
        purge=purging.purge_drafts,
    ),
    RetentionRule(
        name="community_flags",
        reason=lambda: _(
            "Signalements tranchés : qui a signalé quoi, pour répondre d’une décision."
        ),
        days=purging.FLAG_DAYS,
        purge=purging.purge_flags,
    ),
    RetentionRule(
        name="community_invitations",
        reason=lambda: _("Invitations à une communauté de pratique restées sans réponse."),
        days=purging.INVITATION_DAYS,
        purge=purging.purge_invitations,
    ),
    RetentionRule(
        name="community_requests",
        reason=lambda: _(
            "Demandes d’adhésion acceptées, refusées ou retirées : où elles en étaient."
        ),
        days=purging.REQUEST_DAYS,
        purge=purging.purge_requests,
    ),
    RetentionRule(
        name="community_sanctions",
        reason=lambda: _(
            "Avertissements donnés et suspensions terminées; une exclusion en vigueur est gardée."
        ),
        days=purging.SANCTION_DAYS,
        purge=purging.purge_sanctions,
    ),
)
