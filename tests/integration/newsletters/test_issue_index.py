"""An issue in the outbox and in the index."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS
from inters4.core.outbox import BulkChangeRefused, OutboxRow
from inters4.newsletters.documents import confirm, every_id, load_document
from inters4.newsletters.exports.citations import cite
from inters4.newsletters.models import Issue, IssueItem, IssueState, ItemKind
from inters4.vocabulary.services import save_term
from tests.builders.newsletters import item, make_issue, make_newsletter
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary

HEADING = item(ItemKind.HEADING, title="À distance")
TEXT = item(ItemKind.TEXT, text="Un paragraphe.")


@pytest.fixture(autouse=True)
def _newsletter(session: Session) -> None:
    make_vocabulary(session)
    make_newsletter(session, themes=("telesante.teleconsultation",))


def queued(session: Session) -> set[tuple[str, str]]:
    rows = session.execute(select(OutboxRow.kind, OutboxRow.document_id))
    return {(row.kind, row.document_id) for row in rows}


def forget(session: Session) -> None:
    session.flush()
    session.connection().execute(delete(OutboxRow))


def _title(issue: Issue) -> None:
    issue.title = "Un autre titre"


def _opening(issue: Issue) -> None:
    issue.write("Un autre mot.")


def _item(issue: Issue) -> None:
    issue.items[0].title = "Ailleurs"


def _lost_item(issue: Issue) -> None:
    issue.items.pop()


@pytest.mark.parametrize("change", [_title, _opening, _item, _lost_item])
def test_any_change_of_an_issue_or_of_an_item_reaches_the_outbox(
    session: Session, change: Callable[[Issue], None]
) -> None:
    issue = make_issue(session, items=(HEADING, TEXT))
    forget(session)

    change(issue)
    session.flush()

    assert queued(session) == {("numero", "en-bref-1")}


def test_saving_the_same_issue_again_changes_nothing(session: Session) -> None:
    issue = make_issue(session, items=(HEADING, TEXT))
    version, numbers = issue.version, [row.id for row in issue.items]
    forget(session)

    make_issue(session, items=(HEADING, TEXT))

    assert queued(session) == set()
    assert issue.version == version
    assert [row.id for row in issue.items] == numbers


def test_an_item_that_changes_raises_the_version_of_the_issue(session: Session) -> None:
    issue = make_issue(session, items=(HEADING, TEXT))
    version = issue.version

    make_issue(session, items=(TEXT, HEADING))

    assert issue.version == version + 1


def test_the_title_of_a_newsletter_changes_the_documents_of_its_issues(session: Session) -> None:
    make_issue(session, 1)
    make_issue(session, 2)
    forget(session)

    make_newsletter(session, title="Un autre titre")

    assert queued(session) == {("numero", "en-bref-1"), ("numero", "en-bref-2")}


def test_the_name_of_a_theme_changes_the_documents_of_the_issues(session: Session) -> None:
    make_issue(session)
    forget(session)

    save_term(session, "themes", "telesante", position=0, values={"fr": "Santé à distance"})

    assert ("numero", "en-bref-1") in queued(session)


@pytest.mark.parametrize("table", [Issue, IssueItem])
def test_no_statement_goes_round_the_outbox(session: Session, table: type) -> None:
    with pytest.raises(BulkChangeRefused):
        session.execute(delete(table))


def test_the_document_of_an_issue_says_what_a_hit_shows(session: Session) -> None:
    make_practice(session)
    cited = item(ItemKind.PRACTICE, practice="visites-virtuelles", text="Un mot avant.")
    make_issue(session, items=(HEADING, cited))
    session.expire_all()

    document = load_document(session, "en-bref-1")

    assert document is not None
    assert document.key == "numero:en-bref-1"
    assert document.audience == "public"
    assert document.title == "Titre 1"
    assert document.abstract == "Description 1."
    assert document.date == date(2026, 11, 21)
    assert document.body == "Le mot d’ouverture.\nÀ distance\nUn mot avant."
    assert "Télésanté et santé numérique" in document.keywords
    assert dict(document.facets) == {"theme": ("telesante.teleconsultation",)}
    assert dict(document.fields) == {
        "newsletter": "en-bref",
        "number": "1",
        "source": "Infolettre en-bref",
    }


def test_an_issue_that_did_not_come_out_is_not_in_the_index(session: Session) -> None:
    make_issue(session, 1, state=IssueState.APPROVED)
    make_issue(session, 2)

    assert load_document(session, "en-bref-1") is None
    assert list(every_id(session)) == ["en-bref-2"]
    assert list(confirm(session, ["en-bref-1", "en-bref-2"], ANONYMOUS)) == ["en-bref-2"]
    assert list(cite(session, ["en-bref-1", "en-bref-2"], ANONYMOUS)) == ["en-bref-2"]
