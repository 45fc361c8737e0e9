"""« Aperçu » draws what would be published, keeps nothing and refuses in one sentence."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders.web import csrf


def _preview(client: FlaskClient, text: str, profile: str = "post") -> TestResponse:
    token = csrf(client, "/question")
    return client.post("/apercu", data={"csrf_token": token, "text": text, "profile": profile})


def test_a_preview_is_cleaned_as_what_is_published(client: FlaskClient) -> None:
    answer = _preview(client, "# Un\n\n**deux** <script>alert(1)</script>")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<h2>Un</h2>" in answer.text
    assert "<strong>deux</strong>" in answer.text
    assert "<script" not in answer.text


def test_a_visitor_previews_messages_only(client: FlaskClient) -> None:
    answer = _preview(client, "a" * 40_000, profile="document")

    assert answer.status_code == 413
    assert answer.mimetype == "text/plain"


def test_a_form_of_another_site_draws_nothing(client: FlaskClient) -> None:
    assert client.post("/apercu", data={"text": "x"}).status_code == 400
