"""What replaces a sheet that is gone: its page leads there."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("practice_steps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaced_by", sa.String(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_practice_steps_replaced_by_practices"),
            "practices",
            ["replaced_by"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(batch_op.f("ix_practice_steps_replaced_by"), ["replaced_by"])


def downgrade() -> None:
    with op.batch_alter_table("practice_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practice_steps_replaced_by"))
        batch_op.drop_constraint(
            batch_op.f("fk_practice_steps_replaced_by_practices"), type_="foreignkey"
        )
        batch_op.drop_column("replaced_by")
