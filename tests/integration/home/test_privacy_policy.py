"""The policy names who answers for it, in the words of the law that applies."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from inters4.app import create_app
from inters4.settings import Settings


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("form", "law"), [("public", "organisme public"), ("corporation", "secteur privé")]
)
def test_the_policy_names_the_person_in_charge(settings: Settings, form: str, law: str) -> None:
    chosen = replace(
        settings,
        legal_form=form,
        privacy_officer="Dominique Essai, secrétariat général",
        privacy_email="vie-privee@exemple.ca",
    )
    page = create_app(chosen).test_client().get("/confidentialite").get_data(as_text=True)

    assert "Dominique Essai, secrétariat général répond" in page
    assert "mailto:vie-privee@exemple.ca" in page
    assert law in page
    assert "Commission d’accès à l’information" in page


@pytest.mark.parametrize(
    "path", ["/connexion", "/mot-de-passe-oublie", "/inscription", "/question"]
)
def test_each_form_leads_to_the_policy(client: FlaskClient, path: str) -> None:
    assert 'href="/confidentialite"' in client.get(path).get_data(as_text=True)
