"""The inbox as its team sees it: boxes, filters, gestures by plain buttons, refusals in place."""

import re
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from inters4.core.access import Role, Viewer
from inters4.core.db import reading, writing
from inters4.veille.models import DiscardReason, Finding, FindingAct, FindingState, Watch
from inters4.veille.services.claiming import claim
from inters4.veille.services.sorting import discard
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_source, make_watch
from tests.builders.web import csrf

DESK = "/veille/bureau"
LISTED, READ = 16, 26
"""Statements of a page of the list, alone and with a finding opened."""
WITH = (selectinload(Finding.themes), selectinload(Finding.labels))


@pytest.fixture
def broker(client: FlaskClient, session: Session) -> Viewer:
    make_vocabulary(session)
    found = make_viewer(session, role=Role.BROKER, name="Ariane Essai")
    sign_in_as(client, session, found)
    return found


@pytest.fixture
def watch(session: Session, broker: Viewer) -> Watch:
    made = make_watch(session)
    session.commit()
    return made


def page(client: FlaskClient, path: str = DESK) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    html = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(html)
    return html


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2])))


def titles(html: str) -> list[str]:
    found = re.findall(r'class="desk-title cite-text"[^>]*>([^<]*)<', html)
    return [unescape(one) for one in found]


def opened(finding: Finding) -> str:
    return f"{DESK}/trouvailles/{finding.public_id}"


def send(client: FlaskClient, finding: Finding, gesture: str, **said: str) -> "tuple[int, str]":
    answer = client.post(
        f"{DESK}/gestes",
        data={
            "csrf_token": csrf(client, opened(finding)),
            "geste": gesture,
            "trouvaille": f"{finding.public_id}.{finding.stamp}",
            "ici": opened(finding),
            "suite": DESK,
            **said,
        },
    )
    return answer.status_code, answer.get_data(as_text=True)


def state_of(finding: Finding) -> FindingState:
    with reading() as session:
        return session.scalars(select(Finding.state).where(Finding.id == finding.id)).one()


def test_nobody_but_the_team_knows_of_the_desk(client: FlaskClient, session: Session) -> None:
    watch = make_watch(session)
    finding = make_finding(session, watch)
    sign_in_as(client, session, make_viewer(session, role=Role.REVIEWER))

    for path in (DESK, opened(finding), f"{DESK}/resumes"):
        assert client.get(path).status_code == 404
    token = csrf(client, "/question")
    for path in (f"{DESK}/gestes", f"{DESK}/annulation"):
        assert client.post(path, data={"csrf_token": token}).status_code == 404


def test_an_empty_desk_says_that_all_is_sorted(client: FlaskClient, watch: Watch) -> None:
    assert "Tout est trié" in words_of(page(client))
    assert "Rien dans cette boîte" in words_of(page(client, f"{DESK}?etat=ecartees"))
    assert "Aucune ne répond à ces filtres" in words_of(page(client, f"{DESK}?q=absent"))
    assert client.get(f"{DESK}/trouvailles/absente").status_code == 404


def test_each_box_says_how_many_wait_there(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    for state in FindingState:
        make_finding(session, watch, f"Trouvaille {state.value}", state=state)
    session.commit()

    html = page(client)

    assert titles(html) == ["Trouvaille new"]
    assert "Nouvelles 1 Plus tard 1 Gardées 1 Attribuées 1 En résumé 1 Écartées 1" in words_of(html)
    for name, said in (("gardees", "kept"), ("ecartees", "discarded"), ("plus-tard", "later")):
        assert titles(page(client, f"{DESK}?etat={name}")) == [f"Trouvaille {said}"]


@pytest.mark.parametrize(
    "query",
    [
        "dispositif={watch.public_id}",
        "source={source.public_id}",
        "theme=telesante",
        "qui=moi",
        "langue=en",
        "devis=gris",
        "etiquette=urgent",
        "q=TELEsoins%20revue",
        "q=10.1234%2Fnord",
    ],
)
def test_the_list_is_narrowed_in_every_way(
    client: FlaskClient,
    session: Session,
    broker: Viewer,
    query: str,
) -> None:
    watch, other = make_watch(session), make_watch(session, "Autre")
    source = make_source(session, watch)
    make_finding(
        session,
        watch,
        "Les télésoins au Nord",
        source=source,
        themes=("telesante.teleconsultation",),
        labels=("urgent",),
        language="en",
        design="gris",
        doi="10.1234/nord",
        owner_id=broker.member_id,
    )
    make_finding(session, other, "Tout autre chose", language="fr", journal="Autre")
    session.commit()

    html = page(client, f"{DESK}?{query.format(watch=watch, source=source)}")

    assert titles(html) == ["Les télésoins au Nord"]
    assert "Effacer" in words_of(html)


def test_what_nobody_holds_is_found(client: FlaskClient, session: Session, watch: Watch) -> None:
    other = make_viewer(session, role=Role.BROKER, name="Camille Exemple")
    make_finding(session, watch, "Prise", owner_id=other.member_id)
    make_finding(session, watch, "Libre")
    session.commit()

    assert titles(page(client, f"{DESK}?qui=personne")) == ["Libre"]
    html = page(client)
    named = re.search(r'value="([0-9a-f]+)">Camille Exemple', html)
    assert named
    assert titles(page(client, f"{DESK}?qui={named[1]}")) == ["Prise"]


def test_what_is_opened_shows_all_that_helps_to_decide(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    source = make_source(session, watch, name="Revue du Nord")
    finding = make_finding(
        session,
        watch,
        "Un <essai>",
        source=source,
        abstract="Premier.\nSecond.",
        authors=["Tremblay, A.", "Roy, B."],
        url="https://revue.example/1",
        labels=("urgent",),
        themes=("telesante",),
        note="",
    )
    session.commit()

    html = page(client, opened(finding))

    text = words_of(html)
    for said in ("Un <essai>", "Premier.", "Tremblay, A.; Roy, B.", "Revue du Nord", "urgent"):
        assert said in text
    assert '<a class="desk-title cite-text" href="/veille/bureau/trouvailles/' in html
    assert 'aria-current="true"' in html


def test_a_button_sorts_and_goes_on_to_the_next(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    second, first = make_finding(session, watch, "Deux"), make_finding(session, watch, "Un")
    session.commit()
    html = page(client, opened(first))
    assert f'name="suite" value="{opened(second)}"' in html

    status, _body = send(client, first, "garder", suite=opened(second))

    assert status == 303
    assert state_of(first) is FindingState.KEPT
    assert "Trouvaille gardée : Un" in words_of(page(client, opened(second)))


def test_every_gesture_has_its_button(client: FlaskClient, session: Session, watch: Watch) -> None:
    other = make_viewer(session, role=Role.BROKER, name="Camille Exemple")
    like = make_finding(session, watch, "Le même")
    finding = make_finding(session, watch, "Un", like_id=like.id)
    session.commit()
    html = page(client, opened(finding))
    named = re.search(r'value="([0-9a-f]+)">Camille Exemple', html)
    assert named

    def now_shown() -> Finding:
        with reading() as shown:
            return shown.get_one(Finding, finding.id)

    for gesture, said in (
        ("plus-tard", {}),
        ("rouvrir", {}),
        ("prendre", {}),
        ("rendre", {}),
        ("classer", {"theme": "telesante"}),
        ("declasser", {"theme": "telesante"}),
        ("etiqueter", {"etiquette": "urgent"}),
        ("desetiqueter", {"etiquette": "urgent"}),
        ("garder", {}),
        ("attribuer", {"personne": named[1]}),
    ):
        status, body = send(client, now_shown(), gesture, **said)
        assert status == 303, (gesture, words_of(body)[:300])
    assert now_shown().owner_id == other.member_id
    assert send(client, now_shown(), "ecarter", motif="off-theme")[0] == 409


def test_a_summary_is_begun_from_what_is_opened(
    client: FlaskClient, session: Session, broker: Viewer, watch: Watch
) -> None:
    finding = make_finding(session, watch, "À raconter")
    session.commit()
    data = {"csrf_token": csrf(client, opened(finding)), "ici": opened(finding)}

    answer = client.post(f"{opened(finding)}/resume", data=data)

    assert re.fullmatch(r"/veille/resumes/[a-z0-9-]+/ecrire", answer.headers["Location"])
    assert state_of(finding) is FindingState.SUMMARISED
    assert "Un résumé de cet article existe : brouillon." in words_of(page(client, opened(finding)))
    assert client.post(f"{DESK}/trouvailles/absente/resume", data=data).status_code == 404


def test_a_refusal_is_told_even_where_nothing_is_any_more(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    finding = make_finding(session, watch)
    session.commit()
    data = {
        "csrf_token": csrf(client, opened(finding)),
        "ici": f"{DESK}/trouvailles/absente",
        "geste": "ecarter",
        "trouvaille": f"{finding.public_id}.{finding.stamp}",
    }

    answer = client.post(f"{DESK}/gestes", data=data)

    assert answer.status_code == 422
    assert "Choisissez un motif." in words_of(answer.get_data(as_text=True))


def test_an_article_that_is_told_already_says_so(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    make_summary(session, doi="10.1234/connu")
    finding = make_finding(session, watch, doi="10.1234/connu")
    session.commit()
    data = {"csrf_token": csrf(client, opened(finding)), "ici": opened(finding)}

    html = client.post(f"{opened(finding)}/resume", data=data, follow_redirects=True)

    assert "Un résumé raconte déjà cet article" in words_of(html.get_data(as_text=True))


def test_what_somebody_else_holds_is_not_told_by_another(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    camille = make_viewer(session, role=Role.BROKER, name="Camille Exemple")
    finding = make_finding(session, watch, owner_id=camille.member_id)
    session.commit()
    data = {"csrf_token": csrf(client, opened(finding)), "ici": opened(finding)}

    answer = client.post(f"{opened(finding)}/resume", data=data)

    assert (answer.status_code, answer.headers["Location"]) == (303, opened(finding))
    assert "Camille Exemple tient cette trouvaille" in words_of(page(client, opened(finding)))


def test_a_discard_says_why_or_is_refused_where_one_was(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    finding = make_finding(session, watch)
    session.commit()

    status, html = send(client, finding, "ecarter")
    assert (status, "Choisissez un motif." in words_of(html)) == (422, True)
    assert finding.title in words_of(html)

    assert send(client, finding, "ecarter", motif="off-theme", note="Non.")[0] == 303
    with reading() as opened_session:
        row = opened_session.get_one(Finding, finding.id)
        assert (row.reason, row.note) == (DiscardReason.OFF_THEME, "Non.")
    assert client.post(f"{DESK}/gestes", data={"csrf_token": csrf(client, DESK)}).status_code == 400


def test_the_second_broker_is_told_on_the_page(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    finding = make_finding(session, watch)
    camille = make_viewer(session, role=Role.BROKER, name="Camille Exemple")
    session.commit()
    mark = finding.stamp
    with writing() as other:
        claim(other, [other.get_one(Finding, finding.id, options=WITH)], by=camille)
    assert finding.stamp == mark

    status, html = send(client, finding, "prendre")

    assert status == 409
    assert "Camille Exemple tient cette trouvaille depuis le" in words_of(html)
    assert "Camille Exemple la tient depuis le" in words_of(html)


def test_what_a_colleague_holds_is_taken_over_by_name(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    camille = make_viewer(session, role=Role.BROKER, name="Camille Exemple")
    finding = make_finding(session, watch, owner_id=camille.member_id)
    session.commit()

    html = page(client, opened(finding))
    assert "Reprendre des mains de Camille Exemple" in words_of(html)
    for gesture in ("garder", "ecarter", "rouvrir", "attribuer"):
        assert f'name="geste" value="{gesture}"' not in html.partition('id="lecture"')[2]
    assert send(client, finding, "reprendre")[0] == 303

    assert "Vous la tenez" in words_of(page(client, opened(finding)))


def test_a_note_typed_while_somebody_took_the_finding_is_given_back(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    finding = make_finding(session, watch)
    camille = make_viewer(session, role=Role.BROKER, name="Camille Exemple")
    session.commit()
    with writing() as other:
        claim(other, [other.get_one(Finding, finding.id, options=WITH)], by=camille)

    status, html = send(client, finding, "ecarter", motif="off-theme", note="Hors de propos.")

    assert (status, "Hors de propos." in html) == (409, True)


def test_a_gesture_on_many_that_is_refused_gives_back_all_that_was_typed(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    first, second = (make_finding(session, watch, name) for name in ("Une", "Deux"))
    session.commit()
    marks = [f"{one.public_id}.{one.stamp}" for one in (first, second)]
    typed = {"lot": "1", "etiquette": "à relire", "theme": "", "trouvaille": marks}

    answer = client.post(
        f"{DESK}/gestes",
        data={"csrf_token": csrf(client, DESK), "geste": "ecarter", "ici": DESK, **typed},
    )
    html = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert all(f'value="{mark}" checked' in html for mark in marks)
    assert 'value="à relire"' in html
    assert 'data-menu="b" open' in html


def test_what_is_undone_is_said_and_opened_again(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    finding = make_finding(session, watch)
    session.commit()
    send(client, finding, "garder")
    with reading() as opened_session:
        gesture = opened_session.scalars(select(FindingAct.gesture).distinct()).one()
    here = f"{DESK}?etat=gardees"

    answer = client.post(
        f"{DESK}/annulation",
        data={"csrf_token": csrf(client, DESK), "geste": gesture, "suite": here, "ici": here},
    )

    assert answer.location == f"{opened(finding)}?etat=gardees"
    assert "Geste annulé" in words_of(page(client, answer.location))


def test_many_are_sorted_at_once_and_the_gesture_is_undone_whole(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    findings = [make_finding(session, watch) for _number in range(3)]
    session.commit()
    form = {
        "csrf_token": csrf(client, DESK),
        "geste": "ecarter",
        "motif": "quality",
        "trouvaille": [f"{one.public_id}.{one.stamp}" for one in findings],
        "suite": "//ailleurs.example",
        "ici": DESK,
    }

    answer = client.post(f"{DESK}/gestes", data=form)

    assert answer.headers["Location"] == DESK
    html = page(client)
    assert "3 trouvailles écartées" in words_of(html)
    with reading() as opened_session:
        gesture = opened_session.scalars(select(FindingAct.gesture).distinct()).one()
    undone = client.post(
        f"{DESK}/annulation",
        data={"csrf_token": csrf(client, DESK), "geste": gesture, "suite": DESK, "ici": DESK},
    )
    assert undone.status_code == 303
    assert len(titles(page(client))) == 3
    assert "desk-last" not in page(client)


def test_what_a_gesture_leaves_is_told(client: FlaskClient, session: Session, watch: Watch) -> None:
    camille = make_viewer(session, role=Role.BROKER, name="Camille Exemple")
    held = make_finding(session, watch, "Tenue", owner_id=camille.member_id)
    free = make_finding(session, watch, "Libre")
    session.commit()
    marks = [f"{one.public_id}.{one.stamp}" for one in (held, free)]

    client.post(
        f"{DESK}/gestes",
        data={"csrf_token": csrf(client, DESK), "geste": "garder", "trouvaille": marks},
    )

    assert "Tenue : Camille Exemple tient cette trouvaille." in words_of(page(client))
    assert state_of(free) is FindingState.KEPT


def test_the_filter_of_designs_offers_those_that_findings_have(
    client: FlaskClient, session: Session, watch: Watch
) -> None:
    assert 'name="devis"' not in page(client)
    found = make_finding(session, watch, "Un essai", design="gris", country="CA")
    make_finding(session, watch, "Autre chose")
    session.commit()

    html = page(client, f"{DESK}?devis=gris")
    assert titles(html) == ["Un essai"]
    assert html.partition('name="devis"')[2].partition("</select>")[0].count("<option") == 2
    assert "Canada" in page(client, opened(found))


def test_what_is_known_already_is_said(client: FlaskClient, session: Session, watch: Watch) -> None:
    make_summary(session, doi="10.1234/connu", title="Déjà résumé")
    near = make_finding(session, watch, "Le suivi à domicile des personnes aînées fragiles")
    like = make_finding(session, watch, "Autre chose")
    finding = make_finding(
        session,
        watch,
        "Suivi à domicile de personnes aînées",
        doi="10.1234/connu",
        like_id=like.id,
    )
    session.commit()

    text = words_of(page(client, opened(finding)))

    assert "Déjà connu?" in text
    assert "Déjà résumé Un résumé de cet article existe : publié." in text
    assert near.title in text.partition("Déjà connu?")[2]
    assert "Peut-être un doublon de Autre chose" in text
    assert "Déjà connu?" not in words_of(page(client, opened(like)))


def test_verdicts_stay_hidden_until_both_have_spoken(
    client: FlaskClient, session: Session, broker: Viewer
) -> None:
    watch = make_watch(session, is_sorted_twice=True)
    finding = make_finding(session, watch, "À deux")
    camille = make_viewer(session, role=Role.BROKER, name="Camille Exemple")
    session.commit()
    with writing() as other:
        rows = [other.get_one(Finding, finding.id, options=WITH)]
        discard(other, rows, by=camille, reason=DiscardReason.QUALITY)

    text = words_of(page(client, opened(finding)))
    assert "Tri à deux" in text
    assert "Camille Exemple :" not in text
    assert send(client, finding, "garder")[0] == 303

    text = words_of(page(client, opened(finding)))
    assert "Camille Exemple : écarter (qualité)" in text
    assert "une troisième personne tranche" in text
    assert titles(page(client, f"{DESK}?etat=a-trancher")) == ["À deux"]
    assert titles(page(client)) == []


def test_what_i_said_leaves_my_list_until_the_other_speaks(
    client: FlaskClient, session: Session, broker: Viewer
) -> None:
    watch = make_watch(session, is_sorted_twice=True)
    finding = make_finding(session, watch, "À deux")
    session.commit()

    send(client, finding, "garder")

    assert titles(page(client)) == []
    assert titles(page(client, f"{DESK}?etat=avis-donne")) == ["À deux"]


@pytest.mark.parametrize("many", [2, 45])
def test_the_desk_costs_the_same_statements_however_much_waits(
    client: FlaskClient, session: Session, watch: Watch, many: int
) -> None:
    source = make_source(session, watch)
    for number in range(many):
        found = make_finding(
            session,
            watch,
            f"Essai {number} sur le suivi à domicile",
            source=source,
            labels=("mot",),
        )
    session.commit()
    client.get(DESK)
    client.get(opened(found))

    with statements() as listed:
        client.get(DESK)
    with statements() as read:
        client.get(opened(found))

    assert (len(listed), len(read)) == (LISTED, READ)
