"""« Déjà connu ? »: nobody summarises an article twice without having been told."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.veille.models import Summary, SummaryState
from inters4.veille.queries.alike import told_already, told_of_draft
from inters4.veille.services.writing import Twin, begin_summary, begin_summary_from_nothing
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_watch
from tests.builders.web import csrf

TITLE = "Téléconsultation auprès des personnes aînées : une étude qualitative"
NEARLY = "TÉLÉCONSULTATION auprès de personnes aînées - étude qualitative."
NEAR = "Téléconsultation auprès des personnes aînées : un essai"
FAR = "Une étude qualitative des urgences rurales"


@pytest.fixture
def broker(session: Session) -> Viewer:
    make_vocabulary(session)
    return make_viewer(session, role=Role.BROKER)


def known(session: Session, **values: Any) -> Summary:
    given: dict[str, Any] = {"article_title": TITLE, "doi": "10.1234/connu", **values}
    return make_summary(session, **given)


@pytest.mark.parametrize(
    ("title", "twin", "near"), [(NEARLY, True, True), (NEAR, False, True), (FAR, False, False)]
)
@pytest.mark.parametrize("state", [SummaryState.PUBLISHED, SummaryState.DRAFT])
@pytest.mark.usefixtures("broker")
def test_titles_are_compared_with_those_of_summaries_in_any_state(
    session: Session, state: SummaryState, title: str, twin: bool, near: bool
) -> None:
    summary = known(session, state=state)

    told = told_already(session, (title,))

    assert (told.twin is summary, summary in told.near, told.same) == (twin, near, [])


@pytest.mark.usefixtures("broker")
def test_the_title_of_the_summary_counts_as_that_of_the_article(session: Session) -> None:
    summary = known(session, title=NEARLY, article_title="An English title")

    assert told_already(session, (TITLE,)).twin is summary


def test_a_finding_of_nearly_the_title_of_a_summary_is_begun_knowingly(
    session: Session, broker: Viewer
) -> None:
    summary = known(session)
    finding = make_finding(session, make_watch(session), NEARLY)

    with pytest.raises(Twin) as refusal:
        begin_summary(session, finding, by=broker)
    assert refusal.value.about == summary.slug
    assert summary.title in refusal.value.message

    assert begin_summary(session, finding, by=broker, despite=summary.slug).id != summary.id


def test_a_title_typed_is_compared_too(session: Session, broker: Viewer) -> None:
    summary = known(session)

    with pytest.raises(Twin):
        begin_summary_from_nothing(session, title=NEARLY, by=broker)

    begun = begin_summary_from_nothing(session, title=NEARLY, by=broker, despite=summary.slug)
    assert begun.id != summary.id


def test_a_draft_given_up_is_no_twin(session: Session, broker: Viewer) -> None:
    known(session, state=SummaryState.DRAFT, published_at=None).state = SummaryState.ARCHIVED
    finding = make_finding(session, make_watch(session), TITLE)

    assert begin_summary(session, finding, by=broker).article_title == TITLE


@pytest.mark.usefixtures("broker")
def test_a_summary_and_its_translation_are_of_one_article(session: Session) -> None:
    summary = known(session)
    other = known(session, summary_id="home", language="en", translation_of=summary.id)

    for one in (summary, other):
        told = told_of_draft(session, one)
        assert (told.same, told.near) == ([], [])


# ---- on the pages ----


@pytest.fixture
def browser(client: FlaskClient, session: Session, broker: Viewer) -> FlaskClient:
    sign_in_as(client, session, broker)
    return client


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2])))


def test_the_desk_names_the_twin_and_asks_before_another_is_begun(
    browser: FlaskClient, session: Session
) -> None:
    known(session, title="Parler à distance")
    finding = make_finding(session, make_watch(session), NEARLY)
    session.commit()
    page = f"/veille/bureau/trouvailles/{finding.public_id}"
    data = {"csrf_token": csrf(browser, page), "ici": page}

    shown = words_of(browser.get(page).text)
    refused = browser.post(f"{page}/resume", data=data)
    asked = browser.get(page).text
    begun = browser.post(f"{page}/resume", data={**data, "sachant": "suivi-a-domicile"})

    assert "Parler à distance Un résumé semble raconter le même article : publié." in shown
    assert (refused.status_code, refused.location) == (303, page)
    assert 'name="sachant" value="suivi-a-domicile"' in asked
    assert begun.location.endswith("/ecrire")


def test_the_page_of_a_new_summary_asks_once(browser: FlaskClient, session: Session) -> None:
    known(session, title="Parler à distance")
    session.commit()
    path = "/veille/resumes/nouveau"
    data = {"csrf_token": csrf(browser, path), "titre": NEARLY}

    refused = browser.post(path, data=data)
    begun = browser.post(path, data={**data, "sachant": "suivi-a-domicile"})

    assert refused.status_code == 409
    assert "« Parler à distance »" in words_of(refused.text)
    assert 'href="/veille/resumes/suivi-a-domicile/suivi"' in refused.text
    assert NEARLY in refused.text
    assert begun.location.endswith("/ecrire")


@pytest.mark.parametrize("field", ["doi", "pmid"])
def test_while_one_writes_a_number_that_a_summary_has_is_told(
    browser: FlaskClient, session: Session, broker: Viewer, field: str
) -> None:
    known(session, title="Parler à distance", pmid="12345")
    draft = begin_summary_from_nothing(session, title="Un autre article", by=broker)
    slug = draft.slug
    session.commit()
    path = f"/veille/resumes/{slug}"
    assert "Déjà connu?" not in browser.get(f"{path}/ecrire").text

    row = session.scalars(select(Summary).where(Summary.slug == slug)).one()
    setattr(row, field, {"doi": "10.1234/CONNU", "pmid": "12345"}[field])
    session.commit()

    for page in ("ecrire", "suivi"):
        text = words_of(browser.get(f"{path}/{page}").text)
        assert "Parler à distance Un autre résumé raconte cet article : publié." in text


def test_while_one_writes_a_title_that_is_near_is_told(
    browser: FlaskClient, session: Session, broker: Viewer
) -> None:
    known(session, title="Parler à distance")
    known(session, summary_id="loin", title="Parler de loin", article_title=NEAR, doi="10.1234/2")
    draft = begin_summary_from_nothing(session, title=NEARLY, by=broker, despite="suivi-a-domicile")
    slug = draft.slug
    session.commit()

    for page in ("ecrire", "suivi"):
        text = words_of(browser.get(f"/veille/resumes/{slug}/{page}").text)
        assert "Parler à distance Un résumé semble raconter le même article : publié." in text
        assert "Parler de loin Un résumé au titre proche : publié." in text
