"""To whom an issue goes, in words; and what may be chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.i18n import LANGUAGES, _
from inters4.members.exports.words import role_label
from inters4.members.models import Organisation
from inters4.members.queries.organisations import list_organisations
from inters4.newsletters.exports.words import frequency_label
from inters4.newsletters.models import Frequency, Issue
from inters4.newsletters.queries.errata import find_corrected
from inters4.vocabulary.queries import vocabulary

Audience = Mapping[str, Sequence[str]]
Choices = Sequence[tuple[str, str]]

PARTS: Mapping[str, Callable[[], str]] = {
    "themes": lambda: _("Thèmes choisis à l’abonnement"),
    "languages": lambda: _("Langue des messages"),
    "frequencies": lambda: _("Rythme choisi"),
    "organisations": lambda: _("Organisation du compte"),
    "roles": lambda: _("Rôle dans le portail"),
}
"""What narrows an audience, in the order of its form."""


def offered(session: Session, languages: Sequence[str]) -> Mapping[str, Choices]:
    """What may be chosen of each part: (id, words)."""
    return {
        "themes": [
            (node.entry.id, node.entry.label()) for node in vocabulary(session).tree("themes")
        ],
        "languages": [(code, LANGUAGES[code]) for code in languages],
        "frequencies": [(one.value, frequency_label(one)) for one in Frequency],
        "organisations": [(one.slug, one.name) for one in list_organisations(session)],
        "roles": [(role.value, role_label(role)) for role in Role],
    }


def told(session: Session, issue: Issue) -> list[str]:
    """A sentence for each part that narrows; one alone when nobody is left out."""
    corrected = find_corrected(session, issue)
    if corrected is not None and corrected.sent_elsewhere is None:
        return [_("Les personnes qui ont reçu le numéro %(number)s", number=corrected.number)]
    if corrected is not None:
        return [
            _(
                "Les personnes à qui allait le numéro %(number)s, envoyé hors du portail",
                number=corrected.number,
            )
        ]
    return list(_narrowed(session, issue.audience)) or [
        _("Toutes les personnes abonnées à cette infolettre")
    ]


def _narrowed(session: Session, audience: Audience) -> Iterator[str]:
    for part, name in PARTS.items():
        chosen = audience.get(part)
        if chosen:
            words = _words(session, part, chosen)
            yield _("%(name)s : %(value)s", name=name(), value=", ".join(words))


def _words(session: Session, part: str, chosen: Sequence[str]) -> list[str]:
    if part == "organisations":
        rows = session.scalars(select(Organisation).where(Organisation.slug.in_(chosen)))
        names = {one.slug: one.label for one in rows}
    elif part == "themes":
        whole = vocabulary(session)
        names = {one: whole.label("themes", one) for one in chosen}
    elif part == "languages":
        names = dict(LANGUAGES)
    elif part == "frequencies":
        names = {one.value: frequency_label(one) for one in Frequency}
    else:
        names = {role.value: role_label(role) for role in Role}
    return [names.get(one) or one for one in chosen]
