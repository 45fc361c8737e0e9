"""The vocabulary as pages and the engine read it."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inters4.core.content.folder import list_files, read_file
from inters4.core.content.importing import import_files
from inters4.core.db import reading, writing
from inters4.core.frontmatter import ContentErrors, parse
from inters4.core.hooks import hooks
from inters4.core.i18n import use_locale
from inters4.core.paths import content_dir
from inters4.vocabulary.forms import read_vocabulary
from inters4.vocabulary.models import SynonymMode, Term
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services import save_synonym_group, save_term
from tests.builders.statements import statements
from tests.builders.vocabulary import make_vocabulary


def save_group(session: Session, identifier: str, mode: SynonymMode, **forms: list[str]) -> None:
    values = {"abbr": [], "fr": [], "en": [], **forms, "mode": mode}
    save_synonym_group(session, identifier, position=0, values=values)
    session.flush()


def test_a_label_is_in_the_language_of_the_reader(session: Session) -> None:
    make_vocabulary(session)
    words = vocabulary(session)

    assert words.label("regions", "rss01") == "Bas-Saint-Laurent"
    with use_locale("en"):
        assert words.label("regions", "rss01") == "rss01"


def test_a_term_without_english_is_named_in_french(session: Session) -> None:
    save_term(session, "themes", "a", position=0, values={"fr": "Nom"})
    session.flush()

    assert vocabulary(session).label("themes", "a", "en") == "Nom"


def test_a_term_that_is_gone_is_named_by_its_id(session: Session) -> None:
    make_vocabulary(session)

    assert vocabulary(session).label("themes", "disparu") == "disparu"
    assert vocabulary(session).label("nulle-part", "x") == "x"


def test_a_database_without_vocabulary_has_an_empty_one(session: Session) -> None:
    words = vocabulary(session)

    assert words.ids("themes") == frozenset()
    assert words.tree("themes") == ()
    assert words.synonyms.groups == ()


def test_the_hierarchy_follows_the_dots(session: Session) -> None:
    make_vocabulary(session)
    words = vocabulary(session)

    tree = words.tree("themes")

    assert [node.entry.id for node in tree] == ["domicile", "telesante"]
    assert [node.entry.id for node in tree[1].children] == ["telesante.teleconsultation"]
    assert words.ancestors("a.b.c") == ("a", "a.b")
    assert words.ancestors("a") == ()


def test_a_guarded_acronym_is_guarded_and_its_long_forms_are_not(session: Session) -> None:
    save_group(session, "gap", SynonymMode.GUARDED, abbr=["GAP"], fr=["guichet d’accès"])

    (group,) = vocabulary(session).synonyms.groups

    assert group.terms == ("GAP", "guichet d’accès")
    assert group.guarded == {"GAP"}


def test_a_two_way_acronym_is_not_guarded(session: Session) -> None:
    save_group(session, "clsc", SynonymMode.TWO_WAY, abbr=["CLSC"], fr=["centre local"])

    assert vocabulary(session).synonyms.groups[0].guarded == frozenset()


def test_the_groups_about_a_term_have_one_of_its_words_whole(session: Session) -> None:
    save_group(session, "sad", SynonymMode.TWO_WAY, abbr=["SAD"], fr=["soutien à domicile"])
    save_group(session, "dom", SynonymMode.TWO_WAY, fr=["domi", "maison"])
    save_group(session, "gap", SynonymMode.TWO_WAY, abbr=["GAP"], fr=["guichet"])
    words = vocabulary(session)

    assert [one.id for one in words.groups_naming("Soutien à domicile", "")] == ["sad"]
    assert [one.id for one in words.groups_naming("Accès (GMF, GAP, guichets)", "")] == ["gap"]
    assert words.groups_naming("") == ()


def test_a_one_way_group_names_its_general_forms_to_the_engine(session: Session) -> None:
    save_group(session, "dd", SynonymMode.ONE_WAY, fr=["développement durable", "santé durable"])

    (group,) = vocabulary(session).synonyms.groups
    assert group.terms == ("développement durable", "santé durable")
    assert group.general == {"développement durable"}


def test_the_version_of_synonyms_changes_with_them_and_with_nothing_else(session: Session) -> None:
    save_group(session, "clsc", SynonymMode.TWO_WAY, fr=["a", "b"])
    first = vocabulary(session).synonyms.version
    save_term(session, "themes", "a", position=0, values={"fr": "A"})
    session.flush()
    second = vocabulary(session).synonyms.version
    save_group(session, "clsc", SynonymMode.TWO_WAY, fr=["a", "c"])

    assert first == second
    assert vocabulary(session).synonyms.version != second


@pytest.mark.usefixtures("database")
def test_a_kept_vocabulary_costs_one_statement_and_a_change_is_seen_at_once() -> None:
    with writing() as session:
        make_vocabulary(session)
    with reading() as session:
        vocabulary(session)
    with statements() as found, reading() as session:
        vocabulary(session)
    assert len(found) == 1, found

    with writing() as session:
        save_term(session, "regions", "rss01", position=0, values={"fr": "Un autre nom"})
    with reading() as session:
        assert vocabulary(session).label("regions", "rss01") == "Un autre nom"


@pytest.mark.usefixtures("database")
def test_a_change_rolled_back_is_never_kept() -> None:
    with writing() as session:
        make_vocabulary(session)
    with pytest.raises(RuntimeError), writing() as session:
        session.get_one(Term, ("regions", "rss01"))
        save_term(session, "regions", "rss01", position=0, values={"fr": "Jamais"})
        session.flush()
        assert vocabulary(session).label("regions", "rss01") == "Jamais"
        raise RuntimeError
    with reading() as session:
        assert vocabulary(session).label("regions", "rss01") == "Bas-Saint-Laurent"


@pytest.mark.usefixtures("database")
def test_what_ships_has_labels_in_both_languages_and_the_regions_of_the_map() -> None:
    root = content_dir()
    import_files(list_files(root, [hooks.content_kinds["vocabulary"]]), root)
    with reading() as session:
        words = vocabulary(session)

    assert {f"rss{number:02}" for number in range(1, 19)} <= words.ids("regions")
    assert words.label("maturity", "prometteuse", "en") == "Promising"
    assert words.find("evidence_strength", "forte").rank == 3  # type: ignore[union-attr]
    assert len(words.synonyms.groups) > 200
    assert all(entry.en for entries in words.schemes.values() for entry in entries.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schemes:\n  themes:\n    - fr: A", "vocabulary.yaml:4: Il manque « id »."),
        ("schemes:\n  themes:\n    - {id: a, fr: A, note: x}", "« note » n’est pas un champ"),
        ("schemes:\n  themes:\n    - {id: a.b, fr: A}", "Le terme parent « a » manque."),
        ("schemes:\n  themes:\n    - {id: a, fr: A}\n    - {id: a, fr: B}", "donné deux fois"),
        ("schemes:\n  couleurs:\n    - {id: a, fr: A}", "n’est pas une liste du vocabulaire"),
        ("synonyms:\n  - {id: a, mode: two-way}", "n’a aucune forme"),
        ("synonyms:\n  - {id: a, fr: [x], mode: loose}", "« loose » n’est pas une valeur"),
        ("synonyms:\n  - {id: a, fr: [x], broader: [b]}", "Le groupe « b » n’existe pas."),
        ("synonyms: x", "Seuls « schemes » et « synonyms »"),
        ("couleurs: [a]", "Seuls « schemes » et « synonyms »"),
    ],
)
def test_a_mistake_in_the_vocabulary_has_its_line(text: str, message: str) -> None:
    document = parse(f"---\n{text}\n---\n".encode(), path="vocabulary.yaml")

    with pytest.raises(ContentErrors) as caught:
        read_vocabulary(document)

    told = [str(error).replace("\u00a0", " ") for error in caught.value.errors]
    assert any(message in sentence for sentence in told), told


def test_a_yaml_file_needs_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.yaml").write_text("schemes: {}\n")
    (source,) = list_files(tmp_path, [hooks.content_kinds["vocabulary"]])

    with pytest.raises(ContentErrors, match=r"vocabulary\.yaml:1:"):
        read_file(source, tmp_path)
