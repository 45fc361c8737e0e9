"""The pages with which a sheet is decided, button by button."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core.access import Role, Viewer
from inters4.core.db import reading
from inters4.members.models import RoleGrant
from inters4.notices.models import Notice
from inters4.practices.models import Practice, PracticeReview, PracticeRevision, PracticeState
from inters4.practices.queries.known import citable
from inters4.practices.queries.reviewers import people_of
from inters4.practices.queries.revisions import reviews_of
from inters4.practices.services.leaving import withdraw
from inters4.practices.services.revising import abandon, open_revision, publish
from inters4.practices.services.seen import stance
from inters4.settings import Settings
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.notices import leave, let_time_pass, text_of
from tests.builders.practices import make_practice
from tests.builders.revisions import Cast, approve, ask, bring_to, make_cast, rate, start
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf

REVIEW = {
    "maturite": "prometteuse",
    "preuve": "suggestive",
    "justification": "Deux études concordent.",
    "avis": "publish",
    "aucun_interet": "y",
}


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def brought(session: Session, cast: Cast, state: PracticeState) -> PracticeRevision:
    revision = bring_to(session, cast, start(session, cast), state)
    session.commit()
    return revision


def browser(app: Flask, session: Session, person: Viewer) -> FlaskClient:
    client = app.test_client()
    sign_in_as(client, session, person)
    return client


def address(revision: PracticeRevision, tail: str = "") -> str:
    return f"/pratiques/dossiers/{revision.practice_id}{tail}"


def press(
    client: FlaskClient, revision: PracticeRevision, which: str, **typed: str
) -> TestResponse:
    """Press a button of the dossier, from the page as it is now."""
    token = csrf(client, "/compte/preferences")
    return client.post(
        address(revision, f"/decisions/{which}"),
        data={"csrf_token": token, "vu": stance(revision), "decision": which, **typed},
    )


def state_of(revision: PracticeRevision) -> PracticeState:
    with reading() as session:
        return session.get_one(PracticeRevision, revision.id).state


def words_of(answer: TestResponse) -> str:
    html = answer.get_data(as_text=True).partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_button_pressed_twice_moves_the_sheet_once(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.PROPOSED)
    broker = browser(app, session, cast.broker)

    first = press(broker, revision, "admission")
    second = press(broker, revision, "admission")

    assert (first.status_code, second.status_code) == (303, 303)
    assert state_of(revision) is PracticeState.ADMISSIBLE


def test_whoever_comes_second_is_told_where_the_sheet_stands(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.PROPOSED)
    assert press(browser(app, session, cast.broker), revision, "admission").status_code == 303

    answer = press(
        browser(app, session, cast.coordination), revision, "refus", raison="Déjà connue."
    )

    assert answer.status_code == 409
    assert "a fait avancer cette fiche entre-temps : « Admise »" in words_of(answer)
    assert "Les choses ont changé entre-temps" in words_of(answer)
    assert "à corriger" not in words_of(answer)
    assert "Déjà connue." in words_of(answer) or "decisions/refus" not in answer.text
    assert state_of(revision) is PracticeState.ADMISSIBLE


def test_a_refusal_needs_its_reason_and_keeps_what_was_typed(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.PROPOSED)
    broker = browser(app, session, cast.broker)

    answer = press(broker, revision, "refus", raison="  ")

    assert answer.status_code == 422
    assert "Écrivez pourquoi" in words_of(answer)
    assert press(broker, revision, "refus", raison="Déjà décrite.").status_code == 303
    assert state_of(revision) is PracticeState.DECLINED


def test_why_a_sheet_is_not_kept_is_no_demand(app: Flask, session: Session, cast: Cast) -> None:
    revision = brought(session, cast, PracticeState.PROPOSED)
    broker, owner = browser(app, session, cast.broker), browser(app, session, cast.owner)

    press(broker, revision, "refus", raison="Trop proche d’une autre.")

    page = words_of(owner.get(address(revision)))
    assert re.search(r"Pourquoi la fiche n’est pas retenue \([^)]+\) Trop proche d’une autre", page)
    assert "Ce qu’on vous demande" not in page


def test_a_long_reason_of_many_lines_is_kept_to_its_last_word(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.PROPOSED)
    typed = "Parce que.\n" * 181 + "La fin..."
    assert len(typed) == 2_000  # what the page lets anyone type

    press(browser(app, session, cast.broker), revision, "refus", raison=typed.replace("\n", "\r\n"))

    assert session.scalar(select(Practice.state_reason)) == typed


def test_what_is_missing_is_linked_to_its_field(app: Flask, session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast, lacking="team"), PracticeState.DRAFTING)
    session.commit()

    answer = press(browser(app, session, cast.broker), revision, "envoi")

    assert answer.status_code == 422
    assert "Nommez l’équipe porteuse." in words_of(answer)
    assert re.search(r'href="[^"]*identite[^"]*#', answer.get_data(as_text=True))


def test_a_decision_is_not_for_a_stranger_nor_for_whoever_wrote(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.PROPOSED)

    assert press(browser(app, session, cast.stranger), revision, "admission").status_code == 404
    assert press(browser(app, session, cast.owner), revision, "admission").status_code == 403
    assert state_of(revision) is PracticeState.PROPOSED


def test_each_person_sees_their_own_buttons_only(app: Flask, session: Session, cast: Cast) -> None:
    revision = brought(session, cast, PracticeState.OWNER_VALIDATION)

    owner = browser(app, session, cast.owner).get(address(revision)).get_data(as_text=True)
    broker = browser(app, session, cast.broker).get(address(revision)).get_data(as_text=True)

    assert "decisions/validation" in owner
    assert "decisions/renvoi" in owner
    assert "decisions/validation" not in broker
    assert "decisions/renvoi" in broker


def test_a_step_that_is_refused_says_once_what_is_missing_and_leads_there(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(
        session, cast, start(session, cast, lacking="themes"), PracticeState.DRAFTING
    )
    session.commit()

    answer = press(browser(app, session, cast.broker), revision, "envoi")

    page = answer.get_data(as_text=True)
    summary = page.partition('class="error-summary"')[2].partition("</div>")[0]
    assert answer.status_code == 422
    assert page.count('class="error-summary"') == page.count("/classement#themes") == 1
    assert "autofocus" in summary
    assert "/classement#themes" in summary


def test_two_reviewers_are_asked_and_the_others_are_explained(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.REVIEW)
    coordination = browser(app, session, cast.coordination)
    text = words_of(coordination.get(address(revision)))
    assert "Choisissez 2 personnes pour relire" in text
    names = public_ids(cast.first, cast.second)

    answer = ask_for(coordination, revision, names)

    assert answer.status_code == 303
    assert ask_for(coordination, revision, names).status_code == 303
    with reading() as other:
        assert len(reviews_of(other, other.get_one(PracticeRevision, revision.id))) == 2
        told = other.scalars(select(Notice.member_id).where(Notice.kind == "practices.review"))
        assert set(told) == {cast.first.member_id, cast.second.member_id}
    third = ask_for(coordination, revision, public_ids(cast.third))
    assert third.status_code == 409


def test_a_reviewer_who_cannot_is_replaced_and_not_asked_again(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)
    session.commit()
    first = browser(app, session, cast.first)
    token = csrf(first, f"/relectures/{review.public_id}")
    kept = first.post(
        f"/relectures/{review.public_id}/brouillon",
        data={"csrf_token": token, "commentaires": "Un début."},
    )
    assert kept.status_code == 303

    no_reason = first.post(
        f"/relectures/{review.public_id}/empechement", data={"csrf_token": token, "raison": " "}
    )
    cannot = first.post(
        f"/relectures/{review.public_id}/empechement",
        data={"csrf_token": token, "raison": "Trop de travail."},
    )

    assert (no_reason.status_code, cannot.status_code) == (422, 303)
    session.expire_all()
    assert session.get_one(PracticeReview, review.id).comments == ""
    session.commit()
    page = words_of(browser(app, session, cast.coordination).get(address(revision)))
    assert "Cette personne ne peut pas relire la fiche cette fois." in page


def test_a_demand_that_nobody_made_is_not_taken_back(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)
    session.commit()
    coordination = browser(app, session, cast.coordination)

    def take_back(name: str) -> int:
        return press(coordination, revision, f"relectures/{name}/retrait", raison="N").status_code

    assert take_back("inconnue") == 404
    assert [take_back(review.public_id) for _press in range(2)] == [303, 303]


def test_the_older_of_two_tabs_of_a_review_erases_nothing(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)
    session.commit()
    first, path = browser(app, session, cast.first), f"/relectures/{review.public_id}"
    token = csrf(first, path)

    def seen() -> str:
        found = re.search(r'name="vu" value="([^"]*)"', first.get(path).get_data(as_text=True))
        assert found is not None
        return found[1]

    def keep(mark: str, text: str, *, accept: str = "text/html", tail: str = "") -> TestResponse:
        data = {**REVIEW, "csrf_token": token, "vu": mark, "justification": text}
        return first.post(f"{path}{tail}", data=data, headers={"Accept": accept})

    def kept() -> str:
        session.expire_all()
        text = session.get_one(PracticeReview, review.id).reason
        session.commit()
        return text

    old = seen()
    alone = keep(old, "Le second onglet.", accept="application/json", tail="/brouillon")
    assert (alone.status_code, alone.headers["Vu"]) == (204, seen())

    assert keep(old, "Premier.", accept="application/json", tail="/brouillon").status_code == 409
    for tail in ("/brouillon", ""):
        refused = keep(old, "Le premier onglet.", tail=tail)
        assert refused.status_code == 409
        for text in ("Le premier onglet.", "Le second onglet.", "autre onglet a gardé"):
            assert text in words_of(refused)
        assert kept() == "Le second onglet."
    assert keep(old, "Le second onglet.", tail="/brouillon").status_code == 303
    assert keep(seen(), "Le premier onglet.", tail="/brouillon").status_code == 303
    assert kept() == "Le premier onglet."


def test_a_review_is_kept_sent_once_and_blind(app: Flask, session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    reviews = [ask(session, cast, revision, one) for one in (cast.first, cast.second)]
    session.commit()
    first, second = (browser(app, session, one) for one in (cast.first, cast.second))
    path, other = (f"/relectures/{one.public_id}" for one in reviews)
    assert first.get(other).status_code == 404

    token = csrf(first, path)
    early = first.post(path, data={"csrf_token": token, **REVIEW, "justification": "mot " * 101})
    assert early.status_code == 422
    assert "101 mots" in words_of(early)
    assert "mot mot" in early.get_data(as_text=True)
    assert first.post(path, data={"csrf_token": token, **REVIEW}).status_code == 303
    assert first.post(path, data={"csrf_token": token, **REVIEW}).status_code == 303

    page = words_of(second.get(other))
    assert "Rose" not in page
    assert "Deux études concordent." not in page
    board = words_of(second.get("/compte"))
    assert "Relire : " in board
    assert "Rémi" not in words_of(browser(app, session, cast.owner).get(address(revision)))


def test_a_gap_shows_both_reviews_to_the_third_without_a_name(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    for person, level in ((cast.first, "prometteuse"), (cast.second, "emergente")):
        rate(session, revision, ask(session, cast, revision, person), by=person, maturity=level)
    session.commit()
    coordination = browser(app, session, cast.coordination)
    assert "choisissez qui arbitre" in words_of(coordination.get(address(revision)))
    assert ask_for(coordination, revision, public_ids(cast.third)).status_code == 303
    third = browser(app, session, cast.third)
    review = session.scalars(
        select(PracticeReview).where(PracticeReview.reviewer_id == cast.third.member_id)
    ).one()
    session.commit()

    page = words_of(third.get(f"/relectures/{review.public_id}"))

    assert "Relecture 1" in page
    assert "Relecture 2" in page
    assert "Rose" not in page
    token = csrf(third, f"/relectures/{review.public_id}")
    sent = third.post(f"/relectures/{review.public_id}", data={"csrf_token": token, **REVIEW})
    assert sent.status_code == 303
    assert state_of(revision) is PracticeState.APPROVAL


def test_an_organisation_approves_in_two_clicks_and_the_next_sees_it(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.APPROVAL)
    path = f"/approbations-fiches/{revision.practice_id}/{cast.carrying.slug}"
    signatory = browser(app, session, cast.signatory)
    assert browser(app, session, cast.stranger).get(path).status_code == 404
    token = csrf(signatory, path)

    answer = signatory.post(
        path, data={"csrf_token": token, "vu": stance(revision), "decision": "approuver"}
    )

    assert answer.status_code == 303
    assert "Approuvée par Simon Signataire" in words_of(signatory.get(path))
    late = signatory.post(
        path,
        data={"csrf_token": token, "vu": stance(revision), "decision": "refuser", "raison": "Non."},
    )
    assert late.status_code == 409
    assert "À publier" in words_of(browser(app, session, cast.coordination).get("/compte"))


def test_a_decision_on_a_sheet_that_is_out_is_no_quarrel_of_texts(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    coordination = browser(app, session, cast.coordination)
    seen = stance(revision)
    publish(session, revision, by=cast.coordination, known=citable(session))
    session.commit()

    answer = coordination.post(
        address(revision, "/decisions/renvoi"),
        data={
            "csrf_token": csrf(coordination, "/compte/preferences"),
            "vu": seen,
            "decision": "renvoi",
            "raison": "Une coquille dans le titre.",
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 409
    assert "Les choses ont changé entre-temps" in answer.text
    assert "Une coquille dans le titre." in answer.text


def test_an_approval_from_elsewhere_is_shown_with_its_day_in_words(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = start(session, cast)
    named = [{"id": "", "name": "Une coopérative"}, {"id": "", "name": "Un organisme"}]
    revision.values = {**revision.values, "organisations": named}
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    session.commit()
    coordination = browser(app, session, cast.coordination)
    told = {"organisation": "Un organisme", "qui": "La directrice", "jour": "2026-05-06"}

    answer = press(coordination, revision, "approbation", **told)

    assert answer.status_code == 303, words_of(answer)
    page = words_of(coordination.get(address(revision)))
    assert "Notée : La directrice, le 6 mai 2026." in page


def test_an_organisation_that_refused_reads_no_more_of_the_draft(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.APPROVAL)
    path = f"/approbations-fiches/{revision.practice_id}/{cast.carrying.slug}"
    signatory = browser(app, session, cast.signatory)
    data = {"vu": stance(revision), "decision": "refuser", "raison": "Un chiffre."}
    refused = signatory.post(path, data={"csrf_token": csrf(signatory, path), **data})
    assert refused.status_code == 303
    session.refresh(revision)
    written = {"title": "Un titre écrit depuis", "problem": "Un problème écrit depuis."}
    revision.values = {**revision.values, **written}
    session.commit()

    page = signatory.get(path)

    assert "Refusée par Simon Signataire" in words_of(page)
    assert "depuis" not in words_of(page)
    for tail in ("", "/apercu"):
        assert signatory.get(address(revision, tail)).status_code == 404


def test_a_sheet_is_published_by_its_name_then_withdrawn_with_a_reason(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    session.commit()
    coordination = browser(app, session, cast.coordination)
    dossier = words_of(coordination.get(address(revision)))
    assert "Publier « " in dossier

    published = press(coordination, revision, "publication", note="Première parution.")
    again = press(coordination, revision, "publication")

    where = published.headers["Location"]
    assert again.headers["Location"] == where
    assert coordination.get(where).status_code == 200
    token = csrf(coordination, f"{where}/retrait")
    refused = coordination.post(f"{where}/retrait", data={"csrf_token": token, "raison": ""})
    assert refused.status_code == 422
    gone = coordination.post(f"{where}/retrait", data={"csrf_token": token, "raison": "Elle nuit."})
    assert gone.status_code == 303
    assert "Elle nuit." in words_of(app.test_client().get(where))


def test_a_minor_change_is_published_in_one_button_and_another_is_told_what_it_touches(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    again = open_revision(session, practice, by=cast.owner)
    before = dict(again.values)
    again.values = {**before, "title": "Guérit tout"}
    session.commit()
    broker = browser(app, session, cast.broker)

    page = words_of(broker.get(address(again)))
    assert "Ce changement n’est pas mineur" in page
    assert "Titre" in page.partition("Ce changement n’est pas mineur")[2][:200]
    assert press(broker, again, "changement-mineur").status_code == 409
    session.refresh(again)
    again.values = {**before, "training": "Une demi-journée."}
    session.commit()
    assert "Rien de ce qui est coté ou approuvé n’a changé" in words_of(broker.get(address(again)))
    assert press(broker, again, "changement-mineur", note="La formation.").status_code == 303
    assert "Une demi-journée." in words_of(broker.get(f"/pratiques/{practice.slug}"))


def test_what_was_being_written_of_a_withdrawn_sheet_stays_with_who_carries_it(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    again = open_revision(session, practice, by=cast.owner)
    again.values = {**again.values, "audience": "Écrit avant le retrait."}
    session.commit()
    where, coordination = f"/pratiques/{practice.slug}", browser(app, session, cast.coordination)
    assert "une révision de cette fiche" in words_of(coordination.get(f"{where}/retrait"))
    data = {"csrf_token": csrf(coordination, f"{where}/retrait"), "raison": "Elle nuit."}
    assert coordination.post(f"{where}/retrait", data=data).status_code == 303

    owner = browser(app, session, cast.owner)
    assert owner.get(address(again)).headers["Location"] == where
    assert "Lire ce qui était en cours d’écriture" in words_of(owner.get(where))
    page = owner.get(address(again, "/apercu"))
    assert page.status_code == 200
    assert "Écrit avant le retrait." in words_of(page)
    for other in (cast.stranger, cast.first, cast.signatory):
        client = browser(app, session, other)
        assert client.get(address(again, "/apercu")).status_code == 404
        assert "en cours d’écriture" not in words_of(client.get(where))


def test_whoever_may_give_a_sheet_up_finds_where(app: Flask, session: Session, cast: Cast) -> None:
    revision = brought(session, cast, PracticeState.DRAFTING)

    shown = {
        one: "Abandonner cette fiche" in words_of(browser(app, session, one).get(address(revision)))
        for one in (cast.owner, cast.coordination, cast.broker)
    }

    assert list(shown.values()) == [True, True, False]


def test_what_was_given_up_before_a_withdrawal_is_not_read_again(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    approve(session, cast, revision)
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    again = open_revision(session, practice, by=cast.owner)
    abandon(session, again, by=cast.owner)
    withdraw(session, practice, reason="Elle nuit.", by=cast.coordination)
    session.commit()

    owner = browser(app, session, cast.owner)

    assert owner.get(address(again, "/apercu")).status_code == 404


def test_a_sheet_gives_way_to_another(app: Flask, session: Session, cast: Cast) -> None:
    make_practice(session, "ancienne")
    make_practice(session, "nouvelle")
    session.commit()
    coordination = browser(app, session, cast.coordination)
    token = csrf(coordination, "/pratiques/ancienne/retrait")

    wrong = coordination.post(
        "/pratiques/ancienne/retrait",
        data={"csrf_token": token, "raison": "Plus complète.", "remplacement": "/pratiques/rien"},
    )
    right = coordination.post(
        "/pratiques/ancienne/retrait",
        data={
            "csrf_token": token,
            "raison": "Plus complète.",
            "remplacement": "http://localhost/pratiques/nouvelle",
        },
    )

    assert (wrong.status_code, right.status_code) == (422, 303)
    text = app.test_client().get("/pratiques/ancienne").get_data(as_text=True)
    assert "Cette fiche est remplacée depuis le" in text
    assert re.search(r"Lisez plutôt.*href=\"/pratiques/nouvelle\"", text)
    withdraw(session, session.get_one(Practice, "nouvelle"), reason="Non.", by=cast.coordination)
    session.commit()
    assert "Lisez plutôt" not in words_of(app.test_client().get("/pratiques/ancienne"))


def test_the_letter_of_a_signatory_leads_to_the_button(
    app: Flask, session: Session, cast: Cast, settings: Settings
) -> None:
    revision = brought(session, cast, PracticeState.APPROVAL)
    let_time_pass(session)
    [letter] = [one for one in leave(settings) if "Fiche à approuver" in str(one["Subject"])]
    found = re.search(r"https?://[^/\s]+(/\S+)", text_of(letter))
    assert found is not None

    page = browser(app, session, cast.signatory).get(found[1], follow_redirects=True)

    assert page.request.path.startswith(f"/approbations-fiches/{revision.practice_id}/")
    assert "Approuver la fiche" in words_of(page)


def test_a_page_costs_the_same_with_more_reviewers(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.REVIEW)
    client = browser(app, session, cast.coordination)

    def cost() -> int:
        client.get(address(revision))
        with statements() as sent:
            assert client.get(address(revision)).status_code == 200
        return len(sent)

    few = cost()
    for number in range(6):
        make_viewer(session, role=Role.REVIEWER, name=f"Personne {number}")
    session.commit()

    assert cost() == few <= 40


def test_the_pages_of_a_review_and_of_an_approval_cost_what_is_known(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)
    session.commit()
    first = browser(app, session, cast.first)
    with statements() as reviewing:
        assert first.get(f"/relectures/{review.public_id}").status_code == 200
    rate(session, revision, review, by=cast.first)
    rate(session, revision, ask(session, cast, revision, cast.second), by=cast.second)
    session.commit()
    signatory = browser(app, session, cast.signatory)
    path = f"/approbations-fiches/{revision.practice_id}/{cast.carrying.slug}"
    with statements() as signing:
        assert signatory.get(path).status_code == 200

    assert len(reviewing) == 14, reviewing
    assert len(signing) == 12, signing


def public_ids(*people: Viewer) -> list[str]:
    with reading() as session:
        found = people_of(session, [person.member_id for person in people])
        return [one.public_id for one in found]


def ask_for(client: FlaskClient, revision: PracticeRevision, people: list[str]) -> TestResponse:
    token = csrf(client, "/compte/preferences")
    return client.post(
        address(revision, "/decisions/relectures"),
        data={"csrf_token": token, "personne": people, "decision": "relectures"},
    )


def test_nobody_left_to_settle_a_gap_leads_to_where_the_role_is_given(
    app: Flask, session: Session, cast: Cast
) -> None:
    revision = brought(session, cast, PracticeState.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)
    second = ask(session, cast, revision, cast.second)
    rate(session, revision, second, by=cast.second, maturity="emergente")
    for grant in session.scalars(
        select(RoleGrant).where(RoleGrant.member_id == cast.third.member_id)
    ):
        session.delete(grant)
    session.commit()

    page = browser(app, session, cast.coordination).get(address(revision)).text

    assert "Personne ne peut relire cette fiche" in page
    assert 'href="/admin/personnes"' in page
    assert "Demander l’arbitrage" not in page
