"""A reviewer from outside rates a sheet, alone; `agreeing` tells what comes of two reviews."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.frontmatter import storable
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.practices.exports.rows import SENTENCE
from inters4.practices.models import (
    Advice,
    PracticeReview,
    PracticeRevision,
    cited_numbers,
)
from inters4.practices.queries.reviewers import is_current
from inters4.practices.queries.revisions import (
    carrying_organisations,
    worked_on,
)
from inters4.practices.services.agreeing import go_on
from inters4.practices.services.drafts import one_line
from inters4.practices.services.requirements import Lack
from inters4.practices.services.saying import words_in
from inters4.practices.services.settling import settle_review
from inters4.vocabulary.queries import vocabulary

LONGEST_JUSTIFICATION = 100
"""In words."""
_LONGEST_TEXT = 20_000


class Unfinished(DomainError):
    """The review lacks something to be sent.

    Attributes:
        lacks: what, by field.
    """

    status = 422

    def __init__(self, lacks: tuple[Lack, ...]) -> None:
        super().__init__(lacks[0].message)
        self.lacks = lacks


class Overtaken(Conflict):
    """Another page of the same person kept something else since this one was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a reviewer typed: vocabulary ids of the ratings, why, and the rest."""

    maturity: str = ""
    evidence_strength: str = ""
    reason: str = ""
    comments: str = ""
    advice: Advice | None = None
    has_no_interest: bool = False


def save_review(
    session: Session,
    review: PracticeReview,
    revision: PracticeRevision,
    *,
    by: Viewer,
    written: Written,
    seen: str = "",
) -> None:
    """Keep what a reviewer has typed so far; nobody else reads it before it is sent.

    `seen` is the mark of what their page was drawn from: the older of two tabs erases nothing.

    Raises:
        NotAllowed: the review is asked to somebody else.
        Overtaken: another page kept something else meanwhile.
        Conflict: it was sent already, or the sheet left the reviewers.
    """
    if review.reviewer_id != by.member_id:
        raise NotAllowed(_("Cette relecture est demandée à quelqu’un d’autre."))
    if not review.is_waited_for or not is_current(review, revision):
        raise Conflict(_("Cette relecture est déjà rendue, ou n’est plus attendue."))
    written = replace(written, reason=_kept(written.reason), comments=_kept(written.comments))
    now_kept = mark_of_review(review)
    if seen not in {"", now_kept} and mark_of_review(written) != now_kept:
        raise Overtaken(
            _(
                "Un autre onglet a gardé autre chose de cette relecture. Ce que vous avez écrit "
                "ici est plus bas; rien n’est encore remplacé."
            )
        )
    words = vocabulary(session)
    review.maturity = words.present("maturity", written.maturity)
    review.evidence_strength = words.present("evidence_strength", written.evidence_strength)
    review.reason, review.comments = written.reason, written.comments
    review.advice, review.has_no_interest = written.advice, written.has_no_interest
    session.flush()


def submit_review(
    session: Session,
    review: PracticeReview,
    revision: PracticeRevision,
    *,
    by: Viewer,
    written: Written,
    seen: str = "",
    request_id: str = "",
) -> None:
    """Send one's ratings; the sheet goes on once both agree, or once the gap is settled.

    Raises:
        NotAllowed: the review is asked to somebody else, who reviews, and has no part in the sheet.
        Conflict: it was sent already, or the sheet left the reviewers.
        Unfinished: a rating, its reason, the advice or the declaration is missing or too long.
    """
    save_review(session, review, revision, by=by, written=written, seen=seen)
    _check_still_outside(session, revision, by=by)
    if missing := tuple(_missing(review, revision)):
        raise Unfinished(missing)
    review.submitted_at = now()
    session.flush()
    settle_review(session, review)
    note_review(session, "review_sent", revision, by=by, request_id=request_id)
    go_on(session, revision, by=by, request_id=request_id)


def mark_of_review(one: PracticeReview | Written) -> str:
    """Changes with what a review says: that of what is kept, or of what is typed."""
    said = (one.maturity, one.evidence_strength, one.reason, one.comments)
    return sha256(repr((*said, one.advice, one.has_no_interest)).encode()).hexdigest()[:16]


def _check_still_outside(session: Session, revision: PracticeRevision, *, by: Viewer) -> None:
    """Roles, organisations and authors change while one reviews."""
    worked = worked_on(session, revision.practice_id)
    carrying = carrying_organisations(session, revision)
    if not by.has(Role.REVIEWER) or by.member_id in worked or carrying & by.organisations:
        raise NotAllowed(
            _(
                "Vous ne pouvez plus relire cette fiche : votre rôle, votre organisation ou votre "
                "part dans la fiche a changé. Dites que vous ne pouvez pas la relire."
            )
        )


def _missing(review: PracticeReview, revision: PracticeRevision) -> Iterator[Lack]:
    """What a review needs to be sent, in the order of its form."""
    if not review.maturity:
        yield Lack("maturity", _("Choisissez une maturité."))
    if not review.evidence_strength:
        yield Lack("evidence_strength", _("Choisissez une force de la preuve."))
    length = words_in(review.reason)
    if not length:
        yield Lack("reason", _("Dites pourquoi ces cotes."))
    if length > LONGEST_JUSTIFICATION:
        yield Lack(
            "reason",
            _(
                "La justification a %(length)s mots : la limite est de %(limit)s.",
                length=length,
                limit=LONGEST_JUSTIFICATION,
            ),
        )
    elif len(one_line(review.reason)) > SENTENCE:
        yield Lack(
            "reason",
            _(
                "La justification tient en %(limit)s caractères : la fiche la publie.",
                limit=SENTENCE,
            ),
        )
    if unknown := cited_numbers(review.reason) - _sources_of(revision):
        yield Lack(
            "reason", _("La source [%(number)s] n’est pas dans la fiche.", number=min(unknown))
        )
    if review.advice is None:
        yield Lack("advice", _("Donnez votre avis : publier, ou retravailler."))
    if review.advice is Advice.REWORK and not review.comments:
        yield Lack("comments", _("Dites à l’équipe ce qu’il faut retravailler."))
    if not review.has_no_interest:
        yield Lack(
            "has_no_interest",
            _(
                "Confirmez que vous n’avez aucun intérêt dans cette pratique; sinon, dites que "
                "vous ne pouvez pas la relire."
            ),
        )


def _sources_of(revision: PracticeRevision) -> frozenset[int]:
    """The numbers that its texts may cite."""
    rows = revision.values.get("references") or []
    numbers = (str(row.get("number", "")) for row in rows if isinstance(row, dict))
    return frozenset(int(number) for number in numbers if number.isdecimal())


def _kept(text: str) -> str:
    return storable(text).strip()[:_LONGEST_TEXT]


def note_review(
    session: Session,
    what: str,
    revision: PracticeRevision,
    *,
    by: Viewer,
    request_id: str,
    **detail: int,
) -> None:
    """Write in the audit journal what happened to a review."""
    audit.record(
        session,
        f"practices.{what}",
        by=by,
        subject=f"fiche:{revision.practice_id}",
        request_id=request_id,
        **detail,
    )
