"""Ids that terms left; a version on terms and on groups of synonyms."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_terms",
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("present", sa.String(), nullable=False),
        sa.Column("since", db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "id", name=op.f("pk_former_terms")),
    )
    for table in ("terms", "synonym_groups"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("version", sa.Integer(), nullable=False, server_default="1")
            )


def downgrade() -> None:
    for table in ("synonym_groups", "terms"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("version")
    op.drop_table("former_terms")
