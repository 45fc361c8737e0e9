"""What the pages of a dossier share: the way to a field, and what may be chosen in it."""

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.members.models import Organisation
from inters4.practices.forms.controls import Choices
from inters4.practices.forms.pages import OF_FIELD
from inters4.vocabulary.queries import vocabulary


def address_of_field(practice_id: str, field: str) -> str:
    """Where a field is written; the dossier itself for those that no form writes."""
    page = OF_FIELD.get(field)
    if page is None:
        return url_for("practices.dossier", practice_id=practice_id)
    return url_for("practices.write_block", practice_id=practice_id, block=page.slug, _anchor=field)


def choices_of(session: Session) -> Choices:
    """The vocabulary, and every organisation."""
    organisations = session.execute(
        select(Organisation.slug, Organisation.name).order_by(Organisation.name)
    )
    return Choices(vocabulary(session), tuple((row.slug, row.name) for row in organisations))
