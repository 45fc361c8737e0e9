"""Identities at a provider (OpenID Connect), and the states that came back from it."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("linked_at", db.Instant(timezone=True), nullable=False),
        sa.Column("last_used_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_provider_identities_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_identities")),
        sa.UniqueConstraint(
            "issuer", "subject", name=op.f("uq_provider_identities_issuer_subject")
        ),
    )
    op.create_index(
        op.f("ix_provider_identities_member_id"), "provider_identities", ["member_id"], unique=False
    )
    op.create_table(
        "provider_returns",
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_provider_returns")),
    )
    op.create_index(op.f("ix_provider_returns_at"), "provider_returns", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_provider_returns_at"), table_name="provider_returns")
    op.drop_table("provider_returns")
    op.drop_index(op.f("ix_provider_identities_member_id"), table_name="provider_identities")
    op.drop_table("provider_identities")
