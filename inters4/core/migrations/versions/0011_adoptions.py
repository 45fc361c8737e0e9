"""Practices that teams try: their journal, and whether it would work here."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adoptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column(
            "openness",
            sa.Enum("public", "members", "us", name="openness", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "intention",
                "trial",
                "in-place",
                "extended",
                "abandoned",
                name="adoptionstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_since", db.Instant(timezone=True), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=False),
        sa.Column("news_at", db.Instant(timezone=True), nullable=False),
        sa.Column("news_asked_at", db.Instant(timezone=True), nullable=True),
        sa.Column("hidden_at", db.Instant(timezone=True), nullable=True),
        sa.Column("hidden_reason", sa.String(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_adoptions_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_adoptions_practice_id_practices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoptions")),
        sa.UniqueConstraint(
            "practice_id",
            "organisation_id",
            "team",
            name=op.f("uq_adoptions_practice_id_organisation_id_team"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_adoptions_public_id")),
    )
    with op.batch_alter_table("adoptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoptions_news_at"), ["news_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_adoptions_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_adoptions_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "transfer_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("fit", sa.String(), nullable=False),
        sa.Column("worth", sa.String(), nullable=False),
        sa.Column("feasible", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_transfer_assessments_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practices.id"],
            name=op.f("fk_transfer_assessments_practice_id_practices"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["members.id"],
            name=op.f("fk_transfer_assessments_written_by_id_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_assessments")),
        sa.UniqueConstraint(
            "practice_id",
            "organisation_id",
            "team",
            name=op.f("uq_transfer_assessments_practice_id_organisation_id_team"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_transfer_assessments_public_id")),
    )
    with op.batch_alter_table("transfer_assessments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_transfer_assessments_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_transfer_assessments_practice_id"), ["practice_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_transfer_assessments_written_by_id"), ["written_by_id"], unique=False
        )

    op.create_table(
        "adoption_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("adoption_id", sa.Integer(), nullable=False),
        sa.Column(
            "aspect",
            sa.Enum(
                "reach",
                "effectiveness",
                "adoption",
                "implementation",
                "maintenance",
                "adaptations",
                "lessons",
                name="aspect",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["adoptions.id"],
            name=op.f("fk_adoption_entries_adoption_id_adoptions"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["members.id"],
            name=op.f("fk_adoption_entries_written_by_id_members"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_entries")),
        sa.UniqueConstraint("public_id", name=op.f("uq_adoption_entries_public_id")),
    )
    with op.batch_alter_table("adoption_entries", schema=None) as batch_op:
        batch_op.create_index("ix_adoption_entries_day", ["adoption_id", "on_day"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_adoption_entries_written_by_id"), ["written_by_id"], unique=False
        )

    op.create_table(
        "adoption_holders",
        sa.Column("adoption_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["adoptions.id"],
            name=op.f("fk_adoption_holders_adoption_id_adoptions"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_adoption_holders_member_id_members")
        ),
        sa.PrimaryKeyConstraint("adoption_id", "member_id", name=op.f("pk_adoption_holders")),
    )
    with op.batch_alter_table("adoption_holders", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adoption_holders_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "adoption_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adoption_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "intention",
                "trial",
                "in-place",
                "extended",
                "abandoned",
                name="adoptionstate",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "intention",
                "trial",
                "in-place",
                "extended",
                "abandoned",
                name="adoptionstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adoption_id"], ["adoptions.id"], name=op.f("fk_adoption_steps_adoption_id_adoptions")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_adoption_steps_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_steps")),
    )
    with op.batch_alter_table("adoption_steps", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adoption_steps_adoption_id"), ["adoption_id"], unique=False
        )

    op.create_table(
        "adoption_results",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("n", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["adoption_entries.id"],
            name=op.f("fk_adoption_results_entry_id_adoption_entries"),
        ),
        sa.PrimaryKeyConstraint("entry_id", "position", name=op.f("pk_adoption_results")),
    )


def downgrade() -> None:
    op.drop_table("adoption_results")
    op.drop_table("adoption_steps")
    op.drop_table("adoption_holders")
    op.drop_table("adoption_entries")
    op.drop_table("transfer_assessments")
    op.drop_table("adoptions")
