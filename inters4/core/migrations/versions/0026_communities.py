"""Communities: spaces, threads, reading, moderation, meetings."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_preferences",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("follows_own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_community_preferences_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_community_preferences")),
    )
    op.create_table(
        "post_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_post_drafts_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_drafts")),
        sa.UniqueConstraint("member_id", "place", name=op.f("uq_post_drafts_member_id_place")),
    )
    with op.batch_alter_table("post_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_drafts_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_drafts_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "spaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("facilitator_id", sa.Integer(), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("sponsor", sa.String(), nullable=False),
        sa.Column("charter", sa.JSON(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "potential",
                "active",
                "dormant",
                "closed",
                name="spacestage",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "public",
                "members",
                "private-listed",
                "private-hidden",
                name="visibility",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "join_policy",
            sa.Enum(
                "open", "request", "invitation", name="joinpolicy", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("first_posts", sa.Integer(), nullable=False),
        sa.Column("is_discreet", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["members.id"], name=op.f("fk_spaces_deputy_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["facilitator_id"], ["members.id"], name=op.f("fk_spaces_facilitator_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spaces")),
        sa.UniqueConstraint("slug", name=op.f("uq_spaces_slug")),
    )
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spaces_deputy_id"), ["deputy_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_spaces_facilitator_id"), ["facilitator_id"], unique=False
        )

    op.create_table(
        "join_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "accepted",
                "refused",
                "withdrawn",
                name="requeststate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", db.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", db.Instant(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", db.Instant(timezone=True), nullable=True),
        sa.Column("escalated_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["members.id"], name=op.f("fk_join_requests_decided_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_join_requests_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("fk_join_requests_space_id_spaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_requests")),
    )
    with op.batch_alter_table("join_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_join_requests_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_join_requests_space_id"), ["space_id"], unique=False)
        batch_op.create_index(
            "uq_join_requests_pending",
            ["space_id", "member_id"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", db.Instant(timezone=True), nullable=False),
        sa.Column(
            "zone",
            sa.Enum(
                "America/Toronto",
                "America/Halifax",
                name="meetingzone",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("ends_at", db.Instant(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("facilitator_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("is_confirmed_by_hand", sa.Boolean(), nullable=False),
        sa.Column("is_inter", sa.Boolean(), nullable=False),
        sa.Column("attendance_at", db.Instant(timezone=True), nullable=True),
        sa.Column("announced_at", db.Instant(timezone=True), nullable=True),
        sa.Column("cancelled_at", db.Instant(timezone=True), nullable=True),
        sa.Column("cancelled_for", sa.String(), nullable=False),
        sa.Column("reminded_at", db.Instant(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members.id"], name=op.f("fk_meetings_author_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["facilitator_id"], ["members.id"], name=op.f("fk_meetings_facilitator_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["spaces.id"], name=op.f("fk_meetings_space_id_spaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meetings_public_id")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meetings_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meetings_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_meetings_facilitator_id"), ["facilitator_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_meetings_space_id"), ["space_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meetings_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", db.Instant(timezone=True), nullable=False),
        sa.Column("approved_posts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_memberships_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("fk_memberships_space_id_spaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("space_id", "member_id", name=op.f("pk_memberships")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_member_id"), ["member_id"], unique=False)

    op.create_table(
        "post_draft_files",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["post_drafts.id"],
            name=op.f("fk_post_draft_files_draft_id_post_drafts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_post_draft_files_file_id_stored_files"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "file_id", name=op.f("pk_post_draft_files")),
    )
    with op.batch_alter_table("post_draft_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_draft_files_file_id"), ["file_id"], unique=False)

    op.create_table(
        "sanctions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "warning", "suspension", "ban", name="sanctionkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("until", db.Instant(timezone=True), nullable=True),
        sa.Column("lifted_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_sanctions_by_id_members")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_sanctions_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("fk_sanctions_space_id_spaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
    )
    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sanctions_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_sanctions_person", ["space_id", "member_id"], unique=False)

    op.create_table(
        "space_former_slugs",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("fk_space_former_slugs_space_id_spaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_space_former_slugs")),
    )
    with op.batch_alter_table("space_former_slugs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_space_former_slugs_space_id"), ["space_id"], unique=False
        )

    op.create_table(
        "space_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("invited_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["members.id"],
            name=op.f("fk_space_invitations_invited_by_id_members"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_space_invitations_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("fk_space_invitations_space_id_spaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_invitations")),
        sa.UniqueConstraint(
            "space_id", "member_id", name=op.f("uq_space_invitations_space_id_member_id")
        ),
    )
    with op.batch_alter_table("space_invitations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_space_invitations_member_id"), ["member_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_space_invitations_space_id"), ["space_id"], unique=False
        )

    op.create_table(
        "space_readings",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("read_seq", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("followed", "normal", "muted", name="level", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("visited_at", db.Instant(timezone=True), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("visited_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_space_readings_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("fk_space_readings_space_id_spaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "space_id", name=op.f("pk_space_readings")),
    )
    with op.batch_alter_table("space_readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_space_readings_space_id"), ["space_id"], unique=False)

    op.create_table(
        "space_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_space_tokens_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("fk_space_tokens_space_id_spaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_tokens")),
        sa.UniqueConstraint(
            "space_id",
            "member_id",
            "purpose",
            name=op.f("uq_space_tokens_space_id_member_id_purpose"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_space_tokens_token_hash")),
    )
    with op.batch_alter_table("space_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_space_tokens_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_space_tokens_space_id"), ["space_id"], unique=False)

    op.create_table(
        "threads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "discussion",
                "question",
                "announcement",
                "event",
                name="threadkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("about_kind", sa.String(), nullable=False),
        sa.Column("about_id", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("last_post_at", db.Instant(timezone=True), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("accepted_id", sa.Integer(), nullable=True),
        sa.Column("locked_at", db.Instant(timezone=True), nullable=True),
        sa.Column("pinned_at", db.Instant(timezone=True), nullable=True),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("chased_at", db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members.id"], name=op.f("fk_threads_author_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["threads.id"], name=op.f("fk_threads_merged_into_id_threads")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["spaces.id"], name=op.f("fk_threads_space_id_spaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.create_index("ix_threads_about", ["about_kind", "about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_threads_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_threads_space_id"), ["space_id"], unique=False)
        batch_op.create_index(
            "ix_threads_space_order", ["space_id", "pinned_at", "last_post_at"], unique=False
        )
        batch_op.create_index("ix_threads_space_seq", ["space_id", "last_seq"], unique=False)

    op.create_table(
        "meeting_minutes",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_meeting_minutes_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_minutes_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_minutes")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "published",
                "waiting",
                "hidden",
                "removed",
                name="poststate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("edited_at", db.Instant(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("is_suspect", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members.id"], name=op.f("fk_posts_author_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["members.id"], name=op.f("fk_posts_removed_by_id_members")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_posts_space_id_spaces")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_posts_thread_id_threads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_posts_author_id_key")),
        sa.UniqueConstraint("thread_id", "number", name=op.f("uq_posts_thread_id_number")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index("ix_posts_author_moment", ["author_id", "created_at"], unique=False)
        batch_op.create_index("ix_posts_space_seq", ["space_id", "seq"], unique=False)

    op.create_table(
        "seats",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "confirmed",
                "waiting",
                "withdrawn",
                name="seatstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", db.Instant(timezone=True), nullable=False),
        sa.Column("was_present", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_seats_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_seats_member_id_members")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_seats")),
    )
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seats_member_id"), ["member_id"], unique=False)

    op.create_table(
        "thread_readings",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("followed", "normal", "muted", name="level", native_enum=False, length=32),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_thread_readings_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_readings_thread_id_threads")
        ),
        sa.PrimaryKeyConstraint("member_id", "thread_id", name=op.f("pk_thread_readings")),
    )
    with op.batch_alter_table("thread_readings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_thread_readings_thread_id"), ["thread_id"], unique=False
        )

    op.create_table(
        "thread_summaries",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_thread_summaries_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_summaries_thread_id_threads")
        ),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_thread_summaries")),
    )
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "off-topic",
                "personal",
                "inappropriate",
                "other",
                name="flagreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "in-progress",
                "upheld",
                "rejected",
                name="flagstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.Instant(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["members.id"], name=op.f("fk_flags_handled_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_flags_member_id_members")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_flags_post_id_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flags_post_id"), ["post_id"], unique=False)
        batch_op.create_index(
            "uq_flags_unsettled",
            ["post_id", "member_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'in-progress')"),
            postgresql_where=sa.text("state IN ('open', 'in-progress')"),
        )

    op.create_table(
        "moderation_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "hide",
                "restore",
                "edit",
                "redact",
                "approve",
                "decline",
                "take-flag",
                "uphold",
                "reject",
                "lock",
                "unlock",
                "pin",
                "unpin",
                "move-out",
                "move-in",
                "split",
                "merge",
                "remove-thread",
                "restore-thread",
                "warn",
                "suspend",
                "lift",
                name="act",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("scrubbed_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_moderation_acts_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_moderation_acts_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_moderation_acts_post_id_posts")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("fk_moderation_acts_space_id_spaces"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_moderation_acts_thread_id_threads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_acts")),
    )
    with op.batch_alter_table("moderation_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_acts_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_moderation_acts_member_id"), ["member_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_moderation_acts_post_id"), ["post_id"], unique=False)
        batch_op.create_index("ix_moderation_acts_space", ["space_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_moderation_acts_thread_id"), ["thread_id"], unique=False
        )

    op.create_table(
        "post_files",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("read_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_post_files_file_id_stored_files"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_files_post_id_posts")
        ),
        sa.PrimaryKeyConstraint("post_id", "file_id", name=op.f("pk_post_files")),
    )
    with op.batch_alter_table("post_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_files_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_files_read_at"), ["read_at"], unique=False)

    op.create_table(
        "post_mentions",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_post_mentions_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_mentions_post_id_posts")
        ),
        sa.PrimaryKeyConstraint("post_id", "member_id", name=op.f("pk_post_mentions")),
    )
    with op.batch_alter_table("post_mentions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_mentions_member_id"), ["member_id"], unique=False)

    op.create_table(
        "post_reactions",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("useful", "thanks", name="appreciation", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_post_reactions_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_reactions_post_id_posts")
        ),
        sa.PrimaryKeyConstraint("post_id", "member_id", "kind", name=op.f("pk_post_reactions")),
    )
    with op.batch_alter_table("post_reactions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_post_reactions_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "post_tellings",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("fk_post_tellings_post_id_posts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_tellings")),
    )
    op.create_table(
        "post_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("replaced_at", db.Instant(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_versions_post_id_posts")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["members.id"], name=op.f("fk_post_versions_replaced_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_versions")),
    )
    with op.batch_alter_table("post_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_versions_post_id"), ["post_id"], unique=False)

    op.create_table(
        "sheet_additions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "taken", "declined", name="additionstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_sheet_additions_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["members.id"], name=op.f("fk_sheet_additions_decided_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_sheet_additions_post_id_posts")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_sheet_additions_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_sheet_additions_thread_id_threads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_additions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sheet_additions_public_id")),
    )
    with op.batch_alter_table("sheet_additions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_additions_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sheet_additions_decided_by_id"), ["decided_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sheet_additions_post_id"), ["post_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sheet_additions_practice_id"), ["practice_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sheet_additions_thread_id"), ["thread_id"], unique=False
        )
        batch_op.create_index(
            "uq_sheet_additions_post",
            ["post_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "uq_sheet_additions_summary",
            ["thread_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting' AND post_id IS NULL"),
            postgresql_where=sa.text("state = 'waiting' AND post_id IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("sheet_additions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sheet_additions_summary",
            sqlite_where=sa.text("state = 'waiting' AND post_id IS NULL"),
            postgresql_where=sa.text("state = 'waiting' AND post_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_sheet_additions_post",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_sheet_additions_thread_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_additions_practice_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_additions_post_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_additions_decided_by_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_additions_by_id"))

    op.drop_table("sheet_additions")
    with op.batch_alter_table("post_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_versions_post_id"))

    op.drop_table("post_versions")
    op.drop_table("post_tellings")
    with op.batch_alter_table("post_reactions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_reactions_member_id"))

    op.drop_table("post_reactions")
    with op.batch_alter_table("post_mentions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_mentions_member_id"))

    op.drop_table("post_mentions")
    with op.batch_alter_table("post_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_files_read_at"))
        batch_op.drop_index(batch_op.f("ix_post_files_file_id"))

    op.drop_table("post_files")
    with op.batch_alter_table("moderation_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_acts_thread_id"))
        batch_op.drop_index("ix_moderation_acts_space")
        batch_op.drop_index(batch_op.f("ix_moderation_acts_post_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_acts_member_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_acts_by_id"))

    op.drop_table("moderation_acts")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_flags_unsettled",
            sqlite_where=sa.text("state IN ('open', 'in-progress')"),
            postgresql_where=sa.text("state IN ('open', 'in-progress')"),
        )
        batch_op.drop_index(batch_op.f("ix_flags_post_id"))
        batch_op.drop_index(batch_op.f("ix_flags_member_id"))

    op.drop_table("flags")
    op.drop_table("thread_summaries")
    with op.batch_alter_table("thread_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_readings_thread_id"))

    op.drop_table("thread_readings")
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seats_member_id"))

    op.drop_table("seats")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index("ix_posts_space_seq")
        batch_op.drop_index("ix_posts_author_moment")

    op.drop_table("posts")
    op.drop_table("meeting_minutes")
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index("ix_threads_space_seq")
        batch_op.drop_index("ix_threads_space_order")
        batch_op.drop_index(batch_op.f("ix_threads_space_id"))
        batch_op.drop_index(batch_op.f("ix_threads_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_threads_author_id"))
        batch_op.drop_index("ix_threads_about")

    op.drop_table("threads")
    with op.batch_alter_table("space_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_space_tokens_space_id"))
        batch_op.drop_index(batch_op.f("ix_space_tokens_member_id"))

    op.drop_table("space_tokens")
    with op.batch_alter_table("space_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_space_readings_space_id"))

    op.drop_table("space_readings")
    with op.batch_alter_table("space_invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_space_invitations_space_id"))
        batch_op.drop_index(batch_op.f("ix_space_invitations_member_id"))

    op.drop_table("space_invitations")
    with op.batch_alter_table("space_former_slugs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_space_former_slugs_space_id"))

    op.drop_table("space_former_slugs")
    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.drop_index("ix_sanctions_person")
        batch_op.drop_index(batch_op.f("ix_sanctions_member_id"))

    op.drop_table("sanctions")
    with op.batch_alter_table("post_draft_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_draft_files_file_id"))

    op.drop_table("post_draft_files")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_member_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meetings_starts_at"))
        batch_op.drop_index(batch_op.f("ix_meetings_space_id"))
        batch_op.drop_index(batch_op.f("ix_meetings_facilitator_id"))
        batch_op.drop_index(batch_op.f("ix_meetings_ends_at"))
        batch_op.drop_index(batch_op.f("ix_meetings_author_id"))

    op.drop_table("meetings")
    with op.batch_alter_table("join_requests", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_join_requests_pending",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(batch_op.f("ix_join_requests_space_id"))
        batch_op.drop_index(batch_op.f("ix_join_requests_member_id"))

    op.drop_table("join_requests")
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spaces_facilitator_id"))
        batch_op.drop_index(batch_op.f("ix_spaces_deputy_id"))

    op.drop_table("spaces")
    with op.batch_alter_table("post_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_drafts_updated_at"))
        batch_op.drop_index(batch_op.f("ix_post_drafts_member_id"))

    op.drop_table("post_drafts")
    op.drop_table("community_preferences")
