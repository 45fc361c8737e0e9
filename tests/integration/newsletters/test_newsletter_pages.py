"""The newsletters, their issues and the archive of an issue, as people see them."""

import re
from datetime import UTC, datetime

import feedparser
import pytest
from flask.testing import FlaskClient

from inters4.core.access import ANONYMOUS, Grant, Role, Viewer
from inters4.core.db import reading, writing
from inters4.newsletters.models import READABLE, IssueState, ItemKind
from inters4.newsletters.queries import find_issue
from inters4.practices.models import PracticeState, RatingStatus
from inters4.veille.models import SummaryState
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.reading import read_page
from tests.builders.statements import statements
from tests.builders.veille import PARAGRAPH, make_summary
from tests.builders.vocabulary import make_vocabulary

BROKER = Viewer(member_id=1, grants=frozenset({Grant(Role.BROKER)}))
REVIEWER = Viewer(member_id=2, grants=frozenset({Grant(Role.REVIEWER)}))
ISSUE = "/infolettres/en-bref/1"
UNPUBLISHED = [state for state in IssueState if state not in READABLE]


@pytest.fixture(autouse=True)
def _newsletter(database: str) -> None:
    with writing() as session:
        make_vocabulary(session)
        make_newsletter(session, themes=("telesante",), rhythm="quatre fois par année")


def add(number: int = 1, **values: object) -> None:
    with writing() as session:
        make_issue(session, number, **values)


def add_practice(practice_id: str = "visites-virtuelles", **values: object) -> dict[str, object]:
    with writing() as session:
        make_practice(session, practice_id, **values)
    return item(ItemKind.PRACTICE, practice=practice_id, text="Un mot sur la fiche.")


def add_summary(summary_id: str = "suivi-a-domicile", **values: object) -> dict[str, object]:
    with writing() as session:
        make_summary(session, summary_id, **values)
    return item(ItemKind.SUMMARY, summary=summary_id, text="Un mot avant le résumé.")


def page(client: FlaskClient, path: str = ISSUE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.partition("<main")[2])
    return re.sub(r"[ \n]+", " ", text).replace("\u00a0", " ")


def test_an_issue_shows_its_opening_word_and_its_items(client: FlaskClient) -> None:
    link = item(ItemKind.LINK, title="Un guide", url="https://exemple.ca/guide", text="À lire.")
    heading = item(ItemKind.HEADING, title="À distance")
    add(items=(heading, add_practice(), add_summary(), link))

    html = page(client)
    text = words_of(html)

    assert "Le mot d’ <strong>ouverture</strong>" in html.replace("d’<strong>", "d’ <strong>")
    assert '<h2 id="section-1">À distance</h2>' in html
    assert "Fiche visites-virtuelles" in text
    assert "La solution. Un mot sur la fiche." in text
    assert "Une façon de faire, comparée à une autre. Un mot avant le résumé." in text
    assert PARAGRAPH in text
    assert 'href="https://exemple.ca/guide"' in html
    assert "Numéro 1" in text
    assert "21 novembre 2026" in text


def test_proposed_ratings_and_starters_are_said_beside_each_item(client: FlaskClient) -> None:
    add(items=(add_practice(), add_summary()))

    text = words_of(page(client))

    assert "Maturité : prometteuse" in text
    assert "cotes proposées, non révisées" in text
    assert "fiche de départ, non relue par l’équipe porteuse" in text
    assert "cote proposée, non révisée" in text
    assert "résumé de départ" in text


def test_reviewed_ratings_do_not_say_that_they_are_proposed(client: FlaskClient) -> None:
    reviewed = add_practice(rating_status=RatingStatus.REVIEWED, reviewers=("Une, ici", "Deux, là"))
    add(items=(reviewed,))

    assert "non révisées" not in words_of(page(client))


def test_an_archived_issue_says_that_the_portal_never_sent_it(client: FlaskClient) -> None:
    add(1)
    add(2, state=IssueState.SENT)

    said = "le portail ne l’a envoyé à personne"
    assert said in words_of(page(client))
    assert said not in words_of(page(client, "/infolettres/en-bref/2"))


def test_a_correction_is_told_at_the_top(client: FlaskClient) -> None:
    add(correction="Le nombre de milieux était faux.", opening="La suite.")

    text = words_of(page(client))

    assert text.index("Le nombre de milieux était faux.") < text.index("La suite.")


def test_a_summary_retracted_since_is_told_as_such_and_not_shown(client: FlaskClient) -> None:
    add(items=(add_summary(),))
    add_summary(state=SummaryState.RETRACTED, state_reason="Les données étaient fausses.")

    text = words_of(page(client))

    assert "ce résumé a été rétracté" in text
    assert "Les données étaient fausses." in text
    assert PARAGRAPH not in text


def test_a_summary_corrected_since_is_shown_as_it_is_now(client: FlaskClient) -> None:
    add(items=(add_summary(),))
    changed = PARAGRAPH.replace("deux façons", "trois façons")
    add_summary(
        state=SummaryState.CORRECTED, state_reason="Un chiffre a changé.", paragraph=changed
    )

    text = words_of(page(client))

    assert "Ce résumé a été corrigé" in text
    assert "Un chiffre a changé." in text
    assert changed in text


def test_a_sheet_withdrawn_since_says_so(client: FlaskClient) -> None:
    add(items=(add_practice(),))
    add_practice(state=PracticeState.WITHDRAWN, state_reason="Le service a fermé.")

    text = words_of(page(client))

    assert "cette fiche a été retirée" in text
    assert "Le service a fermé." in text
    assert "La solution." not in text


def test_what_is_not_public_is_not_named(client: FlaskClient) -> None:
    hidden_sheet = add_practice(state=PracticeState.DRAFTING)
    hidden_summary = add_summary(state=SummaryState.DRAFT)
    add(items=(hidden_sheet, hidden_summary))

    text = words_of(page(client))

    assert "Fiche visites-virtuelles" not in text
    assert "Résumé suivi-a-domicile" not in text
    assert "elle n’est pas en ligne en ce moment" in text
    assert "il n’est pas en ligne en ce moment" in text


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_an_issue_that_did_not_come_out_is_nowhere(client: FlaskClient, state: IssueState) -> None:
    add(state=state)
    add_practice()

    assert client.get(ISSUE).status_code == 404
    assert client.get(f"{ISSUE}/citation.ris").status_code == 404
    for path in ("/infolettres", "/infolettres/en-bref", "/infolettres/en-bref/flux.atom"):
        assert "Titre 1" not in page(client, path)


@pytest.mark.parametrize(
    ("viewer", "sees"), [(ANONYMOUS, False), (REVIEWER, False), (BROKER, True)]
)
def test_only_the_brokering_team_sees_a_draft(viewer: Viewer, sees: bool) -> None:
    add(state=IssueState.DRAFT)

    with reading() as session:
        found = find_issue(session, "en-bref", 1, viewer=viewer)

    assert (found is not None) is sees


@pytest.mark.parametrize("path", ["/infolettres/rien", "/infolettres/rien/1", ISSUE, f"{ISSUE}x"])
def test_what_does_not_exist_is_a_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_neighbours_are_those_that_came_out(client: FlaskClient) -> None:
    for number, state in ((1, "archived"), (2, "draft"), (3, "sent"), (4, "archived")):
        add(number, state=IssueState(state))

    html = page(client, "/infolettres/en-bref/3")

    assert re.search(r'rel="prev" href="/infolettres/en-bref/1"', html)
    assert re.search(r'rel="next" href="/infolettres/en-bref/4"', html)
    assert 'rel="prev"' not in page(client)


def test_the_list_is_latest_first_and_twenty_a_page(client: FlaskClient) -> None:
    for number in range(1, 24):
        add(number, published_at=datetime(2026, 1, number, tzinfo=UTC))

    first = page(client, "/infolettres/en-bref")
    second = page(client, "/infolettres/en-bref?page=2")

    links = r'class="hit-title">\s*<a href="/infolettres/en-bref/(\d+)"'
    assert re.findall(links, first) == [str(number) for number in range(23, 3, -1)]
    assert re.findall(links, second) == ["3", "2", "1"]
    assert "23 numéros" in words_of(first)


@pytest.mark.parametrize("number", ["0", "-3", "99999999999999999999", "x"])
def test_a_page_that_does_not_exist_is_the_nearest(client: FlaskClient, number: str) -> None:
    add()

    assert "Titre 1" in page(client, f"/infolettres/en-bref?page={number}")


def test_the_shelves_show_the_latest_issues_of_each_newsletter(client: FlaskClient) -> None:
    with writing() as session:
        make_newsletter(session, "autre")
    for number in range(1, 6):
        add(number, published_at=datetime(2026, 1, number, tzinfo=UTC))
    add(1, newsletter="autre", title="Ailleurs")

    html = page(client, "/infolettres")

    assert re.findall(r'hit-title">\s*<a href="/infolettres/([^"]+)"', html) == [
        "autre/1",
        "en-bref/5",
        "en-bref/4",
        "en-bref/3",
    ]
    assert "5 numéros" in words_of(html)
    assert "Tous les numéros de Infolettre en-bref" in words_of(html)


def test_nothing_yet_is_said(client: FlaskClient) -> None:
    assert "Aucun numéro n’est encore paru" in words_of(page(client, "/infolettres"))
    assert "Aucun numéro n’est encore paru" in words_of(page(client, "/infolettres/en-bref"))


def test_lists_cost_the_same_statements_whatever_their_length(client: FlaskClient) -> None:
    add(1)
    for path, count in (("/infolettres", 3), ("/infolettres/en-bref", 4)):
        client.get(path)
        with statements() as found:
            client.get(path)
        assert len(found) == count, found
    with writing() as session:
        make_newsletter(session, "autre")
    for number in range(2, 20):
        add(number)
        add(number, newsletter="autre")
    for path, count in (("/infolettres", 3), ("/infolettres/en-bref", 4)):
        with statements() as found:
            client.get(path)
        assert len(found) == count, found


def test_an_issue_costs_a_fixed_number_of_statements(client: FlaskClient) -> None:
    organisations = ({"id": "", "name": "Un milieu"},)
    cited = [add_practice(f"p{number}", organisations=organisations) for number in range(5)]
    cited += [add_summary(f"s{number}") for number in range(5)]
    add(items=(cited[0], cited[-1]))
    add(2, items=tuple(cited))
    client.get("/pratiques")

    for path in (ISSUE, "/infolettres/en-bref/2"):
        with statements() as found:
            page(client, path)
        with statements() as again:
            page(client, path)
        assert len(found) == 11, found
        assert len(again) == 8, again


def test_the_feed_tells_of_the_issues_that_came_out(client: FlaskClient) -> None:
    add(1, published_at=datetime(2026, 1, 1, tzinfo=UTC))
    add(2, published_at=datetime(2026, 2, 1, tzinfo=UTC), title="<b>Titre</b> & compagnie")

    answer = client.get("/infolettres/en-bref/flux.atom")
    feed = feedparser.parse(answer.get_data())

    assert answer.mimetype == "application/atom+xml"
    assert not feed.bozo
    assert [entry.link.partition("/infolettres")[2] for entry in feed.entries] == [
        "/en-bref/2",
        "/en-bref/1",
    ]
    assert feed.entries[1].title.replace("\u00a0", " ") == "Numéro 1 : Titre 1"
    assert "<strong>ouverture</strong>" in feed.entries[1].summary
    assert feed.entries[1].id.endswith(":numero/en-bref-1")


def test_a_feed_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    add()
    etag = client.get("/infolettres/en-bref/flux.atom").headers["ETag"]

    again = client.get("/infolettres/en-bref/flux.atom", headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert not again.get_data()


def test_an_issue_is_cited_in_the_usual_formats(client: FlaskClient) -> None:
    add()

    ris = page(client, f"{ISSUE}/citation.ris")
    bib = page(client, f"{ISSUE}/citation.bib")
    html = page(client)

    assert "TY  - MGZN" in ris
    assert "Titre 1" in ris
    assert "/infolettres/en-bref/1" in ris
    assert "@article{" in bib
    assert '<meta name="citation_title" content="Titre 1">' in html
    assert "Infolettre en-bref" in html.partition("cite-text")[2].partition("</p>")[0]
    assert client.get(f"{ISSUE}/citation.doc").status_code == 404


def test_a_sheet_and_a_summary_say_which_issues_cite_them(client: FlaskClient) -> None:
    add(1, items=(add_practice(), add_summary()))
    add(2, items=(add_practice(),), state=IssueState.DRAFT)

    for path in ("/pratiques/visites-virtuelles", "/veille/resumes/suivi-a-domicile"):
        html = page(client, path)
        assert "Cité dans l’infolettre" in words_of(html)
        assert 'href="/infolettres/en-bref/1"' in html
        assert 'href="/infolettres/en-bref/2"' not in html


def test_what_no_issue_cites_says_nothing(client: FlaskClient) -> None:
    add_practice()

    assert "Cité dans" not in page(client, "/pratiques/visites-virtuelles")


def test_text_typed_by_people_is_escaped(client: FlaskClient) -> None:
    bad = "<script>alert(1)</script>"
    add(
        title=bad,
        description=bad,
        correction=bad,
        opening=bad,
        items=(item(ItemKind.HEADING, title=bad), item(ItemKind.TEXT, text=bad)),
    )

    for path in (ISSUE, "/infolettres", "/infolettres/en-bref"):
        assert "<script>alert" not in page(client, path)


def test_every_page_is_whole_and_in_good_french(client: FlaskClient) -> None:
    heading = item(ItemKind.HEADING, title="À distance")
    retracted = add_summary("ailleurs")
    add_summary("ailleurs", state=SummaryState.RETRACTED, state_reason="Faux.")
    add(1, items=(heading, add_practice(), heading, add_summary(), retracted))
    add(2, correction="Une erreur.")

    for path in (ISSUE, "/infolettres/en-bref/2", "/infolettres", "/infolettres/en-bref"):
        read = read_page(page(client, path), address=path)
        assert read.errors == []
        assert read.faults == []
        assert read.duplicate_ids == []
        assert read.titles == 1


def test_an_english_reader_is_told_which_words_are_in_french(client: FlaskClient) -> None:
    add(items=(add_practice(),))

    html = page(client, f"{ISSUE}?lang=en")

    assert '<h1 lang="fr">Titre 1</h1>' in html
    assert '<div lang="fr"><p>Un mot sur la fiche.</p></div>' in html.replace("\n", "")


@pytest.mark.parametrize("kind", [ItemKind.EVENT, ItemKind.QUESTION, ItemKind.LINK])
def test_the_archive_says_what_the_message_said(client: FlaskClient, kind: ItemKind) -> None:
    address = "https://exemple.ca/rencontre"
    add(items=(item(kind, title="Une rencontre", text="Jeudi.", url=address),))

    html = page(client, ISSUE)

    assert f'<a href="{address}" rel="noopener">Une rencontre</a>' in html
    assert "Jeudi." in html
