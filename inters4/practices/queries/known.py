"""What a sheet may name: terms of the vocabulary, organisations, other sheets, files."""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from inters4.practices.queries.files import StoredTokens
from inters4.practices.queries.sheets import organisation_slugs, practice_ids
from inters4.vocabulary.queries import vocabulary


def citable(session: Session) -> Mapping[str, Collection[str]]:
    """Ids by set, as fields of a sheet name the sets."""
    return {
        **vocabulary(session).every_id(),
        "organisations": frozenset(organisation_slugs(session)),
        "practices": practice_ids(session),
        "files": StoredTokens(session),
    }
