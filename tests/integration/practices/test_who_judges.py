"""Whoever had a hand in a sheet judges nothing of it, and nobody judges what is not theirs to."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.members.models import Member, Organisation, OrganisationName, RoleGrant
from inters4.members.queries import load_viewer
from inters4.members.services.roles import leave_organisation, withdraw_role
from inters4.practices.models import (
    Advice,
    Block,
    Move,
    Practice,
    PracticeApproval,
    PracticeRevision,
    PracticeState,
)
from inters4.practices.queries.awaiting import awaiting
from inters4.practices.queries.known import citable
from inters4.practices.queries.queue import Wait, wait_of
from inters4.practices.queries.revisions import (
    approvals_of,
    find_revision,
    organisations_named,
    reviews_shown_to,
)
from inters4.practices.services.approving import decide_approval, may_sign, record_approval
from inters4.practices.services.authors import add_author, remove_author
from inters4.practices.services.drafts import write_fields
from inters4.practices.services.life import RATINGS, move, today
from inters4.practices.services.naming import ask_review, decline_review, refusal
from inters4.practices.services.reviewing import Unfinished, Written, submit_review
from inters4.practices.services.revising import abandon, open_revision, publish
from inters4.practices.services.versions import MINOR
from tests.builders.kept import kept
from tests.builders.members import give_role, make_member, make_organisation, make_viewer
from tests.builders.revisions import (
    Cast,
    approve,
    ask,
    bring_to,
    make_cast,
    rate,
    start,
    take_out,
)
from tests.builders.vocabulary import make_vocabulary


@pytest.fixture
def cast(session: Session) -> Cast:
    make_vocabulary(session)
    return make_cast(session)


def number_of(person: Viewer) -> int:
    assert person.member_id is not None
    return person.member_id


def with_role(session: Session, person: Viewer, role: Role, place: int | None = None) -> Viewer:
    session.add(RoleGrant(member_id=number_of(person), role=role, organisation_id=place))
    session.flush()
    return load_viewer(session, number_of(person))


def write(session: Session, revision: PracticeRevision, by: Viewer, **values: object) -> None:
    write_fields(
        session,
        revision,
        values=values,  # type: ignore[arg-type]
        blocks={},
        seen=revision.version,
        by_id=by.member_id,
    )


def published(session: Session, cast: Cast) -> Practice:
    def make() -> Practice:
        revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
        approve(session, cast, revision)
        return publish(session, revision, by=cast.coordination, known=citable(session))

    return kept(
        session,
        "published",
        make,
        brief=lambda practice: practice.id,
        recall=partial(session.get_one, Practice),
    )


def carried_by_another_too(session: Session, revision: PracticeRevision) -> Organisation:
    """A second organisation of the portal joins those that the sheet being written names."""
    place = make_organisation(session, slug="cisss-voisin", name="CISSS voisin")
    rows = [*revision.values["organisations"], {"id": place.slug}]
    revision.values = {**revision.values, "organisations": rows}
    session.flush()
    return place


def test_reviewers_are_outside_an_organisation_added_while_the_sheet_was_written(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    place = carried_by_another_too(session, revision)
    bring_to(session, cast, revision, PracticeState.REVIEW)
    neighbour = make_member(session, name="Nadia Voisine", organisation=place)
    give_role(session, neighbour, Role.REVIEWER)

    assert "organisation" in refusal(session, revision, neighbour.id)
    with pytest.raises(DomainError, match="organisation"):
        ask_review(session, revision, neighbour.id, by=cast.coordination)


@pytest.mark.parametrize(
    "typed",
    [
        "cisss VOISIN",
        "Le  CISSS voisin",
        "CISSS voisin (CV)",
        "l'Ancien CSSS voisin",
        "Neighbour (Québec)",
        "CISSS voisin.",
        "CISSS voisin – Direction des soins",
        "Service de nuit, CISSS voisin",
        "CISSS voisin - CV",
        "Direction des soins (CISSS voisin)",
        "Direction des soins du soir : CISSS voisin",
    ],
)
def test_an_organisation_typed_by_one_of_its_names_is_that_of_the_portal(
    session: Session, cast: Cast, typed: str
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    place = make_organisation(session, slug="cisss-voisin", name="CISSS voisin")
    place.name_en = "The Neighbour"
    session.add(OrganisationName(organisation_id=place.id, name="Ancien CSSS voisin"))
    rows = [*revision.values["organisations"], {"name": typed}]
    revision.values = {**revision.values, "organisations": rows}

    bring_to(session, cast, revision, PracticeState.APPROVAL)

    asked = {one.organisation_id for one in approvals_of(session, revision)}
    assert asked == {cast.carrying.id, place.id}


def test_a_name_that_means_two_organisations_asks_both(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    place = make_organisation(session, slug="ciusss-est", name="CIUSSS de l’Est–Lac-du-Nord")
    rows = [{"name": "CIUSSS de l’Est–Lac-du-Nord / Université d’ailleurs – Médecine"}]
    revision.values = {**revision.values, "organisations": rows}

    named, others = organisations_named(session, revision)

    assert named == {place.id, cast.other.id}
    assert others == []
    assert "organisation" in refusal(session, revision, number_of(cast.first))


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("CHU du Fleuve – Université d’ailleurs", "CHU du Fleuve"),
        ("Université d’ailleurs / CIUSSS du Lac", "CIUSSS du Lac"),
        ("Université d’ailleurs et Cégep du Nord", "Cégep du Nord"),
    ],
)
def test_whoever_stands_beside_one_of_ours_in_a_name_is_heard_too(
    session: Session, cast: Cast, typed: str, other: str
) -> None:
    revision = start(session, cast)
    revision.values = {**revision.values, "organisations": [{"name": typed}]}

    assert organisations_named(session, revision) == (
        frozenset({cast.other.id}),
        [other],
    )


@pytest.mark.parametrize(
    "typed", ["Clinique du CISSS porteuse", "Hôpital-Université d’ailleurs", "Lac-du-Nord", "."]
)
def test_a_name_that_only_resembles_one_of_ours_is_of_elsewhere(
    session: Session, cast: Cast, typed: str
) -> None:
    revision = start(session, cast)
    revision.values = {**revision.values, "organisations": [{"name": typed}]}

    assert organisations_named(session, revision) == (frozenset(), [typed])


def test_nobody_reads_the_first_ratings_before_the_second_are_sent(
    session: Session, cast: Cast
) -> None:
    both = with_role(session, cast.second, Role.BROKER)
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)

    for reader in (both, cast.broker, cast.coordination):
        assert reviews_shown_to(session, revision, viewer=reader) == []
    second = ask(session, cast, revision, both)
    rate(session, revision, second, by=both, maturity="emergente")
    assert len(reviews_shown_to(session, revision, viewer=cast.coordination)) == 2


def test_whoever_read_the_ratings_of_a_passage_does_not_rate_the_next(
    session: Session, cast: Cast
) -> None:
    reader = number_of(with_role(session, cast.third, Role.BROKER))
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    assert refusal(session, revision, reader) == ""
    for reviewer in (cast.first, cast.second):
        review = ask(session, cast, revision, reviewer)
        rate(session, revision, review, by=reviewer, advice=Advice.REWORK)
    bring_to(session, cast, revision, PracticeState.REVIEW)

    assert "a pu lire les cotes" in refusal(session, revision, reader)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)
    second = ask(session, cast, revision, cast.second)
    rate(session, revision, second, by=cast.second, maturity="emergente")
    assert refusal(session, revision, reader) == ""


def test_whoever_read_the_ratings_of_a_passage_and_left_the_team_does_not_rate_the_next(
    session: Session, cast: Cast
) -> None:
    reader = session.get_one(Member, number_of(with_role(session, cast.third, Role.BROKER)))
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    for reviewer in (cast.first, cast.second):
        review = ask(session, cast, revision, reviewer)
        rate(session, revision, review, by=reviewer, advice=Advice.REWORK)
    withdraw_role(session, reader, Role.BROKER, by=make_viewer(session, role=Role.ADMIN))
    bring_to(session, cast, revision, PracticeState.REVIEW)

    assert "a pu lire les cotes" in refusal(session, revision, reader.id)


def test_whoever_read_the_ratings_of_a_revision_given_up_does_not_rate_the_next(
    session: Session, cast: Cast
) -> None:
    reader = number_of(with_role(session, cast.third, Role.BROKER))
    again = open_revision(session, published(session, cast), by=cast.owner)
    bring_to(session, cast, again, PracticeState.REVIEW)
    assert refusal(session, again, reader) == ""
    rate(session, again, ask(session, cast, again, cast.first), by=cast.first)
    second = ask(session, cast, again, cast.second)
    rate(session, again, second, by=cast.second, maturity="emergente")
    abandon(session, again, by=cast.owner)

    anew = open_revision(session, again.practice, by=cast.owner)
    bring_to(session, cast, anew, PracticeState.REVIEW)

    assert "a pu lire les cotes" in refusal(session, anew, reader)


def sent_back_by_its_organisation(
    session: Session, cast: Cast, place: Organisation, by: Viewer
) -> PracticeRevision:
    """Rated, refused in the name of a second organisation, which the text then names no more."""
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    rows = revision.values["organisations"]
    write(session, revision, cast.owner, organisations=[*rows, {"id": place.slug}])
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    asked = {one.organisation_id: one for one in approvals_of(session, revision)}
    decide_approval(session, revision, asked[place.id], is_granted=False, reason="Non.", by=by)
    write(session, revision, cast.owner, organisations=rows, title="Écrit depuis le refus")
    return revision


@pytest.fixture
def neighbour(session: Session, cast: Cast) -> Organisation:
    return make_organisation(session, slug="cisss-voisin", name="CISSS voisin")


@pytest.fixture
def both(session: Session, cast: Cast, neighbour: Organisation) -> Viewer:
    """A reviewer who signs for the second organisation."""
    person = make_member(session, name="Sigrid Signataire", organisation=neighbour)
    give_role(session, person, Role.REVIEWER)
    give_role(session, person, Role.SIGNATORY, organisation=neighbour)
    return load_viewer(session, person.id)


def test_whoever_signed_for_an_organisation_since_taken_off_does_not_rate_what_they_read(
    session: Session, cast: Cast, neighbour: Organisation, both: Viewer
) -> None:
    revision = sent_back_by_its_organisation(session, cast, neighbour, both)

    for _passage in range(2):  # the demand itself is forgotten at the end of the second
        bring_to(session, cast, revision, PracticeState.REVIEW)
        assert "a pu lire les cotes" in refusal(session, revision, number_of(both))
        bring_to(session, cast, revision, PracticeState.APPROVAL)
        [approval] = approvals_of(session, revision)
        decide_approval(
            session, revision, approval, is_granted=False, reason="Non.", by=cast.signatory
        )


@pytest.mark.parametrize("leaves", ["the role", "the organisation"])
def test_whoever_signed_then_and_left_since_does_not_rate_what_they_read(
    session: Session, cast: Cast, neighbour: Organisation, both: Viewer, leaves: str
) -> None:
    revision = sent_back_by_its_organisation(session, cast, neighbour, both)
    person = session.get_one(Member, number_of(both))
    admin = make_viewer(session, role=Role.ADMIN)
    if leaves == "the role":
        withdraw_role(session, person, Role.SIGNATORY, by=admin, organisation=neighbour.id)
    else:
        leave_organisation(session, person, neighbour, by=both)
    bring_to(session, cast, revision, PracticeState.REVIEW)

    assert "a pu lire les cotes" in refusal(session, revision, person.id)
    assert refusal(session, revision, number_of(cast.third)) == ""


def test_an_organisation_that_the_text_names_no_more_reads_nothing_of_it(
    session: Session, cast: Cast, neighbour: Organisation, both: Viewer
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    rows = [*revision.values["organisations"], {"id": neighbour.slug}]
    write(session, revision, cast.owner, organisations=rows)
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    signing = load_viewer(session, number_of(both))
    assert find_revision(session, revision.practice_id, viewer=signing) is revision

    asked = {one.organisation_id: one for one in approvals_of(session, revision)}
    decide_approval(session, revision, asked[neighbour.id], is_granted=False, reason="N", by=both)

    assert find_revision(session, revision.practice_id, viewer=signing) is None


def test_whoever_was_asked_to_settle_and_declined_does_not_rate_the_next_passage(
    session: Session, cast: Cast
) -> None:
    fourth = with_role(session, make_viewer(session, name="Quentin Quart"), Role.REVIEWER)
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)
    second = ask(session, cast, revision, cast.second)
    rate(session, revision, second, by=cast.second, maturity="emergente")
    asked = ask(session, cast, revision, cast.third)
    assert len(reviews_shown_to(session, revision, viewer=cast.third)) == 3
    decline_review(session, asked, revision, by=cast.third, reason="Je ne peux pas.")
    settling = ask(session, cast, revision, fourth)
    rate(session, revision, settling, by=fourth, advice=Advice.REWORK)
    bring_to(session, cast, revision, PracticeState.REVIEW)

    for person in (cast.third, fourth):
        assert "a pu lire les cotes" in refusal(session, revision, number_of(person))
    assert refusal(session, revision, number_of(cast.first)) == ""


def test_a_co_author_who_left_does_not_admit_review_sign_nor_publish(
    session: Session, cast: Cast
) -> None:
    person = make_member(session, name="Gabriel Passé")
    give_role(session, person, Role.COORDINATION)
    give_role(session, person, Role.REVIEWER)
    give_role(session, person, Role.SIGNATORY, organisation=cast.carrying)
    revision = start(session, cast)
    add_author(session, revision.practice, person, by=cast.owner)
    remove_author(session, revision.practice, person.id, by=cast.owner)
    gone = load_viewer(session, person.id)
    known = citable(session)

    bring_to(session, cast, revision, PracticeState.PROPOSED)
    with pytest.raises(NotAllowed):
        move(session, revision, Move.ADMIT, by=gone, known=known)
    bring_to(session, cast, revision, PracticeState.REVIEW)
    with pytest.raises(DomainError, match="travaillé"):
        ask_review(session, revision, person.id, by=cast.coordination)
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    [approval] = approvals_of(session, revision)
    with pytest.raises(NotAllowed):
        decide_approval(session, revision, approval, is_granted=True, reason="", by=gone)
    approve(session, cast, revision)
    with pytest.raises(NotAllowed):
        publish(session, revision, by=gone, known=known)


def test_whoever_wrote_once_does_not_publish_though_another_wrote_since(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    write(session, revision, cast.coordination, equipment="Une tablette de plus.")
    write(session, revision, cast.owner, equipment="Deux tablettes.")
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    approve(session, cast, revision)

    with pytest.raises(NotAllowed):
        publish(session, revision, by=cast.coordination, known=citable(session))
    other = make_viewer(session, role=Role.COORDINATION)
    publish(session, revision, by=other, known=citable(session))


def test_a_broker_does_not_publish_alone_the_minor_change_that_they_wrote(
    session: Session, cast: Cast
) -> None:
    again = open_revision(session, published(session, cast), by=cast.broker)
    write(session, again, cast.broker, equipment="Une tablette de la courtière.")
    write(session, again, cast.owner, training="Une heure de l’équipe.")

    with pytest.raises(NotAllowed):
        publish(session, again, by=cast.broker, known=citable(session), is_minor=True)
    publish(session, again, by=cast.coordination, known=citable(session), is_minor=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Guérit tout"),
        ("subtitle", "Réduit la mortalité de moitié"),
        ("costs", [{"kind": "total", "amount": "Rien"}]),
        ("success_conditions", [{"condition": "cs02", "note": "Une autre."}]),
        (Block.PITFALLS.field, "Aucun."),
        (Block.LEADERSHIP.field, "Aucun appui."),
        (Block.CONDITIONS.field, "Aucune condition."),
        (Block.COSTS.field, "Rien."),
        ("organisations", [{"id": "cisss-porteur"}, {"id": "universite"}]),
        ("team", "Une autre équipe"),
        ("regions", ["rss02"]),
        ("problem", "Un autre problème."),
        ("solution", "Une autre solution."),
        ("result", "Un autre résultat."),
        ("interests", "Une compagnie paie."),
        ("funders", ["Une compagnie"]),
        ("references", [{"number": "1", "title": "Une autre source"}]),
        (Block.CORE.field, "Un autre noyau."),
        (Block.DIFFERENCE.field, "Autre chose."),
        (Block.DESCRIPTION.field, "Autre chose."),
    ],
)
def test_what_was_rated_approved_or_sourced_is_never_a_minor_change(
    session: Session, cast: Cast, field: str, value: object
) -> None:
    practice = published(session, cast)
    again = open_revision(session, practice, by=cast.owner)
    if field.startswith("text-"):
        again.blocks = {**again.blocks, field.removeprefix("text-"): str(value)}
    else:
        again.values = {**again.values, field: value}

    with pytest.raises(Conflict, match="coté ou approuvé"):
        publish(session, again, by=cast.broker, known=citable(session), is_minor=True)


def test_what_may_be_minor_is_named_so_that_a_new_field_is_not() -> None:
    assert not MINOR & {"organisations", "team", "interests", "funders", "references", "solution"}
    assert not MINOR & {"populations", "text-context", "text-steps", "text-patient-experience"}
    assert not MINOR & {"title", "subtitle", "costs", "success_conditions", "text-pitfalls"}
    assert {"equipment", "training", "themes"} <= MINOR


def test_an_organisation_added_to_a_published_sheet_is_asked(session: Session, cast: Cast) -> None:
    again = open_revision(session, published(session, cast), by=cast.owner)
    place = carried_by_another_too(session, again)
    again.drafter_id = cast.broker.member_id

    bring_to(session, cast, again, PracticeState.APPROVAL)

    asked = {one.organisation_id: one for one in approvals_of(session, again)}
    assert set(asked) == {cast.carrying.id, place.id}
    decide_approval(
        session, again, asked[cast.carrying.id], is_granted=True, reason="", by=cast.signatory
    )
    with pytest.raises(Conflict, match="pas encore approuvé"):
        publish(session, again, by=cast.coordination, known=citable(session))


def test_an_organisation_from_elsewhere_beside_ours_is_noted_too(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    rows = [*revision.values["organisations"], {"name": "Clinique du village"}]
    revision.values = {**revision.values, "organisations": rows}
    bring_to(session, cast, revision, PracticeState.APPROVAL)

    approve(session, cast, revision)

    assert wait_of(session, revision) is Wait.NOTING
    with pytest.raises(Conflict, match="pas encore approuvé"):
        publish(session, revision, by=cast.coordination, known=citable(session))
    record_approval(session, revision, given_by="La clinique", on=today(), by=cast.coordination)
    assert wait_of(session, revision) is Wait.PUBLISHING
    practice = publish(session, revision, by=cast.coordination, known=citable(session))
    assert practice.approval == "CISSS porteur; La clinique"


def test_each_organisation_from_elsewhere_is_noted_for_itself(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    rows = [{"name": "Hôpital A"}, {"name": "Hôpital B"}]
    revision.values = {**revision.values, "organisations": rows}
    bring_to(session, cast, revision, PracticeState.APPROVAL)

    def note(given_by: str, organisation: str = "") -> None:
        told = {"given_by": given_by, "organisation": organisation}
        record_approval(session, revision, on=today(), by=cast.coordination, **told)

    typed_in_two_figures = date(26, 5, 6)
    with pytest.raises(DomainError, match="quatre chiffres"):
        record_approval(
            session,
            revision,
            given_by="Une direction",
            on=typed_in_two_figures,
            organisation="Hôpital A",
            by=cast.coordination,
        )
    with pytest.raises(DomainError, match="laquelle"):
        note("Une direction")
    with pytest.raises(Conflict):
        note("Une direction", "Hôpital C")
    note("La direction de A", "Hôpital A")
    assert wait_of(session, revision) is Wait.NOTING
    with pytest.raises(Conflict, match="pas encore approuvé"):
        publish(session, revision, by=cast.coordination, known=citable(session))

    note("La direction de B")
    practice = publish(session, revision, by=cast.coordination, known=citable(session))

    assert practice.approval == "La direction de A; La direction de B"


def test_an_author_does_not_sign_another_signatory_does(session: Session, cast: Cast) -> None:
    author = with_role(session, cast.owner, Role.SIGNATORY, cast.carrying.id)
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)

    assert not may_sign(session, revision.practice_id, cast.carrying.id, by=author)
    assert may_sign(session, revision.practice_id, cast.carrying.id, by=cast.signatory)
    assert not awaiting(session, viewer=author).approvals


def test_the_respondent_signs_when_every_signatory_worked_on_the_sheet(
    session: Session, cast: Cast
) -> None:
    respondent = with_role(session, cast.stranger, Role.RESPONDENT, cast.carrying.id)
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    write(session, revision, cast.signatory, equipment="Une tablette de plus.")
    bring_to(session, cast, revision, PracticeState.APPROVAL)
    [approval] = approvals_of(session, revision)

    with pytest.raises(NotAllowed, match="travaillé"):
        decide_approval(session, revision, approval, is_granted=True, reason="", by=cast.signatory)
    assert awaiting(session, viewer=respondent).approvals
    decide_approval(session, revision, approval, is_granted=True, reason="", by=respondent)
    assert approval.is_granted


def test_the_coordination_is_told_when_everyone_who_signs_worked_on_the_sheet(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.DRAFTING)
    write(session, revision, cast.signatory, equipment="Une tablette de plus.")

    bring_to(session, cast, revision, PracticeState.APPROVAL)

    assert wait_of(session, revision) is Wait.SILENCE
    assert session.scalars(select(PracticeApproval.escalated_at)).one() is not None


def test_whoever_may_judge_a_sheet_does_not_join_it_meanwhile(session: Session, cast: Cast) -> None:
    reviewer = session.get_one(Member, number_of(cast.first))
    signatory = session.get_one(Member, number_of(cast.signatory))
    plain = make_member(session, name="Aude Simple")
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)

    for person in (reviewer, signatory):
        with pytest.raises(Conflict, match="relecture ou de signature"):
            add_author(session, revision.practice, person, by=cast.owner)
    add_author(session, revision.practice, plain, by=cast.owner)


def test_the_reason_that_readers_see_is_that_of_the_ratings(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)

    assert revision.values["maturity_reason"] == "Deux études concordent."
    assert revision.values["evidence_reason"] == "Deux études concordent."


def test_the_reason_of_who_settles_the_gap_stands(session: Session, cast: Cast) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    rate(session, revision, ask(session, cast, revision, cast.first), by=cast.first)
    second = ask(session, cast, revision, cast.second)
    rate(session, revision, second, by=cast.second, maturity="emergente")
    third = ask(session, cast, revision, cast.third)
    submit_review(
        session,
        third,
        revision,
        by=cast.third,
        written=Written(
            maturity="emergente",
            evidence_strength="suggestive",
            reason="Une seule étude,\nsans suivi.",
            advice=Advice.PUBLISH,
            has_no_interest=True,
        ),
    )

    assert revision.values["maturity_reason"] == "Une seule étude, sans suivi."


@pytest.mark.parametrize("reason", ["Voir [9].", "mot " * 40 + "e" * 500])
def test_a_reason_that_the_sheet_could_not_publish_is_refused(
    session: Session, cast: Cast, reason: str
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    review = ask(session, cast, revision, cast.first)

    with pytest.raises(Unfinished) as refused:
        submit_review(
            session,
            review,
            revision,
            by=cast.first,
            written=Written(
                maturity="emergente",
                evidence_strength="suggestive",
                reason=reason,
                advice=Advice.PUBLISH,
                has_no_interest=True,
            ),
        )
    assert [lack.field for lack in refused.value.lacks] == ["reason"]


def test_a_sheet_that_lost_something_goes_back_and_not_to_its_organisations(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    take_out(session, revision, Block.STEPS.field)

    for reviewer in (cast.first, cast.second):
        rate(session, revision, ask(session, cast, revision, reviewer), by=reviewer)

    assert revision.state is PracticeState.DRAFTING
    assert approvals_of(session, revision) == []
    assert revision.values["rating_status"] == "proposed"


def test_a_refusal_of_the_organisation_leaves_no_judgement_standing(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.APPROVAL)
    [approval] = approvals_of(session, revision)

    decide_approval(
        session, revision, approval, is_granted=False, reason="Un chiffre.", by=cast.signatory
    )

    assert revision.values["rating_status"] == "proposed"
    assert "reviewers" not in revision.values
    assert "rated_on" not in revision.values


def test_the_ratings_that_were_proposed_come_back_with_a_sheet_that_is_sent_back(
    session: Session, cast: Cast
) -> None:
    revision = bring_to(session, cast, start(session, cast), PracticeState.REVIEW)
    before = {name: revision.values[name] for name in RATINGS}
    for reviewer in (cast.first, cast.second):
        review = ask(session, cast, revision, reviewer)
        rate(session, revision, review, by=reviewer, maturity="emergente")
    assert revision.values["maturity"] == "emergente"

    move(
        session,
        revision,
        Move.RETURN,
        by=cast.coordination,
        known=citable(session),
        reason="Un chiffre.",
    )

    assert {name: revision.values[name] for name in RATINGS} == before
    bring_to(session, cast, revision, PracticeState.REVIEW)
    assert {name: revision.values[name] for name in RATINGS} == before
