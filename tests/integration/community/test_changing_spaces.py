"""A space opens, says what it is, narrows at once, widens when asked twice, closes."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.community.exports.joining_notices import PLACE_KIND
from inters4.community.models import (
    JoinPolicy,
    JoinRequest,
    Level,
    Membership,
    RequestState,
    Space,
    SpaceStage,
    SpaceToken,
    ThreadReading,
    Visibility,
)
from inters4.community.queries.spaces import find_moved
from inters4.community.queries.visibility import find_readable_space, moderates
from inters4.community.queries.widening import what_appears
from inters4.community.services.creating import create_space
from inters4.community.services.describing import Description, description_of, problems
from inters4.community.services.joining import ask_to_join
from inters4.community.services.posting import post
from inters4.community.services.revising import revise, set_stage
from inters4.community.services.telling import tell_waiting
from inters4.community.services.visibility_changes import change_visibility
from inters4.core.access import ANONYMOUS, Role, Viewer
from inters4.core.errors import Conflict, DomainError, NotAllowed
from inters4.members.models import Member
from inters4.notices.models import Notice
from tests.builders.community import again, make_space, make_thread
from tests.builders.members import make_member, make_viewer

V = Visibility


def _description(**fields: object) -> Description:
    given = {"name": "Soins à domicile", "purpose": "Mieux suivre à domicile.", **fields}
    return Description(**given)  # type: ignore[arg-type]


def _create(session: Session, visibility: Visibility, **fields: object) -> Space:
    return create_space(
        session,
        _description(**fields),
        visibility=visibility,
        facilitator=make_member(session),
        deputy=make_member(session),
        known_themes=(),
        by=make_viewer(session, role=Role.COORDINATION),
    )


def test_the_coordination_opens_a_space_with_two_who_lead(session: Session) -> None:
    space = _create(session, V.MEMBERS)

    assert space.slug == "soins-a-domicile"
    assert space.stage is SpaceStage.POTENTIAL
    for number in (space.facilitator_id, space.deputy_id):
        assert number is not None
        viewer = Viewer(member_id=number)
        assert moderates(again(session, viewer), space.id)
    assert len(session.scalars(select(Notice).where(Notice.kind == PLACE_KIND)).all()) == 2


@pytest.mark.parametrize("role", [None, Role.BROKER, Role.REVIEWER])
def test_others_open_none(session: Session, role: Role | None) -> None:
    with pytest.raises(NotAllowed):
        create_space(
            session,
            _description(),
            visibility=V.PUBLIC,
            facilitator=make_member(session),
            deputy=make_member(session),
            known_themes=(),
            by=make_viewer(session, role=role),
        )


def test_one_person_does_not_both_lead_and_second(session: Session) -> None:
    member = make_member(session)

    with pytest.raises(DomainError):
        create_space(
            session,
            _description(),
            visibility=V.PUBLIC,
            facilitator=member,
            deputy=member,
            known_themes=(),
            by=make_viewer(session, role=Role.ADMIN),
        )


def test_an_address_never_tells_that_a_hidden_space_has_this_name(session: Session) -> None:
    hidden = _create(session, V.PRIVATE_HIDDEN, join_policy=JoinPolicy.INVITATION)
    shown = _create(session, V.PUBLIC)
    other = _create(session, V.PUBLIC)

    assert hidden.slug.startswith("soins-a-domicile-")
    assert len(hidden.slug) > len("soins-a-domicile-12345678")
    assert shown.slug == "soins-a-domicile"
    assert other.slug == "soins-a-domicile-2"


@pytest.mark.parametrize("name", ["Créer", "Non lus", "2026"])
def test_an_address_is_never_a_word_of_the_portal(session: Session, name: str) -> None:
    space = _create(session, V.PUBLIC, name=name)

    assert space.slug.endswith("-2")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "nom"),
        ({"name": "???"}, "nom"),
        ({"name": "x" * 121}, "nom"),
        ({"purpose": ""}, "raison"),
        ({"themes": ("inconnu",)}, "themes"),
        ({"scope": "x" * 301}, "pour_qui"),
        ({"charter": {"confiance": "x" * 1501}}, "charte-confiance"),
        ({"first_posts": 9}, "premiers"),
        ({"presentation": "x" * 20_001}, "presentation"),
    ],
)
def test_every_mistake_has_its_field(fields: dict[str, object], field: str) -> None:
    found = problems(_description(**fields), visibility=V.PUBLIC, known_themes=())

    assert [name for name, _message in found] == [field]


@pytest.mark.parametrize(
    ("visibility", "policy"),
    [
        (V.PRIVATE_LISTED, JoinPolicy.OPEN),
        (V.PRIVATE_HIDDEN, JoinPolicy.OPEN),
        (V.PRIVATE_HIDDEN, JoinPolicy.REQUEST),
    ],
)
def test_whoever_may_not_read_does_not_come_in_by_themselves(
    visibility: Visibility, policy: JoinPolicy
) -> None:
    found = problems(_description(join_policy=policy), visibility=visibility, known_themes=())

    assert [name for name, _message in found] == ["adhesion"]


@pytest.fixture
def lead(session: Session) -> Viewer:
    return make_viewer(session)


@pytest.fixture
def space(session: Session, lead: Viewer) -> Space:
    return make_space(session, facilitator=lead, deputy=make_viewer(session), visibility=V.MEMBERS)


def test_a_renamed_space_is_found_at_its_former_address_or_keeps_it(
    session: Session, space: Space, lead: Viewer
) -> None:
    former, leader = space.slug, again(session, lead)

    def rename(name: str, *, moves: bool) -> None:
        revise(
            session,
            space,
            _description(name=name),
            version=space.version,
            moves=moves,
            known_themes=(),
            by=leader,
        )

    rename("Soins de fin de vie", moves=False)
    assert space.slug == former
    rename("Soins palliatifs", moves=True)

    assert space.slug == "soins-palliatifs"
    assert find_moved(session, former, viewer=leader) == "soins-palliatifs"
    assert find_moved(session, former, viewer=ANONYMOUS) is None


def test_a_stale_form_is_refused_unless_it_says_the_same(
    session: Session, space: Space, lead: Viewer
) -> None:
    leader, version = again(session, lead), space.version

    def send(description: Description, version: int) -> bool:
        return revise(
            session,
            space,
            description,
            version=version,
            moves=False,
            known_themes=(),
            by=leader,
        )

    assert send(_description(), version)
    assert not send(_description(), version)
    with pytest.raises(Conflict):
        send(_description(rhythm="Chaque mois"), version)
    assert description_of(space).rhythm == ""


def test_narrowing_takes_effect_at_once_and_ends_private_addresses(
    session: Session, space: Space, lead: Viewer
) -> None:
    outsider, leader = make_viewer(session), again(session, lead)
    thread = make_thread(session, space, author=lead)
    session.add_all(
        [
            SpaceToken(space_id=space.id, member_id=one.member_id, purpose="fil", token_hash=name)
            for one, name in ((outsider, "a"), (lead, "b"))
        ]
    )
    session.add(
        ThreadReading(
            member_id=outsider.member_id, thread_id=thread.id, last_number=1, level=Level.FOLLOWED
        )
    )
    session.flush()
    assert find_readable_space(session, space.slug, viewer=outsider) is space

    change_visibility(session, space, V.PRIVATE_LISTED, by=leader)

    assert find_readable_space(session, space.slug, viewer=outsider) is None
    assert session.scalars(select(SpaceToken.token_hash)).all() == ["b"]
    session.expire_all()
    assert session.get_one(ThreadReading, (outsider.member_id, thread.id)).level is None
    assert space.join_policy is JoinPolicy.REQUEST


def test_narrowing_leaves_no_notice_waiting_for_those_who_read_no_more(
    session: Session,
) -> None:
    lead, out = make_viewer(session), make_viewer(session, name="Ode Partie")
    space = make_space(session, facilitator=lead, visibility=V.PUBLIC)
    thread = make_thread(session, space, author=out)
    post(session, thread, "Une réponse.", by=again(session, lead))
    kept = make_thread(session, make_space(session, facilitator=lead), author=out)
    post(session, kept, "Une autre.", by=again(session, lead))
    tell_waiting(session)

    change_visibility(session, space, V.PRIVATE_HIDDEN, by=again(session, lead))

    waiting = session.scalars(
        select(Notice.group_key).where(Notice.member_id == out.member_id, Notice.read_at.is_(None))
    ).all()
    assert waiting == [f"fil:{kept.id}"]


def test_hiding_a_space_answers_those_who_wait_at_its_door(
    session: Session, space: Space, lead: Viewer
) -> None:
    space.join_policy = JoinPolicy.REQUEST
    ask_to_join(session, space, "", by=make_viewer(session))

    change_visibility(session, space, V.PRIVATE_HIDDEN, by=again(session, lead))

    (request,) = session.scalars(select(JoinRequest))
    assert request.state is RequestState.REFUSED
    assert space.join_policy is JoinPolicy.INVITATION


def test_widening_is_refused_until_what_appears_was_seen(
    session: Session, space: Space, lead: Viewer
) -> None:
    leader = again(session, lead)
    thread = make_thread(session, space, author=lead, title="Ce que tout le monde lira")
    seen = space.last_seq

    with pytest.raises(Conflict):
        change_visibility(session, space, V.PUBLIC, by=leader)
    appearing = what_appears(session, space)
    make_thread(session, space, author=lead, title="Écrit entre-temps")
    with pytest.raises(Conflict):
        change_visibility(session, space, V.PUBLIC, is_confirmed=True, seen=seen, by=leader)
    change_visibility(session, space, V.PUBLIC, is_confirmed=True, seen=space.last_seq, by=leader)

    assert (appearing.threads, appearing.posts, list(appearing.titles)) == (1, 1, [thread.title])
    assert find_readable_space(session, space.slug, viewer=ANONYMOUS) is space
    noticed = session.scalars(select(Notice.member_id).where(Notice.kind == PLACE_KIND)).all()
    assert noticed == [space.deputy_id]


def test_closing_a_space_ends_what_waits_and_it_may_open_again(
    session: Session, space: Space, lead: Viewer
) -> None:
    leader = again(session, lead)
    space.join_policy = JoinPolicy.REQUEST
    ask_to_join(session, space, "", by=make_viewer(session))

    set_stage(session, space, SpaceStage.CLOSED, by=leader)
    with pytest.raises(NotAllowed):
        revise(
            session,
            space,
            _description(),
            version=space.version,
            moves=False,
            known_themes=(),
            by=leader,
        )
    set_stage(session, space, SpaceStage.ACTIVE, by=leader)

    assert session.scalars(select(JoinRequest.state)).all() == [RequestState.REFUSED]
    assert not space.is_archived


def test_only_those_who_lead_change_a_space(session: Session, space: Space) -> None:
    inside = make_viewer(session)
    session.add(Membership(space_id=space.id, member_id=inside.member_id))
    for who in (again(session, inside), make_viewer(session, role=Role.ADMIN)):
        with pytest.raises(NotAllowed):
            set_stage(session, space, SpaceStage.CLOSED, by=who)
        with pytest.raises(NotAllowed):
            change_visibility(session, space, V.PRIVATE_LISTED, by=who)
        with pytest.raises(NotAllowed):
            revise(
                session,
                space,
                _description(),
                version=space.version,
                moves=False,
                known_themes=(),
                by=who,
            )
    assert session.get(Member, inside.member_id) is not None
