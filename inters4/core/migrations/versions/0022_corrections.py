"""Corrections of summaries that wait for a second reader; since when a summary is what it is."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "summary_corrections",
        sa.Column("summary_id", sa.String(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("returned_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_summary_corrections_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"],
            ["summaries.id"],
            name=op.f("fk_summary_corrections_summary_id_summaries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("summary_id", name=op.f("pk_summary_corrections")),
    )
    with op.batch_alter_table("summary_corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_summary_corrections_by_id"), ["by_id"])
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state_since", db.Instant(timezone=True), nullable=True))
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_design"), ["design"])
    op.execute(
        "UPDATE summaries SET state_since = (SELECT max(at) FROM summary_steps "
        "WHERE summary_steps.summary_id = summaries.id AND summary_steps.after = summaries.state)"
    )


def downgrade() -> None:
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_findings_design"))
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.drop_column("state_since")
    op.drop_table("summary_corrections")
