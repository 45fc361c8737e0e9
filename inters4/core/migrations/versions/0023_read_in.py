"""What came of an issue: departures, reactions, questions, practices, corrections written."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_READ = ("reactions", "questions", "adoptions", "practices")


def upgrade() -> None:
    op.create_table(
        "issue_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.String(), nullable=False),
        sa.Column("summary_id", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in-review",
                "ready",
                "published",
                "corrected",
                "replaced",
                "retracted",
                "archived",
                name="summarystate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_corrections_issue_id_issues")
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"],
            ["summaries.id"],
            name=op.f("fk_issue_corrections_summary_id_summaries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_corrections")),
    )
    with op.batch_alter_table("issue_corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_corrections_issue_id"), ["issue_id"])
        batch_op.create_index(batch_op.f("ix_issue_corrections_summary_id"), ["summary_id"])
    for table in _READ:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("read_in", sa.String(), nullable=False, server_default="")
            )
            batch_op.create_index(batch_op.f(f"ix_{table}_read_in"), ["read_in"])
    with op.batch_alter_table("subscriber_steps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("issue_id", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_subscriber_steps_issue_id"), ["issue_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_subscriber_steps_issue_id_issues"), "issues", ["issue_id"], ["id"]
        )
    _name_issues()


def downgrade() -> None:
    with op.batch_alter_table("subscriber_steps", schema=None) as batch_op:
        batch_op.drop_constraint("fk_subscriber_steps_issue_id_issues", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_subscriber_steps_issue_id"))
        batch_op.drop_column("issue_id")
    for table in reversed(_READ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_read_in"))
            batch_op.drop_column("read_in")
    op.drop_table("issue_corrections")


def _name_issues() -> None:
    """Departures noted so far: a link kept the issue as its reason, a return in its source."""
    op.execute(
        "UPDATE subscriber_steps SET issue_id = reason, reason = '' "
        "WHERE source = '/infolettres/desabonnement' AND after = 'unsubscribed' "
        "AND reason IN (SELECT id FROM issues)"
    )
    op.execute(
        "UPDATE subscriber_steps SET issue_id = substr(source, 10), source = 'courriel' "
        "WHERE source LIKE 'courriel %' AND substr(source, 10) IN (SELECT id FROM issues)"
    )
