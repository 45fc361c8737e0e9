"""Who may see what, filters, counts, order and pages."""

import datetime

import pytest

from indexer import Attachment, Document, FacetCount, SearchRequest, SortOrder, YearCount
from tests.contract.builders import PUBLIC, Index, make_document


def test_nothing_outside_the_audiences_is_found_counted_or_suggested(index: Index) -> None:
    secret = make_document(
        "secret",
        title="Soins secrets",
        audience="space:12",
        facets={"theme": ("cache",)},
        date=datetime.date(1999, 1, 1),
    )
    index.fill([secret, make_document("open", title="Soins publics")])

    results = index.ask("soins", facets=("theme", "kind"), years=True)
    with index.engine() as engine:
        suggested = engine.suggest("secr", audiences=PUBLIC)
        similar = engine.similar("open", audiences=PUBLIC)
        of_secret = engine.similar("secret", audiences=PUBLIC)
        got = engine.get("secret", audiences=PUBLIC)

    assert [hit.key for hit in results.hits] == ["open"]
    assert results.facets == {"theme": (), "kind": (FacetCount("fiche", 1),)}
    assert results.years == ()
    assert (suggested, similar, of_secret, got) == ((), (), (), None)


def test_without_an_audience_nothing_is_found(index: Index) -> None:
    index.fill([make_document()])

    assert index.ask("", audiences=frozenset()).total == 0


def test_a_parent_counts_distinct_documents(index: Index) -> None:
    index.fill(
        [
            make_document("a", facets={"theme": ("sante.suivi", "sante.tele")}),
            make_document("b", facets={"theme": ("sante",)}),
        ]
    )

    results = index.ask("", facets=("theme",))

    assert results.facets["theme"] == (
        FacetCount("sante", 2),
        FacetCount("sante.suivi", 1),
        FacetCount("sante.tele", 1),
    )
    assert index.ask("", filters={"theme": frozenset({"sante"})}).total == 2


def test_values_add_up_within_a_facet_and_cross_between_facets(index: Index) -> None:
    index.fill(
        [
            make_document("a", facets={"region": ("rss01",)}),
            make_document("b", facets={"region": ("rss02",)}),
            make_document("c", facets={"region": ("rss02",)}, kind="resume"),
        ]
    )

    results = index.ask(
        "",
        filters={"region": frozenset({"rss01", "rss02"}), "kind": frozenset({"fiche"})},
        facets=("region", "kind"),
    )

    assert {hit.key for hit in results.hits} == {"a", "b"}
    assert results.facets["region"] == (FacetCount("rss01", 1), FacetCount("rss02", 1))
    assert results.facets["kind"] == (FacetCount("fiche", 2), FacetCount("resume", 1))


def test_a_chosen_value_stays_in_sight_at_zero(index: Index) -> None:
    index.fill([make_document()])

    results = index.ask("", filters={"region": frozenset({"rss09"})}, facets=("region",))

    assert results.total == 0
    assert results.facets["region"] == (FacetCount("rss09", 0),)


def test_values_with_spaces_commas_and_accents_stay_whole(index: Index) -> None:
    index.fill([make_document(facets={"author": ("Côté, Jean", "Roy, Anne-Marie")})])

    values = {one.value for one in index.ask("", facets=("author",)).facets["author"]}

    assert values == {"Côté, Jean", "Roy, Anne-Marie"}


def test_years_are_counted_with_every_filter_but_theirs(index: Index) -> None:
    index.fill(
        [
            make_document("a", date=datetime.date(2020, 5, 1)),
            make_document("b", date=datetime.date(2022, 5, 1)),
            make_document("c", date=datetime.date(2022, 6, 1), kind="resume"),
            make_document("d"),
        ]
    )

    results = index.ask(
        "", year_from=2022, year_to=2022, years=True, filters={"kind": frozenset({"fiche"})}
    )

    assert [hit.key for hit in results.hits] == ["b"]
    assert results.years == (YearCount(2020, 1), YearCount(2022, 1))
    assert {hit.key for hit in index.ask("annee:2021-2022").hits} == {"b", "c"}


def test_a_document_of_another_year_than_its_date_is_counted_under_its_own(index: Index) -> None:
    article = Document(
        "a",
        kind="resume",
        title="Guide",
        audience="public",
        date=datetime.date(2026, 10, 1),
        year=2015,
    )
    index.fill([article, make_document("b", date=datetime.date(2026, 11, 1))])

    results = index.ask("", years=True, sort=SortOrder.DATE)

    assert [hit.key for hit in results.hits] == ["b", "a"]
    assert results.years == (YearCount(2015, 1), YearCount(2026, 1))
    assert [hit.key for hit in index.ask("", year_from=2015, year_to=2015).hits] == ["a"]
    assert index.found("annee:2015") == ["a"]
    with index.engine() as engine:
        assert engine.get("a", audiences=PUBLIC) == article


def test_languages_keep_only_theirs(index: Index) -> None:
    index.fill([make_document("fr"), make_document("en", language="en")])

    assert [hit.key for hit in index.ask("", languages=frozenset({"en"})).hits] == ["en"]


def test_any_order_keeps_documents_with_every_word_first(index: Index) -> None:
    index.fill(
        [
            make_document("a", title="Zèbre alpha beta", date=datetime.date(2001, 1, 1)),
            make_document("b", title="École alpha beta", date=datetime.date(2002, 1, 1)),
            make_document("c", title="Alpha", date=datetime.date(2009, 1, 1)),
        ]
    )

    by_date = index.ask("alpha beta", sort=SortOrder.DATE)
    by_title = index.ask("alpha beta", sort=SortOrder.TITLE)

    assert [hit.key for hit in by_date.hits][:2] == ["b", "a"]
    assert [hit.key for hit in by_title.hits][:2] == ["b", "a"]
    assert not any(hit.has_every_word for hit in by_date.hits[2:])


@pytest.mark.parametrize("sort", list(SortOrder))
def test_pages_cut_one_order_without_overlap(index: Index, sort: SortOrder) -> None:
    index.fill(
        make_document(f"{n:02d}", title=f"Fiche {n % 3}", date=datetime.date(2000 + n % 4, 1, 1))
        for n in range(17)
    )
    whole = [hit.key for hit in index.ask("fiche", sort=sort).hits]

    pages = [index.ask("fiche", sort=sort, offset=at, limit=5) for at in range(0, 20, 5)]

    assert [hit.key for page in pages for hit in page.hits] == whole
    assert {page.total for page in pages} == {17}
    assert index.ask("fiche", sort=sort, offset=10**9, limit=20).hits == ()


def test_a_hit_carries_what_a_page_shows(index: Index) -> None:
    document = Document(
        "fiche:1",
        kind="fiche",
        title="Les soins à domicile",
        audience="public",
        abstract="Une équipe d’infirmières visite chaque personne.",
        date=datetime.date(2024, 2, 29),
        fields={"url": "/pratiques/soins"},
    )
    index.fill([document])

    (hit,) = index.ask("soin infirmiere").hits

    assert hit.title_text == document.title
    assert [segment.text for segment in hit.title if segment.marked] == ["soins"]
    assert hit.snippet is not None
    assert "".join(segment.text for segment in hit.snippet.segments) == document.abstract
    assert [s.text for s in hit.snippet.segments if s.marked] == ["infirmières"]
    assert (hit.kind, hit.date, hit.fields) == ("fiche", document.date, {"url": "/pratiques/soins"})


def test_an_attachment_is_searched_and_named_with_its_page(index: Index) -> None:
    parts = (
        Attachment("guide.pdf", "Page sans intérêt.", page=1),
        Attachment("guide.pdf", "Le dépistage précoce.", page=2),
    )
    index.fill([Document("a", kind="fiche", title="Guide", audience="public", attachments=parts)])

    (hit,) = index.ask("dépistage").hits

    assert hit.snippet is not None
    assert (hit.snippet.attachment, hit.snippet.page) == ("guide.pdf", 2)


@pytest.mark.parametrize("typed", ["telehealth", "TELETHERAPY", '"digital health"', "télésanté"])
def test_a_keyword_of_any_language_finds_its_document_and_is_shown_as_such(
    index: Index, typed: str
) -> None:
    words = ("Télésanté", "Telehealth and digital health", "Teletherapies")
    document = Document(
        "a",
        kind="fiche",
        title="Guide",
        audience="public",
        abstract="Un résumé bref.",
        keywords=words,
    )
    index.fill([document, make_document("b", title="Digital", body="health")])

    hit = index.ask(typed).hits[0]

    assert hit.key == "a"
    assert hit.has_every_word
    assert hit.snippet is not None
    assert [segment.text for segment in hit.snippet.segments] == [document.abstract]
    assert any(segment.marked for segment in hit.found_by)
    assert "".join(segment.text for segment in hit.found_by) in words
    with index.engine() as engine:
        assert engine.get("a", audiences=PUBLIC) == document


def test_a_keyword_alone_gives_no_snippet(index: Index) -> None:
    index.fill(
        [Document("a", kind="fiche", title="Guide", audience="public", keywords=("Telehealth",))]
    )

    assert [hit.snippet for hit in index.ask("telehealth").hits] == [None]


def test_a_keyword_is_not_shown_where_the_text_says_why(index: Index) -> None:
    index.fill(
        [
            Document(
                "a",
                kind="fiche",
                title="Guide",
                body="La télésanté.",
                audience="public",
                keywords=("Télésanté", "Telehealth"),
            )
        ]
    )

    assert [hit.found_by for hit in index.ask("télésanté").hits] == [()]


def test_no_phrase_runs_from_one_keyword_to_the_next(index: Index) -> None:
    index.fill(
        [Document("a", kind="fiche", title="Guide", audience="public", keywords=("soins", "aigus"))]
    )

    assert index.found('"soins aigus"') == []


def test_a_snippet_is_left_out_when_not_wanted(index: Index) -> None:
    index.fill([make_document(body="Les soins")])

    with index.engine() as engine:
        results = engine.search(SearchRequest("soins", audiences=PUBLIC, snippets=False))

    assert results.hits[0].snippet is None


def test_similar_documents_share_their_words(index: Index) -> None:
    index.fill(
        [
            make_document("a", title="Prévention des chutes des aînés"),
            make_document("b", title="Chutes : prévention à domicile"),
            make_document("c", title="Santé mentale des jeunes"),
        ]
    )

    with index.engine() as engine:
        assert [hit.key for hit in engine.similar("a", audiences=PUBLIC)] == ["b"]
        assert engine.similar("unknown", audiences=PUBLIC) == ()


def test_hidden_documents_do_not_tell_which_words_are_telling(index: Index) -> None:
    index.fill(
        [
            make_document("read", title="Chute genou épaule", body="chute genou épaule"),
            make_document("falls", body="chute"),
            make_document("knees", body="genou"),
        ]
    )
    before = _similar(index)
    index.fill(
        make_document(f"hidden-{number}", body="chute chute", audience="members")
        for number in range(30)
    )

    assert before
    assert _similar(index) == before


def _similar(index: Index) -> list[tuple[str, float]]:
    with index.engine() as engine:
        similar = engine.similar("read", audiences=PUBLIC)
    return [(hit.key, round(hit.score, 6)) for hit in similar]


@pytest.mark.parametrize("typed", ["Infirmie", "infirmière PRESC", "d'inf", "prescription INFIRM"])
def test_a_suggestion_completes_a_title(index: Index, typed: str) -> None:
    index.fill(
        [make_document(title="Prescription d’infirmière"), make_document("b", title="Autre")]
    )

    with index.engine() as engine:
        suggested = engine.suggest(typed, audiences=PUBLIC)

    assert [one.key for one in suggested] == ["fiche:1"]
