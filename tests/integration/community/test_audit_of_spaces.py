"""The audit journal, read by who answers for the portal, leads to no space that they do not see."""

import re

from flask import Flask
from sqlalchemy import select

from inters4.community.models import (
    FlagReason,
    JoinPolicy,
    SpaceStage,
    Thread,
    Visibility,
)
from inters4.community.services.editing import retitle
from inters4.community.services.flagging import flag_post, reject
from inters4.community.services.inviting import accept_invitation, invite
from inters4.community.services.leaving import leave
from inters4.community.services.moderating import edit_post, hide, restore
from inters4.community.services.moderating_threads import lock
from inters4.community.services.moving import move
from inters4.community.services.posting import post as write
from inters4.community.services.redacting import redact
from inters4.community.services.revising import set_stage
from inters4.community.services.sanctioning import warn
from inters4.community.services.starting import start_thread
from inters4.community.services.summing_up import mark_of_summary, sum_up
from inters4.core.access import Role
from inters4.core.audit import AuditEntry
from inters4.core.db import reading, writing
from inters4.core.files import file_store
from inters4.members.models import Member
from inters4.settings import Settings
from tests.builders.community import again, make_space
from tests.builders.members import browser_of, make_viewer

TELLING = re.compile(r"zorglub", re.IGNORECASE)


def live(settings: Settings) -> tuple[int, str]:
    """A hidden space, all of whose words are one; its number and its address."""
    with writing() as session:
        lead, deputy, guest = (make_viewer(session) for _number in range(3))
        space = make_space(
            session,
            facilitator=lead,
            deputy=deputy,
            visibility=Visibility.PRIVATE_HIDDEN,
            join_policy=JoinPolicy.INVITATION,
            name="Zorglub",
            slug="zorglub",
            purpose="Zorglub.",
        )
        other = make_space(session, facilitator=lead, name="Zorglub bis", slug="zorglub-bis")
        lead, deputy = again(session, lead), again(session, deputy)
        invite(session, space, session.get_one(Member, guest.member_id), "Zorglub?", by=lead)
        accept_invitation(session, space, by=guest)
        guest = again(session, guest)
        thread = start_thread(session, space, title="Zorglub un", text="Zorglub.", by=guest)
        retitle(session, thread, "Zorglub deux", version=thread.version, by=lead, space=space)
        answer = write(session, thread, "Oui, zorglub.", by=guest)
        flag_post(session, answer, FlagReason.PERSONAL, by=deputy, note_text="Zorglub")
        reject(session, answer, answer="Zorglub", by=lead)
        edit_post(session, answer, "Zorglub!", version=answer.version, reason="Zorglub", by=lead)
        hide(session, answer, reason="Zorglub", by=lead)
        restore(session, answer, reason="Zorglub", by=lead)
        sum_up(session, thread, "Zorglub.", seen=mark_of_summary(None), by=lead, space=space)
        redact(
            session,
            answer,
            passages=("Zorglub",),
            reason="Un nom.",
            by=lead,
            store=file_store(settings),
        )
        warn(session, space, guest.member_id or 0, reason="Zorglub", by=lead)
        lock(session, thread, by=lead)
        move(session, thread, other, is_confirmed=True, by=lead)
        move(session, thread, space, is_confirmed=True, by=lead)
        leave(session, space, by=guest)
        set_stage(session, space, SpaceStage.CLOSED, by=lead)
        return space.id, space.slug


def test_the_audit_journal_names_no_hidden_space(app: Flask, settings: Settings) -> None:
    number, slug = live(settings)
    with writing() as session:
        staff = [make_viewer(session, role=one) for one in (Role.ADMIN, Role.COORDINATION)]
    with reading() as session:
        entries = session.scalars(select(AuditEntry)).all()
        assert len([one for one in entries if one.action.startswith("community.")]) >= 17
        assert not any(TELLING.search(f"{one.subject} {one.detail}") for one in entries)
        thread = session.scalars(select(Thread.id).where(Thread.space_id == number)).first()
    for who in staff:
        client = browser_of(app, who)
        for path in ("/admin/journal", "/admin/journal?page=2", "/admin/journal.csv"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert not TELLING.search(answer.get_data(as_text=True))
        for path in (slug, f"{slug}/{thread}", f"zorglub-bis/{thread}"):
            assert client.get(f"/communaute/{path}").status_code == 404
