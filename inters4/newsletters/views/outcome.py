"""`/infolettres/NEWSLETTER/NUMBER/bilan`: what an issue did, for the team; lists behind figures."""

from collections.abc import Sequence
from functools import partial

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import signed_in, site, viewer
from inters4.newsletters.exports.links import link_words
from inters4.newsletters.exports.outcome import (
    AMONG,
    BECAME,
    DEPARTURES,
    ONE_SEQUEL,
    SEQUELS,
    SUM,
    WORDS,
    Outcome,
    name_of,
    outcome_csv,
)
from inters4.newsletters.models import Issue, IssueApproval
from inters4.newsletters.queries import outcome as queries
from inters4.newsletters.queries.approvals import approvals_of
from inters4.newsletters.queries.born import corrections_of, harvests_of
from inters4.newsletters.queries.outcome import Which
from inters4.newsletters.views.blueprint import bp
from inters4.newsletters.views.wording import DECISIONS, KINDS
from inters4.reactions.exports import words_of
from inters4.veille.queries.writing import people_named


@bp.get("/<newsletter_id>/<int:number>/bilan")
@signed_in
def outcome(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Each figure, what it counts, and where its list is."""
    with reading() as session:
        g.session = session
        issue = _issue(session, newsletter_id, number)
        approvals = approvals_of(session, issue.id)
        return render_template(
            "newsletters/desk/outcome.html",
            issue=issue,
            outcome=_outcome(session, issue),
            which=Which,
            words=WORDS,
            sum=SUM,
            among=AMONG,
            departures=DEPARTURES,
            sequels=SEQUELS,
            one_sequel=ONE_SEQUEL,
            kinds=KINDS,
            name_of=name_of,
            link_words=partial(link_words, site=site()),
            added=words_of,
            approvals=approvals,
            names=_names(session, approvals),
            decisions=DECISIONS,
            errata=queries.errata_of(session, issue.id),
        )


@bp.get("/<newsletter_id>/<int:number>/bilan.csv")
@signed_in
def outcome_as_csv(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The same figures; they name nobody."""
    with reading() as session:
        issue = _issue(session, newsletter_id, number)
        lines = outcome_csv(_outcome(session, issue), KINDS)
        return as_file("".join(lines), CSV, f"bilan-{issue.id}.csv", is_private=True)


@bp.get("/<newsletter_id>/<int:number>/bilan/envois")
@signed_in
def outcome_deliveries(newsletter_id: str, number: int) -> ResponseReturnValue:
    """The messages that a figure counts, `lesquels` it is."""
    chosen = request.args.get("lesquels", Which.FROZEN.value)
    which = Which(chosen) if chosen in set(Which) else abort(404)
    with reading() as session:
        g.session = session
        issue = _issue(session, newsletter_id, number)
        return render_template(
            "newsletters/desk/outcome_list.html",
            issue=issue,
            words=WORDS[which],
            page=queries.list_deliveries(session, issue.id, which, page=_page()),
            states=BECAME,
            url_of=lambda page: url_for(
                ".outcome_deliveries",
                newsletter_id=newsletter_id,
                number=number,
                lesquels=which.value,
                page=page,
            ),
        )


@bp.get("/<newsletter_id>/<int:number>/bilan/departs")
@signed_in
def outcome_departures(newsletter_id: str, number: int) -> ResponseReturnValue:
    """Who left by the issue."""
    with reading() as session:
        g.session = session
        issue = _issue(session, newsletter_id, number)
        return render_template(
            "newsletters/desk/outcome_list.html",
            issue=issue,
            words=DEPARTURES,
            page=queries.list_departures(session, issue.id, page=_page()),
            states=None,
            url_of=lambda page: url_for(
                ".outcome_departures", newsletter_id=newsletter_id, number=number, page=page
            ),
        )


def _issue(session: Session, newsletter_id: str, number: int) -> Issue:
    return queries.find_outcome(session, newsletter_id, number, viewer=viewer()) or abort(404)


def _page() -> int:
    return request.args.get("page", 1, type=int)


def _outcome(session: Session, issue: Issue) -> Outcome:
    deliveries = queries.count_deliveries(session, issue.id)
    harvests, outside = harvests_of(session, issue)
    return Outcome(
        deliveries=deliveries if deliveries[Which.FROZEN] else None,
        departures=queries.count_departures(session, issue.id),
        elsewhere=issue.sent_elsewhere,
        harvests=harvests,
        outside=outside,
        corrections=corrections_of(session, issue.id),
    )


def _names(session: Session, approvals: Sequence[IssueApproval]) -> dict[int, str]:
    ids = [
        number
        for one in approvals
        for number in (one.asked_by_id, one.approver_id, one.deputy_id, one.decided_by_id)
    ]
    return {key: person.name for key, person in people_named(session, ids).items()}
