"""What communities give back to a person, forget with them, and keep for a time only."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from inters4.community.documents.threads import load_document
from inters4.community.models import (
    Appreciation,
    Flag,
    FlagReason,
    FlagState,
    JoinRequest,
    Membership,
    ModerationAct,
    Post,
    PostDraft,
    PostDraftFile,
    PostFile,
    PostMention,
    PostReaction,
    PostState,
    PostVersion,
    RequestState,
    Sanction,
    SanctionKind,
    Space,
    SpaceInvitation,
    SpaceReading,
    SpaceToken,
    Thread,
    ThreadReading,
    ThreadSummary,
    Visibility,
)
from inters4.community.models.moderation import Act
from inters4.core.access import ANONYMOUS, Viewer
from inters4.core.clock import now
from inters4.core.db import Model
from inters4.core.files import StoredFile
from inters4.core.hooks import hooks
from inters4.core.outbox import OutboxRow
from inters4.members.models import Member
from inters4.members.services.erasure import erase_member
from tests.builders.community import make_post, make_space, make_thread
from tests.builders.members import make_viewer

OWN_TABLES = (
    "spaces",
    "memberships",
    "join_requests",
    "space_invitations",
    "space_tokens",
    "threads",
    "thread_summaries",
    "posts",
    "post_versions",
    "post_mentions",
    "post_reactions",
    "post_drafts",
    "flags",
    "sanctions",
    "moderation_acts",
    "space_readings",
    "thread_readings",
    "community_preferences",
)


@pytest.fixture
def person(session: Session) -> Viewer:
    return make_viewer(session, name="Lise Essai")


@pytest.fixture
def thread(session: Session, person: Viewer) -> Thread:
    """A life in a space: every table names the person."""
    other = make_viewer(session, name="Marc Exemple")
    space = make_space(
        session,
        facilitator=person,
        deputy=other,
        name="Plaies",
        visibility=Visibility.PRIVATE_HIDDEN,
    )
    thread = make_thread(session, space, author=person, title="Mon titre à moi", text="Mon mot")
    answer = make_post(session, thread, author=other, text="La réponse de Marc")
    mine = make_post(session, thread, author=person, text="Mon texte corrigé")
    file(session, PostFile(post_id=mine.id, words="mots du fichier"), "a")
    summary = ThreadSummary(thread_id=thread.id, by_id=person.member_id)
    summary.write("Ce que j’en retiens")
    draft = PostDraft(member_id=person.member_id, place=f"fil:{thread.id}", source="À moitié")
    session.add_all([summary, draft])
    session.flush()
    file(session, PostDraftFile(draft_id=draft.id), "b")
    number, space_id = person.member_id, space.id
    session.add_all(
        [
            PostVersion(post_id=mine.id, source="Mon premier jet", replaced_by_id=number),
            PostMention(post_id=answer.id, member_id=number),
            PostReaction(post_id=answer.id, member_id=number, kind=Appreciation.THANKS),
            Flag(post_id=answer.id, member_id=number, reason=FlagReason.OTHER, note="Ma note"),
            Sanction(space_id=space_id, member_id=number, kind=SanctionKind.WARNING, reason="Ton"),
            ModerationAct(space_id=space_id, act=Act.WARN, member_id=number, reason="Lise crie"),
            JoinRequest(
                space_id=space_id,
                member_id=number,
                message="Puis-je?",
                state=RequestState.ACCEPTED,
                decided_at=now(),
            ),
            SpaceInvitation(space_id=space_id, member_id=number, message="Venez"),
            SpaceReading(member_id=number, space_id=space_id),
            ThreadReading(member_id=number, thread_id=thread.id, last_number=2),
            SpaceToken(space_id=space_id, member_id=number, purpose="fil", token_hash="x"),
        ]
    )
    session.commit()
    return thread


def file(session: Session, link: PostFile | PostDraftFile, mark: str) -> None:
    link.stored = StoredFile(
        token=mark * 32, name=f"{mark}.pdf", media_type="application/pdf", size=9, sha256="0"
    )
    session.add(link)
    session.flush()


def erase(session: Session, person: Viewer, *, keeps_posts: bool) -> None:
    member = session.get_one(Member, person.member_id)
    erase_member(session, member, keeps_posts=keeps_posts, by=ANONYMOUS)
    session.commit()
    session.expire_all()


def naming(session: Session, person: Viewer) -> set[str]:
    """Columns of communities that still hold the number of the person."""
    found = set()
    for name in OWN_TABLES:
        table: Table = Model.metadata.tables[name]
        for column in table.columns:
            if any(key.column.table.name == "members" for key in column.foreign_keys):
                held = select(func.count()).select_from(table).where(column == person.member_id)
                if session.scalar(held):
                    found.add(f"{name}.{column.name}")
    return found


def given_back(session: Session, person: Viewer) -> str:
    assert person.member_id is not None
    rows = [
        row
        for name, export in hooks.member_export.items()
        if name.startswith("community_")
        for row in export(session, person.member_id)
    ]
    return json.dumps(rows, ensure_ascii=False)


@pytest.mark.parametrize("keeps_posts", [True, False])
def test_no_row_of_communities_names_whoever_is_erased(
    session: Session, person: Viewer, thread: Thread, keeps_posts: bool
) -> None:
    assert len(naming(session, person)) > 15

    erase(session, person, keeps_posts=keeps_posts)

    assert naming(session, person) == set()
    assert session.scalar(select(func.count(PostDraft.id))) == 0
    assert session.scalar(select(ModerationAct.reason)) == ""
    assert session.get_one(Thread, thread.id).is_removed is False


def test_words_that_are_left_stay_under_no_name(
    session: Session, person: Viewer, thread: Thread
) -> None:
    erase(session, person, keeps_posts=True)

    found = load_document(session, str(thread.id))

    assert found is not None
    assert found.body == "Mon mot"
    assert [one.text for one in found.attachments] == [
        "La réponse de Marc",
        "Mon texte corrigé",
        "mots du fichier",
    ]
    assert session.scalar(select(PostVersion.source)) == "Mon premier jet"


def test_words_that_are_taken_leave_a_mark_and_nothing_else(
    session: Session, person: Viewer, thread: Thread
) -> None:
    before = session.scalar(select(func.max(OutboxRow.id))) or 0
    erase(session, person, keeps_posts=False)

    found = load_document(session, str(thread.id))
    states = session.scalars(select(Post.state).order_by(Post.number)).all()
    left = " ".join(
        [*session.scalars(select(Post.source)), *session.scalars(select(PostVersion.source))]
    )

    assert found is not None
    assert found.body == "La réponse de Marc"
    assert found.attachments == ()
    assert states == [PostState.REMOVED, PostState.PUBLISHED, PostState.REMOVED]
    assert left.split() == ["La", "réponse", "de", "Marc"]
    assert session.scalar(select(func.count(StoredFile.id))) == 0
    assert session.scalar(select(Flag.note)) == ""
    assert session.get_one(Thread, thread.id).last_seq == 2
    asked = select(OutboxRow.document_id).where(OutboxRow.id > before, OutboxRow.kind == "fil")
    assert set(session.scalars(asked)) == {str(thread.id)}


def test_a_thread_that_nobody_else_wrote_in_goes_with_its_title(
    session: Session, person: Viewer
) -> None:
    thread = make_thread(session, make_space(session), author=person, title="Mon nom est Lise")

    erase(session, person, keeps_posts=False)

    gone = session.get_one(Thread, thread.id)
    assert (gone.title, gone.is_removed) == ("Fil retiré", True)


def test_mes_donnees_hold_all_that_they_wrote_and_asked(
    session: Session, person: Viewer, thread: Thread
) -> None:
    given = given_back(session, person)

    for words in (
        "Plaies",
        "Mon titre à moi",
        "Mon mot",
        "Mon texte corrigé",
        "Mon premier jet",
        "a.pdf",
        "Ce que j’en retiens",
        "À moitié",
        "Ma note",
        "Ton",
        "Puis-je?",
        "Venez",
        "thanks",
    ):
        assert words in given, words
    assert "La réponse de Marc" not in given
    assert "Lise crie" not in given


def test_whoever_left_a_hidden_space_takes_their_words_and_not_its_name(
    session: Session, person: Viewer, thread: Thread
) -> None:
    space = session.get_one(Space, thread.space_id)
    session.delete(session.get_one(Membership, (space.id, person.member_id)))
    session.commit()

    given = given_back(session, person)

    assert "Mon texte corrigé" in given
    assert space.name not in given
    assert thread.title not in given


def test_what_is_settled_and_old_goes_and_what_waits_or_holds_stays(session: Session) -> None:
    person, other = make_viewer(session), make_viewer(session)
    space = make_space(session)
    post = make_post(session, make_thread(session, space))
    old, number = now() - timedelta(days=800), person.member_id
    draft = PostDraft(member_id=number, place="espace:1", source="vieux", updated_at=old)
    session.add(draft)
    session.flush()
    file(session, PostDraftFile(draft_id=draft.id), "c")
    session.add_all(
        [
            PostDraft(member_id=other.member_id, place="espace:1", source="frais"),
            JoinRequest(
                space_id=space.id,
                member_id=number,
                state=RequestState.REFUSED,
                asked_at=old,
                decided_at=old,
            ),
            JoinRequest(space_id=space.id, member_id=other.member_id, asked_at=old),
            SpaceInvitation(space_id=space.id, member_id=number, invited_at=old),
            SpaceInvitation(space_id=space.id, member_id=other.member_id),
            Flag(
                post_id=post.id,
                member_id=number,
                reason=FlagReason.OTHER,
                state=FlagState.REJECTED,
                at=old,
                decided_at=old,
            ),
            Flag(post_id=post.id, member_id=other.member_id, reason=FlagReason.OTHER, at=old),
            Sanction(
                space_id=space.id,
                member_id=number,
                kind=SanctionKind.WARNING,
                reason="",
                at=old,
            ),
            Sanction(
                space_id=space.id,
                member_id=other.member_id,
                kind=SanctionKind.BAN,
                reason="",
                at=old,
            ),
        ]
    )
    session.flush()

    for name, rule in hooks.retention.items():
        if name in {
            "community_drafts",
            "community_flags",
            "community_invitations",
            "community_requests",
            "community_sanctions",
        }:
            assert rule.purge(session, now() - timedelta(days=rule.days)) == 1, name

    for model in (PostDraft, JoinRequest, SpaceInvitation, Flag, Sanction):
        assert session.scalars(select(model.member_id)).all() == [other.member_id]
    assert session.scalar(select(func.count(StoredFile.id))) == 0
