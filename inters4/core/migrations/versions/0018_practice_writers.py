"""Everyone who wrote in a revision of a sheet, not only the last."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_writers",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("since", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_practice_writers_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["practice_revisions.id"],
            name=op.f("fk_practice_writers_revision_id_practice_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", "member_id", name=op.f("pk_practice_writers")),
    )
    with op.batch_alter_table("practice_writers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_writers_member_id"), ["member_id"])
    op.execute(
        "INSERT INTO practice_writers (revision_id, member_id, since) "
        "SELECT id, written_by_id, updated_at FROM practice_revisions "
        "WHERE written_by_id IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("practice_writers")
