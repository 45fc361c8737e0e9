"""What is checked of people's words, and of who may lead, before a space changes."""

from inters4.community.models import Space
from inters4.community.queries.access import facilitates
from inters4.core.access import Viewer
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.frontmatter import storable
from inters4.core.i18n import _, format_number

MESSAGE_MAX, REASON_MAX = 2_000, 1_000


def check_leads(space: Space, by: Viewer) -> None:
    """Refuse whoever does not facilitate the space.

    Raises:
        NotAllowed: they do not.
    """
    if not facilitates(by, space.id):
        raise NotAllowed(_("Les personnes qui animent cet espace en décident."))


def check_lives(space: Space) -> None:
    """Refuse to change who is in a space that is archived.

    Raises:
        NotAllowed: it is.
    """
    if space.is_archived:
        raise NotAllowed(_("Cet espace est archivé : personne n’y entre plus."))


def words_of(text: str, *, most: int, about: str, missing: str = "") -> str:
    """What is kept of some words; `missing` is what to say when there must be some.

    Raises:
        DomainError: none, or too many.
    """
    found = storable(text).strip()
    if not found and missing:
        raise DomainError(missing, about=about)
    if len(found) > most:
        raise DomainError(
            _(
                "Raccourcissez ce texte : %(count)s caractères, et la limite est de %(limit)s.",
                count=format_number(len(found)),
                limit=format_number(most),
            ),
            about=about,
        )
    return found
