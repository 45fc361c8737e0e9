"""Sheets that are written, reviewed, approved; their authors, steps and versions."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_authors",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("added_at", db.Instant(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["members.id"], name=op.f("fk_practice_authors_added_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_practice_authors_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_authors_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "member_id", name=op.f("pk_practice_authors")),
    )
    with op.batch_alter_table("practice_authors", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practice_authors_member_id"), ["member_id"], unique=False
        )
        batch_op.create_index(
            "uq_practice_authors_owner",
            ["practice_id"],
            unique=True,
            sqlite_where=sa.text("is_owner"),
            postgresql_where=sa.text("is_owner"),
        )

    op.create_table(
        "practice_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sketch",
                "proposed",
                "admissible",
                "declined",
                "drafting",
                "owner-validation",
                "review",
                "approval",
                "published",
                "review-due",
                "withdrawn",
                "replaced",
                name="practicestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_since", db.Instant(timezone=True), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("drafter_id", sa.Integer(), nullable=True),
        sa.Column("is_minor", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", db.Instant(timezone=True), nullable=True),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drafter_id"], ["members.id"], name=op.f("fk_practice_revisions_drafter_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_revisions_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["members.id"],
            name=op.f("fk_practice_revisions_written_by_id_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_revisions")),
    )
    with op.batch_alter_table("practice_revisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practice_revisions_drafter_id"), ["drafter_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_practice_revisions_practice_id"), ["practice_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_practice_revisions_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_practice_revisions_open",
            ["practice_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "practice_versions",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("is_minor", sa.Boolean(), nullable=False),
        sa.Column("published_at", db.Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_practice_versions_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_versions_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "number", name=op.f("pk_practice_versions")),
    )
    op.create_table(
        "practice_approvals",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", db.Instant(timezone=True), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("decided_at", db.Instant(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reminded_at", db.Instant(timezone=True), nullable=True),
        sa.Column("escalated_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_practice_approvals_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_practice_approvals_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["practice_revisions.id"],
            name=op.f("fk_practice_approvals_revision_id_practice_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "organisation_id", name=op.f("pk_practice_approvals")
        ),
    )
    with op.batch_alter_table("practice_approvals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practice_approvals_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "practice_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("is_adjudication", sa.Boolean(), nullable=False),
        sa.Column("asked_at", db.Instant(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("has_no_interest", sa.Boolean(), nullable=False),
        sa.Column(
            "advice",
            sa.Enum("publish", "rework", name="advice", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("maturity", sa.String(), nullable=False),
        sa.Column("evidence_strength", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("comments", sa.String(), nullable=False),
        sa.Column("submitted_at", db.Instant(timezone=True), nullable=True),
        sa.Column("declined_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["members.id"], name=op.f("fk_practice_reviews_asked_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["members.id"], name=op.f("fk_practice_reviews_reviewer_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["practice_revisions.id"],
            name=op.f("fk_practice_reviews_revision_id_practice_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_reviews")),
        sa.UniqueConstraint("public_id", name=op.f("uq_practice_reviews_public_id")),
        sa.UniqueConstraint(
            "revision_id",
            "round",
            "reviewer_id",
            name=op.f("uq_practice_reviews_revision_id_round_reviewer_id"),
        ),
    )
    with op.batch_alter_table("practice_reviews", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practice_reviews_reviewer_id"), ["reviewer_id"], unique=False
        )

    op.create_table(
        "practice_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column(
            "move",
            sa.Enum(
                "start",
                "submit",
                "admit",
                "decline",
                "take",
                "send-to-owner",
                "validate",
                "return",
                "reviewed",
                "publish",
                "publish-minor",
                "abandon",
                "withdraw",
                "replace",
                "review-due",
                name="move",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "sketch",
                "proposed",
                "admissible",
                "declined",
                "drafting",
                "owner-validation",
                "review",
                "approval",
                "published",
                "review-due",
                "withdrawn",
                "replaced",
                name="practicestate",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "sketch",
                "proposed",
                "admissible",
                "declined",
                "drafting",
                "owner-validation",
                "review",
                "approval",
                "published",
                "review-due",
                "withdrawn",
                "replaced",
                name="practicestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_practice_steps_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_steps_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["practice_revisions.id"],
            name=op.f("fk_practice_steps_revision_id_practice_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_steps")),
    )
    with op.batch_alter_table("practice_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_steps_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_practice_steps_practice_id"), ["practice_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_practice_steps_revision_id"), ["revision_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("practice_steps")
    op.drop_table("practice_reviews")
    op.drop_table("practice_approvals")
    op.drop_table("practice_versions")
    op.drop_table("practice_revisions")
    op.drop_table("practice_authors")
