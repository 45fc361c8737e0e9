"""Files deposited in sheets, and what is said of each document that goes with one."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_CHECKS = ("alt_text", "structure", "contrast", "captions")
_TERMS = (
    "cc0",
    "cc-by",
    "cc-by-sa",
    "cc-by-nc",
    "cc-by-nc-sa",
    "cc-by-nd",
    "cc-by-nc-nd",
    "all-rights-reserved",
    "with-permission",
    "other",
    "unknown",
)


def upgrade() -> None:
    op.create_table(
        "practice_files",
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", db.Instant(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["members.id"],
            name=op.f("fk_practice_files_added_by_id_members"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"],
            ["members.id"],
            name=op.f("fk_practice_files_checked_by_id_members"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_practice_files_file_id_stored_files"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_practice_files_practice_id_practices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "file_id", name=op.f("pk_practice_files")),
    )
    with op.batch_alter_table("practice_files", schema=None) as batch_op:
        for name in ("file_id", "added_by_id", "checked_by_id"):
            batch_op.create_index(batch_op.f(f"ix_practice_files_{name}"), [name], unique=False)
    with op.batch_alter_table("practice_attachments", schema=None) as batch_op:
        for name in ("file", "name", "language"):
            batch_op.add_column(sa.Column(name, sa.String(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column(
                "terms",
                sa.Enum(*_TERMS, name="licence", native_enum=False, length=32),
                server_default="unknown",
                nullable=False,
            )
        )
        for name in _CHECKS:
            batch_op.add_column(
                sa.Column(
                    name,
                    sa.Enum(
                        "yes", "no", "none", "unknown", name="check", native_enum=False, length=32
                    ),
                    server_default="unknown",
                    nullable=False,
                )
            )
        batch_op.add_column(sa.Column("checked_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("practice_attachments", schema=None) as batch_op:
        for name in ("checked_on", *reversed(_CHECKS), "terms", "language", "name", "file"):
            batch_op.drop_column(name)
    op.drop_table("practice_files")
