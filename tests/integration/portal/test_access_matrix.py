"""Every endpoint, called by everyone: who is let through is what this table says, and no more.

Endpoints come from the routes. What is not in the table is open to anyone and only reads; an
endpoint that asks for a sign-in, or that anyone may post to, has its line here.
"""

import re
from collections.abc import Iterable

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.web.requests import Identity, Nobody, access_of, enforce_access
from inters4.members.models import Member
from inters4.members.queries import load_viewer
from tests.builders.members import give_role, make_member, make_organisation, sign_in_as

VISITOR = "visitor"
PERSON, ELSEWHERE = "person", "person of another organisation"
ROLES = {
    "broker": Role.BROKER,
    "reviewer": Role.REVIEWER,
    "approver": Role.APPROVER,
    "signatory": Role.SIGNATORY,
    "facilitator": Role.FACILITATOR,
    "coordination": Role.COORDINATION,
    "admin": Role.ADMIN,
}
SIGNED_IN = {PERSON, ELSEWHERE, *ROLES}
EVERYONE = {VISITOR, *SIGNED_IN}
STAFF = {"coordination", "admin"}
DECIDERS = {"approver", *STAFF}
TEAM = {"broker", "coordination"}

TABLE: dict[str, Iterable[str]] = {
    # Anyone may post there: to ask, to sign in, to register, to keep a list in their browser.
    "home.ask": EVERYONE,
    "members.confirm": EVERYONE,
    "members.demo_enter": EVERYONE,
    "members.forgotten_password": EVERYONE,
    "members.provider_join": EVERYONE,
    "members.provider_letter": EVERYONE,
    "members.provider_letter_link": EVERYONE,
    "members.reset_password": EVERYONE,
    "members.send_link_again": EVERYONE,
    "members.send_registration": EVERYONE,
    "members.sign_in": EVERYONE,
    "members.sign_in_code": EVERYONE,
    "members.sign_out": EVERYONE,
    "newsletters.confirm_subscription": EVERYONE,
    "newsletters.erase_subscription": EVERYONE,
    "newsletters.leave_all": EVERYONE,
    "newsletters.pause_subscription": EVERYONE,
    "newsletters.resume_subscription": EVERYONE,
    "newsletters.save_preferences": EVERYONE,
    "newsletters.send_way_out": EVERYONE,
    "newsletters.subscribe": EVERYONE,
    "newsletters.unsubscribe": EVERYONE,
    "notices.unsubscribe": EVERYONE,
    "practices.ask_paper": EVERYONE,
    "reactions.react": EVERYONE,
    "richtext.preview": EVERYONE,
    "search.change_kept": EVERYONE,
    "search.choose_region": EVERYONE,
    # Communities: services ask who belongs, leads or moderates; what one may not see is 404.
    "community.accept_answer": SIGNED_IN,
    "community.accept_join": SIGNED_IN,
    "community.act_on_person": SIGNED_IN,
    "community.act_on_post": SIGNED_IN,
    "community.act_on_thread": SIGNED_IN,
    "community.add_present": SIGNED_IN,
    "community.addition": SIGNED_IN,
    "community.answer": SIGNED_IN,
    "community.answer_invitation": SIGNED_IN,
    "community.appreciate": SIGNED_IN,
    "community.ask_to_come": SIGNED_IN,
    "community.attendance": SIGNED_IN,
    "community.ban_person": SIGNED_IN,
    "community.call": SIGNED_IN,
    "community.cancel": SIGNED_IN,
    "community.cancel_page": SIGNED_IN,
    "community.change": SIGNED_IN,
    "community.change_moderation": SIGNED_IN,
    "community.change_stage": SIGNED_IN,
    "community.change_title": SIGNED_IN,
    "community.close_calendar": SIGNED_IN,
    "community.close_feed": SIGNED_IN,
    "community.create": STAFF,
    "community.decide_seat": SIGNED_IN,
    "community.decline": SIGNED_IN,
    "community.drafts": SIGNED_IN,
    "community.drop": SIGNED_IN,
    "community.feed_address": SIGNED_IN,
    "community.flag": SIGNED_IN,
    "community.flag_form": SIGNED_IN,
    "community.follow_this_space": SIGNED_IN,
    "community.follow_this_thread": SIGNED_IN,
    "community.hand_over": SIGNED_IN,
    "community.invitations": SIGNED_IN,
    "community.invite": SIGNED_IN,
    "community.join": SIGNED_IN,
    "community.join_requests": SIGNED_IN,
    "community.keep": SIGNED_IN,
    "community.leave": SIGNED_IN,
    "community.lift_ban": SIGNED_IN,
    "community.measures": SIGNED_IN,
    "community.measures_of_person": SIGNED_IN,
    "community.membership": SIGNED_IN,
    "community.mentions": SIGNED_IN,
    "community.minutes_page": SIGNED_IN,
    "community.moderate_post": SIGNED_IN,
    "community.moderate_thread": SIGNED_IN,
    "community.moderation": SIGNED_IN,
    "community.moderation_journal": SIGNED_IN,
    "community.new_meeting": SIGNED_IN,
    "community.new_space": STAFF,
    "community.new_thread": SIGNED_IN,
    "community.open_calendar": SIGNED_IN,
    "community.open_feed": SIGNED_IN,
    "community.own_requests_page": SIGNED_IN,
    "community.people": SIGNED_IN,
    "community.person": SIGNED_IN,
    "community.post_history": SIGNED_IN,
    "community.preview": SIGNED_IN,
    "community.propose": SIGNED_IN,
    "community.read_all": SIGNED_IN,
    "community.redact_post": SIGNED_IN,
    "community.redaction": SIGNED_IN,
    "community.refuse_join": SIGNED_IN,
    "community.register_for": SIGNED_IN,
    "community.removal_form": SIGNED_IN,
    "community.remove": SIGNED_IN,
    "community.remove_person": SIGNED_IN,
    "community.revise": SIGNED_IN,
    "community.revise_page": SIGNED_IN,
    "community.revision_form": SIGNED_IN,
    "community.save_attendance": SIGNED_IN,
    "community.save_minutes": SIGNED_IN,
    "community.save_preference": SIGNED_IN,
    "community.save_settings": SIGNED_IN,
    "community.seats": SIGNED_IN,
    "community.seats_file": SIGNED_IN,
    "community.set_visibility": SIGNED_IN,
    "community.settings": SIGNED_IN,
    "community.similar_threads": SIGNED_IN,
    "community.start": SIGNED_IN,
    "community.succession": SIGNED_IN,
    "community.summary_form": SIGNED_IN,
    "community.take": SIGNED_IN,
    "community.take_back_invitation": SIGNED_IN,
    "community.title_form": SIGNED_IN,
    "community.unread": SIGNED_IN,
    "community.visibility_page": SIGNED_IN,
    "community.withdraw_from": SIGNED_IN,
    "community.withdraw_join": SIGNED_IN,
    "community.write_summary": SIGNED_IN,
    # One's own account.
    "members.accept_invitation": SIGNED_IN,
    "members.account": SIGNED_IN,
    "members.ask_organisation": SIGNED_IN,
    "members.ask_own_address": SIGNED_IN,
    "members.change_password": SIGNED_IN,
    "members.close_other_sessions": SIGNED_IN,
    "members.close_session": SIGNED_IN,
    "members.confirm_address": SIGNED_IN,
    "members.erase_account": SIGNED_IN,
    "members.identity": SIGNED_IN,
    "members.identity_start": SIGNED_IN,
    "members.drop_own_address": SIGNED_IN,
    "members.leave": SIGNED_IN,
    "members.link_identity": SIGNED_IN,
    "members.my_data": SIGNED_IN,
    "members.my_data_archive": SIGNED_IN,
    "members.own_address": SIGNED_IN,
    "members.profile": SIGNED_IN,
    "members.proof": SIGNED_IN,
    "members.proof_start": SIGNED_IN,
    "members.put_off_profile": SIGNED_IN,
    "members.remove_second_factor": SIGNED_IN,
    "members.renew_codes": SIGNED_IN,
    "members.save_profile": SIGNED_IN,
    "members.second_factor_page": SIGNED_IN,
    "members.security": SIGNED_IN,
    "members.send_message": SIGNED_IN,
    "members.set_up_second_factor": SIGNED_IN,
    "members.unlink_identity": SIGNED_IN,
    "members.write_message": SIGNED_IN,
    "notices.follow": SIGNED_IN,
    "notices.index": SIGNED_IN,
    "notices.mark": SIGNED_IN,
    "notices.mark_all": SIGNED_IN,
    "notices.preferences": SIGNED_IN,
    "notices.save_newsletter": SIGNED_IN,
    "notices.save_preferences": SIGNED_IN,
    # The desk of questions: who is signed in and not of the team is told that it does not exist.
    "home.answer": SIGNED_IN,
    "home.close": SIGNED_IN,
    "home.erase": SIGNED_IN,
    "home.question_page": SIGNED_IN,
    "home.questions": SIGNED_IN,
    "home.questions_as_csv": SIGNED_IN,
    "home.recall": SIGNED_IN,
    "home.release": SIGNED_IN,
    "home.reopen": SIGNED_IN,
    "home.take": SIGNED_IN,
    # Subscribers, the same way; and one's own subscription, from the account.
    "newsletters.bring_subscribers": SIGNED_IN,
    "newsletters.import_page": SIGNED_IN,
    "newsletters.own_preferences": SIGNED_IN,
    "newsletters.subscriber": SIGNED_IN,
    "newsletters.subscribers": SIGNED_IN,
    "newsletters.subscribers_as_csv": SIGNED_IN,
    "newsletters.unsubscribe_for": SIGNED_IN,
    # Summaries being written, the same way.
    "veille.autosave": SIGNED_IN,
    "veille.begin": SIGNED_IN,
    "veille.correction": SIGNED_IN,
    "veille.decide": SIGNED_IN,
    "veille.drop_correction": SIGNED_IN,
    "veille.follow": SIGNED_IN,
    "veille.new_summary": SIGNED_IN,
    "veille.publish_correction": SIGNED_IN,
    "veille.return_correction": SIGNED_IN,
    "veille.save": SIGNED_IN,
    "veille.save_correction": SIGNED_IN,
    "veille.write": SIGNED_IN,
    # Issues of the infolettres being made, the same way.
    "newsletters.addressing": SIGNED_IN,
    "newsletters.amending": SIGNED_IN,
    "newsletters.approval": SIGNED_IN,
    "newsletters.autosave": SIGNED_IN,
    "newsletters.carry": SIGNED_IN,
    "newsletters.carrying": SIGNED_IN,
    "newsletters.compose": SIGNED_IN,
    "newsletters.conduct": SIGNED_IN,
    "newsletters.decide": SIGNED_IN,
    "newsletters.desk": SIGNED_IN,
    "newsletters.erratum": SIGNED_IN,
    "newsletters.message": SIGNED_IN,
    "newsletters.outcome": SIGNED_IN,
    "newsletters.outcome_as_csv": SIGNED_IN,
    "newsletters.outcome_deliveries": SIGNED_IN,
    "newsletters.outcome_departures": SIGNED_IN,
    "newsletters.pick": SIGNED_IN,
    "newsletters.prepare": SIGNED_IN,
    "newsletters.preview": SIGNED_IN,
    "newsletters.put_in": SIGNED_IN,
    "newsletters.save": SIGNED_IN,
    "newsletters.save_audience": SIGNED_IN,
    "newsletters.save_note": SIGNED_IN,
    "newsletters.save_sender": SIGNED_IN,
    "newsletters.sender": SIGNED_IN,
    "newsletters.sending": SIGNED_IN,
    "newsletters.sent_elsewhere": SIGNED_IN,
    "newsletters.trial": SIGNED_IN,
    # The desk of the watch, the same way.
    "veille.change_rule": SIGNED_IN,
    "veille.desk": SIGNED_IN,
    "veille.edit_rule": SIGNED_IN,
    "veille.finding": SIGNED_IN,
    "veille.make_gesture": SIGNED_IN,
    "veille.new_rule": SIGNED_IN,
    "veille.progress": SIGNED_IN,
    "veille.rules": SIGNED_IN,
    "veille.tell_finding": SIGNED_IN,
    "veille.undo_gesture": SIGNED_IN,
    # Watches and their sources: the same.
    "veille.accept_one": SIGNED_IN,
    "veille.refuse_one": SIGNED_IN,
    "veille.alert": SIGNED_IN,
    "veille.bring_alert": SIGNED_IN,
    "veille.bring_opml": SIGNED_IN,
    "veille.bring_references": SIGNED_IN,
    "veille.close_one": SIGNED_IN,
    "veille.create_source": SIGNED_IN,
    "veille.create_watch": SIGNED_IN,
    "veille.delete_one": SIGNED_IN,
    "veille.edit_watch": SIGNED_IN,
    "veille.new_source": SIGNED_IN,
    "veille.new_watch": SIGNED_IN,
    "veille.note_page": SIGNED_IN,
    "veille.noted_page": SIGNED_IN,
    "veille.open_one": SIGNED_IN,
    "veille.opml": SIGNED_IN,
    "veille.opml_file": SIGNED_IN,
    "veille.pause_one": SIGNED_IN,
    "veille.read_alert": SIGNED_IN,
    "veille.references": SIGNED_IN,
    "veille.resume_one": SIGNED_IN,
    "veille.save_source": SIGNED_IN,
    "veille.save_watch": SIGNED_IN,
    "veille.source": SIGNED_IN,
    "veille.source_health": SIGNED_IN,
    "veille.visit_now": SIGNED_IN,
    "veille.visits_advance": SIGNED_IN,
    "veille.watch": SIGNED_IN,
    "veille.watches": SIGNED_IN,
    # Sheets: who takes no part in one is told that it does not exist.
    "practices.abandon_dossier": SIGNED_IN,
    "practices.add_carrier": SIGNED_IN,
    "practices.assessment": SIGNED_IN,
    "practices.autosave_block": SIGNED_IN,
    "practices.declare": SIGNED_IN,
    "practices.describe_adoption": SIGNED_IN,
    "practices.clear_document": SIGNED_IN,
    "practices.dossier": SIGNED_IN,
    "practices.edit_adoption": SIGNED_IN,
    "practices.edit_assessment": SIGNED_IN,
    "practices.erase_assessment": SIGNED_IN,
    "practices.hold_adoption": SIGNED_IN,
    "practices.journal_entry": SIGNED_IN,
    "practices.move_adoption": SIGNED_IN,
    "practices.new_adoption": SIGNED_IN,
    "practices.preview_dossier": SIGNED_IN,
    "practices.propose": SIGNED_IN,
    "practices.remove_carrier": SIGNED_IN,
    "practices.remove_entry": SIGNED_IN,
    "practices.save_assessment": SIGNED_IN,
    "practices.save_block": SIGNED_IN,
    "practices.take_up": SIGNED_IN,
    "practices.send_adopters": SIGNED_IN,
    "practices.send_carriers": SIGNED_IN,
    "practices.start_transfer": SIGNED_IN,
    "practices.transfer": SIGNED_IN,
    "practices.write_block": SIGNED_IN,
    "practices.write_entry": SIGNED_IN,
    # What teams declare, taken out of sight.
    "practices.moderate_adoption": {"coordination"},
    # Deciding of a sheet: whose decision it is depends on the sheet.
    "practice_approvals.answer": SIGNED_IN,
    "practice_approvals.show": SIGNED_IN,
    "practice_reviews.decline": SIGNED_IN,
    "practice_reviews.keep": SIGNED_IN,
    "practice_reviews.send": SIGNED_IN,
    "practice_reviews.show": SIGNED_IN,
    "practices.ask_reviewers": SIGNED_IN,
    "practices.decide": SIGNED_IN,
    "practices.dossiers": SIGNED_IN,
    "practices.dossiers_as_csv": SIGNED_IN,
    "practices.note_approval": SIGNED_IN,
    "practices.release_reviewer": SIGNED_IN,
    "practices.set_translation": TEAM,
    "practices.published_files": TEAM,
    "practices.take_file_back": TEAM,
    "practices.translation": TEAM,
    "practices.withdraw_sheet": {"coordination"},
    "practices.withdrawal": {"coordination"},
    # Letting people in; which requests and invitations is for the scope to say.
    "members.answer_approval": DECIDERS,
    "members.approval": DECIDERS,
    "members.approvals": DECIDERS,
    "members.invitations": DECIDERS,
    "members.revoke_invitation": DECIDERS,
    "members.send_invitation": DECIDERS,
    # Administration.
    "members.administration": STAFF,
    "members.change_member_organisation": STAFF,
    "members.change_member_role": STAFF,
    "members.change_member_state": STAFF,
    "members.domain": STAFF,
    "members.health": STAFF,
    "members.incident": STAFF,
    "members.incidents": STAFF,
    "members.incidents_as_csv": STAFF,
    "members.journal": STAFF,
    "members.journal_as_csv": STAFF,
    "members.mail_records": STAFF,
    "members.member_record": STAFF,
    "members.new_incident": STAFF,
    "members.organisation_form": STAFF,
    "members.organisation_list": STAFF,
    "members.people_as_csv": STAFF,
    "members.people_list": STAFF,
    "members.save": STAFF,
    "members.save_organisation": STAFF,
    "members.send_link_for": STAFF,
    "members.unconfirmed_list": STAFF,
    "search.ask_index": STAFF,
    "vocabulary.as_csv": STAFF,
    "vocabulary.create_group": STAFF,
    "vocabulary.create_term": STAFF,
    "vocabulary.group": STAFF,
    "vocabulary.index": STAFF,
    "vocabulary.move": STAFF,
    "vocabulary.new_group": STAFF,
    "vocabulary.new_term": STAFF,
    "vocabulary.place": STAFF,
    "vocabulary.retire": STAFF,
    "vocabulary.retirement": STAFF,
    "vocabulary.save_group": STAFF,
    "vocabulary.save_term": STAFF,
    "vocabulary.term": STAFF,
}
HIDDEN = {
    "/equipe/questions": TEAM,
    "/infolettres/bureau": TEAM,
    "/pratiques/dossiers": TEAM,
    "/veille/bureau": TEAM,
    "/veille/bureau/regles": TEAM,
    "/veille/bureau/resumes": TEAM,
    "/veille/resumes/nouveau": TEAM,
    "/veille/dispositifs": TEAM,
    "/veille/sante-des-sources": TEAM,
}
"""Pages that do not exist for whoever may not see them."""


@pytest.fixture
def people(session: Session) -> dict[str, Member]:
    """One of each kind, but the visitor."""
    here, elsewhere = make_organisation(session), make_organisation(session)
    found = {}
    for name in (PERSON, ELSEWHERE, *ROLES):
        organisation = elsewhere if name == ELSEWHERE else here
        member = make_member(session, password=None, organisation=organisation)
        if name in ROLES:
            space = 1 if ROLES[name] is Role.FACILITATOR else None
            give_role(session, member, ROLES[name], organisation=here, space=space)
        found[name] = member
    return found


def is_open_reading(app: Flask, rule: Rule) -> bool:
    access = access_of(app.view_functions[rule.endpoint])
    assert access is not None
    return not access.needs_sign_in and not (rule.methods or set()) & {"POST", "PUT", "DELETE"}


def test_whoever_asks_for_a_sign_in_or_takes_a_post_has_its_line(app: Flask) -> None:
    protected = {
        rule.endpoint for rule in app.url_map.iter_rules() if not is_open_reading(app, rule)
    }

    assert protected == set(TABLE)


def test_each_endpoint_lets_through_those_of_its_line(
    app: Flask, session: Session, people: dict[str, Member]
) -> None:
    viewers = {name: load_viewer(session, member.id) for name, member in people.items()}
    viewers[VISITOR] = ANONYMOUS
    wrong = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            allowed = TABLE.get(rule.endpoint, EVERYONE)
            for who, viewer in viewers.items():
                expected = "in" if who in allowed else refusal(who, method)
                found = outcome(app, rule, method, viewer)
                if found != expected:
                    wrong.append(f"{method} {rule.rule} as {who}: {found}, not {expected}")

    assert wrong == []


def test_a_request_without_its_right_stops_before_the_page(
    app: Flask, session: Session, people: dict[str, Member]
) -> None:
    visitor, person, admin = (app.test_client() for _browser in range(3))
    sign_in_as(person, session, people[PERSON])
    sign_in_as(admin, session, people["admin"])

    assert visitor.get("/admin/personnes").headers["Location"].startswith("/connexion?suite=")
    assert visitor.post("/admin/domaines/exemple.ca").status_code == 401
    assert person.get("/admin/personnes").status_code == 403
    assert person.post("/admin/domaines/exemple.ca").status_code == 403
    assert admin.get("/admin/personnes").status_code == 200


def test_a_hidden_page_is_seen_by_its_people_only(
    app: Flask, session: Session, people: dict[str, Member]
) -> None:
    browsers = {name: app.test_client() for name in (VISITOR, *people)}
    for name, member in people.items():
        sign_in_as(browsers[name], session, member)

    for path, its_people in HIDDEN.items():
        seen = {who for who, one in browsers.items() if one.get(path).status_code == 200}
        assert seen == its_people


def refusal(who: str, method: str) -> str:
    """A visitor is asked to sign in, anyone else is refused."""
    if who != VISITOR:
        return "refused"
    return "sign in" if method == "GET" else "unknown"


def outcome(app: Flask, rule: Rule, method: str, viewer: Viewer) -> str:
    """What stands before every view says of this person; nothing of the view runs."""
    values = dict.fromkeys(rule.arguments, "7" if "int" in rule.rule else "exemple")
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values[part[1]], rule.rule)
    with app.test_request_context(path, method=method):
        g._login_user = Identity(viewer) if viewer.is_signed_in else Nobody()
        try:
            answer = enforce_access()
        except HTTPException as error:
            return {401: "unknown", 403: "refused"}.get(error.code or 0, repr(error))
        if answer is None:
            return "in"
        where = app.make_response(answer).headers.get("Location", "")
        return "sign in" if where.startswith("/connexion?") else where
