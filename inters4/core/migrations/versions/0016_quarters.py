"""Readings of sheets by day, and what became of each in a quarter."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_readings",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_readings_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "on_day", name=op.f("pk_practice_readings")),
    )
    with op.batch_alter_table("practice_readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_readings_on_day"), ["on_day"], unique=False)
    op.create_table(
        "practice_quarters",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("adoptions", sa.Integer(), nullable=False),
        sa.Column("adoptions_in_all", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("not_yet", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("counted_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_quarters_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "first", name=op.f("pk_practice_quarters")),
    )


def downgrade() -> None:
    op.drop_table("practice_quarters")
    op.drop_table("practice_readings")
