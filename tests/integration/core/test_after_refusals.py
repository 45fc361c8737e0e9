"""What a refusal leaves: no change, a line in the journal, the words that were typed."""

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.core.access import Role
from inters4.core.audit import AuditEntry, record
from inters4.core.db import writing
from inters4.core.errors import Conflict, NotAllowed, TooMany, Unavailable
from inters4.core.web.requests import public, requires, signed_in, viewer
from inters4.members.models import EmailDomain
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.web import csrf


@pytest.fixture
def essays(app: Flask) -> FlaskClient:
    """A browser of the application, which has forms that change something and are refused."""

    @app.get("/essai/administration")
    @requires(Role.ADMIN)
    def administration() -> str:
        return "ok"

    @app.post("/essai/changer/<how>")
    @signed_in
    def change(how: str) -> str:
        with writing() as session:
            record(session, "test.done", by=viewer())
            session.flush()
            if how == "autrement":
                raise NotAllowed("Une autre personne doit publier cette fiche.")
            abort(403)

    @app.post("/essai/deux-fois")
    @public
    def twice() -> str:
        with writing() as session:
            session.add_all(EmailDomain(domain=request.form["texte"]) for _time in range(2))
        return "ok"

    @app.post("/essai/texte")
    @public
    def edit() -> str:
        with writing() as session:
            row = session.scalars(select(EmailDomain)).one()
            overtaking = update(EmailDomain).values(version=EmailDomain.version + 1)
            session.execute(overtaking, execution_options={"synchronize_session": False})
            row.domain = request.form["texte"]
        return "ok"

    return app.test_client()


@pytest.fixture
def late(app: Flask) -> FlaskClient:
    """A browser of the application, which has forms that come too late, or when something fails."""

    @app.get("/essai/decider")
    @app.post("/essai/decider/tard")
    @public
    def decide() -> str:
        if request.method == "POST":
            raise Conflict("Cette demande n’attend plus de réponse.")
        return "ok"

    @app.post("/essai/passer/<how>")
    @public
    def fail(how: str) -> str:
        if how == "429":
            raise TooMany("Doucement.", retry_after=7)
        if how == "demain":
            raise TooMany("Assez pour aujourd’hui.", retry_after=24 * 3600)
        if how == "503":
            raise Unavailable("Le moteur ne répond pas.")
        raise RuntimeError(how)

    return app.test_client()


def _sent(client: FlaskClient, path: str) -> TestResponse:
    fields = {"csrf_token": csrf(client, "/question"), "texte": "un long travail"}
    return client.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})


def _journal(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action.like("%.%")))
    known = {"access.refused", "test.done"}
    return [(entry.action, entry.subject) for entry in entries if entry.action in known]


@pytest.mark.parametrize("how", ["droit", "autrement"])
def test_a_refusal_undoes_the_change_and_stays_in_the_journal(
    essays: FlaskClient, session: Session, how: str
) -> None:
    who = make_viewer(session)
    sign_in_as(essays, session, who)

    answer = _sent(essays, f"/essai/changer/{how}")

    assert answer.status_code == 403
    assert _journal(session) == [("access.refused", f"/essai/changer/{how}")]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "access.refused")).one()
    assert (entry.actor_id, entry.request_id) == (who.member_id, answer.headers["X-Request-Id"])
    assert entry.detail == {"method": "POST"}


def test_a_page_for_another_role_is_refused_and_noted(
    essays: FlaskClient, session: Session
) -> None:
    sign_in_as(essays, session, make_viewer(session))

    assert essays.get("/essai/administration").status_code == 403
    assert _journal(session) == [("access.refused", "/essai/administration")]


def test_a_visitor_who_is_sent_to_sign_in_leaves_nothing(
    essays: FlaskClient, session: Session
) -> None:
    assert essays.get("/essai/administration").status_code == 303
    assert _journal(session) == []


def test_what_someone_else_has_just_saved_is_no_failure(essays: FlaskClient) -> None:
    answer = _sent(essays, "/essai/deux-fois")

    assert answer.status_code == 409
    assert "la même chose" in answer.text


def test_a_stale_edit_gives_back_what_was_typed(essays: FlaskClient, session: Session) -> None:
    session.add(EmailDomain(domain="exemple.org"))
    session.commit()

    answer = _sent(essays, "/essai/texte")

    assert answer.status_code == 409
    assert "un long travail" in answer.text
    session.expire_all()
    assert session.scalars(select(EmailDomain.domain)).one() == "exemple.org"


def test_a_decision_that_comes_late_gives_back_its_words_and_leads_to_the_page(
    late: FlaskClient,
) -> None:
    answer = late.post(
        "/essai/decider/tard",
        data={
            "csrf_token": csrf(late, "/question"),
            "vu": "approval/2026-11-23T15:43:26+00:00",
            "raison": "Une coquille dans le titre.",
        },
        headers={
            "Sec-Fetch-Site": "same-origin",
            "Referer": "http://localhost/essai/decider?page=2",
        },
    )

    assert answer.status_code == 409
    assert "Quelqu’un a modifié ce texte" not in answer.text, "a decision is no text"
    assert "Une coquille dans le titre." in answer.text
    assert "approval/2026" not in answer.text, "a mark of the form is not a word of anybody’s"
    assert 'href="/essai/decider?page=2"' in answer.text


@pytest.mark.parametrize(
    "referer",
    [
        "http://localhost/essai/decider/tard",
        "http://localhost//essai/decider",  # as a link, the address of another host
        "http://ailleurs.example/",
        "http://[x",
        "",
    ],
)
def test_a_page_that_cannot_be_read_again_is_not_offered(late: FlaskClient, referer: str) -> None:
    answer = late.post(
        "/essai/decider/tard",
        data={"csrf_token": csrf(late, "/question")},
        headers={"Sec-Fetch-Site": "same-origin", "Referer": referer},
    )

    assert answer.status_code == 409
    assert "Rouvrir la page" not in answer.text


@pytest.mark.parametrize("how", ["429", "503", "500"])
def test_what_passes_is_sent_again_by_a_button(late: FlaskClient, how: str) -> None:
    answer = _sent(late, f"/essai/passer/{how}")

    assert answer.status_code == int(how)
    assert 'name="texte" value="un long travail"' in answer.text
    assert 'name="csrf_token" value=""' not in answer.text
    assert '<pre class="text-kept">un long travail</pre>' in answer.text
    assert "css/components" in answer.text, "without it the button is a bare word"


def test_a_wait_of_a_day_is_told_in_hours_and_programs_read_it_in_seconds(
    late: FlaskClient,
) -> None:
    answer = _sent(late, "/essai/passer/demain")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "86400")
    assert "Vous pourrez réessayer dans 24 heures." in answer.text


def test_a_password_is_neither_given_back_nor_its_form_offered(late: FlaskClient) -> None:
    answer = late.post(
        "/essai/passer/429",
        data={
            "csrf_token": csrf(late, "/question"),
            "courriel": "qui@exemple.org",
            "mot_de_passe": "une phrase de passe",
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 429
    assert "phrase de passe" not in answer.text
    assert "Envoyer de nouveau" not in answer.text


def test_a_form_that_another_site_sends_is_not_offered_again(late: FlaskClient) -> None:
    answer = late.post(
        "/essai/passer/500",
        data={"csrf_token": csrf(late, "/question"), "texte": "un long travail"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 500
    assert "un long travail" not in answer.text


def test_a_refusal_shows_the_words_that_were_written(essays: FlaskClient, session: Session) -> None:
    sign_in_as(essays, session, make_viewer(session))

    assert "un long travail" in _sent(essays, "/essai/changer/droit").text


def test_a_program_is_answered_in_its_own_form(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nulle-part")

    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_error_page_that_fails_gives_way_to_a_bare_one(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(app.jinja_env.globals, "footer_links")

    answer = client.get("/nulle-part")

    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-Id"] in answer.text
