"""Refused returns counted by network, links of mails bound to choices, former addresses."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("provider_returns") as returns:
        returns.add_column(sa.Column("network", sa.String(), nullable=False, server_default=""))
        returns.create_index(op.f("ix_provider_returns_network"), ["network"])
    with op.batch_alter_table("notice_settings") as settings:
        settings.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "former_addresses",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("left_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_former_addresses_member_id_members")
        ),
        sa.PrimaryKeyConstraint("member_id", "email", name=op.f("pk_former_addresses")),
    )


def downgrade() -> None:
    op.drop_table("former_addresses")
    with op.batch_alter_table("notice_settings") as settings:
        settings.drop_column("version")
    with op.batch_alter_table("provider_returns") as returns:
        returns.drop_index(op.f("ix_provider_returns_network"))
        returns.drop_column("network")
