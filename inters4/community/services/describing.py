"""What a space says of itself: checked all at once, so that a form names every mistake."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import field

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.exports.words import CHARTER
from inters4.community.models import JoinPolicy, Space, Visibility
from inters4.community.queries.spaces import SLUGS
from inters4.core.errors import DomainError
from inters4.core.i18n import _, format_number
from inters4.core.richtext import TooIntricate
from inters4.core.slugs import identifier_from
from inters4.core.values import dataclass

NAME_MIN, NAME_MAX = 3, 120
LINE_MAX, ANSWER_MAX, PRESENTATION_MAX = 300, 1_500, 20_000
MOST_THEMES, MOST_FIRST_POSTS = 6, 5
RESERVED = frozenset(
    {
        "non-lus",
        "brouillons",
        "creer",
        "mes-demandes",
        "preferences",
        "apercu",
        "discuter",
        "ajouts",
    }
)
"""Words under `/communaute` that are pages: no space has them as its address."""
_SECRET_BYTES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What people write of a space.

    Attributes:
        presentation: Markdown.
        charter: answers, by the name of the question.
        first_posts: how many posts of a newcomer wait for approval.
    """

    name: str = ""
    purpose: str = ""
    presentation: str = ""
    themes: tuple[str, ...] = ()
    scope: str = ""
    sponsor: str = ""
    rhythm: str = ""
    charter: Mapping[str, str] = field(default_factory=dict)
    join_policy: JoinPolicy = JoinPolicy.OPEN
    first_posts: int = 0
    is_discreet: bool = False


def description_of(space: Space) -> Description:
    """The same of a space that stands."""
    return Description(
        name=space.name,
        purpose=space.purpose,
        presentation=space.source,
        themes=tuple(space.themes),
        scope=space.scope,
        sponsor=space.sponsor,
        rhythm=space.rhythm,
        charter=dict(space.charter),
        join_policy=space.join_policy,
        first_posts=space.first_posts,
        is_discreet=space.is_discreet,
    )


def problems(
    description: Description, *, visibility: Visibility, known_themes: Collection[str]
) -> list[tuple[str, str]]:
    """(field, what to do), in the order of the form."""
    found = []
    if not NAME_MIN <= len(description.name) <= NAME_MAX or not identifier_from(description.name):
        found.append(("nom", _("Donnez un nom de 3 à 120 caractères, avec au moins un mot.")))
    if not description.purpose:
        found.append(("raison", _("Dites en une phrase à quoi sert l’espace.")))
    lines = {
        "raison": description.purpose,
        "pour_qui": description.scope,
        "appui": description.sponsor,
        "rythme": description.rhythm,
    }
    found += [(name, _too_long(LINE_MAX)) for name, text in lines.items() if len(text) > LINE_MAX]
    if len(description.presentation) > PRESENTATION_MAX:
        found.append(("presentation", _too_long(PRESENTATION_MAX)))
    if len(description.themes) > MOST_THEMES:
        found.append(("themes", _("Choisissez six thèmes au plus.")))
    if not set(description.themes) <= set(known_themes):
        found.append(("themes", _("Un de ces thèmes n’existe plus : choisissez-le de nouveau.")))
    found += [
        (f"charte-{name}", _too_long(ANSWER_MAX))
        for name in CHARTER
        if len(description.charter.get(name, "")) > ANSWER_MAX
    ]
    if not fits(description.join_policy, visibility):
        found.append(
            (
                "adhesion",
                _("Un espace caché s’ouvre sur invitation seulement.")
                if visibility is Visibility.PRIVATE_HIDDEN
                else _("Un espace privé s’ouvre sur demande ou sur invitation."),
            )
        )
    if not 0 <= description.first_posts <= MOST_FIRST_POSTS:
        found.append(("premiers", _("Choisissez de 0 à 5 messages.")))
    return found


def fits(policy: JoinPolicy, visibility: Visibility) -> bool:
    """True when people may come in this way: who may not read does not come in by themselves."""
    return policy in ways_in(visibility)


def ways_in(visibility: Visibility) -> tuple[JoinPolicy, ...]:
    """How one may come in, by who reads."""
    if visibility is Visibility.PRIVATE_HIDDEN:
        return (JoinPolicy.INVITATION,)
    if visibility is Visibility.PRIVATE_LISTED:
        return (JoinPolicy.REQUEST, JoinPolicy.INVITATION)
    return tuple(JoinPolicy)


def describe(
    space: Space,
    description: Description,
    *,
    known_themes: Collection[str],
) -> None:
    """Write what a space says of itself.

    Raises:
        DomainError: something is missing, too long or does not fit; `about` names the field.
    """
    wrong = problems(description, visibility=space.visibility, known_themes=known_themes)
    if wrong:
        about, message = wrong[0]
        raise DomainError(message, about=about)
    space.name, space.purpose = description.name, description.purpose
    space.scope, space.sponsor = description.scope, description.sponsor
    space.rhythm, space.join_policy = description.rhythm, description.join_policy
    space.first_posts, space.is_discreet = description.first_posts, description.is_discreet
    if list(space.themes or ()) != list(description.themes):
        space.themes = list(description.themes)
    charter = {name: description.charter[name] for name in CHARTER if description.charter.get(name)}
    if space.charter != charter:
        space.charter = charter
    try:
        space.write(description.presentation)
    except TooIntricate as refusal:
        raise DomainError(refusal.message, about="presentation") from refusal


def free_slug(session: Session, name: str, *, visibility: Visibility) -> str:
    """An address that no space has or had.

    That of a hidden space cannot be guessed: another of the same name must not meet it.
    """
    stem = identifier_from(name)
    if visibility is Visibility.PRIVATE_HIDDEN:
        return f"{stem}-{secrets.token_hex(_SECRET_BYTES)}"
    number = 1
    slug = stem
    while slug in RESERVED or slug.isdigit() or _is_taken(session, slug):
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _is_taken(session: Session, slug: str) -> bool:
    return (
        session.scalar(select(Space.id).where(Space.slug == slug)) is not None
        or SLUGS.owner_of(session, slug) is not None
    )


def _too_long(most: int) -> str:
    return _("Raccourcissez ce texte à %(limit)s caractères.", limit=format_number(most))
