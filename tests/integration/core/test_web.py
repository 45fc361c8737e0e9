"""Every answer: headers, hosts, languages, errors that help."""

import gzip
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import structlog
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inters4.app import create_app
from inters4.core.errors import Conflict, NotAllowed, TooMany
from inters4.core.paths import static_dir
from inters4.core.web.assets import static_url
from inters4.core.web.requests import public, safe_next, signed_in
from inters4.settings import Settings
from tests.builders.members import make_member, make_viewer, sign_in_as
from tests.builders.statements import statements
from tests.builders.web import csrf


@pytest.fixture
def broken(app: Flask) -> FlaskClient:
    """The application, with addresses that fail in every way."""

    @app.route("/essai/<int:code>", methods=["GET", "POST"])
    @public
    def fail(code: int) -> str:
        abort(code)

    @app.get("/essai/crash")
    @public
    def crash() -> str:
        raise ZeroDivisionError

    @app.get("/essai/busy")
    @public
    def busy() -> str:
        raise OperationalError("x", {}, Exception("database is locked"))

    @app.get("/essai/conflict")
    @public
    def conflict() -> str:
        raise Conflict("Texte changé.", theirs="le leur", mine="le mien")

    @app.get("/essai/refused")
    @public
    def refused() -> str:
        raise NotAllowed("Une autre personne doit publier cette fiche.")

    @app.get("/essai/slow-down")
    @public
    def slow_down() -> str:
        raise TooMany("Doucement.", retry_after=7)

    return app.test_client()


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 429, 500, 503])
def test_each_error_page_is_french_helpful_and_names_the_request(
    broken: FlaskClient, code: int
) -> None:
    answer = broken.get(f"/essai/{code}")
    page = answer.get_data(as_text=True)

    assert answer.status_code == code
    assert 'lang="fr' in page
    assert answer.headers["X-Request-Id"] in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("code", [404, 500, 503])
def test_an_error_page_leads_home_below_the_path_of_the_portal(
    broken: FlaskClient, code: int
) -> None:
    answer = broken.get(f"/essai/{code}", environ_overrides={"SCRIPT_NAME": "/savoirs"})

    assert 'href="/savoirs/"' in answer.text
    assert 'href="/"' not in answer.text


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("crash", 500, "Rien"),
        ("busy", 503, "secondes"),
        ("conflict", 409, "le mien"),
        ("refused", 403, "Une autre personne doit publier cette fiche."),
        ("slow-down", 429, "Doucement."),
    ],
)
def test_failures_of_the_code_become_pages(
    broken: FlaskClient, path: str, code: int, words: str
) -> None:
    answer = broken.get(f"/essai/{path}")

    assert answer.status_code == code
    assert words.lower() in answer.get_data(as_text=True).lower()
    assert "Traceback" not in answer.get_data(as_text=True)


def test_a_busy_database_says_when_to_come_back(broken: FlaskClient) -> None:
    assert broken.get("/essai/busy").headers["Retry-After"] == "2"
    assert broken.get("/essai/slow-down").headers["Retry-After"] == "7"


def test_a_form_without_its_token_is_refused_and_what_was_typed_is_kept(
    broken: FlaskClient,
) -> None:
    answer = broken.post(
        "/essai/404",
        data={"texte": "un long <travail>", "mot_de_passe": "x1y2"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    page = answer.get_data(as_text=True)

    assert answer.status_code == 400
    assert "un long &lt;travail&gt;" in page
    assert "x1y2" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "null", "Referer": "http://localhost/question"},
        {"Origin": "http://[", "Referer": "http://localhost/question"},
        {"Referer": "https://evil.example/?http://localhost/"},
        {},
    ],
)
def test_another_site_is_not_offered_to_send_the_form_again(
    broken: FlaskClient, headers: dict[str, str]
) -> None:
    answer = broken.post("/essai/404", data={"texte": "piège"}, headers=headers)

    assert "piège" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Referer": "http://localhost/question?q=soins"},
    ],
)
def test_an_older_browser_keeps_what_was_typed_on_a_page_of_ours(
    broken: FlaskClient, headers: dict[str, str]
) -> None:
    answer = broken.post("/essai/404", data={"texte": "un travail"}, headers=headers)

    assert "un travail" in answer.get_data(as_text=True)


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/", "/nulle-part", "/healthz"):
        headers = client.get(path).headers
        assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        policy = dict(
            rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";")
        )
        assert {policy.pop("base-uri"), policy.pop("object-src")} == {"'none'"}
        assert policy.pop("frame-ancestors") == "'none'"
        assert policy.pop("img-src") == "'self' data:"
        assert policy.keys() >= {"default-src", "form-action"}
        assert set(policy.values()) == {"'self'"}
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Referrer-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_behind_tls_cookies_are_host_bound_and_hsts_is_sent(
    settings: Settings, database: str
) -> None:
    secure = create_app(replace(settings, url="https://savoirs.example"))
    answer = secure.test_client().get("/connexion?lang=en", base_url="https://savoirs.example")

    assert answer.headers["Strict-Transport-Security"]
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie


@pytest.mark.parametrize("host", ["evil.example", "evil@localhost", "localhost/evil", "[::1", ""])
def test_an_unknown_host_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})

    assert answer.status_code == 400


def test_a_page_is_compressed_when_the_browser_can_read_it(client: FlaskClient) -> None:
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    assert gzip.decompress(packed.data).startswith(plain.data[:100])
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_the_language_is_asked_for_then_remembered(client: FlaskClient) -> None:
    assert 'lang="fr' in client.get("/").get_data(as_text=True)

    assert 'lang="en' in client.get("/?lang=en").get_data(as_text=True)
    assert 'lang="en' in client.get("/").get_data(as_text=True)
    assert 'lang="fr' in client.get("/?lang=fr").get_data(as_text=True)


def test_the_browser_language_is_obeyed_and_nonsense_is_french(client: FlaskClient) -> None:
    english = client.get("/", headers={"Accept-Language": "en-CA,en;q=0.9"})
    other = client.get("/?lang=%7F", headers={"Accept-Language": "xx;;q=,,"})

    assert english.headers["Content-Language"] == "en"
    assert other.headers["Content-Language"] == "fr"
    assert "Accept-Language" in english.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/robots.txt",
        "/sitemap.xml",
        "/veille/flux.atom",
        "/pratiques/liste.csv",
        "/nulle-part",
    ],
)
def test_every_answer_says_that_language_and_person_change_it(
    client: FlaskClient, path: str
) -> None:
    vary = client.get(path).vary

    assert "Accept-Language" in vary
    assert "Cookie" in vary


def test_health_says_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").data == b"ok\n"
    assert client.get("/readyz").status_code in {200, 503}


def test_health_asks_nothing_of_the_database_whoever_asks(client: FlaskClient) -> None:
    client.set_cookie("session", "un-jeton-quelconque")

    with statements() as asked:
        assert client.get("/healthz").data == b"ok\n"

    assert asked == []


def test_static_files_are_kept_for_ever_and_come_compressed(client: FlaskClient) -> None:
    with client.get(static_url("css/tokens.css"), headers={"Accept-Encoding": "br"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["theme", "components", "pages"])
def test_a_stylesheet_comes_with_those_it_imports(client: FlaskClient, name: str) -> None:
    with client.get(static_url(f"css/{name}.css")) as answer:
        text = answer.get_data(as_text=True)

    imported = re.findall(r'@import "(.+)";', (static_dir() / f"css/{name}.css").read_text())
    assert len(imported) > 1
    assert "@import" not in text
    for part in imported:
        assert (static_dir() / "css" / part).read_text(encoding="utf-8") in text


@pytest.mark.parametrize(
    "target",
    [
        *("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"),
        *("", None, "/\tx", "evil", "/a\\b", "\\\\evil"),
    ],
)
def test_a_redirection_never_leaves_the_portal(target: str | None) -> None:
    assert safe_next(target) == "/"


def test_a_redirection_keeps_a_path_of_ours() -> None:
    assert safe_next("/recherche?q=a%20b&page=2") == "/recherche?q=a%20b&page=2"


def test_a_method_that_a_page_does_not_answer_gets_a_page(client: FlaskClient) -> None:
    answer = client.delete("/healthz")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_session_that_ended_does_not_lose_what_was_typed(app: Flask) -> None:
    @app.post("/essai/écrire")
    @signed_in
    def write() -> str:
        return "ok"

    client = app.test_client()
    token = csrf(client, "/connexion")
    answer = client.post(
        "/essai/écrire",
        data={"csrf_token": token, "texte": "un long travail"},
        headers={"Origin": "http://localhost"},
    )
    page = answer.get_data(as_text=True)

    assert answer.status_code == 401
    assert "un long travail" in page
    assert 'href="/connexion" target="_blank"' in page
    assert 'data-renews="/compte"' in page
    assert "js/resend.js" in page


def test_a_form_of_a_million_fields_is_refused_before_it_is_taken_apart(
    client: FlaskClient,
) -> None:
    form = "application/x-www-form-urlencoded"
    answer = client.post("/connexion", data="a&" * 400_000, content_type=form)
    larger = client.post("/connexion", data="a=" + "b" * 1_100_000, content_type=form)
    chunked = _in_chunks(client, b"a=" + b"b" * 1_100_000)

    assert [answer.status_code, larger.status_code, chunked.status_code] == [413, 413, 413]
    assert "ce que vous aviez écrit y est encore" in answer.text, "a form that is not read"
    assert len(answer.data) < 30_000
    told = ["La limite est de 1 Mo." in refused.text for refused in (answer, larger, chunked)]
    assert told == [False, True, True]


def test_what_passes_the_limit_of_files_is_told_that_limit(client: FlaskClient) -> None:
    form = "multipart/form-data; boundary=fin"
    answer = client.post("/question", data=b"a" * 11_000_000, content_type=form)

    assert answer.status_code == 413
    assert "La limite est de 10 Mo." in answer.text


def test_a_small_form_in_chunks_is_read(client: FlaskClient) -> None:
    token = csrf(client, "/question")

    assert _in_chunks(client, b"a=b").status_code == 400
    assert _in_chunks(client, f"csrf_token={token}&a=b".encode()).status_code == 422


def _in_chunks(client: FlaskClient, body: bytes) -> TestResponse:
    """What answers a form of unknown length, as gunicorn hands it over."""
    return client.post(
        "/question",
        input_stream=io.BytesIO(body),
        content_type="application/x-www-form-urlencoded",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )


def test_the_journal_keeps_no_whole_address_of_who_is_slowed(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.post("/essai")
    @public
    def work() -> str:
        return "ok"

    client = app.test_client()
    token = csrf(client, "/connexion")
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as events:
        answers = [
            client.post(
                "/essai",
                data={"csrf_token": token},
                environ_overrides={"REMOTE_ADDR": "203.0.113.77"},
            ).status_code
            for _number in range(121)
        ]

    assert answers == [200] * 120 + [429]
    assert {"event": "requests_slowed", "path": "/essai", "from": "203.0.113.0"}.items() <= next(
        event for event in events if event["event"] == "requests_slowed"
    ).items()
    assert "203.0.113.77" not in caplog.text


def test_a_whole_network_of_addresses_sends_no_more_forms_than_one(app: Flask) -> None:
    @app.post("/essai")
    @public
    def work() -> str:
        return "ok"

    client = app.test_client()
    token = csrf(client, "/connexion")

    def sent(address: str) -> int:
        return client.post(
            "/essai", data={"csrf_token": token}, environ_overrides={"REMOTE_ADDR": address}
        ).status_code

    answers = [sent(f"2001:db8:1:2::{number:x}") for number in range(121)]

    assert answers == [200] * 120 + [429]
    assert sent("2001:db8:1:3::1") == 200


def test_those_who_work_behind_one_address_are_counted_one_by_one(
    app: Flask, session: Session
) -> None:
    @app.post("/essai")
    @public
    def work() -> str:
        return "ok"

    def sender(email: str) -> Callable[[], int]:
        client = app.test_client()
        sign_in_as(client, session, make_member(session, email=email))
        data = {"csrf_token": csrf(client, "/question")}
        return lambda: client.post("/essai", data=data).status_code

    sorting, writing = sender("tri@exemple.ca"), sender("ecrit@exemple.ca")
    visitor = app.test_client()
    data = {"csrf_token": csrf(visitor, "/question")}

    assert [sorting() for _form in range(301)] == [200] * 300 + [429]
    assert writing() == 200
    assert visitor.post("/essai", data=data).status_code == 200


@pytest.mark.parametrize("port", ["", ":4431"])
def test_a_proxy_that_tells_the_port_tells_networks_apart(settings: Settings, port: str) -> None:
    app = create_app(replace(settings, proxies=1))

    @app.get("/essai")
    @public
    def work() -> str:
        return request.remote_addr or ""

    @app.post("/essai")
    @public
    def sent() -> str:
        return "ok"

    client = app.test_client()
    data = {"csrf_token": csrf(client, "/connexion")}

    def answer(address: str) -> int:
        headers = {"X-Forwarded-For": f"{address}{port}"}
        return client.post("/essai", data=data, headers=headers).status_code

    told = client.get("/essai", headers={"X-Forwarded-For": f"6.6.6.6, 203.0.113.77{port}"})
    assert told.text == "203.0.113.77"
    assert [answer("203.0.113.77") for _form in range(121)] == [200] * 120 + [429]
    assert answer("203.0.113.78") == 200


def test_whatever_a_signed_in_person_is_sent_stays_out_of_caches(
    client: FlaskClient, session: Session
) -> None:
    paths = ("/", "/pratiques/liste.csv", "/veille/flux.atom", "/robots.txt", "/nulle-part")
    before = [client.get(path).headers.get("Cache-Control") for path in paths]
    sign_in_as(client, session, make_viewer(session))

    assert before[:4] == ["no-cache", None, "public, no-cache", None]
    for path in paths:
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_a_large_form_is_not_sent_back_in_the_page(broken: FlaskClient) -> None:
    answer = broken.post(
        "/essai/404",
        data={"texte": "long " * 100_000},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 400
    assert len(answer.data) < 30_000


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "localhost", "[::1]:8000"])
def test_the_portal_answers_under_each_of_its_own_names(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_static_files_carry_the_security_headers_too(client: FlaskClient) -> None:
    with client.get(static_url("css/tokens.css")) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
