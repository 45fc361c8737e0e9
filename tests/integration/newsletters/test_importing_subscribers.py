"""A file of people who agreed elsewhere: each line right or told, and none brought back by it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.errors import DomainError
from inters4.core.jobs import jobs
from inters4.members.services.consents import choose_newsletter
from inters4.newsletters.forms.subscribers_file import read_subscribers
from inters4.newsletters.models import (
    Subscriber,
    SubscriberState,
    SubscriberStep,
    Subscription,
)
from inters4.newsletters.services.importing_subscribers import (
    Declared,
    Outcome,
    Reported,
    import_subscribers,
)
from inters4.settings import Settings
from tests.builders.members import make_member, make_viewer
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_subscriber

S = SubscriberState
PROOF = "Formulaire papier du colloque de 2024, gardé au bureau du courtage."


@pytest.fixture(autouse=True)
def _newsletters(session: Session, settings: Settings) -> Iterator[None]:
    jobs.bind(settings)
    make_newsletter(session)
    make_newsletter(session, "autre")
    yield
    jobs.close()


def _bring(session: Session, text: str, *, proof: str = PROOF) -> list[Reported]:
    by = make_viewer(session, role=Role.BROKER)
    lines = read_subscribers(text, languages={"fr", "en"})
    declared = Declared(newsletter_id="en-bref", language="fr", proof=proof, source="liste.csv")
    return import_subscribers(session, lines, declared, by=by)


def _outcomes(reported: list[Reported]) -> list[Outcome]:
    return [one.outcome for one in reported]


def test_each_line_is_subscribed_with_the_declared_proof(session: Session) -> None:
    reported = _bring(
        session,
        "\ufeffCourriel;Langue;Consentement\r\nUne@exemple.ca;;2024-05-31\r\ndeux@exemple.ca;en;\r\n",
    )

    assert _outcomes(reported) == [Outcome.SUBSCRIBED] * 2
    one, two = session.scalars(select(Subscriber).order_by(Subscriber.id))
    assert (one.address, one.language, one.state) == ("une@exemple.ca", "fr", S.ACTIVE)
    assert (two.address, two.language) == ("deux@exemple.ca", "en")
    step = session.scalars(
        select(SubscriberStep).where(
            SubscriberStep.subscriber_id == one.id, SubscriberStep.after == S.ACTIVE
        )
    ).one()
    assert PROOF in step.reason
    assert "31 mai 2024" in step.reason
    assert step.source == "liste.csv"
    assert step.by_id is not None


@pytest.mark.parametrize("proof", ["", "oui", " " * 40])
def test_nothing_is_imported_without_a_declared_proof(session: Session, proof: str) -> None:
    with pytest.raises(DomainError):
        _bring(session, "courriel\nune@exemple.ca", proof=proof)

    assert session.scalars(select(Subscriber)).all() == []


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (S.TO_CONFIRM, Outcome.SUBSCRIBED),
        (S.ACTIVE, Outcome.ALREADY),
        (S.PAUSED, Outcome.ALREADY),
        (S.UNSUBSCRIBED, Outcome.UNSUBSCRIBED),
        (S.BOUNCED, Outcome.BOUNCED),
        (S.COMPLAINED, Outcome.COMPLAINED),
    ],
)
def test_a_file_brings_nobody_back(session: Session, state: S, outcome: Outcome) -> None:
    held = make_subscriber(session, address="connue@exemple.ca", state=state)

    assert _outcomes(_bring(session, "email\nConnue@exemple.ca")) == [outcome]

    after = S.ACTIVE if state is S.TO_CONFIRM else state
    assert session.get_one(Subscriber, held.id).state is after


def test_a_newsletter_is_added_to_what_one_receives_and_one_that_was_left_is_not(
    session: Session,
) -> None:
    make_subscriber(session, address="ajout@exemple.ca", newsletter="autre")
    left = make_subscriber(session, address="partie@exemple.ca")
    left.subscriptions[0].ended_at = left.created_at
    left.subscriptions.append(Subscription(newsletter_id="autre"))
    session.flush()

    reported = _bring(session, "courriel\najout@exemple.ca\npartie@exemple.ca")

    assert _outcomes(reported) == [Outcome.ADDED, Outcome.ALREADY]


def test_who_took_back_their_consent_in_their_account_is_not_subscribed(session: Session) -> None:
    member = make_member(session, email="membre@exemple.ca")
    for is_wanted in (True, False):
        choose_newsletter(
            session,
            is_wanted=is_wanted,
            text="Je veux.",
            by=Viewer(member_id=member.id),
            source="/compte/preferences",
        )
    for one in session.scalars(select(Subscriber)):
        one.state = S.TO_CONFIRM
    session.flush()

    assert _outcomes(_bring(session, "courriel\nmembre@exemple.ca")) == [Outcome.WITHDRAWN]


def test_a_line_that_cannot_be_read_is_told_and_the_others_are_imported(session: Session) -> None:
    reported = _bring(
        session,
        "courriel,langue,consentement\n"
        "pas une adresse,,\n"
        "\n"
        "bonne@exemple.ca,,\n"
        "BONNE@exemple.ca,,\n"
        "langue@exemple.ca,es,\n"
        "date@exemple.ca,,hier\n"
        "demain@exemple.ca,,2999-01-01\n",
    )

    assert [one.line.number for one in reported] == [2, 4, 5, 6, 7, 8]
    assert _outcomes(reported) == [
        Outcome.UNREADABLE,
        Outcome.SUBSCRIBED,
        *[Outcome.UNREADABLE] * 4,
    ]
    assert all(one.line.trouble for one in reported if one.outcome is Outcome.UNREADABLE)


@pytest.mark.parametrize("text", ["", "nom\nAriane", "courriel\n"])
def test_a_file_without_addresses_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        read_subscribers(text, languages={"fr"})


def test_an_import_is_written_in_the_journal_with_its_counts(session: Session) -> None:
    _bring(session, "courriel\nune@exemple.ca\nx")

    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "newsletters.subscribers_imported")
    ).one()
    assert entry.detail == {"proof": PROOF, "subscribed": 1, "unreadable": 1}


def test_the_line_ends_of_any_system_are_read() -> None:
    for end in ("\r", "\r\n", "\n"):
        lines = read_subscribers(f"courriel{end}a@exemple.ca{end}", languages={"fr"})
        assert [line.email for line in lines] == ["a@exemple.ca"]


@pytest.mark.parametrize("cell", ['"' + "a" * 140_000, "b" * 140_000])
def test_a_file_that_is_no_csv_is_refused_in_words(cell: str) -> None:
    with pytest.raises(DomainError, match="CSV"):
        read_subscribers(f"courriel\n{cell}", languages={"fr"})
