"""What raises a document among others: nearness, and words of one family."""

from tests.contract.builders import Index, make_document

_APART = "Le plan parle de la ville, de la santé, du climat et des écoles, puis encore du suivi."
_CLOSE = "Le plan parle de la ville, du climat et des écoles, puis encore du suivi de la santé."


def test_words_that_stand_close_together_come_first(index: Index) -> None:
    index.fill([make_document("a", body=_APART), make_document("b", body=_CLOSE)])

    assert index.found("suivi santé") == ["b", "a"]
    assert index.found("santé du suivi") == ["b", "a"]


def test_words_close_together_in_another_document_are_no_matter(index: Index) -> None:
    index.fill([make_document("a", body=_APART), make_document("b", body="Climat des écoles")])

    assert index.found("suivi santé") == ["a"]


def test_a_word_of_the_same_family_raises_what_other_words_found(index: Index) -> None:
    index.fill(
        [
            make_document("a", body="Le programme de Québec dure longtemps, selon la ville."),
            make_document("b", body="Le programme de Québec, son évaluation, selon la ville."),
        ]
    )

    assert [hit.key for hit in index.ask("programme évalué").hits] == ["b", "a"]
    assert index.found("programme évalué") == []


def test_a_word_alone_finds_nothing_of_its_family(index: Index) -> None:
    index.fill([make_document("a", body="La pollution de la ville")])

    assert index.ask("polluant").total == 0
    assert index.ask("polluants aériens").total == 0


def test_a_word_between_quotes_has_no_family(index: Index) -> None:
    index.fill(
        [
            make_document("a", body="Le programme fut évalué, dit la ville de Québec."),
            make_document("b", body="Le programme fut évalué." + " Évaluation." * 9),
        ]
    )

    exact, loose = (
        {hit.key: hit.score for hit in index.ask(text).hits}
        for text in ('programme "évalué"', "programme évalué")
    )

    assert loose["b"] > exact["b"]
    assert loose["a"] == exact["a"]


def test_pages_put_end_to_end_are_the_whole_list(index: Index) -> None:
    """Whole and as typed, whole in other forms, in part: a page may hold some of each."""
    bodies = ["Le suivi de la santé des aînés"] * 3 + ["Les suivis de santé des ainées"] * 2
    bodies += ["La santé des aînés"] * 3
    index.fill(make_document(str(number), body=body) for number, body in enumerate(bodies))
    whole = [hit.key for hit in index.ask("suivi santé aînés").hits]

    for size in (1, 2, 3, 5, 7):
        pages = [
            [hit.key for hit in index.ask("suivi santé aînés", offset=start, limit=size).hits]
            for start in range(0, len(bodies), size)
        ]
        assert all(len(page) <= size for page in pages), size
        assert [key for page in pages for key in page] == whole, size
    assert sorted(whole) == sorted(map(str, range(len(bodies))))
