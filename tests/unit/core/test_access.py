"""Who may do what, and which containers they may read."""

from inters4.core.access import ANONYMOUS, Grant, Role, Viewer


def test_a_visitor_reads_what_is_public() -> None:
    assert ANONYMOUS.audiences == {"public"}


def test_a_member_also_reads_their_containers() -> None:
    viewer = Viewer(
        member_id=1,
        organisations=frozenset({3}),
        spaces=frozenset({12}),
        grants=frozenset({Grant(Role.BROKER), Grant(Role.APPROVER, organisation=3)}),
    )

    assert viewer.audiences == {"public", "members", "org:3", "space:12", "role:broker"}


def test_a_role_in_one_organisation_is_no_role_in_another() -> None:
    viewer = Viewer(member_id=1, grants=frozenset({Grant(Role.APPROVER, organisation=3)}))

    assert viewer.has(Role.APPROVER, organisation=3)
    assert not viewer.has(Role.APPROVER, organisation=4)
    assert not viewer.has(Role.APPROVER)
    assert viewer.holds_any(Role.APPROVER)


def test_a_role_in_one_space_is_no_role_in_another() -> None:
    viewer = Viewer(member_id=1, grants=frozenset({Grant(Role.MODERATOR, space=12)}))

    assert viewer.has(Role.MODERATOR, space=12)
    assert not viewer.has(Role.MODERATOR, space=13)
    assert not viewer.has(Role.MODERATOR)
    assert not viewer.has(Role.MODERATOR, organisation=12)


def test_a_platform_role_holds_everywhere() -> None:
    viewer = Viewer(member_id=1, grants=frozenset({Grant(Role.COORDINATION)}))

    assert viewer.has(Role.COORDINATION)
    assert viewer.has(Role.COORDINATION, organisation=4)
    assert not viewer.has(Role.ADMIN)
