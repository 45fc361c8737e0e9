"""Groups of synonyms, changed by the coordination. The engine expands them at the next search."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from indexer.analysis import fold
from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.vocabulary.models import SynonymGroup, SynonymMode
from inters4.vocabulary.queries.rows import list_synonym_groups, next_position
from inters4.vocabulary.services.editing import Misfilled
from inters4.vocabulary.services.saving import renew

LONGEST_FORM = {"abbr": 60, "fr": 200, "en": 200}
MOST_FORMS = 40
_LONGEST_SOURCE = 200
_LONGEST_PART = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTogether:
    """Forms that mean the same, as they were typed; `broader` holds ids of groups."""

    abbr: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    mode: SynonymMode = SynonymMode.TWO_WAY
    broader: tuple[str, ...] = ()
    source: str = ""


def save_synonyms(
    session: Session,
    group: SynonymGroup | None,
    said: SaidTogether,
    *,
    version: int = 0,
    by: Viewer,
) -> SynonymGroup:
    """Change a group, or add one when there is none.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
        Misfilled: no form, one too long or given twice, an unknown broader group.
        Conflict: it changed since `version`.
    """
    _allow(by)
    groups = list(list_synonym_groups(session))
    errors = _mistakes(said, groups, own=group.id if group else "")
    if errors:
        raise Misfilled(errors)
    if group is None:
        group = SynonymGroup(
            id=_free_id(said, {one.id for one in groups}),
            position=next_position(session, SynonymGroup),
        )
        session.add(group)
    elif group.version != version:
        raise Conflict(
            _("Ce groupe a changé entre-temps : comparez, puis enregistrez de nouveau."),
            theirs=", ".join((*group.abbr, *group.fr, *group.en)),
        )
    for name in ("abbr", "fr", "en", "broader"):
        if list(getattr(group, name) or ()) != list(getattr(said, name)):
            setattr(group, name, list(getattr(said, name)))
    group.mode, group.source = said.mode, said.source
    session.flush()
    renew(session)
    audit.record(
        session,
        "vocabulary.synonyms_saved",
        by=by,
        subject=f"synonyms:{group.id}",
        name=", ".join((*said.abbr, *said.fr, *said.en)),
    )
    return group


def remove_synonyms(session: Session, group: SynonymGroup, *, version: int, by: Viewer) -> None:
    """Take a group out; groups that named it as broader no longer do.

    Raises:
        NotAllowed: `by` neither coordinates nor administers.
        Conflict: it changed since `version`.
    """
    _allow(by)
    if group.version != version:
        raise Conflict(_("Ce groupe a changé entre-temps. Relisez-le avant de le retirer."))
    for other in list_synonym_groups(session):
        if group.id in other.broader:
            other.broader = [one for one in other.broader if one != group.id]
    session.delete(group)
    session.flush()
    renew(session)
    audit.record(
        session,
        "vocabulary.synonyms_removed",
        by=by,
        subject=f"synonyms:{group.id}",
        name=", ".join((*group.abbr, *group.fr, *group.en)),
    )


def _allow(by: Viewer) -> None:
    if not by.is_staff:
        raise NotAllowed(_("Seule la coordination change le vocabulaire."))


def _mistakes(said: SaidTogether, groups: Sequence[SynonymGroup], *, own: str) -> dict[str, str]:
    found = {}
    for name, most in LONGEST_FORM.items():
        forms: tuple[str, ...] = getattr(said, name)
        if any(len(form) > most for form in forms):
            found[name] = _("Une forme dépasse %(count)s caractères.", count=most)
        elif len(set(forms)) < len(forms):
            found[name] = _("Une forme est donnée deux fois.")
        elif len(forms) > MOST_FORMS:
            found[name] = _("Gardez %(count)s formes au plus.", count=MOST_FORMS)
    if not (said.abbr or said.fr or said.en):
        found["fr"] = _("Donnez au moins une forme.")
    known = {one.id for one in groups} - {own}
    unknown = [one for one in said.broader if one not in known]
    if unknown:
        found["broader"] = _("Le groupe « %(id)s » n’existe pas.", id=unknown[0])
    if len(said.source) > _LONGEST_SOURCE:
        found["source"] = _("Ce texte dépasse %(count)s caractères.", count=_LONGEST_SOURCE)
    return found


def _free_id(said: SaidTogether, taken: set[str]) -> str:
    first = (*said.abbr, *said.fr, *said.en)[0]
    base = re.sub(r"[^a-z0-9]+", "-", fold(first))[:_LONGEST_PART].strip("-") or "groupe"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found
