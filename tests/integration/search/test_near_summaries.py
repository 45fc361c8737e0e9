"""What is published already near a finding of the desk, as the search engine knows it."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Role
from inters4.search.services.near import summaries_near
from inters4.veille.services.writing import begin_summary_from_nothing
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer, sign_in_as
from tests.builders.search import Shelf, make_document
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_watch

TITLE = "Des visites virtuelles en CHSLD : essai randomisé"


def near(session: Session, title: str = TITLE, language: str = "fr") -> list[str]:
    found = summaries_near(session, title, language=language, viewer=ANONYMOUS)
    return [card.key for card in found]


def test_a_summary_that_shares_two_words_that_matter_is_near(
    shelf: Shelf, session: Session
) -> None:
    make_vocabulary(session)
    session.commit()
    shelf.put(
        make_document("soir", kind="resume", title="Visites virtuelles de soir"),
        make_document("fiche", kind="fiche", title="Visites virtuelles en CHSLD"),
        make_document("seul", kind="resume", title="Visites de musées"),
        make_document("autre", kind="resume", title="Un essai randomisé en cuisine"),
    )
    shelf.index()

    assert near(session) == ["resume:soir"]
    assert near(session, "Visites") == []
    assert near(session, "OU ET ( « ") == []
    assert near(session, language="pt") == ["resume:soir"]


def test_the_desk_shows_it_and_does_without_an_index(
    client: FlaskClient, shelf: Shelf, session: Session
) -> None:
    make_vocabulary(session)
    finding = make_finding(session, make_watch(session), TITLE)
    sign_in_as(client, session, make_viewer(session, role=Role.BROKER))
    path = f"/veille/bureau/trouvailles/{finding.public_id}"
    assert client.get(path).status_code == 200

    shelf.put(make_document("soir", kind="resume", title="Visites virtuelles de soir"))
    shelf.index()

    html = client.get(path).get_data(as_text=True)
    assert "Visites virtuelles de soir" in html
    assert "résumé publié" in html


def test_a_draft_is_shown_it_too_but_itself(
    client: FlaskClient, shelf: Shelf, session: Session
) -> None:
    make_vocabulary(session)
    broker = make_viewer(session, role=Role.BROKER)
    draft = begin_summary_from_nothing(session, title=TITLE, by=broker)
    sign_in_as(client, session, broker)
    shelf.put(
        make_document("soir", kind="resume", title="Visites virtuelles de soir"),
        make_document(draft.id, kind="resume", title=TITLE),
    )
    shelf.index()

    for page in ("ecrire", "suivi"):
        html = client.get(f"/veille/resumes/{draft.slug}/{page}").get_data(as_text=True)
        assert "Visites virtuelles de soir" in html
        assert html.count("résumé publié") == 1
