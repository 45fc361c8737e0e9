"""The pace of sending, shared by every sender."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "send_slots",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("free_at", db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_send_slots")),
    )


def downgrade() -> None:
    op.drop_table("send_slots")
