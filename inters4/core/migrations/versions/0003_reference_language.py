"""A source says in which language its title is; those of before are in that of their sheet."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "practice_references",
        sa.Column("language", sa.String(), nullable=False, server_default=""),
    )


def downgrade() -> None:
    with op.batch_alter_table("practice_references", schema=None) as batch_op:
        batch_op.drop_column("language")
