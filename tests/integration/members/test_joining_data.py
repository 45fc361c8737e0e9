"""What joining leaves: files of domains, one's own data, letters; and what goes with a person."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.app import load_domains
from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.content.importing import Report, files_of, import_files
from inters4.core.errors import DomainError, NotAllowed, TooMany
from inters4.core.hooks import hooks
from inters4.core.jobs import jobs
from inters4.members.exports.domains import export_domains
from inters4.members.exports.letters import INVITATION, MESSAGE
from inters4.members.exports.own_data import OWN_DATA
from inters4.members.jobs import write_to_deciders
from inters4.members.models import (
    ApprovalRequest,
    Consent,
    ConsentPurpose,
    DomainPolicy,
    Invitation,
    MemberState,
    ProfileField,
    ProfileKey,
    Registration,
    Visibility,
)
from inters4.members.queries import load_viewer
from inters4.members.services.administration import move_account
from inters4.members.services.approvals import withdraw_request
from inters4.members.services.consents import record_consent
from inters4.members.services.domains import delete_domain
from inters4.members.services.erasing import forget_member
from inters4.members.services.invitations import invite, purge_invitations, revoke_invitation
from inters4.members.services.people import OPERATOR
from inters4.members.services.profiles import (
    LONGEST_VALUE,
    MOST_MESSAGES,
    save_profile,
    set_listed,
    set_preference,
    write_to,
)
from inters4.members.services.roles import confirm_organisation, leave_organisation, withdraw_role
from inters4.settings import Settings
from tests.builders.joining import letter, make_domain, make_registration, make_request, queued
from tests.builders.members import give_role, make_member, make_organisation, make_viewer

DOMAINS = """\
---
domains:
  - id: exemple.ca
    policy: queue
    organisations:
      - at
      - bsl
    rules:
      - pattern: "*.at"
        organisation: at
      - pattern: "*.bsl"
        organisation: bsl
  - id: uqar.example
    policy: auto
    organisations:
      - bsl
"""


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> None:
    load_domains()
    jobs.bind(settings)


def imported(folder: Path, text: str) -> Report:
    (folder / "email-domains.yaml").write_text(text)
    return import_files(files_of(folder, [hooks.content_kinds["email-domain"]]), folder)


def test_domains_come_from_a_file_and_go_back_to_it(session: Session, tmp_path: Path) -> None:
    make_organisation(session, slug="bsl")
    make_organisation(session, slug="at")
    session.commit()

    report = imported(tmp_path, DOMAINS)

    assert [str(error) for error in report.errors] == []
    ((name, text),) = list(export_domains(session))
    assert name == "email-domains.yaml"
    session.rollback()
    assert not imported(tmp_path, text).errors


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("policy: queue", "policy: auto", "ne peut pas ouvrir seul un compte"),
        ("organisation: at", "organisation: uqar", "n’existe pas"),
        ("policy: auto", "policy: peut-être", "policy"),
        ('"*.at"', '"* at"', "ne peut pas être lue"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(
    session: Session, tmp_path: Path, before: str, after: str, told: str
) -> None:
    make_organisation(session, slug="bsl")
    make_organisation(session, slug="at")
    session.commit()

    report = imported(tmp_path, DOMAINS.replace(before, after, 1))

    assert len(report.errors) == 1
    assert "email-domains.yaml:" in str(report.errors[0])
    assert told in str(report.errors[0])


def test_a_person_is_given_all_that_joining_kept_and_may_leave_without_it(
    session: Session,
) -> None:
    bsl = make_organisation(session)
    member = make_request(session, organisation=bsl, name="Ariane Essai").member
    member.state = MemberState.ACTIVE
    by = load_viewer(session, member.id)
    save_profile(session, {ProfileKey.SKILLS: ("Télésoins", Visibility.MEMBERS)}, by=by)
    set_listed(session, is_listed=True, text="Je veux apparaître.", by=by, source="/compte/profil")
    set_preference(session, "digest", "weekly", by=by)
    set_preference(session, "digest", "daily", by=by)
    row, _ = make_registration(session, email=member.email)
    row.member_id = member.id
    invite(session, by=OPERATOR, email=member.email)
    session.flush()

    given = {name: list(export(session, member.id)) for name, export in OWN_DATA.items()}
    assert given["profil"][0]["value"] == "Télésoins"
    assert given["consentements"][0]["text"] == "Je veux apparaître."
    assert given["preferences"][0]["value"] == "daily"
    assert given["demandes"][0]["organisation"] == bsl.name
    assert given["demandes"][1]["email"] == member.email
    assert given["invitations"][0]["is_mine"] is False

    forget_member(session, member.id)
    session.expire_all()

    assert session.scalars(select(ProfileField)).all() == []
    assert session.scalars(select(Registration)).all() == []
    assert session.scalars(select(ApprovalRequest)).one().decided_at is not None
    assert session.scalars(select(Invitation)).one().email == ""
    assert session.scalars(select(Consent)).one().member_id is None


def test_a_consent_taken_back_is_another_line(session: Session) -> None:
    for is_given in (True, False):
        record_consent(
            session,
            ConsentPurpose.NEWSLETTER,
            email="Ariane@exemple.ca",
            text="Je veux.",
            locale="fr",
            source="/inscription",
            is_given=is_given,
        )
    rows = session.scalars(select(Consent).order_by(Consent.id)).all()

    assert [row.is_given for row in rows] == [True, False]
    assert rows[0].subject == rows[1].subject
    assert rows[0].text_id == rows[1].text_id


def test_the_letter_of_an_invitation_says_who_invites_to_what(session: Session) -> None:
    bsl = make_organisation(session, name="CISSS Essai")
    giver = make_viewer(session, role=Role.COORDINATION, name="Frédérique Essai")
    row = invite(session, by=giver, email="a@exemple.ca", organisation=bsl, role=Role.RESPONDENT)

    written = letter(session, queued(session, INVITATION)[0])
    assert written is not None
    for words in ("Frédérique Essai", "CISSS Essai", "Réponse au nom", "/invitation/"):
        assert words in written.text
        assert words in written.html

    revoke_invitation(session, row.public_id, by=giver)
    assert letter(session, queued(session, INVITATION)[0]) is None


def test_addresses_of_past_invitations_are_forgotten(session: Session) -> None:
    row = invite(session, by=OPERATOR, email="a@exemple.ca")
    assert purge_invitations(session, now()) == 0

    assert purge_invitations(session, row.expires_at + timedelta(days=1)) == 1
    session.refresh(row)
    assert row.email == ""


def test_a_letter_between_people_gives_the_sender_and_stops_after_ten(session: Session) -> None:
    reader = make_member(session, password=None)
    save_profile(
        session,
        {ProfileKey.SKILLS: ("Télésoins", Visibility.EVERYONE)},
        by=load_viewer(session, reader.id),
    )
    sender = make_member(session, name="Émile Essai", password=None)
    by = load_viewer(session, sender.id)
    for _time in range(MOST_MESSAGES):
        write_to(session, reader.public_id, "Bonjour", by=by)

    written = letter(session, queued(session, MESSAGE)[0])
    assert written is not None
    assert written.subject == "Émile Essai vous écrit par InterS4"
    assert sender.email in written.text
    with pytest.raises(TooMany):
        write_to(session, reader.public_id, "Bonjour", by=by)
    sender.state = MemberState.SUSPENDED
    session.flush()
    assert letter(session, queued(session, MESSAGE)[0]) is None


def test_a_profile_keeps_its_limits_and_an_empty_field_is_forgotten(session: Session) -> None:
    by = make_viewer(session)
    with pytest.raises(DomainError):
        save_profile(
            session,
            {ProfileKey.SKILLS: ("a" * (LONGEST_VALUE + 1), Visibility.NOBODY)},
            by=by,
        )
    for value in ("Télésoins", "Télésoins et plus", " "):
        save_profile(session, {ProfileKey.SKILLS: (value, Visibility.NOBODY)}, by=by)

    assert session.scalars(select(ProfileField)).all() == []


def test_what_speaks_for_others_needs_its_role(session: Session) -> None:
    here, elsewhere = make_organisation(session), make_organisation(session)
    approver = make_viewer(session, role=Role.APPROVER, organisation=elsewhere)
    member = make_member(session, password=None, organisation=here)
    give_role(session, member, Role.RESPONDENT, organisation=here)
    make_domain(session, "exemple.ca", here, policy=DomainPolicy.AUTO)

    with pytest.raises(NotAllowed):
        confirm_organisation(session, member, here, by=approver)
    with pytest.raises(NotAllowed):
        leave_organisation(session, member, here, by=approver)
    with pytest.raises(NotAllowed):
        withdraw_role(session, member, Role.RESPONDENT, by=approver, organisation=here.id)
    with pytest.raises(NotAllowed):
        delete_domain(session, "exemple.ca", by=approver)
    with pytest.raises(NotAllowed):
        move_account(session, member, MemberState.SUSPENDED, reason="Essai", by=approver)
    assert not leave_organisation(session, member, elsewhere, by=OPERATOR)
    assert not withdraw_role(session, member, Role.BROKER, by=OPERATOR)
    assert not delete_domain(session, "ailleurs.example", by=OPERATOR)
    assert not withdraw_request(session, member)


def test_the_job_queues_the_letters_that_are_due(session: Session) -> None:
    make_viewer(session, role=Role.COORDINATION)
    make_request(session)
    session.commit()

    write_to_deciders()

    assert len(queued(session, "member_requests")) == 1
