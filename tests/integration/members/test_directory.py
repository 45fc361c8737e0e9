"""`/repertoire` by pages, and who sees where people work."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.members.models import (
    DirectoryListing,
    Member,
    MemberOrganisation,
    Organisation,
    ProfileField,
    ProfileKey,
    Visibility,
)
from inters4.members.queries import load_viewer
from inters4.members.services.profiles import save_profile
from tests.builders.members import make_member, make_organisation, sign_in_as
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary
from tests.builders.web import csrf


@pytest.fixture
def hospital(session: Session) -> Organisation:
    make_vocabulary(session)
    return make_organisation(session, name="Hôpital du Fleuve")


def someone(
    session: Session,
    name: str,
    organisation: Organisation | None,
    **said: tuple[str, Visibility],
) -> Member:
    """Listed in the directory, saying `said`."""
    member = make_member(session, name=name, password=None, organisation=organisation)
    session.add(DirectoryListing(member_id=member.id))
    session.add_all(
        ProfileField(member_id=member.id, key=ProfileKey(key), value=value, visibility=visibility)
        for key, (value, visibility) in said.items()
    )
    session.flush()
    return member


def skilled(visibility: Visibility = Visibility.EVERYONE) -> dict[str, tuple[str, Visibility]]:
    return {"skills": ("Télésoins", visibility)}


def test_the_directory_has_pages_that_keep_what_was_asked(
    client: FlaskClient, session: Session, hospital: Organisation
) -> None:
    for number in range(45):
        region = ("rss01", Visibility.EVERYONE)
        someone(session, f"Personne {number:02}", hospital, **skilled(), region=region)
    session.commit()

    first = client.get("/repertoire?q=telesoins&region=rss01").text
    last = client.get("/repertoire?q=telesoins&region=rss01&page=99").text

    assert "45 personnes" in first
    assert "Personne 19" in first
    assert "Personne 20" not in first
    assert "/repertoire?q=telesoins&amp;region=rss01&amp;page=2" in first
    assert "Page 3 de 3" in last
    assert "Personne 44" in last


@pytest.mark.parametrize("asked", ["", "?q=telesoins", "?q=fleuve&region=rss01"])
def test_a_page_of_the_directory_costs_the_same_however_many_people(
    client: FlaskClient, session: Session, hospital: Organisation, asked: str
) -> None:
    seen = {"organisations": ("", Visibility.EVERYONE), "region": ("rss01", Visibility.EVERYONE)}
    costs = []
    someone(session, "Première", hospital, **skilled(), **seen)
    session.commit()
    client.get(f"/repertoire{asked}")
    for _round in range(2):
        for number in range(25):
            someone(session, f"Personne {number}", hospital, **skilled(), **seen)
        session.commit()
        with statements(about="member") as found:
            assert "Personne" in client.get(f"/repertoire{asked}").text
        costs.append(len(found))

    assert costs == ([5, 5] if asked else [3, 3])


def test_where_people_work_is_seen_by_nobody_unless_they_say_so(
    client: FlaskClient, session: Session, hospital: Organisation
) -> None:
    person = someone(session, "Ariane Fleuve", hospital, **skilled())
    colleague = make_member(session, password=None, organisation=hospital)
    sign_in_as(client, session, colleague)
    path = f"/personnes/{person.public_id}"

    assert "Hôpital du Fleuve" not in client.get(path).text
    assert "Ariane Fleuve" not in client.get("/repertoire?q=hopital").text
    assert "Ariane Fleuve" in client.get("/repertoire?q=ariane").text


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        (Visibility.ORGANISATION, {"colleague"}),
        (Visibility.MEMBERS, {"colleague", "member"}),
        (Visibility.EVERYONE, {"colleague", "member", "visitor"}),
    ],
)
def test_an_organisation_is_seen_by_those_one_chose(
    client: FlaskClient,
    session: Session,
    hospital: Organisation,
    visibility: Visibility,
    seen_by: set[str],
) -> None:
    person = someone(
        session, "Ariane Fleuve", hospital, **skilled(), organisations=("", visibility)
    )
    readers = {
        "colleague": make_member(session, password=None, organisation=hospital),
        "member": make_member(session, password=None),
    }
    session.commit()
    path = f"/personnes/{person.public_id}"
    found = {"visitor"} if "Hôpital du Fleuve" in client.get(path).text else set()
    for name, reader in readers.items():
        sign_in_as(client, session, reader)
        if "Hôpital du Fleuve" in client.get(path).text:
            found.add(name)
        assert ("Ariane Fleuve" in client.get("/repertoire?q=fleuve+hopital").text) is (
            name in seen_by
        )

    assert found == seen_by


def test_ones_own_card_and_page_show_what_others_see(
    client: FlaskClient, session: Session, hospital: Organisation
) -> None:
    person = someone(
        session,
        "Ariane Fleuve",
        hospital,
        **skilled(Visibility.MEMBERS),
        function=("Infirmière pivot", Visibility.NOBODY),
    )
    sign_in_as(client, session, person)

    for path in ("/repertoire", f"/personnes/{person.public_id}"):
        page = client.get(path).text
        assert "Télésoins" in page
        assert "Infirmière pivot" not in page
        assert "Hôpital du Fleuve" not in page


def test_ones_own_page_opens_to_oneself_while_nobody_else_sees_anything(
    client: FlaskClient, session: Session, hospital: Organisation
) -> None:
    person = someone(session, "Ariane Fleuve", hospital, **skilled(Visibility.NOBODY))
    sign_in_as(client, session, person)

    page = client.get(f"/personnes/{person.public_id}").text

    assert "Rien n’est dit encore." in page
    assert "Voici ce que les autres voient de vous" in page
    assert "/message" not in page


def test_an_organisation_not_confirmed_shows_neither_itself_nor_a_page(
    client: FlaskClient, session: Session, hospital: Organisation
) -> None:
    person = someone(session, "Ariane Fleuve", None, organisations=("", Visibility.EVERYONE))
    link = MemberOrganisation(member_id=person.id, organisation_id=hospital.id)
    session.add(link)
    session.commit()
    path = f"/personnes/{person.public_id}"
    assert client.get(path).status_code == 404

    link.confirmed_at = now()
    session.commit()
    assert "Hôpital du Fleuve" in client.get(path).text


def test_who_sees_ones_organisations_is_chosen_in_the_profile(
    client: FlaskClient, session: Session, hospital: Organisation
) -> None:
    person = make_member(session, password=None, organisation=hospital)
    sign_in_as(client, session, person)
    token = csrf(client, "/compte/profil")

    def choose(visibility: str) -> str:
        data = {"csrf_token": token, "organisations_pour": visibility}
        assert client.post("/compte/profil", data=data).status_code == 303
        return client.get("/compte/profil").text

    assert '<option value="members" selected>' in choose("members")
    row = session.get(ProfileField, (person.id, ProfileKey.ORGANISATIONS))
    assert row is not None
    assert (row.value, row.visibility) == ("", Visibility.MEMBERS)
    session.rollback()
    choose("nobody")
    session.expire_all()
    assert session.get(ProfileField, (person.id, ProfileKey.ORGANISATIONS)) is None


def test_words_given_for_organisations_are_never_kept(session: Session) -> None:
    person = make_member(session, password=None)
    said = {ProfileKey.ORGANISATIONS: ("Ailleurs", Visibility.EVERYONE)}
    save_profile(session, said, by=load_viewer(session, person.id))

    assert session.get_one(ProfileField, (person.id, ProfileKey.ORGANISATIONS)).value == ""
