"""The life of an issue: prepared, written, shown, approved by somebody else, scheduled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotAllowed, NotFound
from inters4.core.notices import Noticed, NoticeKind
from inters4.newsletters.exports.message import Piece, digest, parts_of
from inters4.newsletters.exports.message.holes import UNSUBSCRIBE
from inters4.newsletters.exports.notices import KINDS
from inters4.newsletters.exports.own_issues import issues_by
from inters4.newsletters.models import (
    ApprovalDecision,
    Issue,
    IssueApproval,
    IssueState,
    ItemKind,
    Newsletter,
)
from inters4.newsletters.queries.approvals import (
    Task,
    approvals_of,
    standing_approval,
    tasks_of,
    writer_ids,
)
from inters4.newsletters.queries.composing import find_to_compose
from inters4.newsletters.services.approving import (
    approve,
    ask_approval,
    candidates,
    return_issue,
    take_back,
)
from inters4.newsletters.services.arranging import (
    add_items,
    move_item,
    new_item,
    order_items,
    remove_item,
)
from inters4.newsletters.services.checking import NotReady, check_issue
from inters4.newsletters.services.composing import marks_of, stored_fields, write_issue
from inters4.newsletters.services.erasing import forget_maker
from inters4.newsletters.services.life import Move, hands_of, may_move
from inters4.newsletters.services.preparing import prepare_next_issue
from inters4.newsletters.services.reminding import remind_due
from inters4.newsletters.services.scheduling import cancel, schedule, unschedule
from inters4.newsletters.services.sender import set_sender
from inters4.notices.models import Notice
from inters4.settings import Settings
from inters4.veille.models import SummaryState
from inters4.veille.services.drafting import StaleFields
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.sending import make_subscriber
from tests.builders.summaries import Team, make_team
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

LATER = timedelta(hours=8)


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session)


@pytest.fixture
def newsletter(session: Session) -> Newsletter:
    make_vocabulary(session)
    found = make_newsletter(session, title="InterS4 en bref")
    found.sender, found.postal_address = "L’équipe de courtage", "1, rue Fictive\nRimouski"
    make_practice(session, "visites-virtuelles")
    make_summary(session, "suivi-a-domicile", published_at=now())
    make_subscriber(session)
    return found


@pytest.fixture
def issue(session: Session, newsletter: Newsletter, team: Team) -> Issue:
    found = prepare_next_issue(session, newsletter, by=team.writer)
    typed = {"title": "Loin des centres", "description": "Ce mois-ci.", "opening": "Bonjour."}
    write(session, found, team.writer, **typed)
    return found


def write(session: Session, issue: Issue, by: Viewer, **typed: str) -> tuple[str, ...]:
    """What `by` types now, having seen the draft as it is."""
    return write_issue(session, issue, typed, seen=marks_of(stored_fields(issue)), by=by)


def ask(session: Session, issue: Issue, team: Team, settings: Settings) -> IssueApproval:
    return ask_approval(
        session,
        issue,
        team.reviewer.member_id or 0,
        team.coordination.member_id or 0,
        send_at=now() + LATER,
        by=team.writer,
        settings=settings,
    )


def seen(session: Session, issue: Issue, settings: Settings) -> str:
    return digest(parts_of(session, issue, settings=settings))


def approved(session: Session, issue: Issue, team: Team, settings: Settings) -> None:
    ask(session, issue, team, settings)
    approve(
        session,
        issue,
        seen=seen(session, issue, settings),
        by=team.coordination,
        settings=settings,
    )


def test_the_next_issue_holds_what_was_published_since_the_last(
    session: Session, newsletter: Newsletter, team: Team
) -> None:
    make_summary(session, "deja-raconte", published_at=now())
    make_issue(session, 1, items=(item(ItemKind.SUMMARY, summary="deja-raconte"),))

    made = prepare_next_issue(session, newsletter, by=team.writer)

    assert (made.number, made.state) == (2, IssueState.DRAFT)
    assert [one.summary_id for one in made.items if one.summary_id] == ["suivi-a-domicile"]
    assert [one.title for one in made.items if one.kind is ItemKind.HEADING] == [
        "Télésanté et santé numérique"
    ]


def test_an_issue_prepared_twice_is_made_once(
    session: Session, newsletter: Newsletter, team: Team
) -> None:
    first = prepare_next_issue(session, newsletter, by=team.writer)

    assert prepare_next_issue(session, newsletter, by=team.reviewer) is first


def test_nobody_but_the_team_prepares_an_issue(
    session: Session, newsletter: Newsletter, team: Team
) -> None:
    with pytest.raises(NotFound):
        prepare_next_issue(session, newsletter, by=team.stranger)


def test_two_people_who_write_different_fields_are_no_conflict(
    session: Session, issue: Issue, team: Team
) -> None:
    before = marks_of(stored_fields(issue))
    write_issue(session, issue, {"title": "Un titre"}, seen=before, by=team.writer)

    write_issue(session, issue, {"opening": "Un mot."}, seen=before, by=team.reviewer)

    assert (issue.title, issue.source) == ("Un titre", "Un mot.")
    with pytest.raises(StaleFields):
        write_issue(session, issue, {"title": "Un autre"}, seen=before, by=team.reviewer)


def test_whoever_wrote_a_word_or_moved_an_item_does_not_approve(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    write(session, issue, team.reviewer, title="Un meilleur titre")
    move_item(session, issue, issue.items[-1].public_id, steps=-1, by=team.coordination)

    assert candidates(session, issue) == []
    with pytest.raises(DomainError):
        ask(session, issue, team, settings)


def test_whoever_says_who_sends_has_written_in_the_drafts(
    session: Session, issue: Issue, newsletter: Newsletter, team: Team
) -> None:
    said = {"name": "Courtage", "reply_to": "", "postal_address": "1, rue Fictive"}

    set_sender(session, newsletter, by=team.reviewer, **said)

    assert team.reviewer.member_id in writer_ids(session, issue)


def test_who_sends_does_not_change_while_a_message_is_being_approved(
    session: Session, issue: Issue, newsletter: Newsletter, team: Team, settings: Settings
) -> None:
    ask(session, issue, team, settings)

    with pytest.raises(DomainError, match="en approbation"):
        set_sender(
            session,
            newsletter,
            name="Autre",
            reply_to="",
            postal_address="1, rue Fictive",
            by=team.reviewer,
        )


def test_a_field_sent_without_its_mark_writes_over_nothing(
    session: Session, issue: Issue, team: Team
) -> None:
    with pytest.raises(StaleFields):
        write_issue(session, issue, {"title": "Autre"}, seen={}, by=team.writer)

    assert issue.title == "Loin des centres"


def test_signs_that_no_message_may_bear_are_not_kept(
    session: Session, issue: Issue, team: Team
) -> None:
    write(session, issue, team.writer, subject="L\u0092info\u2028lettre", title="Un\x85titre")

    assert (issue.subject, issue.title) == ("Linfo lettre", "Un titre")


def test_items_are_added_under_their_heading_moved_ordered_and_taken_out(
    session: Session, issue: Issue, team: Team
) -> None:
    make_practice(session, "autre-fiche")
    first, told = issue.items[0], [one.kind.value for one in issue.items]
    assert told == ["heading", "practice", "heading", "summary"]
    add_items(session, issue, [new_item(ItemKind.TEXT)], by=team.writer)
    practice = new_item(ItemKind.PRACTICE, practice_id="autre-fiche")

    add_items(session, issue, [practice], under=first.public_id, by=team.writer)

    kinds = [one.kind.value for one in issue.items]
    assert kinds == ["heading", "practice", "practice", "heading", "summary", "text"]
    move_item(session, issue, practice.public_id, steps=-1, by=team.writer)
    assert [one.position for one in issue.items] == [0, 1, 2, 3, 4, 5]
    assert issue.items[1] is practice
    last = issue.items[-1].public_id
    order_items(session, issue, [last, "inconnu"], by=team.writer)
    assert issue.items[0].public_id == last
    remove_item(session, issue, last, by=team.writer)
    assert last not in {one.public_id for one in issue.items}


def test_what_an_issue_tells_already_is_not_added_again(
    session: Session, issue: Issue, team: Team
) -> None:
    count = len(issue.items)

    again = new_item(ItemKind.SUMMARY, summary_id="suivi-a-domicile")
    add_items(session, issue, [again], by=team.writer)

    assert len(issue.items) == count


def test_an_issue_that_lacks_something_is_not_shown(
    session: Session, issue: Issue, team: Team, settings: Settings, newsletter: Newsletter
) -> None:
    newsletter.postal_address = ""
    write(session, issue, team.writer, opening="[Ici](/pratiques/nulle-part).")
    add_items(session, issue, [new_item(ItemKind.LINK)], by=team.writer)

    with pytest.raises(NotReady):
        ask(session, issue, team, settings)

    parts = parts_of(session, issue, settings=settings)
    checked = check_issue(session, issue, parts, settings=settings)
    about = {one.about.rpartition("-")[2] or one.about for one in checked.stopping}
    assert about == {"expediteur", "opening", "title", "url"}
    assert checked.audience == 1


@pytest.mark.parametrize("lost", ["", "link", "address", "text"])
def test_a_message_that_does_not_end_as_the_law_asks_is_not_shown(
    session: Session, issue: Issue, settings: Settings, lost: str
) -> None:
    parts = parts_of(session, issue, settings=settings)
    html, text = parts.closing.html, parts.closing.text
    if lost == "link":
        html = html.replace(UNSUBSCRIBE, "https://exemple.ca")
    elif lost == "address":
        html = html.replace("Rimouski", "")
    elif lost == "text":
        text = ""
    parts = replace(parts, closing=Piece(html, text))

    checked = check_issue(session, issue, parts, settings=settings)

    stopped = ["ne se termine pas par" in one.sentence for one in checked.stopping]
    assert stopped == ([True] if lost else [])


def test_what_is_not_online_or_was_told_before_is_said(
    session: Session, issue: Issue, settings: Settings
) -> None:
    make_issue(session, 7, items=(item(ItemKind.SUMMARY, summary="suivi-a-domicile"),))
    parts = parts_of(session, issue, settings=settings)

    checked = check_issue(session, issue, parts, settings=settings)

    assert any("déjà dans le numéro 7" in one.sentence for one in checked.said)
    make_summary(session, "suivi-a-domicile", state=SummaryState.RETRACTED, state_reason="Faux.")
    parts = parts_of(session, issue, settings=settings)
    checked = check_issue(session, issue, parts, settings=settings)
    assert any("n’est pas en ligne" in one.sentence for one in checked.stopping)


def test_the_deputy_approves_and_the_author_is_told(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    approval = ask(session, issue, team, settings)
    told = session.scalars(select(Notice.member_id).where(Notice.kind == "newsletters.approval"))
    assert set(told) == {team.reviewer.member_id, team.coordination.member_id}

    approve(
        session,
        issue,
        seen=seen(session, issue, settings),
        by=team.coordination,
        settings=settings,
    )

    assert issue.state is IssueState.APPROVED
    assert approval.decided_by_id == team.coordination.member_id
    told = session.scalars(select(Notice.member_id).where(Notice.kind == "newsletters.issue"))
    assert set(told) == {team.writer.member_id}
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"newsletters.prepare", "newsletters.ask", "newsletters.approve"} <= actions


def test_nobody_else_approves(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    ask(session, issue, team, settings)

    for by, refusal in ((team.writer, NotAllowed), (team.stranger, NotFound)):
        with pytest.raises(refusal):
            approve(session, issue, seen="", by=by, settings=settings)


def test_a_message_that_changed_since_it_was_read_is_not_approved(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    ask(session, issue, team, settings)
    read = seen(session, issue, settings)
    make_summary(session, "suivi-a-domicile", published_at=now(), hook="Une accroche corrigée.")

    with pytest.raises(Conflict):
        approve(session, issue, seen=read, by=team.reviewer, settings=settings)


def test_an_issue_that_is_returned_says_why_and_is_written_again(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    ask(session, issue, team, settings)
    with pytest.raises(DomainError):
        return_issue(session, issue, reason=" ", by=team.reviewer)

    return_issue(session, issue, reason="Le titre  promet trop.", by=team.reviewer)

    assert issue.state is IssueState.DRAFT
    assert approvals_of(session, issue.id)[0].reason == "Le titre promet trop."
    assert team.reviewer.member_id not in writer_ids(session, issue)


def test_what_others_judge_is_not_written_and_taken_back_it_is_approved_again(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    approved(session, issue, team, settings)
    with pytest.raises(Conflict):
        write(session, issue, team.writer, title="Autre chose")

    take_back(session, issue, by=team.writer)

    assert issue.state is IssueState.DRAFT
    write(session, issue, team.writer, title="Autre chose")
    ask(session, issue, team, settings)
    assert standing_approval(session, issue.id) is None


def test_an_approved_issue_leaves_at_its_hour_and_no_other_does(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    hour = now() + LATER
    with pytest.raises(Conflict):
        schedule(session, issue, at=hour, by=team.writer, settings=settings)
    approved(session, issue, team, settings)

    schedule(session, issue, at=hour, by=team.writer, settings=settings)

    assert (issue.state, issue.send_at) == (IssueState.SCHEDULED, hour)
    assert issue.instance
    unschedule(session, issue, by=team.writer)
    assert issue.state is IssueState.APPROVED


def test_an_hour_that_is_past_sends_nothing(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    """A day mistyped would send the issue to everyone at once."""
    approved(session, issue, team, settings)

    with pytest.raises(DomainError, match="Cette heure est passée") as refusal:
        schedule(session, issue, at=now() - timedelta(days=1), by=team.writer, settings=settings)

    assert (refusal.value.about, issue.state) == ("heure", IssueState.APPROVED)
    minute = now().replace(second=0, microsecond=0)
    schedule(session, issue, at=minute, by=team.writer, settings=settings)
    assert issue.state is IssueState.SCHEDULED


def test_an_approved_message_that_changed_is_not_scheduled(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    approved(session, issue, team, settings)
    make_summary(session, "suivi-a-domicile", published_at=now(), hook="Une accroche corrigée.")

    with pytest.raises(Conflict):
        schedule(session, issue, at=now(), by=team.writer, settings=settings)


def test_an_issue_given_up_keeps_its_number_and_frees_what_it_told(
    session: Session, issue: Issue, team: Team, settings: Settings, newsletter: Newsletter
) -> None:
    ask(session, issue, team, settings)

    cancel(session, issue, reason="Trop tôt.", by=team.writer)

    assert approvals_of(session, issue.id)[0].decision is ApprovalDecision.OVERTAKEN
    following = prepare_next_issue(session, newsletter, by=team.writer)
    assert following.number == issue.number + 1
    assert "suivi-a-domicile" in {one.summary_id for one in following.items}


def test_nobody_answers_and_others_are_told_once(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    approval = ask_approval(
        session,
        issue,
        team.reviewer.member_id or 0,
        team.coordination.member_id or 0,
        send_at=now() + LATER,
        by=team.writer,
        settings=settings,
    )
    assert remind_due(session) == 0
    approval.remind_at = approval.escalate_at = now()

    assert remind_due(session) == 2
    assert remind_due(session) == 0


MAKES: list[tuple[Move, Callable[[Team], Viewer]]] = [
    (Move.APPROVE, lambda team: team.reviewer),
    (Move.RETURN, lambda team: team.coordination),
    (Move.TAKE_BACK, lambda team: team.writer),
    (Move.CANCEL, lambda team: team.writer),
]


def test_each_move_is_offered_to_whoever_may_make_it(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    ask(session, issue, team, settings)
    hands = hands_of(session, issue)

    for move, who in MAKES:
        assert may_move(issue, move, by=who(team), hands=hands)
        assert not may_move(issue, move, by=team.stranger, hands=hands)
    assert not may_move(issue, Move.APPROVE, by=team.writer, hands=hands)
    assert not may_move(issue, Move.SCHEDULE, by=team.writer, hands=hands)


def test_only_the_team_finds_what_is_being_made(session: Session, issue: Issue, team: Team) -> None:
    assert find_to_compose(session, "en-bref", issue.number, viewer=team.writer) is issue
    assert find_to_compose(session, "en-bref", issue.number, viewer=team.stranger) is None


def test_what_awaits_a_person_is_on_their_board(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    assert tasks_of(session, team.writer.member_id or 0) == [(Task.WRITE, issue)]
    ask(session, issue, team, settings)

    assert tasks_of(session, team.reviewer.member_id or 0) == [(Task.APPROVE, issue)]
    assert tasks_of(session, team.writer.member_id or 0) == []


def test_whoever_is_erased_leaves_the_issue_under_no_name(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    approved(session, issue, team, settings)
    for one in (team.writer, team.reviewer, team.coordination):
        assert list(issues_by(session, one.member_id or 0))

        forget_maker(session, one.member_id or 0)

        assert list(issues_by(session, one.member_id or 0)) == []
    assert issue.state is IssueState.APPROVED


def test_notices_say_what_awaits_to_whom_it_concerns(
    session: Session, issue: Issue, team: Team, settings: Settings
) -> None:
    approval = ask(session, issue, team, settings)
    approval.remind_at = approval.escalate_at = now()
    remind_due(session)
    return_issue(session, issue, reason="Trop long.", by=team.reviewer)

    titles = {kind.name: told_titles(session, kind) for kind in KINDS}

    name = "InterS4 en bref, numéro 1"
    assert set(titles["newsletters.approval"]) == {
        f"Numéro à approuver\u00a0: {name}",
        f"Rappel, numéro à approuver\u00a0: {name}",
    }
    assert titles["newsletters.issue"] == [f"Numéro à reprendre\u00a0: {name}"]


def told_titles(session: Session, kind: NoticeKind) -> list[str]:
    """What each notice of a kind says now."""
    notices = [
        Noticed(row.id, row.member_id, row.subject, row.facts)
        for row in session.scalars(select(Notice).where(Notice.kind == kind.name))
    ]
    return [one.title for one in kind.tell(session, notices).values()]
