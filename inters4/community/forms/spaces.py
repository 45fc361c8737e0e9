"""The form by which a space says what it is: what was typed, read and checked."""

from collections.abc import Collection, Sequence
from dataclasses import field, replace

from werkzeug.datastructures import MultiDict
from wtforms import Form as WTForm
from wtforms import TextAreaField

from inters4.community.exports.words import CHARTER
from inters4.community.models import JoinPolicy, Space, SpaceStage, Visibility
from inters4.community.services.describing import Description, description_of, problems, ways_in
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.core.values import dataclass

POLICIES = {
    "libre": JoinPolicy.OPEN,
    "demande": JoinPolicy.REQUEST,
    "invitation": JoinPolicy.INVITATION,
}
VISIBILITIES = {
    "public": Visibility.PUBLIC,
    "inscrites": Visibility.MEMBERS,
    "affiche": Visibility.PRIVATE_LISTED,
    "cache": Visibility.PRIVATE_HIDDEN,
}
STAGES = {
    "preparation": SpaceStage.POTENTIAL,
    "active": SpaceStage.ACTIVE,
    "dormance": SpaceStage.DORMANT,
    "archivee": SpaceStage.CLOSED,
}
_POLICY_VALUES = {policy: value for value, policy in POLICIES.items()}
_VISIBILITY_VALUES = {visibility: value for value, visibility in VISIBILITIES.items()}
_LONGEST = 40_000
_NOT_A_NUMBER = -1
Posted = MultiDict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds, whatever it is.

    Attributes:
        policy, visibility: values of the form.
        facilitator, deputy: a name or an address, of a form that opens a space.
        errors: (field, what to do), in the order of the page.
    """

    description: Description
    policy: str = "libre"
    visibility: str = "inscrites"
    facilitator: str = ""
    deputy: str = ""
    moves: bool = False
    version: int = 0
    errors: Sequence[tuple[str, str]] = field(default=())

    def error_of(self, name: str) -> str:
        """What is wrong with a field, empty when nothing is."""
        return dict(self.errors).get(name, "")

    def refused(self, name: str, message: str) -> "Typed":
        """The same, with one more mistake."""
        return replace(self, errors=[*self.errors, (name, message)])


def typed_of(space: Space) -> Typed:
    """What the form shows of a space that stands."""
    return Typed(
        description=description_of(space),
        policy=_POLICY_VALUES[space.join_policy],
        visibility=_VISIBILITY_VALUES[space.visibility],
        version=space.version,
    )


def read_revision(sent: Posted, *, visibility: Visibility, known_themes: Collection[str]) -> Typed:
    """The form of the settings."""
    return _read(sent, visibility, known_themes)


def read_creation(sent: Posted, *, known_themes: Collection[str]) -> Typed:
    """The form that opens a space: who leads is said too."""
    value = sent.get("visibilite", "")
    found = _read(sent, VISIBILITIES.get(value, Visibility.MEMBERS), known_themes)
    found = replace(
        found,
        visibility=value,
        facilitator=_line(sent, "animation"),
        deputy=_line(sent, "releve"),
    )
    if value not in VISIBILITIES:
        found = found.refused("visibilite", _("Choisissez qui lit l’espace."))
    return found


def ways_offered(visibility: Visibility) -> list[str]:
    """The ways in that the form offers."""
    return [_POLICY_VALUES[policy] for policy in ways_in(visibility)]


def rich(name: str, label: str, value: str, *, error: str = "") -> TextAreaField:
    """What the macro of the editor draws."""
    made: TextAreaField = TextAreaField(label).bind(form=WTForm(), name=name)
    made.data = value
    made.errors = [error] if error else []
    return made


def _read(sent: Posted, visibility: Visibility, known_themes: Collection[str]) -> Typed:
    policy = sent.get("adhesion", "")
    description = Description(
        name=_line(sent, "nom"),
        purpose=_line(sent, "raison"),
        presentation=_text(sent, "presentation"),
        themes=tuple(dict.fromkeys(one for one in sent.getlist("themes") if one)),
        scope=_line(sent, "pour_qui"),
        sponsor=_line(sent, "appui"),
        rhythm=_line(sent, "rythme"),
        charter={name: text for name in CHARTER if (text := _text(sent, f"charte-{name}"))},
        join_policy=POLICIES.get(policy, JoinPolicy.OPEN),
        first_posts=_number(sent, "premiers"),
        is_discreet=sent.get("discret") == "oui",
    )
    errors = problems(description, visibility=visibility, known_themes=known_themes)
    if policy not in POLICIES:
        errors.append(("adhesion", _("Choisissez comment on entre dans l’espace.")))
    return Typed(
        description=description,
        policy=policy,
        moves=sent.get("adresse") == "oui",
        version=_number(sent, "version"),
        errors=errors,
    )


def _line(sent: Posted, name: str) -> str:
    return " ".join(_text(sent, name).split())


def _text(sent: Posted, name: str) -> str:
    return storable(sent.get(name, "")[:_LONGEST]).strip()


def _number(sent: Posted, name: str) -> int:
    text = sent.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else _NOT_A_NUMBER
