"""A team tries a practice: who may say so, how far it comes, its journal, who is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.audit import AuditEntry
from inters4.core.clock import local, now
from inters4.core.db import writing
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.core.outbox import OutboxRow
from inters4.members.models import Erasure, MemberOrganisation, Organisation
from inters4.members.queries import load_viewer
from inters4.notices.models import Notice
from inters4.notices.queries.told import words_of
from inters4.practices.documents import load_document
from inters4.practices.exports.adoption_data import OWN_DATA
from inters4.practices.exports.adoption_notices import (
    DECLARED_KIND,
    GONE_KIND,
    HIDDEN_KIND,
    NEWS_KIND,
    UNHELD_KIND,
    about_adoption,
)
from inters4.practices.models import (
    Adoption,
    AdoptionEntry,
    AdoptionHolder,
    AdoptionResult,
    AdoptionState,
    AdoptionStep,
    Aspect,
    Openness,
    Practice,
    PracticeAuthor,
    PracticeState,
    TransferAssessment,
)
from inters4.practices.queries.adoptions import every_public, held_by, hold_practice, journal_of
from inters4.practices.services.adopting import (
    Declared,
    declare_adoption,
    declared_by,
    describe_adoption,
)
from inters4.practices.services.adoption_life import (
    SILENCE,
    WAYS,
    ask_for_news,
    change_state,
    confirm_adoption,
    forget_holder,
    join_adoption,
    leave_adoption,
    moderate_adoption,
    tell_unheld,
)
from inters4.practices.services.assessing import (
    Answers,
    change_assessment,
    remove_assessment,
    start_assessment,
)
from inters4.practices.services.journaling import Figure, change_entry, remove_entry, write_entry
from inters4.practices.services.leaving import withdraw
from inters4.vocabulary.services import bearers
from tests.builders.adoptions import adopt, journal, serve
from tests.builders.members import make_viewer
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def practice(session: Session) -> Practice:
    make_vocabulary(session)
    return make_practice(session)


@pytest.fixture
def here(session: Session) -> Organisation:
    return serve(session, "rss01", slug="cisss-ici")


@pytest.fixture
def person(session: Session, here: Organisation) -> Viewer:
    return make_viewer(session, name="Camille Ici", organisation=here)


@pytest.fixture
def colleague(session: Session, here: Organisation) -> Viewer:
    return make_viewer(session, name="Alex Ici", organisation=here)


def test_only_a_confirmed_member_of_an_organisation_declares(
    session: Session, practice: Practice, here: Organisation, person: Viewer
) -> None:
    stranger = make_viewer(session)

    for nobody in (stranger, ANONYMOUS):
        with pytest.raises(NotAllowed):
            declare_adoption(
                session,
                practice,
                Declared(team="Équipe"),
                organisation_id=here.id,
                state=AdoptionState.TRIAL,
                by=nobody,
            )
    adoption = adopt(session, practice, by=person, setting="domicile", since="printemps 2026")

    assert (adoption.region, adoption.setting, adoption.since) == (
        "rss01",
        "domicile",
        "printemps 2026",
    )
    (step,) = session.scalars(select(AdoptionStep))
    assert (step.from_state, step.to_state, step.by_id) == (
        None,
        AdoptionState.TRIAL,
        person.member_id,
    )
    assert [one.id for one in held_by(session, person)] == [adoption.id]
    assert "practices.adoption_declared" in set(session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize(
    "said",
    [
        {"team": " "},
        {"team": "x" * 121},
        {"region": "rss02"},
        {"setting": "nulle-part"},
        {"since": "x" * 101},
    ],
)
def test_a_wrong_value_is_refused(
    session: Session, practice: Practice, person: Viewer, said: dict[str, Any]
) -> None:
    with pytest.raises(DomainError):
        adopt(session, practice, by=person, **said)


def test_a_sheet_that_is_not_published_is_adopted_by_nobody(
    session: Session, practice: Practice, person: Viewer
) -> None:
    practice.state = PracticeState.WITHDRAWN

    with pytest.raises(Conflict):
        adopt(session, practice, by=person)


def test_a_team_declares_a_practice_once(
    session: Session, practice: Practice, person: Viewer, colleague: Viewer
) -> None:
    adopt(session, practice, by=person)

    with pytest.raises(Conflict):
        adopt(session, practice, by=colleague, team=" Équipe  du littoral ")
    adopt(session, practice, by=colleague, team="Équipe des terres")


def test_giving_up_needs_a_reason_and_one_may_try_again(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)

    with pytest.raises(DomainError):
        change_state(session, adoption, AdoptionState.ABANDONED, by=person, reason=" ")
    change_state(session, adoption, AdoptionState.ABANDONED, by=person, reason="Sans relève.")
    assert adoption.state_reason == "Sans relève."

    change_state(session, adoption, AdoptionState.TRIAL, by=person)

    assert adoption.state_reason == ""
    steps = journal_of(session, adoption, viewer=person).steps
    assert [step.to_state.value for step in steps] == ["trial", "abandoned", "trial"]
    assert [step.reason for step in steps] == ["", "Sans relève.", ""]


@with_settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(asked=st.lists(st.sampled_from(AdoptionState), max_size=8))
def test_whatever_is_asked_an_adoption_only_goes_where_its_state_leads(
    session: Session, practice: Practice, person: Viewer, asked: list[AdoptionState]
) -> None:
    with session.begin_nested() as attempt:
        adoption = adopt(session, practice, by=person, state=AdoptionState.INTENTION)
        passed = [adoption.state]
        for wanted in asked:
            before = adoption.state
            is_open = wanted in WAYS[before]
            try:
                change_state(session, adoption, wanted, by=person, reason="Parce que.")
            except Conflict:
                assert not is_open
                assert wanted is not before
                assert adoption.state is before
            else:
                assert is_open or wanted is before
                assert adoption.state is wanted
                assert bool(adoption.state_reason) is (wanted is AdoptionState.ABANDONED)
                passed += [wanted] if is_open else []
        steps = session.scalars(
            select(AdoptionStep)
            .where(AdoptionStep.adoption_id == adoption.id)
            .order_by(AdoptionStep.id)
        ).all()
        assert [step.to_state for step in steps] == passed
        assert all(step.by_id == person.member_id for step in steps)
        attempt.rollback()


def test_several_people_of_the_organisation_answer_for_it_and_nobody_else(
    session: Session, practice: Practice, person: Viewer, colleague: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    elsewhere = make_viewer(session, organisation=serve(session, "rss02"))

    with pytest.raises(NotAllowed):
        change_state(session, adoption, AdoptionState.IN_PLACE, by=colleague)
    with pytest.raises(NotAllowed):
        join_adoption(session, adoption, by=elsewhere)
    join_adoption(session, adoption, by=colleague)
    join_adoption(session, adoption, by=colleague)
    leave_adoption(session, adoption, by=person)
    change_state(session, adoption, AdoptionState.IN_PLACE, by=colleague)

    assert journal_of(session, adoption, viewer=person).holders == {colleague.member_id: "Alex Ici"}
    assert journal_of(session, adoption, viewer=elsewhere).holders == {}


def test_who_left_the_organisation_answers_for_nothing(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    session.delete(
        session.get_one(MemberOrganisation, (person.member_id, adoption.organisation_id))
    )
    session.flush()
    assert person.member_id is not None
    gone = load_viewer(session, person.member_id)

    with pytest.raises(NotAllowed):
        confirm_adoption(session, adoption, by=gone)
    assert held_by(session, gone) == ()


def test_two_who_describe_it_otherwise_lose_nothing(
    session: Session, practice: Practice, person: Viewer, colleague: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    join_adoption(session, adoption, by=colleague)
    seen = declared_by(adoption).stamp
    journal(session, adoption, by=colleague)  # the journal is no conflict
    describe_adoption(session, adoption, Declared(team="La nôtre"), seen=seen, by=person)

    with pytest.raises(Conflict) as refused:
        describe_adoption(session, adoption, Declared(team="La mienne"), seen=seen, by=colleague)

    assert "La nôtre" in refused.value.theirs
    assert "La mienne" in refused.value.mine
    assert adoption.team == "La nôtre"


def test_two_who_write_the_same_entry_lose_nothing(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    entry = journal(session, adoption, by=person)
    seen, day = entry.version, local(now()).date()
    change_entry(
        session,
        adoption,
        entry,
        aspect=Aspect.LESSONS,
        on_day=day,
        text="Un texte",
        figures=[Figure(indicator="Délai", value="12")],
        seen=seen,
        by=person,
    )

    with pytest.raises(Conflict) as refused:
        change_entry(
            session,
            adoption,
            entry,
            aspect=Aspect.LESSONS,
            on_day=day,
            text="Un autre",
            seen=seen,
            by=person,
        )

    assert (refused.value.theirs, refused.value.mine) == ("Un texte", "Un autre")
    assert [row.value for row in entry.results] == ["12"]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("", ()),
        ("x" * 40_000, ()),
        ("", (Figure(indicator="", value="12"),)),
        ("", (Figure(indicator="Délai"),)),
        ("", (Figure(indicator="Délai", value="12", n="beaucoup"),)),
        ("", (Figure(indicator="Délai", value="x" * 201),)),
        ("", (Figure(indicator="Délai", value="12"),) * 9),
    ],
)
def test_an_entry_that_says_nothing_or_too_much_is_refused(
    session: Session,
    practice: Practice,
    person: Viewer,
    text: str,
    figures: tuple[Figure, ...],
) -> None:
    adoption = adopt(session, practice, by=person)

    with pytest.raises(DomainError):
        journal(session, adoption, by=person, text=text, figures=figures)


@pytest.mark.parametrize("day", [date(26, 11, 20), date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_of_another_age_is_refused(
    session: Session, practice: Practice, person: Viewer, day: date
) -> None:
    """Whoever types « 26 » in the field of a year sends 0026."""
    adoption = adopt(session, practice, by=person)
    said = {"aspect": Aspect.REACH, "text": "Douze personnes.", "figures": ()}

    with pytest.raises(DomainError):
        write_entry(session, adoption, on_day=day, by=person, **said)  # type: ignore[arg-type]


def test_any_change_of_an_adoption_or_of_its_journal_dates_the_sheet_and_its_document(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    entry = journal(session, adoption, by=person)
    changes = (
        lambda: change_state(session, adoption, AdoptionState.IN_PLACE, by=person),
        lambda: journal(session, adoption, by=person),
        lambda: remove_entry(session, adoption, entry, by=person),
        lambda: describe_adoption(
            session,
            adoption,
            Declared(team="Autre", openness=Openness.US),
            seen=declared_by(adoption).stamp,
            by=person,
        ),
    )
    for change in changes:
        before = practice.version
        queued = session.scalar(select(func.count(OutboxRow.id))) or 0
        change()
        session.flush()
        assert practice.version > before
        assert (session.scalar(select(func.count(OutboxRow.id))) or 0) > queued


def test_the_document_of_a_sheet_names_public_adopters_only(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adopt(session, practice, by=person, team="Équipe publique")
    adopt(session, practice, by=person, team="Équipe inscrite", openness=Openness.MEMBERS)
    adopt(session, practice, by=person, team="Équipe discrète", openness=Openness.US)
    session.flush()

    document = load_document(session, practice.id)

    assert document is not None
    assert "Équipe publique" in document.body
    assert "Équipe inscrite" not in document.body
    assert "Équipe discrète" not in document.body


def test_the_coordination_hides_with_a_reason_and_brings_back(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    coordination = make_viewer(session, role=Role.COORDINATION)

    with pytest.raises(NotAllowed):
        moderate_adoption(session, adoption, is_hidden=True, reason="Non.", by=person)
    with pytest.raises(DomainError):
        moderate_adoption(session, adoption, is_hidden=True, reason="", by=coordination)
    moderate_adoption(session, adoption, is_hidden=True, reason="Publicité.", by=coordination)
    assert not list(every_public(session))
    (notice,) = session.scalars(select(Notice).where(Notice.kind == HIDDEN_KIND))
    assert notice.member_id == person.member_id
    assert words_of(session, [notice])[notice.id].text == "Publicité."

    moderate_adoption(session, adoption, is_hidden=False, reason="", by=coordination)

    assert len(list(every_public(session))) == 1


@pytest.mark.parametrize("state", [PracticeState.WITHDRAWN, PracticeState.REPLACED])
def test_those_who_try_a_practice_are_told_why_its_sheet_is_gone(
    session: Session, practice: Practice, person: Viewer, state: PracticeState
) -> None:
    adopt(session, practice, by=person)
    over = adopt(session, practice, by=person, team="Une autre équipe")
    change_state(session, over, AdoptionState.ABANDONED, by=person, reason="Plus de temps.")
    coordination = make_viewer(session, role=Role.COORDINATION)
    other = make_practice(session, "une-autre") if state is PracticeState.REPLACED else None

    withdraw(session, practice, reason="Elle nuit.", by=coordination, replaced_by=other)

    (notice,) = session.scalars(select(Notice).where(Notice.kind == GONE_KIND))
    assert notice.member_id == person.member_id
    told = words_of(session, [notice])[notice.id]
    assert ("remplacée" if other else "retirée") in told.title
    assert (told.text, told.path) == ("Elle nuit.", f"/pratiques/{practice.slug}")


def test_who_carries_the_sheet_is_told_and_not_of_what_is_kept_inside(
    session: Session, practice: Practice, person: Viewer
) -> None:
    author = make_viewer(session)
    assert author.member_id is not None
    session.add(PracticeAuthor(practice_id=practice.id, member_id=author.member_id, is_owner=True))
    session.flush()
    adopt(session, practice, by=person, team="Dedans", openness=Openness.US)
    shown = adopt(session, practice, by=person, team="Dehors", openness=Openness.MEMBERS)

    (notice,) = session.scalars(select(Notice).where(Notice.kind == DECLARED_KIND))

    assert notice.member_id == author.member_id
    assert "Dehors" in words_of(session, [notice])[notice.id].text
    shown.openness = Openness.US
    session.flush()
    assert words_of(session, [notice]) == {}


def test_an_adoption_silent_for_a_year_is_asked_about_once(
    session: Session, practice: Practice, person: Viewer
) -> None:
    silent = adopt(session, practice, by=person)
    given_up = adopt(session, practice, by=person, team="Finie", state=AdoptionState.ABANDONED)
    adopt(session, practice, by=person, team="Active")
    for one in (silent, given_up):
        one.news_at = now() - SILENCE - timedelta(days=1)
    session.flush()

    assert ask_for_news(session) == 1
    assert ask_for_news(session) == 0
    (notice,) = session.scalars(select(Notice).where(Notice.kind == NEWS_KIND))
    assert notice.member_id == person.member_id
    assert not words_of(session, [notice])[notice.id].is_over

    confirm_adoption(session, silent, by=person)

    assert words_of(session, [notice])[notice.id].is_over


def test_who_is_erased_answers_for_nothing_and_took_what_they_wrote(
    session: Session, practice: Practice, here: Organisation, person: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    journal(session, adoption, by=person)
    start_assessment(
        session, practice, Answers(team="Nous", fit="Oui."), organisation_id=here.id, by=person
    )
    assert person.member_id is not None
    taken = {name: list(rows(session, person.member_id)) for name, rows in OWN_DATA.items()}
    assert taken["adoptions"][0]["team"] == "Équipe du littoral"
    assert taken["adoption_entries"][0]["results"][0]["after"] == "12"
    assert taken["transfer_assessments"][0]["fit"] == "Oui."
    assert len(taken["adoption_steps"]) == 1

    forget_holder(session, person.member_id)

    assert session.scalar(select(func.count()).select_from(AdoptionHolder)) == 0
    assert session.scalar(select(func.count()).select_from(Adoption)) == 1


@pytest.mark.parametrize("keeps", [True, False])
def test_who_is_erased_leaves_the_journal_or_takes_their_entries_along(
    session: Session, practice: Practice, person: Viewer, keeps: bool
) -> None:
    adoption = adopt(session, practice, by=person)
    journal(session, adoption, by=person)
    assert person.member_id is not None
    session.add(Erasure(member_id=person.member_id, keeps_posts=keeps))
    session.flush()

    forget_holder(session, person.member_id)

    assert session.scalar(select(func.count()).select_from(AdoptionEntry)) == int(keeps)
    assert session.scalar(select(func.count()).select_from(AdoptionResult)) == int(keeps)


def test_what_nobody_answers_for_any_more_is_told_once_and_stays(
    session: Session, practice: Practice, here: Organisation, person: Viewer, colleague: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    hidden = adopt(session, practice, by=person, team="Entre nous", openness=Openness.US)
    coordination = make_viewer(session, role=Role.COORDINATION)
    respondent = make_viewer(session, role=Role.RESPONDENT, organisation=here)
    assert tell_unheld(session) == 0
    leave_adoption(session, adoption, by=person)
    session.execute(
        delete(MemberOrganisation).where(MemberOrganisation.member_id == person.member_id)
    )

    assert (tell_unheld(session), tell_unheld(session)) == (2, 2)

    told = session.scalars(select(Notice).where(Notice.kind == UNHELD_KIND)).all()
    assert sorted((one.member_id, one.subject) for one in told) == sorted(
        [
            (coordination.member_id, about_adoption(adoption)),
            (respondent.member_id, about_adoption(adoption)),
            (respondent.member_id, about_adoption(hidden)),
        ]
    )
    assert not any(words.is_over for words in words_of(session, told).values())
    assert len(list(every_public(session))) == 1
    join_adoption(session, adoption, by=colleague)
    over = {
        about: words_of(session, [one])[one.id].is_over for one in told for about in [one.subject]
    }
    assert over == {about_adoption(adoption): True, about_adoption(hidden): False}


def test_what_an_erased_person_takes_along_leaves_the_sheet_too(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adoption = adopt(session, practice, by=person)
    journal(session, adoption, by=person)
    assert person.member_id is not None
    session.add(Erasure(member_id=person.member_id, keeps_posts=False))
    session.flush()
    before = practice.version
    session.execute(delete(OutboxRow))

    forget_holder(session, person.member_id)

    assert practice.version > before
    assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1


def test_a_no_break_space_stays_in_the_name_of_a_team(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adoption = adopt(
        session, practice, by=person, team=" Unité\u00a03,  nord ", since="hiver\u00a02026"
    )

    assert adoption.team == "Unité\u00a03, nord"
    assert adoption.since == "hiver\u00a02026"


def test_answers_of_a_team_are_written_by_its_organisation_alone(
    session: Session, practice: Practice, here: Organisation, person: Viewer
) -> None:
    row = start_assessment(
        session, practice, Answers(team="Nous", fit="Oui."), organisation_id=here.id, by=person
    )
    stranger = make_viewer(session, role=Role.ADMIN, organisation=serve(session, "rss02"))
    seen = row.version

    with pytest.raises(NotAllowed):
        change_assessment(session, row, Answers(team="Nous"), seen=seen, by=stranger)
    with pytest.raises(NotAllowed):
        remove_assessment(session, row, by=stranger)
    with pytest.raises(Conflict):
        start_assessment(
            session, practice, Answers(team=" Nous "), organisation_id=here.id, by=person
        )
    change_assessment(session, row, Answers(team="Nous", fit="Non."), seen=seen, by=person)
    with pytest.raises(Conflict) as refused:
        change_assessment(session, row, Answers(team="Nous", how="Vite."), seen=seen, by=person)
    assert "Non." in refused.value.theirs

    remove_assessment(session, row, by=person)

    assert session.scalar(select(func.count()).select_from(TransferAssessment)) == 0


def test_a_term_that_moves_takes_its_adoptions_along(
    session: Session, practice: Practice, person: Viewer
) -> None:
    adoption = adopt(session, practice, by=person, setting="domicile")

    for bearer in bearers:
        bearer.carry(session, "settings", {"domicile": "ailleurs"})
        bearer.carry(session, "regions", {"rss01": "rss99"})

    assert (adoption.setting, adoption.region) == ("ailleurs", "rss99")


@pytest.mark.usefixtures("database")
def test_teams_that_declare_at_once_are_all_kept_and_the_same_one_once() -> None:
    with writing() as session:
        make_vocabulary(session)
        make_practice(session)
        organisation = serve(session, "rss01")
        people = [make_viewer(session, organisation=organisation) for _number in range(6)]

    def declare(number: int) -> bool:
        try:
            with writing() as session:
                held = hold_practice(session, "visites-virtuelles")
                assert held is not None
                adopt(session, held, by=people[number], team=f"Équipe {number // 2}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        kept = sum(pool.map(declare, range(6)))

    assert kept == 3
