"""From the form to an open account, or to someone who decides."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.errors import TooMany
from inters4.core.jobs import jobs
from inters4.members.exports.letters import REGISTRATION
from inters4.members.models import (
    ApprovalRequest,
    Consent,
    ConsentText,
    DomainPolicy,
    Member,
    MemberState,
    Organisation,
    Registration,
    StateChange,
)
from inters4.members.queries import find_member_by_email, load_viewer
from inters4.members.queries.registrations import Letter, letter_due
from inters4.members.services import entry
from inters4.members.services.entry import Outcome, confirm
from inters4.members.services.people import OPERATOR
from inters4.members.services.registration import MOST_FORMS, Said, purge_registrations
from inters4.members.services.states import change_state
from inters4.members.services.tokens import DeadToken
from inters4.settings import Settings
from tests.builders.joining import (
    HASH,
    letter,
    make_domain,
    make_registration,
    past_the_letters,
    queued,
)
from tests.builders.members import make_member, make_organisation, make_viewer

REFUSED = MemberState.REFUSED


@pytest.fixture(autouse=True)
def _bound(settings: Settings) -> None:
    jobs.bind(settings)


@pytest.fixture
def uqar(session: Session) -> Organisation:
    organisation = make_organisation(session, slug="uqar", name="UQAR")
    make_domain(session, "uqar.ca", organisation, policy=DomainPolicy.AUTO)
    return organisation


@pytest.fixture
def network(session: Session) -> tuple[Organisation, Organisation]:
    """Two establishments that share a domain."""
    bsl = make_organisation(session, slug="cisss-bsl")
    abitibi = make_organisation(session, slug="cisss-at", name="CISSS de l’Abitibi-Témiscamingue")
    make_domain(
        session,
        "ssss.gouv.qc.ca",
        bsl,
        abitibi,
        rules={"*.cisssbsl": bsl.id, "08_cisssat*": abitibi.id},
    )
    return bsl, abitibi


def states(session: Session, member: Member) -> list[MemberState]:
    return list(
        session.scalars(
            select(StateChange.to_state)
            .where(StateChange.member_id == member.id)
            .order_by(StateChange.id)
        )
    )


def test_no_account_exists_before_the_link_is_used(session: Session, uqar: Organisation) -> None:
    make_registration(session, email="ariane@uqar.ca", organisation=uqar)

    assert find_member_by_email(session, "ariane@uqar.ca") is None


def test_an_address_of_ones_own_organisation_opens_the_account(
    session: Session, uqar: Organisation
) -> None:
    row, secret = make_registration(session, email="Ariane@UQAR.ca", organisation=uqar)

    arrival = confirm(session, secret)

    assert arrival.outcome is Outcome.OPEN
    assert arrival.member is not None
    assert load_viewer(session, arrival.member.id).organisations == {uqar.id}
    assert arrival.member.password_hash == HASH
    assert row.password_hash == ""
    assert states(session, arrival.member) == [MemberState.UNVERIFIED, MemberState.ACTIVE]


def test_a_link_used_again_says_where_things_stand(session: Session, uqar: Organisation) -> None:
    _, secret = make_registration(session, email="ariane@uqar.ca", organisation=uqar)
    first = confirm(session, secret)

    again = confirm(session, secret)

    assert again.outcome is Outcome.ALREADY
    assert again.member is first.member


def test_a_link_serves_for_two_days(session: Session) -> None:
    row, secret = make_registration(session)
    assert row.expires_at - row.created_at == timedelta(hours=48)
    row.expires_at = now()

    with pytest.raises(DeadToken):
        confirm(session, secret)


def test_a_shared_address_waits_and_opens_no_content_of_the_organisation(
    session: Session, network: tuple[Organisation, Organisation]
) -> None:
    bsl, _ = network
    _, secret = make_registration(session, email="ariane.essai@ssss.gouv.qc.ca", organisation=bsl)

    arrival = confirm(session, secret)

    assert arrival.outcome is Outcome.WAITING
    assert arrival.member is not None
    assert arrival.member.state is MemberState.PENDING_APPROVAL
    arrival.member.state = MemberState.ACTIVE  # even let in, the organisation has not agreed
    session.flush()
    assert f"org:{bsl.id}" not in load_viewer(session, arrival.member.id).audiences


def test_what_stands_before_the_at_sign_hints_and_proves_nothing(
    session: Session, network: tuple[Organisation, Organisation]
) -> None:
    bsl, abitibi = network
    _, secret = make_registration(
        session, email="08_cisssat.ariane@ssss.gouv.qc.ca", organisation=bsl
    )

    confirm(session, secret)

    request = session.scalars(select(ApprovalRequest)).one()
    assert (request.organisation_id, request.hinted_id) == (bsl.id, abitibi.id)


def test_the_domain_of_one_organisation_does_not_open_another(
    session: Session, uqar: Organisation, network: tuple[Organisation, Organisation]
) -> None:
    _, secret = make_registration(session, email="ariane@uqar.ca", organisation=network[0])

    assert confirm(session, secret).outcome is Outcome.WAITING


@pytest.mark.parametrize(
    "email",
    ["a@evil-uqar.ca", "a@uqar.ca.example", "a@sous.uqar.ca", "a@uqar.ca@exemple.ca"],
)
def test_a_domain_is_compared_whole(session: Session, uqar: Organisation, email: str) -> None:
    _, secret = make_registration(session, email=email, organisation=uqar)

    assert confirm(session, secret).outcome is Outcome.WAITING


def test_another_organisation_goes_to_the_coordination(session: Session) -> None:
    _, secret = make_registration(session, other="Clinique du Fleuve")

    confirm(session, secret)

    request = session.scalars(select(ApprovalRequest)).one()
    assert request.organisation_id is None
    assert request.other_organisation == "Clinique du Fleuve"
    assert request.escalated_at is not None


def test_an_organisation_with_an_approver_keeps_its_request(
    session: Session, network: tuple[Organisation, Organisation]
) -> None:
    make_viewer(session, role=Role.APPROVER, organisation=network[0])
    _, secret = make_registration(session, organisation=network[0])

    confirm(session, secret)

    assert session.scalars(select(ApprovalRequest)).one().escalated_at is None


def test_the_letter_to_a_known_address_says_there_is_an_account(session: Session) -> None:
    make_member(session, email="connue@exemple.ca", password=None)
    for email in ("connue@exemple.ca", "inconnue@exemple.ca"):
        make_registration(session, email=email)

    known, unknown = (letter(session, mail) for mail in queued(session, REGISTRATION))

    assert known is not None
    assert unknown is not None
    assert known.subject == "Vous avez déjà un compte"
    assert "/inscription/confirmation/" not in known.text + known.html
    assert unknown.subject == "Confirmez votre adresse"
    assert "/inscription/confirmation/" in unknown.text
    assert "/inscription/confirmation/" in unknown.html


def test_the_queue_holds_nothing_that_confirms(session: Session) -> None:
    _, secret = make_registration(session)

    assert secret not in str(queued(session, REGISTRATION)[0].parameters)


def test_a_known_address_gets_no_second_account(session: Session) -> None:
    member = make_member(session, email="connue@exemple.ca", password=None)
    _, secret = make_registration(session, email="connue@exemple.ca", name="Autre Nom")

    arrival = confirm(session, secret)

    assert arrival.outcome is Outcome.ALREADY
    assert arrival.member is member
    assert member.name == "Ariane Essai"
    assert member.password_hash is None


def test_who_was_refused_waits_thirty_days(session: Session) -> None:
    member = make_member(
        session, email="a@exemple.ca", password=None, state=MemberState.PENDING_APPROVAL
    )
    change = change_state(session, member, REFUSED, by=OPERATOR, reason="Inconnue ici")
    _, early = make_registration(session, email="a@exemple.ca")
    told = letter(session, queued(session, REGISTRATION)[0])

    assert told is not None
    assert "a été refusée" in told.text
    assert confirm(session, early).outcome is Outcome.REFUSED

    change.at = now() - timedelta(days=31)
    _, late = make_registration(session, email="a@exemple.ca", name="Ariane Revenue")
    assert confirm(session, late).outcome is Outcome.WAITING
    assert (member.name, member.state) == ("Ariane Revenue", MemberState.PENDING_APPROVAL)


def test_a_consent_is_written_in_the_words_that_were_read(session: Session) -> None:
    words = "Je veux recevoir l’infolettre."
    for _time in range(2):
        _, secret = make_registration(session, consent=words)
        confirm(session, secret)

    consents = session.scalars(select(Consent)).all()
    assert [one.is_given for one in consents] == [True, True]
    assert consents[0].subject != consents[1].subject
    assert session.scalars(select(ConsentText)).one().text == words


def test_without_consent_nothing_is_written(session: Session) -> None:
    _, secret = make_registration(session)
    confirm(session, secret)

    assert session.scalar(select(func.count()).select_from(Consent)) == 0


def test_too_many_forms_from_one_network_are_refused(session: Session) -> None:
    for number in range(MOST_FORMS):
        make_registration(session, email=f"a{number}@exemple.ca", network="un")

    with pytest.raises(TooMany, match="Trop d’inscriptions"):
        make_registration(session, email="b@exemple.ca", network="un")


def test_nobody_stops_another_from_registering(session: Session) -> None:
    for _time in range(6):
        make_registration(session, email="a@exemple.ca", network="un inconnu")
    make_registration(session, email="a@exemple.ca", network="la personne")

    letters = [letter(session, mail) for mail in queued(session, REGISTRATION)]

    assert [told is not None for told in letters] == [True] * 5 + [False, True]


def test_letters_to_one_address_are_counted_in_silence(session: Session) -> None:
    hour = now().replace(minute=0, second=0, microsecond=0)
    for number in range(14):
        row, _ = make_registration(session, email="a@exemple.ca")
        row.created_at = hour + timedelta(seconds=number)

    letters = [letter(session, mail) for mail in queued(session, REGISTRATION)]

    assert [told is not None for told in letters] == [True] * 12 + [False] * 2


def test_a_used_form_ends_the_others_of_its_address(session: Session) -> None:
    _, strangers = make_registration(session, email="a@exemple.ca", name="Quelqu’un d’autre")
    _, secret = make_registration(session, email="a@exemple.ca")
    _, later = make_registration(session, email="a@exemple.ca", name="Encore un autre")

    confirm(session, secret)

    for dead in (strangers, later):
        with pytest.raises(DeadToken):
            confirm(session, dead)


def test_forms_are_purged_after_two_weeks(session: Session) -> None:
    row, _ = make_registration(session)
    unverified = make_member(session, password=None, state=MemberState.UNVERIFIED)
    limit = row.created_at

    assert purge_registrations(session, limit - timedelta(seconds=5)) == 0
    assert purge_registrations(session, now() + timedelta(seconds=1)) == 2
    assert session.scalars(select(Registration)).all() == []
    assert session.scalars(select(Member).where(Member.id == unverified.id)).first() is None


def test_a_stranger_never_keeps_the_owner_from_a_letter_for_an_hour(session: Session) -> None:
    hour = now().replace(minute=0, second=0, microsecond=0)
    rows = []
    for number in range(30):  # from as many networks as there are forms
        row, _ = make_registration(session, email="a@exemple.ca", network=f"ailleurs {number}")
        row.created_at = hour - timedelta(hours=5 - number // 6, seconds=-number)
        rows.append(row)
    session.flush()

    due = [letter_due(session, row) for row in rows]

    assert due[:12] == [Letter.OF_FORM] * 12
    assert due[12:] == [Letter.OF_READER, *[Letter.NONE] * 5] * 3


def test_the_letters_of_one_network_are_used_up_first(session: Session) -> None:
    hour = now().replace(minute=0, second=0, microsecond=0)
    rows = []
    for number, network in enumerate(["un"] * 6 + ["autre"]):
        row, _ = make_registration(session, email="a@exemple.ca", network=network)
        row.created_at = hour + timedelta(seconds=number)
        rows.append(row)
    session.flush()

    assert [letter_due(session, row) for row in rows] == [
        *[Letter.OF_FORM] * 4,
        Letter.OF_READER,
        Letter.NONE,
        Letter.OF_FORM,
    ]


def test_a_letter_of_the_reader_opens_an_account_with_what_they_type(
    session: Session, uqar: Organisation
) -> None:
    secret = past_the_letters(session, "ariane@uqar.ca")
    told = letter(session, queued(session, REGISTRATION)[-1])
    said = Said(name="Ariane Essai", organisation_id=uqar.id)

    arrival = entry.claim(session, secret, said, password_hash="$argon2id$hers")

    assert told is not None
    assert told.subject == "Un formulaire pour vous"
    assert "Autre Main" not in told.text + told.html
    assert arrival.outcome is Outcome.OPEN
    assert arrival.member is not None
    assert (arrival.member.name, arrival.member.password_hash) == ("Ariane Essai", "$argon2id$hers")
    assert session.scalar(select(func.count()).select_from(Registration)) == 1
