"""Terms renamed, moved and merged: what bears them follows, and nothing is left behind."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.content.exporting import export_files
from inters4.core.content.folder import list_files
from inters4.core.content.importing import Outcome, import_files
from inters4.core.db import Model, reading, writing
from inters4.core.errors import Conflict, NotAllowed
from inters4.core.hooks import hooks
from inters4.core.outbox import OutboxRow
from inters4.members.models import OrganisationRegion, ProfileField, ProfileKey
from inters4.newsletters.models import Newsletter
from inters4.practices.models import PracticeTerm
from inters4.veille.models import SummaryTerm
from inters4.vocabulary.models import FormerTerm, SynonymMode, Term
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.queries.rows import load_group, load_term
from inters4.vocabulary.services import bearers, save_synonym_group
from inters4.vocabulary.services.editing import (
    Misfilled,
    Said,
    add_term,
    borne,
    change_term,
    move_term,
    retire_term,
)
from inters4.vocabulary.services.grouping import SaidTogether, remove_synonyms, save_synonyms
from tests.builders.members import make_member, make_organisation, make_viewer
from tests.builders.newsletters import make_issue, make_newsletter
from tests.builders.practices import make_practice, sheet_file
from tests.builders.veille import make_summary
from tests.builders.vocabulary import make_vocabulary

CHILD = "telesante.teleconsultation"


@pytest.fixture(autouse=True)
def _words(session: Session) -> None:
    make_vocabulary(session)


@pytest.fixture
def staff(session: Session) -> Viewer:
    return make_viewer(session, role=Role.COORDINATION)


def term(session: Session, scheme: str, identifier: str) -> Term:
    found = load_term(session, scheme, identifier)
    assert found is not None, identifier
    return found


def move(session: Session, identifier: str, under: str, *, by: Viewer) -> None:
    move_term(session, term(session, "themes", identifier), under=under, version=1, by=by)


def merge(session: Session, scheme: str, identifier: str, into: str, *, by: Viewer) -> None:
    found = term(session, scheme, identifier)
    retire_term(session, found, into=into, version=found.version, by=by)


def themes_of(session: Session, kind: Any) -> list[str]:
    rows = session.scalars(select(kind).where(kind.scheme == "themes").order_by(kind.position))
    return [row.term for row in rows]


def queued(session: Session) -> set[str]:
    return {f"{row.kind}:{row.document_id}" for row in session.scalars(select(OutboxRow))}


def empty_outbox(session: Session) -> None:
    session.flush()
    for row in session.scalars(select(OutboxRow)):
        session.delete(row)
    session.flush()


def refusal(session: Session, **changes: str) -> dict[str, str]:
    by = make_viewer(session, role=Role.ADMIN)
    with pytest.raises(Misfilled) as caught:
        add_term(session, "themes", Said(**{"fr": "Nouveau", **changes}), by=by)
    return dict(caught.value.errors)


def test_every_column_that_names_a_term_is_carried() -> None:
    named = {"term", "theme", "setting", "population", "profession", "region"}
    named |= {f"{name}s" for name in named}
    named |= {"stage", "maturity", "evidence_strength", "condition", "dimension", "design"}
    columns = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if column.name in named
    }

    known = {column for bearer in bearers for column in bearer.columns}
    known |= {"practice_outcomes.design", "practice_attachments.terms"}  # words, licences
    known |= {"spaces.stage"}  # the life of a space, which is no term

    assert columns - known == set()


def test_a_new_term_is_named_after_its_french_name_under_the_one_chosen(
    session: Session, staff: Viewer
) -> None:
    added = add_term(
        session, "themes", Said("Thérapies à distance", "Remote"), under="telesante", by=staff
    )

    assert added.id == "telesante.therapies-a-distance"
    words = vocabulary(session)
    assert words.label("themes", added.id, "en") == "Remote"
    assert [node.entry.id for node in words.tree("themes")[1].children] == [CHILD, added.id]


def test_a_name_is_given_once_in_a_list_whatever_its_accents(session: Session) -> None:
    assert "domicile" in refusal(session, fr="SOUTIEN A DOMICILE")["fr"]


def test_a_term_needs_a_name_of_a_reasonable_length(session: Session) -> None:
    assert "fr" in refusal(session, fr="")
    assert set(refusal(session, en="x" * 201, source="y" * 201)) == {"en", "source"}


def test_two_names_that_write_alike_have_two_ids(session: Session, staff: Viewer) -> None:
    first = add_term(session, "settings", Said("Centre de jour (adultes)"), by=staff)
    second = add_term(session, "settings", Said("Centre de jour, adultes !"), by=staff)

    assert (first.id, second.id) == ("centre-de-jour-adultes", "centre-de-jour-adultes-2")


def test_only_the_coordination_and_administrators_change_the_vocabulary(session: Session) -> None:
    broker = make_viewer(session, role=Role.BROKER)

    with pytest.raises(NotAllowed):
        add_term(session, "themes", Said("Nouveau"), by=broker)
    with pytest.raises(NotAllowed):
        merge(session, "themes", CHILD, "domicile", by=broker)
    with pytest.raises(NotAllowed):
        save_synonyms(session, None, SaidTogether(fr=("a", "b")), by=broker)


def test_a_scale_keeps_its_degrees_and_its_words_may_change(
    session: Session, staff: Viewer
) -> None:
    with pytest.raises(NotAllowed):
        add_term(session, "maturity", Said("Parfaite"), by=staff)
    with pytest.raises(NotAllowed):
        merge(session, "maturity", "emergente", "prometteuse", by=staff)

    found = term(session, "maturity", "emergente")
    change_term(session, found, Said("Naissante"), version=found.version, by=staff)

    assert vocabulary(session).label("maturity", "emergente", "fr") == "Naissante"


def test_a_new_name_sends_what_it_finds_to_the_index_and_keeps_the_id(
    session: Session, staff: Viewer
) -> None:
    make_practice(session)
    make_summary(session)
    empty_outbox(session)

    parent = term(session, "themes", "telesante")
    change_term(session, parent, Said("Santé à distance"), version=1, by=staff)

    assert queued(session) == {"fiche:visites-virtuelles", "resume:suivi-a-domicile"}
    assert parent.id == "telesante"
    (entry,) = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "vocabulary.term_changed")
    )
    assert entry.subject == "term:themes/telesante"
    assert entry.detail == {"before": "Télésanté et santé numérique", "name": "Santé à distance"}


def test_who_changes_a_term_that_changed_meanwhile_is_told(session: Session, staff: Viewer) -> None:
    found = term(session, "themes", "domicile")
    change_term(session, found, Said("Chez soi"), version=1, by=staff)

    with pytest.raises(Conflict) as caught:
        change_term(session, found, Said("À la maison"), version=1, by=staff)

    assert caught.value.theirs == "Chez soi"
    assert found.fr == "Chez soi"


def test_what_bears_a_moved_theme_follows_it_with_all_that_lies_below(
    session: Session, staff: Viewer
) -> None:
    make_practice(session)
    make_summary(session)
    make_newsletter(session, themes=("telesante",))
    make_issue(session)
    empty_outbox(session)

    move(session, "telesante", "domicile", by=staff)

    moved = f"domicile.{CHILD}"
    assert themes_of(session, PracticeTerm) == [moved]
    assert themes_of(session, SummaryTerm) == [moved]
    assert session.scalars(select(Newsletter.themes)).one() == ["domicile.telesante"]
    assert queued(session) >= {
        "fiche:visites-virtuelles",
        "resume:suivi-a-domicile",
        "numero:en-bref-1",
    }
    words = vocabulary(session)
    assert moved in words.ids("themes")
    assert CHILD not in words.ids("themes")
    assert words.present("themes", CHILD) == moved
    assert words.present("themes", "jamais-vu") == ""
    assert words.label("themes", CHILD) == "Téléconsultation et soins virtuels"


def test_a_theme_moved_back_has_its_former_id_again(session: Session, staff: Viewer) -> None:
    move(session, "telesante", "domicile", by=staff)
    back = term(session, "themes", "domicile.telesante")
    move_term(session, back, under="", version=back.version, by=staff)

    assert back.id == "telesante"
    words = vocabulary(session)
    assert CHILD in words.ids("themes")
    assert words.present("themes", f"domicile.{CHILD}") == CHILD
    assert session.get(FormerTerm, ("themes", CHILD)) is None


@pytest.mark.parametrize("under", ["telesante", CHILD, "inconnu"])
def test_a_theme_never_stands_under_itself_nor_under_nothing(
    session: Session, staff: Viewer, under: str
) -> None:
    with pytest.raises(Misfilled) as caught:
        move(session, "telesante", under, by=staff)

    assert set(caught.value.errors) == {"sous"}
    assert CHILD in vocabulary(session).ids("themes")


def test_a_merger_carries_every_bearer_and_counts_them_first(
    session: Session, staff: Viewer
) -> None:
    make_practice(session)
    organisation = make_organisation(session)
    member = make_member(session)
    session.add_all(
        [
            OrganisationRegion(organisation_id=organisation.id, region="rss01"),
            OrganisationRegion(organisation_id=organisation.id, region="rss02"),
            ProfileField(member_id=member.id, key=ProfileKey.REGION, value="rss01"),
            ProfileField(member_id=member.id, key=ProfileKey.FUNCTION, value="rss01"),
        ]
    )
    session.flush()

    told = [(one.count, one.words) for one in borne(session, "regions", {"rss01"})]
    merge(session, "regions", "rss01", "rss02", by=staff)

    assert told == [
        (1, "1 organisation"),
        (1, "1 personne, dans son profil"),
        (1, "1 fiche de pratique"),
    ]
    assert borne(session, "regions", {"rss01"}) == []
    assert session.scalars(select(OrganisationRegion.region)).all() == ["rss02"]
    said = session.scalars(select(ProfileField.value).order_by(ProfileField.key)).all()
    assert said == ["rss01", "rss02"], "what a person writes freely is not a region"


def test_a_sheet_under_both_terms_keeps_one_at_the_better_place(
    session: Session, staff: Viewer
) -> None:
    make_practice(session, themes=(CHILD, "domicile"))

    merge(session, "themes", CHILD, "domicile", by=staff)

    (row,) = session.scalars(select(PracticeTerm).where(PracticeTerm.scheme == "themes"))
    assert (row.term, row.position) == ("domicile", 0)


def test_a_term_that_something_bears_never_goes_without_another(
    session: Session, staff: Viewer
) -> None:
    make_practice(session)

    for into in ("", CHILD, "inconnu"):
        with pytest.raises(Misfilled) as caught:
            merge(session, "themes", CHILD, into, by=staff)
        assert set(caught.value.errors) == {"vers"}

    assert themes_of(session, PracticeTerm) == [CHILD]


def test_a_term_with_others_below_it_does_not_go(session: Session, staff: Viewer) -> None:
    with pytest.raises(Misfilled, match="dessous"):
        merge(session, "themes", "telesante", "domicile", by=staff)


def test_a_term_that_nothing_bears_goes_alone(session: Session, staff: Viewer) -> None:
    merge(session, "themes", CHILD, "", by=staff)

    words = vocabulary(session)
    assert CHILD not in words.ids("themes")
    assert words.present("themes", CHILD) == ""


def test_ids_left_one_after_the_other_all_lead_to_the_last(session: Session, staff: Viewer) -> None:
    move(session, CHILD, "domicile", by=staff)
    merge(session, "themes", "domicile.teleconsultation", "domicile", by=staff)

    words = vocabulary(session)
    assert words.present("themes", CHILD) == "domicile"
    assert words.present("themes", "domicile.teleconsultation") == "domicile"


def test_a_file_that_cites_an_id_left_is_read_with_the_present_one(
    session: Session, staff: Viewer, tmp_path: Path
) -> None:
    merge(session, "themes", CHILD, "domicile", by=staff)
    session.commit()
    (tmp_path / "practices").mkdir()
    text = sheet_file(themes=(CHILD,))
    (tmp_path / "practices" / "visites-virtuelles.md").write_text(text, encoding="utf-8")
    kinds = [hooks.content_kinds["practice"]]

    report = import_files(list_files(tmp_path, kinds), tmp_path)

    assert report.errors == []
    with reading() as opened:
        assert themes_of(opened, PracticeTerm) == ["domicile"]
    again = import_files(list_files(tmp_path, kinds), tmp_path)
    assert again.count(Outcome.UNCHANGED) == 1


@pytest.mark.parametrize("themes", [(CHILD, "domicile"), ("domicile", CHILD)])
def test_a_file_that_cites_both_terms_of_a_merger_names_one(
    session: Session, staff: Viewer, tmp_path: Path, themes: tuple[str, ...]
) -> None:
    merge(session, "themes", CHILD, "domicile", by=staff)
    session.commit()
    (tmp_path / "practices").mkdir()
    file = tmp_path / "practices" / "visites-virtuelles.md"
    file.write_text(sheet_file(themes=themes), encoding="utf-8")
    kinds = [hooks.content_kinds["practice"]]

    assert import_files(list_files(tmp_path, kinds), tmp_path).errors == []

    with reading() as opened:
        assert themes_of(opened, PracticeTerm) == ["domicile"]
    file.write_text(sheet_file(themes=("domicile", "domicile")), encoding="utf-8")
    (mistake,) = import_files(list_files(tmp_path, kinds), tmp_path).errors
    assert "donné deux fois" in mistake.message


def test_the_vocabulary_exported_imported_and_exported_again_is_the_same_text(
    session: Session, staff: Viewer, tmp_path: Path
) -> None:
    move(session, CHILD, "domicile", by=staff)
    add_term(session, "themes", Said("Nouveau"), under="telesante", by=staff)
    save_synonyms(
        session, None, SaidTogether(abbr=("IPS",), fr=("infirmière praticienne",)), by=staff
    )
    merge(session, "settings", "domicile", "", by=staff)
    session.commit()
    kinds = [hooks.content_kinds["vocabulary"]]
    with reading() as opened:
        export_files(opened, tmp_path, kinds)
    first = (tmp_path / "vocabulary.yaml").read_bytes()
    with writing() as opened:
        for row in [*opened.scalars(select(Term)), *opened.scalars(select(FormerTerm))]:
            opened.delete(row)

    report = import_files(list_files(tmp_path, kinds), tmp_path)

    assert report.errors == []
    with reading() as opened:
        export_files(opened, tmp_path, kinds)
    assert (tmp_path / "vocabulary.yaml").read_bytes() == first


def test_a_term_retired_here_is_not_brought_back_by_a_file(
    session: Session, staff: Viewer, tmp_path: Path
) -> None:
    text = "---\nschemes:\n  settings:\n    - {id: clsc, fr: CLSC}\n"
    (tmp_path / "vocabulary.yaml").write_text(text)
    kinds = [hooks.content_kinds["vocabulary"]]
    session.commit()
    import_files(list_files(tmp_path, kinds), tmp_path)
    merge(session, "settings", "clsc", "", by=staff)
    session.commit()

    report = import_files(list_files(tmp_path, kinds), tmp_path)

    assert report.count(Outcome.LEFT) == 1
    with reading() as opened:
        assert "clsc" not in vocabulary(opened).ids("settings")


def test_synonyms_are_what_the_next_search_expands(session: Session, staff: Viewer) -> None:
    before = vocabulary(session).synonyms.version
    group = save_synonyms(
        session,
        None,
        SaidTogether(abbr=("GAP",), fr=("guichet d’accès",), mode=SynonymMode.GUARDED),
        by=staff,
    )

    assert group.id == "gap"
    (known,) = vocabulary(session).synonyms.groups
    assert known.terms == ("GAP", "guichet d’accès")
    assert vocabulary(session).synonyms.version != before


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (SaidTogether(), "fr"),
        (SaidTogether(fr=("a", "a")), "fr"),
        (SaidTogether(abbr=("x" * 61,)), "abbr"),
        (SaidTogether(fr=("a", "b"), broader=("inconnu",)), "broader"),
        (SaidTogether(fr=("a", "b"), source="x" * 201), "source"),
    ],
)
def test_synonyms_that_cannot_be_read_are_refused_by_field(
    session: Session, staff: Viewer, said: SaidTogether, field: str
) -> None:
    with pytest.raises(Misfilled) as caught:
        save_synonyms(session, None, said, by=staff)

    assert set(caught.value.errors) == {field}


def test_a_group_taken_out_is_named_by_no_other(session: Session, staff: Viewer) -> None:
    for name in ("large", "precis"):
        values = {"abbr": [], "fr": [name], "en": [], "mode": SynonymMode.TWO_WAY}
        broader = ["large"] if name == "precis" else []
        save_synonym_group(session, name, position=0, values={**values, "broader": broader})
    session.flush()
    group = load_group(session, "large")
    assert group is not None

    remove_synonyms(session, group, version=group.version, by=staff)

    left = load_group(session, "precis")
    assert left is not None
    assert left.broader == []
