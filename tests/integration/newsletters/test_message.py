"""The message of an issue: what it says, in what order, and what nobody can slip into it."""

import re

import pytest
from sqlalchemy.orm import Session

from inters4.core.mail.compose import compose
from inters4.newsletters.exports.message import (
    MessageParts,
    Places,
    assemble,
    digest,
    from_json,
    parts_of,
    to_json,
)
from inters4.newsletters.models import Issue, IssueState, ItemKind, Newsletter
from inters4.settings import Settings
from inters4.veille.models import SummaryState
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

PLACES = Places(
    unsubscribe="https://exemple.ca/infolettres/desabonnement/jeton",
    preferences="https://exemple.ca/infolettres/preferences/jeton?a=1&b=2",
    web="https://exemple.ca/infolettres/en-bref/4",
)


@pytest.fixture
def issue(session: Session) -> Issue:
    make_vocabulary(session)
    make_newsletter(session, title="InterS4 en bref")
    make_practice(session, "visites-virtuelles", themes=("ti",))
    make_summary(session, "suivi-a-domicile")
    return make_issue(
        session,
        4,
        state=IssueState.DRAFT,
        published_at=None,
        title="Loin des centres",
        opening="Voici **ce que** nous avons lu, et [une page](/pratiques).",
        items=(
            item(ItemKind.TEXT, text="Un mot de l’équipe."),
            item(ItemKind.HEADING, title="Des pratiques"),
            item(ItemKind.PRACTICE, practice="visites-virtuelles", text="À lire."),
            item(ItemKind.HEADING, title="Des articles"),
            item(ItemKind.SUMMARY, summary="suivi-a-domicile", text="À lire aussi."),
            item(ItemKind.LINK, title="Un guide", url="https://exemple.ca/guide?a=1&b=2"),
        ),
    )


def parts(session: Session, issue: Issue, settings: Settings) -> MessageParts:
    return parts_of(session, issue, settings=settings)


def test_the_message_says_every_item_in_both_forms(
    session: Session, issue: Issue, settings: Settings
) -> None:
    made = assemble(parts(session, issue, settings), places=PLACES)

    for words in ("Loin des centres", "Des pratiques", "Résumé suivi-a-domicile", "Un guide"):
        assert words in made.html
        assert words in made.text
    assert made.subject == "Loin des centres"
    assert '<html lang="fr">' in made.html
    assert "<table" not in re.sub(r"<!--.*?-->", "", made.html)


def test_the_text_keeps_the_lines_of_the_postal_address(
    session: Session, issue: Issue, settings: Settings
) -> None:
    session.get_one(
        Newsletter, "en-bref"
    ).postal_address = "Équipe de courtage\r\n1, rue des Épinettes\r\nMatane"

    made = assemble(parts(session, issue, settings), places=PLACES)

    assert "Équipe de courtage\n1, rue des Épinettes\nMatane\n" in made.text
    assert "Équipe de courtage<br>1, rue des Épinettes<br>Matane" in made.html


def test_both_forms_unsubscribe(session: Session, issue: Issue, settings: Settings) -> None:
    made = assemble(parts(session, issue, settings), places=PLACES)

    assert f'href="{PLACES.unsubscribe}"' in made.html
    assert 'href="https://exemple.ca/infolettres/preferences/jeton?a=1&amp;b=2"' in made.html
    assert f"<{PLACES.unsubscribe}>" in made.text
    assert f"<{PLACES.preferences}>" in made.text
    assert f"<{PLACES.web}>" in made.text


def test_links_are_absolute_and_numbered_by_item(
    session: Session, issue: Issue, settings: Settings
) -> None:
    found = parts(session, issue, settings)

    urls = {link.url for link in found.links}
    assert f"{settings.url}/pratiques" in urls
    assert "https://exemple.ca/guide?a=1&b=2" in urls
    guide = next(link for link in found.links if "guide" in link.url)
    assert guide.item == issue.items[-1].public_id
    made = assemble(
        found,
        places=Places(
            "https://a.ca/1", "https://a.ca/2", "https://a.ca/3", "https://c.ca/{}".format
        ),
    )
    addresses = set(re.findall(r'href="(http[^"]+)"', made.html))
    assert {one for one in addresses if one.startswith(settings.url)} == set()
    assert f"https://c.ca/{found.links.index(guide)}" in addresses


def test_each_sheet_and_summary_leads_to_its_page_and_to_what_one_thinks_of_it(
    session: Session, issue: Issue, settings: Settings
) -> None:
    found = parts(session, issue, settings)

    sheet, summary = issue.items[2].public_id, issue.items[4].public_id
    paths = {sheet: "pratiques/visites-virtuelles", summary: "veille/resumes/suivi-a-domicile"}
    for name, path in paths.items():
        page = f"{settings.url}/{path}?numero={name}"
        urls = [link.url for link in found.links if link.item == name]
        assert {page, f"{page}#reaction"} <= set(urls)


def test_a_question_without_a_page_is_answered_where_the_archive_says(
    session: Session, settings: Settings
) -> None:
    make_vocabulary(session)
    make_newsletter(session)
    issue = make_issue(
        session,
        5,
        items=(
            item(ItemKind.QUESTION, title="Qui a essayé?"),
            item(ItemKind.QUESTION, title="Où l’écrire?", url="https://exemple.ca/forum"),
        ),
    )
    here = f"{settings.url}/question?de=/infolettres/en-bref/5&numero={issue.items[0].public_id}"

    found = parts(session, issue, settings)
    made = assemble(found, places=PLACES)

    assert f'href="{here.replace("&", "&amp;")}"' in made.html
    assert here in made.text
    assert [link.item for link in found.links if link.url == here] == [issue.items[0].public_id]
    assert made.html.count("Répondre") == 2
    assert "https://exemple.ca/forum" in made.text


def test_links_stay_as_they_are_in_the_text(
    session: Session, issue: Issue, settings: Settings
) -> None:
    counted = Places("https://a.ca", "https://b.ca", "https://c.ca", "https://d.ca/{}".format)

    made = assemble(parts(session, issue, settings), places=counted)

    assert "Un guide <https://exemple.ca/guide?a=1&b=2>" in made.text


def test_the_themes_that_a_subscriber_wants_come_first(
    session: Session, issue: Issue, settings: Settings
) -> None:
    found = parts(session, issue, settings)

    made = assemble(found, wanted=("telesante",), places=PLACES)

    assert made.text.index("Des articles") < made.text.index("Des pratiques")
    summary, practice = made.text.index("Résumé suivi"), made.text.index("Fiche de pratique\u00a0:")
    assert made.text.index("Un mot de l’équipe") < summary < practice
    assert "Lire la fiche" not in made.text
    assert "Un guide" in made.text


def test_an_issue_that_touches_no_wanted_theme_is_left_whole(
    session: Session, issue: Issue, settings: Settings
) -> None:
    found = parts(session, issue, settings)

    assert assemble(found, wanted=("ailleurs",), places=PLACES) == assemble(found, places=PLACES)


def test_what_came_out_since_is_told_to_whoever_missed_it(
    session: Session, issue: Issue, settings: Settings
) -> None:
    make_issue(session, 2, title="Celui de mars")
    make_issue(session, 3, title="Celui de juin")
    found = parts(session, issue, settings)

    made = assemble(found, since=("en-bref-3",), places=PLACES)

    assert "Celui de juin" in made.text
    assert "Celui de mars" not in made.html
    assert "Parus depuis" not in assemble(found, places=PLACES).text


def test_parts_come_back_from_json_as_they_were(
    session: Session, issue: Issue, settings: Settings
) -> None:
    found = parts(session, issue, settings)

    assert from_json(to_json(found)) == found
    assert digest(from_json(to_json(found))) == digest(found)


def test_the_digest_changes_with_what_is_cited_and_not_with_earlier_issues(
    session: Session, issue: Issue, settings: Settings
) -> None:
    before = digest(parts(session, issue, settings))
    make_issue(session, 3)
    assert digest(parts(session, issue, settings)) == before

    make_summary(session, "suivi-a-domicile", hook="Une autre accroche.")

    assert digest(parts(session, issue, settings)) != before


def test_what_readers_may_not_see_is_not_in_the_message(
    session: Session, issue: Issue, settings: Settings
) -> None:
    make_summary(session, "suivi-a-domicile", state=SummaryState.RETRACTED, state_reason="Faux.")

    made = assemble(parts(session, issue, settings), places=PLACES)

    assert "Résumé suivi-a-domicile" not in made.html
    assert "Un guide" in made.html


def test_nobody_writes_a_hole(session: Session, issue: Issue, settings: Settings) -> None:
    issue.write("Le \uf8f0unsubscribe\uf8f1 de chacun, <!--cut--> et <script>x</script>.")
    issue.title = "Un <!--cut--> \uf8f0web\uf8f1 <b>titre</b>"

    made = assemble(parts(session, issue, settings), places=PLACES)

    opening = made.text.partition("Dans ce numéro")[0]
    assert PLACES.unsubscribe not in opening
    assert "<script" not in made.html
    assert "&lt;b&gt;titre" in made.html


def test_nobody_cuts_a_message_in_an_attribute(
    session: Session, issue: Issue, settings: Settings
) -> None:
    issue.write('Un [lien](https://exemple.ca "<!--cut-->{{ cut }}") et ![<!--cut-->](/x.png).')

    made = assemble(parts(session, issue, settings), places=PLACES)

    assert PLACES.unsubscribe in made.html
    assert PLACES.unsubscribe in made.text
    assert "<a href" not in made.text


def test_the_message_travels(session: Session, issue: Issue, settings: Settings) -> None:
    made = assemble(parts(session, issue, settings), places=PLACES)

    envelope = compose(
        made, recipient="lea@exemple.ca", message_id="<a@b.ca>", locale="fr", settings=settings
    )

    assert max(map(len, envelope.data.split(b"\r\n"))) <= 998
