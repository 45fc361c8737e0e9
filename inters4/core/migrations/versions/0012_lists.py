"""An index from which the state of all sheets, or of all summaries, is read without the rows."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLES = ("practices", "summaries")


def upgrade() -> None:
    for table in _TABLES:
        op.create_index(f"ix_{table}_state_of_all", table, ["updated_at", "version"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_index(f"ix_{table}_state_of_all", table)
