"""`/infolettres/abonnes`: for the team alone; the list, the proof, a file out and a file in."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.core.clock import now
from inters4.core.jobs import jobs
from inters4.newsletters.models import Subscriber, SubscriberState
from inters4.settings import Settings
from tests.builders.members import give_role, make_member, sign_in_as
from tests.builders.newsletters import make_newsletter
from tests.builders.sending import make_subscriber
from tests.builders.statements import statements
from tests.builders.subscribing import ask, subscribe
from tests.builders.web import csrf

LIST = "/infolettres/abonnes"
IMPORT = f"{LIST}/importer"
S = SubscriberState


@pytest.fixture(autouse=True)
def _newsletters(session: Session, settings: Settings) -> None:
    jobs.bind(settings)
    make_newsletter(session)
    make_newsletter(session, "autre")
    session.commit()


def _sign_in(client: FlaskClient, session: Session, role: Role | None = Role.BROKER) -> None:
    member = make_member(session)
    if role is not None:
        give_role(session, member, role)
    sign_in_as(client, session, member)


def test_nobody_but_the_team_learns_that_the_list_exists(
    client: FlaskClient, session: Session
) -> None:
    found = make_subscriber(session)
    session.commit()
    _sign_in(client, session, Role.REVIEWER)
    token = csrf(client, "/question")

    for path in (LIST, IMPORT, f"{LIST}/{found.public_id}"):
        assert client.get(path).status_code == 404
    for path in (f"{LIST}/fichier", IMPORT, f"{LIST}/{found.public_id}/desabonnement"):
        assert client.post(path, data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize("role", [Role.BROKER, Role.COORDINATION])
def test_the_team_sees_who_is_subscribed(client: FlaskClient, session: Session, role: Role) -> None:
    make_subscriber(session, address="lectrice@exemple.ca")
    make_subscriber(session, address="effacée@exemple.ca", state=S.ERASED)
    session.commit()
    _sign_in(client, session, role)

    page = client.get(LIST).text

    assert "lectrice@exemple.ca" in page
    assert "effacée@exemple.ca" not in page


def test_the_list_narrows_by_address_state_newsletter_and_language(
    client: FlaskClient, session: Session
) -> None:
    make_subscriber(session, address="une@exemple.ca")
    make_subscriber(session, address="deux@exemple.ca", newsletter="autre", language="en")
    make_subscriber(session, address="trois@exemple.ca", state=S.BOUNCED)
    over, until = now() - timedelta(hours=1), now() + timedelta(days=9)
    make_subscriber(session, address="reprise@exemple.ca", state=S.PAUSED, paused_until=over)
    make_subscriber(session, address="pause@exemple.ca", state=S.PAUSED, paused_until=until)
    session.commit()
    _sign_in(client, session)

    def shown(query: str) -> set[str]:
        page = client.get(f"{LIST}?{query}").text
        names = ("une", "deux", "trois", "reprise", "pause")
        return {name for name in names if f">{name}@exemple.ca<" in page}

    assert shown("q=EU") == {"deux"}
    assert shown("etat=bounced") == {"trois"}
    assert shown("etat=active") == {"une", "deux", "reprise"}
    assert shown("etat=paused") == {"pause"}
    assert shown("infolettre=autre") == {"deux"}
    assert shown("langue=en") == {"deux"}
    assert shown("etat=nimporte&q=") == {"une", "deux", "trois", "reprise", "pause"}
    assert shown("q=%25") == set()


def test_the_list_asks_as_much_of_the_database_however_long(
    client: FlaskClient, session: Session
) -> None:
    make_subscriber(session)
    session.commit()
    _sign_in(client, session)
    client.get(LIST)

    with statements() as few:
        client.get(LIST)
    for _ in range(30):
        make_subscriber(session, themes=["soins"])
    session.commit()
    with statements() as many:
        client.get(LIST)

    assert len(few) == len(many) <= 12


def test_the_proof_of_one_subscriber_is_told_step_by_step(
    client: FlaskClient, session: Session
) -> None:
    found = subscribe(session)
    session.commit()
    _sign_in(client, session)

    page = client.get(f"{LIST}/{found.public_id}").text

    for words in ("«\xa0J’accepte.\xa0»", "192.0.2.0/24", "Formulaire d’abonnement", "À confirmer"):
        assert words in page


def test_the_team_unsubscribes_whoever_asks_and_the_step_says_who_did(
    client: FlaskClient, session: Session
) -> None:
    found = subscribe(session)
    session.commit()
    _sign_in(client, session)
    path = f"{LIST}/{found.public_id}"

    client.post(f"{path}/desabonnement", data={"csrf_token": csrf(client, path)})
    page = client.get(path).text

    session.expire_all()
    assert session.scalars(select(Subscriber.state)).one() is S.UNSUBSCRIBED
    assert "Par l’équipe" in page
    assert "Demande à l’équipe" in page


def test_an_export_holds_what_the_filters_show_and_is_written_in_the_journal(
    client: FlaskClient, session: Session
) -> None:
    make_subscriber(session, address="une@exemple.ca", themes=["soins"])
    make_subscriber(session, address="deux@exemple.ca", newsletter="autre")
    session.commit()
    _sign_in(client, session)

    answer = client.post(
        f"{LIST}/fichier", data={"csrf_token": csrf(client, LIST), "infolettre": "en-bref"}
    )

    assert answer.headers["Cache-Control"] == "no-store"
    lines = answer.text.splitlines()
    assert [line.partition(";")[0] for line in lines[1:]] == ["une@exemple.ca"]
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "newsletters.subscribers_exported")
    ).one()
    assert entry.detail["newsletter"] == "en-bref"
    assert entry.actor_id is not None


def test_a_file_is_brought_in_and_each_line_reported(client: FlaskClient, session: Session) -> None:
    make_subscriber(session, address="partie@exemple.ca", state=S.UNSUBSCRIBED)
    ask(session, "attente@exemple.ca")
    session.commit()
    _sign_in(client, session)

    answer = client.post(
        IMPORT,
        data={
            "csrf_token": csrf(client, IMPORT),
            "infolettre": "en-bref",
            "langue": "fr",
            "preuve": "Formulaire papier du colloque, au bureau.",
            "lignes": "courriel\nnouvelle@exemple.ca\npartie@exemple.ca\nrien",
        },
    )

    assert answer.status_code == 200
    for words in ("Abonnement créé", "Refusée", "Ligne à corriger", "partie@exemple.ca"):
        assert words in answer.text


def test_a_file_without_proof_is_refused_and_what_was_typed_is_kept(
    client: FlaskClient, session: Session
) -> None:
    _sign_in(client, session)

    answer = client.post(
        IMPORT,
        data={
            "csrf_token": csrf(client, IMPORT),
            "infolettre": "autre",
            "preuve": "oui",
            "lignes": "courriel\nnouvelle@exemple.ca",
        },
    )

    assert answer.status_code == 422
    assert 'href="#preuve"' in answer.text
    assert "nouvelle@exemple.ca" in answer.text
    assert session.scalars(select(Subscriber)).all() == []
