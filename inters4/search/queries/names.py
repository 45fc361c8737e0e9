"""Names that search shows beside the identifiers of the index."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.members.models import Organisation


def organisation_names(session: Session) -> dict[str, str]:
    """The name of each organisation, by permanent id."""
    rows = session.execute(select(Organisation.slug, Organisation.short_name, Organisation.name))
    return {slug: short_name or name for slug, short_name, name in rows}
