"""Watches on their pages: opened, changed, told late, closed; nobody else knows of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role
from inters4.core.clock import local, now
from inters4.core.db import reading, writing
from inters4.core.errors import Conflict, NotFound
from inters4.members.models import Member
from inters4.veille.models import SourceKind, Watch
from inters4.veille.queries.watches import load_watch
from inters4.veille.services.watches import WatchSaid, add_watch, change_watch, latest_review
from inters4.vocabulary.services.editing import Misfilled
from tests.builders.findings import make_finding
from tests.builders.members import give_role, make_member, make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_source, make_watch
from tests.builders.web import csrf

LIST = "/veille/dispositifs"
NEW = f"{LIST}/nouveau"


@pytest.fixture
def broker(client: FlaskClient, session: Session) -> Member:
    make_vocabulary(session)
    member = make_member(session, name="Dominique Exemple")
    give_role(session, member, Role.BROKER)
    sign_in_as(client, session, member)
    return member


def said(name: str = "Soutien à domicile", **values: object) -> WatchSaid:
    given = {"purpose": "Savoir ce qui aide.", "review_on": in_a_year(), **values}
    return WatchSaid(name=name, **given)  # type: ignore[arg-type]


def in_a_year() -> date:
    return local(now()).date() + timedelta(days=365)


def form_of(broker: Member, **values: object) -> dict[str, object]:
    return {
        "nom": "Soutien à domicile",
        "but": "Savoir ce qui aide.",
        "rythme": "weekly",
        "langues": ["fr", "en"],
        "themes": ["domicile"],
        "equipe": [broker.public_id],
        "relecture": in_a_year().isoformat(),
        **values,
    }


def only_watch() -> Watch:
    with reading() as session:
        found = session.scalars(select(Watch)).one()
        return load_watch(session, found.public_id) or found


def test_a_broker_opens_a_watch(client: FlaskClient, broker: Member) -> None:
    answer = client.post(NEW, data={**form_of(broker), "csrf_token": csrf(client, NEW)})

    watch = only_watch()
    assert answer.headers["Location"] == f"{LIST}/{watch.public_id}"
    assert (watch.name, watch.purpose) == ("Soutien à domicile", "Savoir ce qui aide.")
    assert [row.theme for row in watch.themes] == ["domicile"]
    assert [row.member_id for row in watch.team] == [broker.id]
    assert watch.languages == ["fr", "en"]
    assert watch.reviewed_on == local(now()).date()
    page = client.get(answer.headers["Location"]).text
    assert "Dominique Exemple" in page
    assert "Aucune source encore" in page


def test_what_was_typed_stays_when_it_cannot_be_kept(client: FlaskClient, broker: Member) -> None:
    token = csrf(client, NEW)
    answer = client.post(
        NEW, data={**form_of(broker, nom="", but="Un but long."), "csrf_token": token}
    )

    assert answer.status_code == 422
    assert "Donnez un nom au dispositif." in answer.text
    assert "Un but long." in answer.text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"purpose": ""}, "purpose"),
        ({"themes": ("inconnu",)}, "themes"),
        ({"team": (999,)}, "team"),
        ({"languages": ("tlh",)}, "languages"),
        ({"review_on": None}, "review_on"),
        ({"review_on": date(2020, 1, 1)}, "review_on"),
    ],
)
def test_what_cannot_be_kept_is_told_by_its_field(
    session: Session, values: dict[str, object], field: str
) -> None:
    broker = make_viewer(session, role=Role.BROKER)

    with pytest.raises(Misfilled) as refusal:
        add_watch(session, said(**{"name": "Un nom", **values}), by=broker)  # type: ignore[arg-type]

    assert list(refusal.value.errors) == [field]


def test_criteria_are_read_again_within_two_years(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    limit = latest_review(local(now()).date())

    add_watch(session, said(review_on=limit), by=broker)
    with pytest.raises(Misfilled, match="24"):
        add_watch(session, said("Trop loin", review_on=limit + timedelta(days=1)), by=broker)


def test_two_years_after_a_leap_day_is_the_day_before() -> None:
    assert latest_review(date(2028, 2, 29)) == date(2030, 2, 28)


def test_a_watch_that_is_late_is_kept_as_it_is_until_its_criteria_are_read(
    session: Session,
) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    watch = make_watch(session, themes=[], team=[])
    watch.reviewed_on, watch.review_on = date(2023, 1, 1), date(2024, 1, 1)
    session.flush()

    change_watch(session, watch, said(review_on=date(2024, 1, 1)), version=watch.version, by=broker)
    assert watch.reviewed_on == date(2023, 1, 1)

    change_watch(session, watch, said(is_reviewed=True), version=watch.version, by=broker)
    assert watch.reviewed_on == local(now()).date()


def test_two_watches_never_share_a_name(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    add_watch(session, said("Télésanté"), by=broker)

    with pytest.raises(Misfilled):
        add_watch(session, said("télésanté"), by=broker)


def test_a_stale_change_is_refused(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    watch = add_watch(session, said(), by=broker)
    seen = watch.version
    change_watch(session, watch, said("Autre nom"), version=seen, by=broker)

    with pytest.raises(Conflict):
        change_watch(session, watch, said("Un troisième"), version=seen, by=broker)


def test_a_stale_form_shows_both_texts(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        watch = make_watch(session, "Nom gardé", themes=[], team=[])
    path = f"{LIST}/{watch.public_id}/modifier"
    token = csrf(client, path)

    answer = client.post(
        path, data={**form_of(broker, nom="Nom écrit"), "version": "0", "csrf_token": token}
    )

    assert answer.status_code == 409
    assert "Nom gardé" in answer.text
    assert 'value="Nom écrit"' in answer.text


def test_a_watch_is_closed_and_opened_again(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        watch = make_watch(session)
    path = f"{LIST}/{watch.public_id}"

    client.post(f"{path}/fermeture", data={"csrf_token": csrf(client, path)})
    assert only_watch().closed_at is not None
    client.post(f"{path}/ouverture", data={"csrf_token": csrf(client, path)})
    assert only_watch().closed_at is None


def test_the_list_says_what_awaits_in_each_watch(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        watch = make_watch(session)
        make_source(session, watch, failures=2)
        make_finding(session, watch)

    page = client.get(LIST).text

    assert "1 source" in page
    assert "1 à regarder" in page
    assert "1 trouvaille à trier" in page


def test_the_list_costs_the_same_however_many_watches(client: FlaskClient, broker: Member) -> None:
    def cost() -> int:
        with statements() as sent:
            assert client.get(LIST).status_code == 200
        return len(sent)

    with writing() as session:
        make_watch(session, "Premier")
    cost()
    before = cost()
    with writing() as session:
        for number in range(5):
            make_source(session, make_watch(session, f"Numéro {number}"))

    assert cost() == before


def test_a_watch_costs_the_same_however_many_sources(client: FlaskClient, broker: Member) -> None:
    with writing() as session:
        watch = make_watch(session)
        make_source(session, watch)
    path = f"{LIST}/{watch.public_id}"

    def cost() -> int:
        with statements() as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    cost()
    before = cost()
    with writing() as session:
        for number in range(5):
            make_source(
                session,
                session.merge(watch),
                kind=SourceKind.PUBMED,
                url=f"https://revue.example/{number}",
            )

    assert cost() == before


@pytest.mark.parametrize("role", [None, Role.REVIEWER, Role.ADMIN])
def test_nobody_else_knows_of_watches(
    client: FlaskClient, session: Session, role: Role | None
) -> None:
    watch = make_watch(session)
    member = make_member(session)
    if role is not None:
        give_role(session, member, role)
    sign_in_as(client, session, member)

    for path in ("", "/nouveau", f"/{watch.public_id}", f"/{watch.public_id}/modifier"):
        assert client.get(LIST + path).status_code == 404
    for path in ("/nouveau", f"/{watch.public_id}/modifier", f"/{watch.public_id}/fermeture"):
        token = csrf(client, "/question")
        assert client.post(LIST + path, data={"csrf_token": token}).status_code == 404


def test_the_services_refuse_whoever_is_not_of_the_team(session: Session) -> None:
    stranger = make_viewer(session, role=Role.REVIEWER)

    with pytest.raises(NotFound):
        add_watch(session, said(), by=stranger)


@pytest.mark.usefixtures("database")
def test_two_watches_given_one_name_at_once_are_one_and_a_refusal() -> None:
    with writing() as session:
        make_vocabulary(session)
        broker = make_viewer(session, role=Role.BROKER)

    def add(_: int) -> list[str]:
        try:
            with writing() as session:
                add_watch(session, said(), by=broker)
        except Misfilled as refusal:
            return list(refusal.errors)
        return []

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, range(2))) == [[], ["name"]]
