"""Findings in the database: one however often it is seen, none that comes back from the dead."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from inters4.veille.models import (
    DiscardReason,
    Finding,
    FindingKey,
    FindingRule,
    FindingState,
    FindingTheme,
    KeyKind,
    RuleAct,
    Sighting,
    Source,
    SourceTheme,
    Watch,
)
from inters4.veille.services.collecting import Collected, take_in
from inters4.veille.services.entries import Entry
from tests.builders.statements import statements
from tests.builders.watches import TITLE, make_entry, make_source, make_watch

AT = datetime(2026, 11, 22, 15, tzinfo=UTC)
LATER = AT + timedelta(hours=2)


@pytest.fixture
def watch(session: Session) -> Watch:
    return make_watch(session)


@pytest.fixture
def source(session: Session, watch: Watch) -> Source:
    return make_source(session, watch)


@pytest.fixture
def other(session: Session, watch: Watch) -> Source:
    return make_source(session, watch, name="Une autre", url="https://autre.example/flux")


def bring(session: Session, source: Source, *entries: Entry, at: datetime = AT) -> Collected:
    return take_in(session, entries, source=source, at=at)


def findings(session: Session) -> Sequence[Finding]:
    session.expire_all()
    return session.scalars(select(Finding).order_by(Finding.id)).all()


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_article_becomes_a_finding_with_what_was_said_of_it(
    session: Session, source: Source
) -> None:
    collected = bring(
        session,
        source,
        make_entry(
            authors=("Tremblay M", "Roy J"),
            journal="Une revue",
            published_on=date(2026, 11, 20),
            doi="https://doi.org/10.1234/ABC.5",
            url="https://revue.example/5?utm_source=rss#haut",
            guid="g5",
            language="fr-CA",
            abstract="<p>Deux groupes.</p>",
        ),
    )

    [finding] = findings(session)
    assert collected == Collected(new=(finding.id,))
    assert (finding.state, finding.watch_id) == (FindingState.NEW, source.watch_id)
    assert (finding.doi, finding.url) == ("10.1234/abc.5", "https://revue.example/5")
    assert (finding.authors, finding.year) == (["Tremblay M", "Roy J"], 2026)
    assert (finding.language, finding.abstract) == ("fr", "Deux groupes.")
    assert (finding.first_seen_at, finding.version) == (AT, 1)
    assert finding.search_text.startswith("un suivi a domicile des personnes ainees essai")
    assert finding.search_text.endswith("10.1234/abc.5")
    kinds = set(session.scalars(select(FindingKey.kind)))
    assert kinds == {KeyKind.DOI, KeyKind.URL, KeyKind.GUID, KeyKind.LIKENESS}


def test_the_same_feed_read_twice_changes_nothing_but_the_date(
    session: Session, source: Source
) -> None:
    entry = make_entry(doi="10.1234/a", guid="g")
    bring(session, source, entry)
    before = findings(session)[0].updated_at

    collected = bring(session, source, entry, at=LATER)

    [finding] = findings(session)
    assert collected == Collected(seen=1)
    assert (finding.last_seen_at, finding.updated_at) == (LATER, before)
    assert count(session, Sighting) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (make_entry("Un", doi="10.1234/a"), make_entry("One", doi="doi:10.1234/A.")),
        (make_entry("Un", pmid="12"), make_entry("One", pmid="PMID: 12")),
        (
            make_entry("Un", url="http://www.revue.example/a/?utm_medium=x"),
            make_entry("One", url="https://revue.example/a#b"),
        ),
    ],
)
def test_two_sources_show_one_finding(
    session: Session, source: Source, other: Source, first: Entry, second: Entry
) -> None:
    bring(session, source, first)

    collected = bring(session, other, second, at=LATER)

    assert collected == Collected(seen=1)
    assert [finding.title for finding in findings(session)] == ["Un"]
    assert count(session, Sighting) == 2


def test_a_guid_counts_in_its_own_source_only(
    session: Session, source: Source, other: Source
) -> None:
    bring(session, source, make_entry("Un article", guid="1"))

    assert bring(session, source, make_entry("Le même, corrigé", guid="1")).seen == 1
    assert len(bring(session, other, make_entry("Autre chose", guid="1")).new) == 1


def test_a_guid_given_to_several_entries_counts_with_their_address(
    session: Session, source: Source
) -> None:
    entries = [
        make_entry(f"Article numéro {number}", guid="0", url=f"https://revue.example/{number}")
        for number in range(3)
    ]

    assert len(bring(session, source, *entries).new) == 3
    assert bring(session, source, *entries).seen == 3


def test_an_address_given_to_several_articles_names_none(session: Session, source: Source) -> None:
    entries = [
        make_entry(f"Article numéro {number}", guid=f"g{number}", url="https://revue.example/num")
        for number in range(3)
    ]

    assert len(bring(session, source, *entries).new) == 3
    assert bring(session, source, *entries).seen == 3


@pytest.mark.parametrize(
    "page", ["", "https://revue.example/num", "https://revue.example/", "https://revue.example/0"]
)
def test_a_guid_given_to_several_articles_names_none(
    session: Session, source: Source, page: str
) -> None:
    entries = [make_entry(f"Article numéro {number}", guid="0", url=page) for number in range(3)]

    assert len(bring(session, source, *entries).new) == 3
    assert bring(session, source, *entries).seen == 3
    assert len(bring(session, source, *entries, make_entry("Un quatrième", guid="0")).new) == 1


def test_an_article_shown_twice_in_a_feed_under_one_guid_is_one(
    session: Session, source: Source
) -> None:
    entries = [make_entry("Un article", guid="0", url="https://revue.example/a")] * 2

    assert len(bring(session, source, *entries).new) == 1


def test_what_has_a_title_alone_is_known_again_in_its_source(
    session: Session, source: Source, other: Source
) -> None:
    bring(session, source, make_entry("Éditorial", year=2025), make_entry("Éditorial", year=2026))

    assert bring(session, source, make_entry("ÉDITORIAL", year=2026)).seen == 1
    assert len(bring(session, other, make_entry("Éditorial", year=2026)).new) == 1
    assert len(findings(session)) == 3


def test_a_title_of_signs_alone_is_known_again(session: Session, source: Source) -> None:
    entries = [make_entry("\N{GRINNING FACE}"), make_entry("\N{PARTY POPPER}")]

    assert len(bring(session, source, *entries).new) == 2
    assert bring(session, source, *entries).seen == 2


def test_the_front_page_of_a_site_names_no_article(session: Session, source: Source) -> None:
    home = "https://revue.example/"
    bring(session, source, make_entry("Hier, un article", guid="a", url=home))

    assert len(bring(session, source, make_entry("Un autre", guid="b", url=home)).new) == 1


def test_a_surer_identifier_contradicts_a_shared_page(session: Session, source: Source) -> None:
    page = "https://revue.example/sommaire"
    bring(session, source, make_entry("Un article", doi="10.1234/a", url=page))

    assert len(bring(session, source, make_entry("Un autre", doi="10.1234/b", url=page)).new) == 1


def test_a_batch_that_repeats_an_article_makes_one_finding_of_all_it_says(
    session: Session, source: Source
) -> None:
    bring(
        session,
        source,
        make_entry("Un article", doi="10.1234/a"),
        make_entry("Un article", doi="10.1234/a", pmid="7", abstract="Dit plus."),
    )

    [finding] = findings(session)
    assert (finding.pmid, finding.abstract) == ("7", "Dit plus.")


def test_a_later_source_fills_what_the_first_left_out_and_nothing_else(
    session: Session, source: Source, other: Source
) -> None:
    bring(session, source, make_entry("Titre de la revue", doi="10.1234/a", journal="Revue"))

    bring(
        session,
        other,
        make_entry("Title", doi="10.1234/a", pmid="7", journal="Rev.", abstract="Dit plus."),
    )

    [finding] = findings(session)
    assert (finding.title, finding.journal) == ("Titre de la revue", "Revue")
    assert (finding.pmid, finding.abstract) == ("7", "Dit plus.")
    assert finding.search_text.endswith("10.1234/a 7")
    assert bring(session, source, make_entry("Sans DOI", pmid="7")).seen == 1


def test_a_discarded_finding_is_never_opened_again(session: Session, source: Source) -> None:
    bring(session, source, make_entry(doi="10.1234/a", guid="g"))
    findings(session)[0].state = FindingState.DISCARDED
    session.flush()

    collected = bring(session, source, make_entry("Réécrit", doi="10.1234/a", guid="changé"))

    assert collected == Collected(seen=1)
    assert [finding.state for finding in findings(session)] == [FindingState.DISCARDED]


def test_what_was_forgotten_leaves_keys_that_learn(session: Session, source: Source) -> None:
    bring(session, source, make_entry(doi="10.1234/a", guid="g"))
    session.execute(delete(Finding))

    again = make_entry(doi="10.1234/a", guid="changé", url="https://revue.example/a")
    assert bring(session, source, again) == Collected(seen=1)
    assert bring(session, source, make_entry(guid="changé")) == Collected(seen=1)
    assert findings(session) == []
    assert count(session, Sighting) == 0


def test_a_likeness_only_suggests(session: Session, source: Source, other: Source) -> None:
    bring(session, source, make_entry(authors=("Tremblay, Marie",), year=2026, guid="a"))

    collected = bring(session, other, make_entry(authors=("Tremblay M",), year=2026, guid="b"))

    first, second = findings(session)
    assert collected == Collected(new=(second.id,), suggested=1)
    assert (first.like_id, second.like_id) == (None, first.id)


def test_keys_that_lead_to_two_findings_suggest_that_they_are_one(
    session: Session, source: Source, other: Source
) -> None:
    page = "https://revue.example/a"
    bring(session, source, make_entry("Titre français", url=page))
    bring(session, source, make_entry("English title", doi="10.1234/a"))

    collected = bring(session, other, make_entry("English title", doi="10.1234/a", url=page))

    first, second = findings(session)
    assert collected == Collected(seen=1, suggested=1)
    assert second.like_id == first.id


def test_findings_are_given_the_themes_of_their_source(session: Session, watch: Watch) -> None:
    themes = [SourceTheme(theme="telesante", position=0), SourceTheme(theme="proches", position=1)]
    source = make_source(session, watch, themes=themes)

    bring(session, source, make_entry())

    rows = session.scalars(select(FindingTheme.theme).order_by(FindingTheme.position))
    assert list(rows) == ["telesante", "proches"]


def test_rules_of_the_watch_are_tried_on_what_is_new(session: Session, source: Source) -> None:
    session.add(
        FindingRule(
            watch_id=source.watch_id,
            name="Éditoriaux",
            pattern="éditorial",
            act=RuleAct.DISCARD,
            reason=DiscardReason.OFF_THEME,
        )
    )
    session.flush()

    bring(session, source, make_entry("Éditorial du mois"), make_entry())

    states = [finding.state for finding in findings(session)]
    assert states == [FindingState.DISCARDED, FindingState.NEW]


def test_an_empty_feed_brings_nothing(session: Session, source: Source) -> None:
    assert bring(session, source) == Collected()


@pytest.mark.parametrize("many", [2, 60])
def test_a_batch_costs_the_same_statements_whatever_its_length(
    session: Session, source: Source, other: Source, many: int
) -> None:
    entries = [
        make_entry(f"{TITLE} {number}", doi=f"10.1234/{number}", guid=str(number))
        for number in range(many)
    ]
    with statements(verb="") as fresh:
        bring(session, source, *entries)
    with statements(verb="") as known:
        bring(session, other, *entries, at=LATER)

    waits = [one for one in fresh if "advisory" in one]  # for a turn, on PostgreSQL
    assert len(fresh) - len(waits) == 6  # the rules of the watch are asked for
    assert len(known) - len(waits) == 6
