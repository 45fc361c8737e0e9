"""A sheet started, taken up again, published, withdrawn: where rows and revisions meet."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.i18n import _
from inters4.core.slugs import identifier_from
from inters4.members.queries.holders import holders_of
from inters4.members.queries.people import links_of
from inters4.practices.exports.notices import TEAM
from inters4.practices.exports.sheets import PRACTICE, Sheet, sheet_of, write_sheet
from inters4.practices.models import (
    READABLE,
    TOMBSTONES,
    Move,
    Origin,
    Practice,
    PracticeAuthor,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.models.states import TAKEN_ADDRESSES
from inters4.practices.queries import SLUGS, load_practice
from inters4.practices.queries.revisions import author_ids, open_revision_of, owner_id
from inters4.practices.services.approving import is_approved
from inters4.practices.services.deciding import WAYS, hands_of, is_team, may_move
from inters4.practices.services.drafts import fill_revision, one_line, texts_of
from inters4.practices.services.following import changed_fields, fields_of
from inters4.practices.services.life import (
    JUDGEMENTS,
    Known,
    check_complete,
    go,
    next_review,
    note_step,
    today,
)
from inters4.practices.services.pieces import drop_unpublished, link_files
from inters4.practices.services.sheets import save_sheet
from inters4.practices.services.translating import after_change
from inters4.practices.services.versions import MINOR, keep_version, last_number

_FIRST = ("title", "problem", "solution")


def start_sheet(
    session: Session,
    *,
    title: str,
    problem: str,
    solution: str,
    by: Viewer,
    request_id: str = "",
    read_in: str = "",
) -> PracticeRevision:
    """A sketch, which nobody but its author sees; `read_in` is the item of an issue it came of.

    Raises:
        NotAllowed: nobody is signed in.
        DomainError: it has no title.
    """
    if by.member_id is None:
        raise NotAllowed(_("Connectez-vous pour proposer une pratique."))
    if not title.strip():
        raise DomainError(_("Donnez un titre : quelques mots suffisent pour commencer."))
    given = {
        name: one_line(text) for name, text in zip(_FIRST, (title, problem, solution), strict=True)
    }
    identifier = _free_identifier(session, given["title"])
    empty: dict[str, Any] = {item.name: item.empty() for item in PRACTICE.fields}
    organisations = [
        link.organisation for link in links_of(session, by.member_id) if link.confirmed_at
    ]
    sheet = Sheet(
        {
            **empty,
            "id": identifier,
            "slug": identifier,
            "title": given["title"][:120],
            "origin": Origin.PROPOSED,
            "state": PracticeState.SKETCH,
            "organisations": tuple({"id": one.slug, "name": ""} for one in organisations),
        },
        {},
    )
    practice = save_sheet(session, sheet)
    practice.read_in = read_in
    session.add(
        PracticeAuthor(
            practice_id=practice.id, member_id=by.member_id, is_owner=True, added_by_id=by.member_id
        )
    )
    revision = _open(session, practice, sheet, state=PracticeState.SKETCH, by=by, base=0)
    revision.values = {**revision.values, **{name: text for name, text in given.items() if text}}
    note_step(
        session,
        practice,
        Move.START,
        by=by,
        from_state=None,
        to_state=PracticeState.SKETCH,
        revision=revision,
        request_id=request_id,
    )
    session.flush()
    return revision


def open_revision(
    session: Session, practice: Practice, *, by: Viewer, request_id: str = ""
) -> PracticeRevision:
    """Take up a sheet again; the revision that is open already when there is one.

    Raises:
        NotAllowed: `by` neither carries it nor is of the brokering team.
        Conflict: it is withdrawn or replaced.
    """
    if by.member_id not in author_ids(session, practice.id) and not is_team(by):
        raise NotAllowed(_("L’équipe porteuse et l’équipe de courtage révisent la fiche."))
    found = open_revision_of(session, practice.id)
    if found is not None:
        return found
    if practice.state in TOMBSTONES:
        raise Conflict(_("Cette fiche est retirée : proposez-en une autre."))
    whole = load_practice(session, practice.id)
    sheet = sheet_of(whole or practice)
    base, state = 0, practice.state
    if practice.state in READABLE:
        keep_version(session, practice, write_sheet(sheet))
        base, state = last_number(session, practice.id), PracticeState.DRAFTING
    revision = _open(session, practice, sheet, state=state, by=by, base=base)
    if state is PracticeState.DRAFTING:
        revision.drafter_id = by.member_id if is_team(by) else _former_drafter(session, practice)
    note_step(
        session,
        practice,
        Move.START,
        by=by,
        from_state=practice.state,
        to_state=state,
        revision=revision,
        request_id=request_id,
    )
    session.flush()
    return revision


def publish(
    session: Session,
    revision: PracticeRevision,
    *,
    by: Viewer,
    known: Known,
    note: str = "",
    is_minor: bool = False,
    request_id: str = "",
) -> Practice:
    """Let readers see a revision, and keep it as a version; a new edition has a new date.

    A minor one keeps the ratings and the approval, and asks nobody again: it changes nothing that
    was rated or approved. A sheet whose review is due stays so.

    Raises:
        NotAllowed: `by` does not publish, or worked on it.
        Conflict: it is not ready: an organisation has not answered, or the change is not minor.
        Incomplete: the sheet lacks something.
    """
    which = Move.PUBLISH_MINOR if is_minor else Move.PUBLISH
    if revision.state not in WAYS[which].sources or not revision.is_open:
        raise Conflict(_("Cette fiche n’est pas prête à paraître."))
    if not may_move(revision, which, by=by, hands=hands_of(session, revision)):
        raise NotAllowed(
            _("Quelqu’un d’autre que les personnes qui ont écrit la fiche doit la publier.")
        )
    if is_minor and judged_changes(session, revision):
        raise Conflict(
            _(
                "Ce changement touche ce que des personnes ont coté ou approuvé : il repasse par "
                "la relecture et l’approbation."
            )
        )
    if not is_minor and not is_approved(session, revision):
        raise Conflict(_("Une organisation porteuse n’a pas encore approuvé la fiche."))
    practice = revision.practice
    moment = (practice.published_at if is_minor else None) or now()
    house: dict[str, Any] = {
        "id": practice.id,
        "slug": practice.slug,
        "state": (practice.state if is_minor else PracticeState.PUBLISHED).value,
        "published_at": moment.isoformat(),
        "edition": str(practice.edition + (0 if is_minor or revision.is_new_sheet else 1)),
        "translation_state": after_change(practice).value,
    }
    if is_minor:
        house |= _judgements_of(session, practice)
    else:
        house |= {"origin": Origin.PROPOSED.value, "review_due": next_review(today()).isoformat()}
    revision.values = {**revision.values, **house}
    sheet = check_complete(revision, PracticeState.PUBLISHED, known=known)
    saved = save_sheet(session, replace(sheet, values={**sheet.values, "published_at": moment}))
    saved.state_reason = ""
    link_files(session, saved)
    text = write_sheet(sheet_of(saved))
    keep_version(session, saved, text, note=note.strip(), is_minor=is_minor, by_id=by.member_id)
    revision.note, revision.is_minor = note.strip(), is_minor
    go(session, revision, which, by=by, request_id=request_id)
    revision.closed_at = now()
    session.flush()
    return saved


def _judgements_of(session: Session, practice: Practice) -> dict[str, Any]:
    """What reviewers and organisations said of the sheet that readers see: it stays."""
    written = PRACTICE.write(sheet_of(load_practice(session, practice.id) or practice).values)
    return {name: written.get(name, "") for name in JUDGEMENTS}


def judged_changes(session: Session, revision: PracticeRevision) -> frozenset[str]:
    """What the revision changes of what readers see, but for what a minor change may touch."""
    practice = load_practice(session, revision.practice_id)
    there = fields_of(sheet_of(practice)) if practice is not None else {}
    here: Mapping[str, Any] = {**revision.values, **texts_of(revision)}
    return changed_fields(there, here) - MINOR


def may_abandon(owner: int | None, *, by: Viewer) -> bool:
    """True of `owner`, who answers for the sheet, and of the coordination.

    Nobody answers for a starter sheet.
    """
    return owner == by.member_id or by.has(Role.COORDINATION)


def abandon(
    session: Session, revision: PracticeRevision, *, by: Viewer, request_id: str = ""
) -> None:
    """Give up a revision; readers go on seeing what they saw. A new sheet is declined.

    Raises:
        NotAllowed: `by` neither owns the sheet nor coordinates.
        Conflict: it is closed already.
    """
    if not revision.is_open:
        raise Conflict(_("Cette révision est déjà close."))
    if not may_abandon(owner_id(session, revision.practice_id), by=by):
        raise NotAllowed(_("La personne responsable de la fiche, ou la coordination, y renonce."))
    note_step(
        session,
        revision.practice,
        Move.ABANDON,
        by=by,
        from_state=revision.state,
        to_state=PracticeState.DECLINED,
        revision=revision,
        request_id=request_id,
    )
    revision.closed_at = now()
    drop_unpublished(session, revision.practice_id)
    if revision.is_new_sheet:
        revision.state = revision.practice.state = PracticeState.DECLINED
    session.flush()


def _former_drafter(session: Session, practice: Practice) -> int | None:
    """The person of the team who drafted the sheet last, while they are of it; else None."""
    last = session.scalar(
        select(PracticeRevision.drafter_id)
        .where(
            PracticeRevision.practice_id == practice.id, PracticeRevision.drafter_id.is_not(None)
        )
        .order_by(PracticeRevision.id.desc())
        .limit(1)
    )
    return last if last in holders_of(session, TEAM) else None


def _open(
    session: Session,
    practice: Practice,
    sheet: Sheet,
    *,
    state: PracticeState,
    by: Viewer,
    base: int,
) -> PracticeRevision:
    revision = PracticeRevision(
        practice_id=practice.id,
        practice=practice,
        state=state,
        base=base,
        written_by_id=by.member_id,
        values={},
        blocks={},
        stamps={},
    )
    fill_revision(revision, sheet)
    session.add(revision)
    session.flush()
    return revision


def _free_identifier(session: Session, title: str) -> str:
    """A permanent id made from the title, that no sheet has, nor had as its address."""
    stem = identifier_from(title) or "fiche"
    taken = set(session.scalars(select(Practice.id).where(Practice.id.startswith(stem))))
    number, found = 1, stem
    while found in taken | TAKEN_ADDRESSES or SLUGS.owner_of(session, found):
        number += 1
        found = f"{stem}-{number}"
    return found
