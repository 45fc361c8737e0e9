"""Reactions of readers to sheets and summaries."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=True),
        sa.Column("network", sa.String(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum("yes", "not-yet", "no", name="answer", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("is_harmful", sa.Boolean(), nullable=False),
        sa.Column(
            "learned",
            sa.Enum(
                "new",
                "confirmed",
                "reminded",
                "disagreed",
                name="learned",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "use",
            sa.Enum(
                "change", "discuss", "justify", "none", name="use", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column(
            "benefit",
            sa.Enum(
                "health",
                "fewer-steps",
                "experience",
                "none",
                name="benefit",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reactions")),
        sa.UniqueConstraint(
            "kind", "document_id", "browser", name=op.f("uq_reactions_kind_document_id_browser")
        ),
    )
    with op.batch_alter_table("reactions", schema=None) as batch_op:
        batch_op.create_index("ix_reactions_network", ["network", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("reactions")
