"""Under each sheet and summary of an issue: the reaction to it, counted where it first came."""

import re

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.newsletters.models import Issue, IssueItem, IssueState, ItemKind
from inters4.newsletters.queries.born import harvests_of
from inters4.reactions.models import Answer, Reaction
from inters4.reactions.queries import Tally
from inters4.reactions.services import forget_browsers
from inters4.veille.models import Summary, SummaryState
from tests.builders.newsletters import item, make_issue, make_read_issue
from tests.builders.statements import statements
from tests.builders.web import csrf

ISSUE = "/infolettres/en-bref/1"
SUMMARY = "/veille/resumes/suivi-a-domicile"
ABOUT_SUMMARY = "/reactions/resume/suivi-a-domicile"


@pytest.fixture(autouse=True)
def _issue(database: str) -> None:
    with writing() as session:
        make_read_issue(
            session,
            item(ItemKind.LINK, title="Un guide", url="https://exemple.ca/guide"),
            item(ItemKind.TEXT, text="Un paragraphe."),
        )


def name_of(kind: ItemKind) -> str:
    with reading() as session:
        found = select(IssueItem.public_id).where(
            IssueItem.kind == kind, IssueItem.issue_id == "en-bref-1"
        )
        return session.scalars(found).one()


def counted() -> list[Tally]:
    """What the balance says of the summary, the sheet, the link, the text."""
    with reading() as session:
        issue = session.scalars(select(Issue).where(Issue.id == "en-bref-1")).one()
        return [one.reactions for one in harvests_of(session, issue)[0]]


def rows() -> list[Reaction]:
    with reading() as session:
        return list(session.scalars(select(Reaction)))


def tap(client: FlaskClient, gesture: str = "repondre", **said: str) -> str:
    """Press a button under the summary, as the page of the issue writes it; where it leads."""
    name = name_of(ItemKind.SUMMARY)
    answer = client.post(
        ABOUT_SUMMARY,
        data={
            "csrf_token": csrf(client, ISSUE),
            "geste": gesture,
            "numero": name,
            "retour": f"{ISSUE}#avis-{name}",
            **said,
        },
    )
    assert answer.status_code == 303
    return str(answer.location)


def test_what_cites_something_is_asked_about_where_it_stands(client: FlaskClient) -> None:
    html = client.get(ISSUE).get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(html)

    assert html.count('action="/reactions/resume/suivi-a-domicile"') == 4
    assert html.count('action="/reactions/fiche/visites-virtuelles"') == 4
    assert html.count("/reactions/") == 8
    for kind in (ItemKind.SUMMARY, ItemKind.PRACTICE, ItemKind.LINK):
        assert f'id="avis-{name_of(kind)}"' in html
    assert f"avis-{name_of(ItemKind.TEXT)}" not in html


def test_the_reaction_is_to_the_summary_and_shows_on_both_pages(client: FlaskClient) -> None:
    where = tap(client, reponse="yes")

    assert where == f"{ISSUE}#avis-{name_of(ItemKind.SUMMARY)}"
    (row,) = rows()
    assert (row.kind, row.document_id) == ("resume", "suivi-a-domicile")
    assert row.read_in == name_of(ItemKind.SUMMARY)
    for path in (ISSUE, SUMMARY):
        assert client.get(path).get_data(as_text=True).count('aria-pressed="true"') == 1
    assert [one.yes for one in counted()] == [1, 0, 0, 0]


def test_counts_follow_what_is_changed_repeated_added_and_taken_back(client: FlaskClient) -> None:
    tap(client, reponse="yes")
    tap(client, reponse="yes")
    tap(client, reponse="no")
    tap(client, "preciser", appris="new")
    tap(client, "signaler")
    (summary, *_others) = counted()
    assert (summary.yes, summary.no, summary.harmful) == (0, 1, 1)
    assert summary.added["learned:new"] == 1

    tap(client, "retirer")
    assert (counted()[0].no, counted()[0].harmful) == (0, 1)
    tap(client, "ne-plus-signaler")

    assert counted()[0].is_empty
    assert rows() == []


def test_a_reader_who_answered_on_the_page_of_the_summary_is_not_counted_twice(
    client: FlaskClient,
) -> None:
    token = csrf(client, SUMMARY)
    client.post(ABOUT_SUMMARY, data={"csrf_token": token, "geste": "repondre", "reponse": "yes"})

    tap(client, reponse="no")

    (row,) = rows()
    assert (row.answer, row.read_in) == (Answer.NO, "")
    assert counted()[0].is_empty


def test_the_page_that_an_item_leads_to_remembers_it(client: FlaskClient) -> None:
    name = name_of(ItemKind.SUMMARY)
    there = f"{SUMMARY}?numero={name}"
    assert f'href="{there}"' in client.get(ISSUE).get_data(as_text=True)
    html = client.get(there).get_data(as_text=True)
    assert f'name="numero" value="{name}"' in html
    assert f'value="{there}#reaction"' in html
    canonical = re.search(r'rel="canonical" href="([^"]*)"', html)
    assert canonical is not None
    assert canonical[1].endswith(SUMMARY)

    client.post(
        ABOUT_SUMMARY,
        data={
            "csrf_token": csrf(client, there),
            "geste": "repondre",
            "reponse": "not-yet",
            "numero": name,
        },
    )

    assert counted()[0].not_yet == 1


@pytest.mark.parametrize("name", ["0123456789ab", "<b>gras</b>", "x", "draft"])
def test_a_name_that_is_no_item_people_read_is_not_kept(client: FlaskClient, name: str) -> None:
    if name == "draft":
        with writing() as session:
            made = make_issue(
                session,
                2,
                state=IssueState.DRAFT,
                items=(item(ItemKind.SUMMARY, summary="suivi-a-domicile"),),
            )
            name = made.items[0].public_id
    page = client.get(SUMMARY, query_string={"numero": name}).get_data(as_text=True)
    assert "<b>gras</b>" not in page

    tap(client, reponse="yes", numero=name)

    assert [row.read_in for row in rows()] == [""]


def test_what_is_said_of_another_document_is_not_counted_under_an_item(
    client: FlaskClient,
) -> None:
    name = name_of(ItemKind.SUMMARY)
    token = csrf(client, ISSUE)
    for gesture in ("repondre", "signaler"):
        client.post(
            "/reactions/fiche/visites-virtuelles",
            data={"csrf_token": token, "geste": gesture, "reponse": "yes", "numero": name},
        )

    assert [(row.kind, row.answer, row.read_in) for row in rows()] == [("fiche", Answer.YES, "")]
    assert all(one.is_empty for one in counted())


def test_one_is_never_sent_elsewhere(client: FlaskClient) -> None:
    for back in ("https://mal.example", "//mal.example", "javascript:alert(1)"):
        assert tap(client, reponse="yes", retour=back) == f"{SUMMARY}#reaction"


def test_counts_stay_once_browsers_are_forgotten(client: FlaskClient) -> None:
    tap(client, reponse="yes")

    with writing() as session:
        forget_browsers(session, now())

    assert counted()[0].yes == 1
    assert client.get(ISSUE).get_data(as_text=True).count('aria-pressed="true"') == 0


def test_what_is_not_online_any_more_is_asked_about_no_more(client: FlaskClient) -> None:
    with writing() as session:
        session.get_one(Summary, "suivi-a-domicile").state = SummaryState.RETRACTED

    html = client.get(ISSUE).get_data(as_text=True)

    assert "/reactions/resume/" not in html
    assert "/reactions/fiche/" in html


def test_an_issue_that_did_not_leave_asks_nothing(app: Flask, session: Session) -> None:
    issue = session.get_one(Issue, "en-bref-1")
    issue.state = IssueState.DRAFT
    session.commit()

    assert app.test_client().get(ISSUE).status_code == 404


def test_a_reader_costs_one_statement_once_they_tapped_and_none_before(
    app: Flask, client: FlaskClient
) -> None:
    client.get(ISSUE)
    with statements(about="reactions") as sent:
        client.get(ISSUE)
    assert sent == []
    tap(client, reponse="yes")

    with statements(about="reactions") as sent:
        client.get(ISSUE)
    assert len(sent) == 1
    assert app.test_client().get(ISSUE).get_data(as_text=True).count('aria-pressed="true"') == 0
