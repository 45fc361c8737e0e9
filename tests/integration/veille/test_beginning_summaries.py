"""A summary begun: once an article, filled with its reference, never with its abstract."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inters4.core import db
from inters4.core.access import Role
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.veille.models import (
    Act,
    Finding,
    FindingAct,
    FindingState,
    OpenAccess,
    Origin,
    Summary,
    SummaryState,
    SummaryStep,
)
from inters4.veille.services.writing import begin_summary, begin_summary_from_nothing
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_watch

ABSTRACT = "Un résumé d’auteur, que seule l’équipe lit."


def test_a_draft_takes_the_reference_of_the_finding_and_never_its_abstract(
    session: Session,
) -> None:
    make_vocabulary(session)
    broker = make_viewer(session, role=Role.BROKER)
    finding = make_finding(
        session,
        make_watch(session),
        "Following people at home",
        themes=("telesante.teleconsultation",),
        authors=["Ariane Essai"],
        journal="BMC Exemple",
        year=2024,
        doi="10.1234/suivi",
        language="en",
        country="ca",
        abstract=ABSTRACT,
        open_access=OpenAccess.YES,
    )

    summary = begin_summary(session, finding, by=broker)

    assert summary.state is SummaryState.DRAFT
    assert summary.origin is Origin.WRITTEN
    assert summary.writer_id == broker.member_id
    assert (summary.article_title, summary.authors) == (
        "Following people at home",
        ["Ariane Essai"],
    )
    assert (summary.journal, summary.year, summary.doi) == ("BMC Exemple", 2024, "10.1234/suivi")
    assert summary.url == "https://doi.org/10.1234/suivi"
    assert (summary.open_access, summary.country) == (OpenAccess.YES, "Canada")
    assert summary.terms_of("themes") == ["telesante.teleconsultation"]
    written = " ".join(str(getattr(summary, column.key)) for column in Summary.__table__.columns)
    assert ABSTRACT not in written
    assert summary.source == ""


def test_the_finding_says_that_it_is_summarised_and_by_whom(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)
    finding = make_finding(session, make_watch(session))

    summary = begin_summary(session, finding, by=broker)

    assert (finding.state, finding.summary_id) == (FindingState.SUMMARISED, summary.id)
    assert finding.owner_id == broker.member_id
    act = session.scalars(select(FindingAct)).one()
    assert (act.act, act.by_id, act.before["state"]) == (Act.SUMMARISE, broker.member_id, "new")
    step = session.scalars(select(SummaryStep)).one()
    assert (step.before, step.after, step.by_id) == (None, SummaryState.DRAFT, broker.member_id)


def test_a_finding_already_summarised_gives_its_summary(session: Session) -> None:
    finding = make_finding(session, make_watch(session))
    first = begin_summary(session, finding, by=make_viewer(session, role=Role.BROKER))

    again = begin_summary(session, finding, by=make_viewer(session, role=Role.BROKER))

    assert again.id == first.id
    assert session.scalar(select(func.count()).select_from(Summary)) == 1


def test_an_article_that_a_published_summary_tells_is_not_summarised_twice(
    session: Session,
) -> None:
    make_vocabulary(session)
    make_summary(session, doi="10.1234/Connu")
    finding = make_finding(session, make_watch(session), doi="10.1234/connu")

    summary = begin_summary(session, finding, by=make_viewer(session, role=Role.BROKER))

    assert summary.id == "suivi-a-domicile"
    assert finding.summary_id == "suivi-a-domicile"


def test_what_a_colleague_holds_is_theirs_to_summarise(session: Session) -> None:
    finding = make_finding(session, make_watch(session))
    finding.owner_id = make_viewer(session, role=Role.BROKER).member_id

    with pytest.raises(Conflict):
        begin_summary(session, finding, by=make_viewer(session, role=Role.BROKER))


def test_for_whoever_is_not_of_the_team_there_is_nothing_to_begin(session: Session) -> None:
    finding = make_finding(session, make_watch(session))

    with pytest.raises(NotFound):
        begin_summary(session, finding, by=make_viewer(session, role=Role.REVIEWER))
    with pytest.raises(NotFound):
        begin_summary_from_nothing(session, title="Un article", by=make_viewer(session))


def test_two_articles_of_one_title_have_two_addresses(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)

    first = begin_summary_from_nothing(session, title="Éditorial", doi="10.1234/a", by=broker)
    second = begin_summary_from_nothing(session, title="Éditorial", doi="10.1234/b", by=broker)
    reserved = begin_summary_from_nothing(session, title="Nouveau", by=broker)

    assert first.slug == "editorial"
    assert second.slug.startswith("editorial-")
    assert reserved.slug.startswith("nouveau-")


def test_a_button_pressed_twice_begins_one_summary(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)

    first = begin_summary_from_nothing(session, title="Un rapport", by=broker)
    second = begin_summary_from_nothing(session, title=" Un  rapport ", by=broker)

    assert first.id == second.id


def test_an_article_told_already_leads_to_its_summary(session: Session) -> None:
    make_vocabulary(session)
    make_summary(session, doi="10.1234/connu")
    broker = make_viewer(session, role=Role.BROKER)

    with pytest.raises(Conflict) as refusal:
        begin_summary_from_nothing(
            session, title="Autre titre", doi="https://doi.org/10.1234/CONNU", by=broker
        )

    assert refusal.value.about == "suivi-a-domicile"


@pytest.mark.parametrize(
    ("title", "doi", "about"),
    [("", "", "titre"), ("a" * 501, "", "titre"), ("Un article", "pas un doi", "doi")],
)
def test_a_title_or_doi_that_cannot_be_is_told(
    session: Session, title: str, doi: str, about: str
) -> None:
    broker = make_viewer(session, role=Role.BROKER)

    with pytest.raises(DomainError) as refusal:
        begin_summary_from_nothing(session, title=title, doi=doi, by=broker)

    assert refusal.value.about == about


@pytest.mark.usefixtures("database")
def test_four_people_who_begin_at_once_get_one_summary() -> None:
    with db.writing() as session:
        brokers = [make_viewer(session, role=Role.BROKER) for _ in range(4)]
        finding = make_finding(session, make_watch(session))

    def begin(place: int) -> str:
        with db.writing() as session:
            try:
                return begin_summary(
                    session, session.get_one(Finding, finding.id), by=brokers[place]
                ).id
            except Conflict:
                return ""

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(begin, range(4)))

    with db.reading() as session:
        held = session.scalars(select(Summary.id)).all()
    assert found == set(held)
    assert len(held) == 1


@pytest.mark.usefixtures("database")
def test_two_articles_of_one_title_begun_at_once_are_two_summaries() -> None:
    with db.writing() as session:
        broker = make_viewer(session, role=Role.BROKER)
        watch = make_watch(session)
        findings = [make_finding(session, watch, "Éditorial").id for _ in range(3)]

    def begin(finding_id: int) -> str:
        with db.writing() as session:
            return begin_summary(session, session.get_one(Finding, finding_id), by=broker).id

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(begin, findings))

    assert len(set(found)) == len(findings)
