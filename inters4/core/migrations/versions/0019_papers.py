"""PDF of sheets."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_papers",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("asked_at", db.Instant(timezone=True), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("made_of", sa.Integer(), nullable=True),
        sa.Column("refused_of", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_papers_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_practice_papers_file_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_practice_papers")),
        sa.UniqueConstraint("file_id", name=op.f("uq_practice_papers_file_id")),
    )
    with op.batch_alter_table("practice_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_papers_asked_at"), ["asked_at"], unique=False)


def downgrade() -> None:
    op.drop_table("practice_papers")
