"""Notices, what people chose about them, and the mails that carry them."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_choices",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "none", "in-app", "digest", "mail", name="channel", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_notice_choices_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "kind", name=op.f("pk_notice_choices")),
    )
    op.create_table(
        "notice_digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("due_at", db.Instant(timezone=True), nullable=False),
        sa.Column("made_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_notice_digests_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_digests")),
        sa.UniqueConstraint("member_id", "period", name=op.f("uq_notice_digests_member_id_period")),
    )
    with op.batch_alter_table("notice_digests", schema=None) as batch_op:
        batch_op.create_index("ix_notice_digests_due", ["made_at", "due_at"], unique=False)

    op.create_table(
        "notice_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_notice_letters_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_letters")),
        sa.UniqueConstraint(
            "member_id",
            "kind",
            "group_key",
            name=op.f("uq_notice_letters_member_id_kind_group_key"),
        ),
    )
    with op.batch_alter_table("notice_letters", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notice_letters_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_letters_mail_id"), ["mail_id"], unique=False)

    op.create_table(
        "notice_settings",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "mail",
            sa.Enum(
                "by-kind", "digest-only", "never", name="mailrule", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "frequency",
            sa.Enum("daily", "weekly", name="frequency", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column(
            "zone",
            sa.Enum(
                "America/Toronto", "America/Halifax", name="zone", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("is_discreet", sa.Boolean(), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_notice_settings_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_notice_settings")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "none", "in-app", "digest", "mail", name="channel", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("read_at", db.Instant(timezone=True), nullable=True),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["notice_digests.id"],
            name=op.f("fk_notices_digest_id_notice_digests"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_notices_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "member_id", "kind", "once", name=op.f("uq_notices_member_id_kind_once")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_notices_public_id")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_digest_id"), ["digest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_read_at"), ["read_at"], unique=False)
        batch_op.create_index("ix_notices_unread", ["member_id", "read_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_unread")
        batch_op.drop_index(batch_op.f("ix_notices_read_at"))
        batch_op.drop_index(batch_op.f("ix_notices_digest_id"))
        batch_op.drop_index(batch_op.f("ix_notices_created_at"))

    op.drop_table("notices")
    op.drop_table("notice_settings")
    with op.batch_alter_table("notice_letters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_letters_mail_id"))
        batch_op.drop_index(batch_op.f("ix_notice_letters_created_at"))

    op.drop_table("notice_letters")
    with op.batch_alter_table("notice_digests", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_digests_due")

    op.drop_table("notice_digests")
    op.drop_table("notice_choices")
