"""Who and what is classified by the vocabulary: people by profession and region, organisations."""

from inters4.core.i18n import ngettext
from inters4.members.models import OrganisationRegion
from inters4.members.models.profiles import ProfileField, ProfileKey
from inters4.vocabulary.services import bearers, rows_bearing

_KEYS = {"professions": ProfileKey.PROFESSION, "regions": ProfileKey.REGION}


def register() -> None:
    """Let the vocabulary count them and carry them."""
    bearers.add(
        rows_bearing(
            "organisations",
            lambda count: ngettext("%(num)s organisation", "%(num)s organisations", count),
            OrganisationRegion,
            owner="organisation_id",
            term="region",
            where=lambda name: OrganisationRegion.region != "" if name == "regions" else None,
            is_once=True,
        )
    )
    bearers.add(
        rows_bearing(
            "people",
            lambda count: ngettext(
                "%(num)s personne, dans son profil", "%(num)s personnes, dans leur profil", count
            ),
            ProfileField,
            owner="member_id",
            term="value",
            where=lambda name: ProfileField.key == _KEYS[name] if name in _KEYS else None,
            is_once=False,
        )
    )
