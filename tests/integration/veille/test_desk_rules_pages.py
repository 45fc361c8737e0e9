"""Rules as the team writes them: tried first, kept as typed whatever happens, put to sleep."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import patterns
from inters4.core.access import Role
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.veille.models import FindingRule, RuleAct, RuleField, Watch
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_watch
from tests.builders.web import csrf
from tests.integration.veille.test_desk_pages import page, words_of

RULES = "/veille/bureau/regles"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    patterns.close()


@pytest.fixture
def watch(client: FlaskClient, session: Session) -> Watch:
    make_vocabulary(session)
    sign_in_as(client, session, make_viewer(session, role=Role.BROKER))
    made = make_watch(session)
    session.commit()
    return made


def send(client: FlaskClient, path: str, **typed: str) -> tuple[int, str]:
    given = {
        "nom": "Écarter les poissons",
        "motif": "poissons",
        "champ": "title",
        "acte": "discard",
        "raison": "off-theme",
        **typed,
    }
    answer = client.post(path, data={**given, "csrf_token": csrf(client, path)})
    return answer.status_code, answer.get_data(as_text=True)


def test_a_rule_is_tried_before_it_has_a_name_or_a_label(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    make_finding(session, watch, "Des poissons du lac")
    session.commit()

    tried = send(client, new(watch), nom="", acte="label", raison="", essayer="1")
    kept = send(client, new(watch), nom="", acte="label", raison="")

    assert tried[0] == 200
    assert "Elle aurait trouvé 1 trouvaille" in words_of(tried[1])
    assert (kept[0], '<a href="#nom">' in kept[1]) == (422, True)


def test_all_that_is_wrong_in_a_rule_is_told_at_once(client: FlaskClient, watch: Watch) -> None:
    status, body = send(client, new(watch), nom="", motif="", acte="label", raison="")

    assert status == 422
    assert [f'<a href="#{name}">' in body for name in ("nom", "motif", "etiquette")] == [True] * 3


def new(watch: Watch) -> str:
    return f"/veille/dispositifs/{watch.public_id}/regles/nouvelle"


def add(watch: Watch, **values: Any) -> str:
    given = {"name": "Une règle", "pattern": "essai", "act": RuleAct.KEEP, **values}
    with writing() as session:
        rule = FindingRule(watch_id=watch.id, **given)
        session.add(rule)
        session.flush()
        return rule.public_id


def kept() -> FindingRule:
    with reading() as session:
        return session.scalars(select(FindingRule)).one()


def test_a_rule_is_tried_then_kept(client: FlaskClient, session: Session, watch: Watch) -> None:
    make_finding(session, watch, "Des poissons du fleuve")
    make_finding(session, watch, "Autre chose")
    session.commit()

    status, html = send(client, new(watch), essayer="1")
    assert status == 200
    assert "Elle aurait trouvé 1 trouvaille sur les 2 dernières; rien n’a changé" in words_of(html)
    assert "Des poissons du fleuve" in words_of(html)
    assert 'value="Écarter les poissons"' in html

    assert send(client, new(watch))[0] == 303
    rule = kept()
    assert (rule.pattern, rule.field, rule.act) == ("poissons", RuleField.TITLE, RuleAct.DISCARD)
    text = words_of(page(client, RULES))
    assert "Écarter les poissons Écarter (hors thème) : le titre, poissons 0 trouvaille" in text


def test_what_cannot_be_kept_is_given_back_with_its_error(
    client: FlaskClient, watch: Watch
) -> None:
    status, html = send(client, new(watch), motif="(poissons", expression="y")

    assert status == 422
    assert "Cette expression ne se lit pas à partir du caractère 1." in words_of(html)
    assert 'value="(poissons"' in html
    assert send(client, new(watch), raison="")[0] == 422
    assert send(client, new(watch), theme="absent")[0] == 422


def test_two_who_edit_a_rule_are_told(client: FlaskClient, watch: Watch) -> None:
    public_id = add(watch)
    path = f"{RULES}/{public_id}"
    assert 'value="essai"' in page(client, path)

    assert send(client, path, version="1", nom="Première")[0] == 303
    status, html = send(client, path, version="1", nom="Seconde")

    assert status == 409
    assert "Quelqu’un a modifié cette règle" in words_of(html)
    assert 'value="Seconde"' in html
    assert kept().name == "Première"


def test_a_rule_is_put_to_sleep_woken_moved_and_deleted(client: FlaskClient, watch: Watch) -> None:
    public_id = add(watch, stopped_at=now(), stopped_why="slow")
    assert "l’expression prenait trop de temps" in words_of(page(client, RULES))

    def change(gesture: str) -> int:
        data = {"csrf_token": csrf(client, RULES), "geste": gesture}
        return client.post(f"{RULES}/{public_id}/etat", data=data).status_code

    assert change("reveiller") == 303
    assert "prenait trop de temps" not in words_of(page(client, RULES))
    assert change("endormir") == 303
    assert "En sommeil" in words_of(page(client, RULES))
    assert change("monter") == 303
    assert change("autre") == 400
    assert change("supprimer") == 303
    assert "Aucune règle : l’équipe trie tout à la main." in words_of(page(client, RULES))
    assert client.get(f"{RULES}/{public_id}").status_code == 404


def test_rules_are_for_the_team_and_for_watches_that_exist(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    assert client.get("/veille/dispositifs/absent/regles/nouvelle").status_code == 404
    public_id = add(watch)
    sign_in_as(client, session, make_viewer(session, role=Role.REVIEWER))
    token = csrf(client, "/question")

    for path in (RULES, new(watch), f"{RULES}/{public_id}"):
        assert client.get(path).status_code == 404
    data = {"csrf_token": token, "geste": "supprimer"}
    assert client.post(f"{RULES}/{public_id}/etat", data=data).status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_the_rules_cost_the_same_statements_however_many(
    client: FlaskClient, watch: Watch, many: int
) -> None:
    for number in range(many):
        add(watch, name=f"Règle {number}")
    client.get(RULES)

    with statements() as found:
        client.get(RULES)

    assert len(found) == 6
