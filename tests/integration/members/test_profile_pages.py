"""`/compte/profil`: what was typed stays, and leaving an organisation asks once."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.audit import AuditEntry
from inters4.core.jobs import jobs
from inters4.core.mail.compose import Envelope
from inters4.core.mail.send import send_due
from inters4.members.models import DirectoryListing, ProfileField, ProfileKey, Visibility
from inters4.members.queries import load_viewer
from inters4.members.services.profiles import LONGEST_VALUE, save_profile, write_to
from inters4.settings import Settings
from tests.builders.members import make_member, make_organisation, sign_in_as
from tests.builders.web import csrf


class _Relay:
    """A transport that takes everything."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    def send(self, envelope: Envelope) -> None:
        self.taken.append(envelope)

    def close(self) -> None:
        pass


def test_a_profile_that_is_too_long_keeps_every_field_and_says_which(
    client: FlaskClient, session: Session
) -> None:
    sign_in_as(client, session, make_member(session, password=None))
    form = {
        "function": "Infirmière",
        "function_pour": "members",
        "skills": "a" * (LONGEST_VALUE + 1),
        "repertoire": "1",
        "csrf_token": csrf(client, "/compte/profil"),
    }

    page = client.post("/compte/profil", data=form)

    assert page.status_code == 422
    assert '<a href="#skills">' in page.text
    assert 'aria-describedby="skills-help skills-error"' in page.text
    assert 'value="Infirmière"' in page.text
    assert '<option value="members" selected>' in page.text
    assert 'id="repertoire" value="1" checked' in page.text
    assert session.scalars(select(ProfileField)).all() == []


def test_a_person_changes_their_own_name_and_pages_follow(
    client: FlaskClient, session: Session
) -> None:
    member = make_member(session, name="Ariane Essai", password=None)
    session.add(DirectoryListing(member_id=member.id))
    skills = {ProfileKey.SKILLS: ("Télésoins", Visibility.EVERYONE)}
    save_profile(session, skills, by=load_viewer(session, member.id))
    sign_in_as(client, session, member)
    token = csrf(client, "/compte/profil")

    for _time in range(2):
        form = {"nom": "  Ariane   Nouvelle ", "skills": "Télésoins", "csrf_token": token}
        form |= {"skills_pour": "everyone", "repertoire": "1"}
        assert client.post("/compte/profil", data=form).status_code == 303

    assert load_viewer(session, member.id).display_name == "Ariane Nouvelle"
    actions = list(session.scalars(select(AuditEntry.action)))
    assert actions.count("members.name_changed") == 1
    session.rollback()
    for path in ("/compte/profil", f"/personnes/{member.public_id}", "/repertoire"):
        page = client.get(path).text
        assert "Ariane Nouvelle" in page
        assert "Ariane Essai" not in page


@pytest.mark.parametrize("name", ["", "   ", "a" * 121, "Ariane\u200b"])
def test_what_is_no_name_is_refused_beside_its_field(
    client: FlaskClient, session: Session, name: str
) -> None:
    member = make_member(session, name="Ariane Essai", password=None)
    sign_in_as(client, session, member)
    form = {"nom": name, "skills": "Télésoins", "csrf_token": csrf(client, "/compte/profil")}

    answer = client.post("/compte/profil", data=form)

    assert answer.status_code == 422
    assert '<a href="#nom">' in answer.text
    assert "Télésoins" in answer.text
    assert load_viewer(session, member.id).display_name == "Ariane Essai"


def test_the_language_is_chosen_in_one_place(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session, password=None))

    page = client.get("/compte/profil").text

    assert 'href="/compte/preferences"' in page
    assert 'name="langue"' not in page


def test_an_end_of_line_counts_once(client: FlaskClient, session: Session) -> None:
    sign_in_as(client, session, make_member(session, password=None))
    text = "\r\n".join(["a"] * (LONGEST_VALUE // 2))
    form = {"skills": text, "csrf_token": csrf(client, "/compte/profil")}

    assert client.post("/compte/profil", data=form).status_code == 303

    kept = session.scalars(select(ProfileField)).one()
    assert (kept.key, kept.value) == (ProfileKey.SKILLS, text.replace("\r\n", "\n"))


def test_only_organisations_that_are_not_ones_own_are_offered_and_none_is_chosen(
    client: FlaskClient, session: Session
) -> None:
    mine = make_organisation(session, slug="mienne")
    make_organisation(session, slug="autre")
    sign_in_as(client, session, make_member(session, password=None, organisation=mine))

    offered = client.get("/compte/profil").text.partition('id="organisation"')[2]
    offered = offered.partition("</select>")[0]

    assert '<option value="" selected>Choisir…</option>' in offered
    assert 'value="autre"' in offered
    assert 'value="mienne"' not in offered
    answer = client.post(
        "/compte/organisation",
        data={"organisation": "", "csrf_token": csrf(client, "/compte/profil")},
    )
    assert answer.status_code == 422
    assert '<a href="#organisation">Choisissez une organisation.</a>' in answer.text


def test_leaving_an_organisation_asks_once_with_its_name(
    client: FlaskClient, session: Session
) -> None:
    mine = make_organisation(session, slug="mienne", name="CISSS Essai")
    member = make_member(session, password=None, organisation=mine)
    sign_in_as(client, session, member)
    form = {"organisation": "mienne", "csrf_token": csrf(client, "/compte/profil")}

    asked = client.post("/compte/organisation/retrait", data=form)

    assert "Ne plus faire partie de «\u00a0CISSS Essai\u00a0»?" in asked.text
    assert load_viewer(session, member.id).organisations == {mine.id}
    session.rollback()
    left = client.post("/compte/organisation/retrait", data={**form, "accord": "1"})
    assert left.status_code == 303
    assert load_viewer(session, member.id).organisations == frozenset()


def test_a_form_whose_token_is_lost_is_offered_again_and_not_to_be_shortened(
    client: FlaskClient, session: Session
) -> None:
    sign_in_as(client, session, make_member(session, password=None))

    answer = client.post(
        "/compte/profil",
        data={"skills": "Télésoins", "csrf_token": "perdu"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 400
    assert "<h1>Ce formulaire n’est plus valide</h1>" in answer.text
    assert "Raccourcissez" not in answer.text
    assert 'name="skills" value="Télésoins"' in answer.text


def test_the_answer_to_a_person_goes_to_that_person(session: Session, settings: Settings) -> None:
    jobs.bind(settings)
    skills = {ProfileKey.SKILLS: ("Télésoins", Visibility.EVERYONE)}
    reader = make_member(session, password=None)
    save_profile(session, skills, by=load_viewer(session, reader.id))
    sender = make_member(session, email="emile@exemple.ca", password=None)
    write_to(session, reader.public_id, "Bonjour", by=load_viewer(session, sender.id))
    session.commit()
    relay = _Relay()

    assert send_due(settings, transport=relay) == 1

    assert b"\r\nReply-To: emile@exemple.ca\r\n" in relay.taken[0].data
