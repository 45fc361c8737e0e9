"""Which block each passage of a document goes to."""

from inters4.core.files.word import Passage
from inters4.practices.models import Block
from inters4.practices.services.starting import sort_passages


def test_a_smaller_heading_stays_with_the_block_above_it() -> None:
    blocks, rest = sort_passages(
        [
            Passage("Contexte", "Le lieu.", 1),
            Passage("L’histoire", "Deux ans.", 2),
            Passage("Merci", "À toutes.", 1),
            Passage("Encore", "À tous.", 2),
        ]
    )

    assert blocks == {Block.CONTEXT: "Le lieu.\n\n### L’histoire\n\nDeux ans."}
    assert rest == "### Merci\n\nÀ toutes.\n\n### Encore\n\nÀ tous."


def test_headings_are_known_by_their_words_whatever_their_dress() -> None:
    for written in ("2. La pratique :", "LA PRATIQUE", "The practice", "La  Pratique."):
        blocks, rest = sort_passages([Passage(" ".join(written.split()), "On appelle.", 1)])
        assert blocks == {Block.DESCRIPTION: "On appelle."}
        assert rest == ""


def test_a_heading_in_everyday_words_finds_its_block() -> None:
    blocks, rest = sort_passages(
        [Passage("Résultats", "Moins de chutes.", 1), Passage("3. Étapes", "Appeler.", 1)]
    )

    assert blocks == {Block.EVALUATION: "Moins de chutes.", Block.STEPS: "Appeler."}
    assert rest == ""


def test_a_heading_given_twice_loses_nothing() -> None:
    blocks, rest = sort_passages([Passage("Équité", "Un.", 1), Passage("equite", "Deux.", 1)])

    assert blocks == {Block.EQUITY: "Un.\n\nDeux."}
    assert rest == ""


def test_a_heading_over_nothing_makes_no_block() -> None:
    assert sort_passages([Passage("Contexte", "", 1)]) == ({}, "")
