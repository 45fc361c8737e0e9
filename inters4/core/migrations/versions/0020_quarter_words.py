"""What readers add to their answer, counted with the quarter of a sheet."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("practice_quarters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("practice_quarters", schema=None) as batch_op:
        batch_op.drop_column("said")
