"""Watches, their sources, findings and how they are sorted; who writes and reviews summaries."""

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("inclusion", sa.String(), nullable=False),
        sa.Column("exclusion", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column(
            "rhythm",
            sa.Enum("daily", "weekly", "monthly", name="rhythm", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("is_sorted_twice", sa.Boolean(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_watches_created_by_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sa.UniqueConstraint("name", name=op.f("uq_watches_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_watches_public_id")),
    )

    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_watches_created_by_id"), ["created_by_id"], unique=False
        )

    op.create_table(
        "finding_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "anywhere",
                "title",
                "abstract",
                "journal",
                "authors",
                name="rulefield",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("is_regex", sa.Boolean(), nullable=False),
        sa.Column(
            "act",
            sa.Enum("label", "keep", "discard", name="ruleact", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "off-theme",
                "off-context",
                "duplicate",
                "quality",
                "predatory",
                "too-old",
                "no-access",
                "other",
                name="discardreason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("last_hit_at", db.Instant(timezone=True), nullable=True),
        sa.Column("stopped_at", db.Instant(timezone=True), nullable=True),
        sa.Column("stopped_why", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["members.id"], name=op.f("fk_finding_rules_made_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["watch_id"],
            ["watches.id"],
            name=op.f("fk_finding_rules_watch_id_watches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_rules")),
        sa.UniqueConstraint("public_id", name=op.f("uq_finding_rules_public_id")),
    )

    with op.batch_alter_table("finding_rules", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_rules_made_by_id"), ["made_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_finding_rules_watch_id"), ["watch_id"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "later",
                "kept",
                "assigned",
                "summarised",
                "discarded",
                name="findingstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("journal", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("volume", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("pages", sa.String(), nullable=False),
        sa.Column("doi", sa.String(), nullable=False),
        sa.Column("pmid", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("abstract", sa.String(), nullable=False),
        sa.Column(
            "open_access",
            sa.Enum("yes", "no", "unknown", name="openaccess", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("design", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "off-theme",
                "off-context",
                "duplicate",
                "quality",
                "predatory",
                "too-old",
                "no-access",
                "other",
                name="discardreason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", db.Instant(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.Instant(timezone=True), nullable=True),
        sa.Column("summary_id", sa.String(), nullable=True),
        sa.Column("like_id", sa.Integer(), nullable=True),
        sa.Column("first_seen_at", db.Instant(timezone=True), nullable=False),
        sa.Column("last_seen_at", db.Instant(timezone=True), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["members.id"], name=op.f("fk_findings_decided_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["like_id"],
            ["findings.id"],
            name=op.f("fk_findings_like_id_findings"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["members.id"], name=op.f("fk_findings_owner_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"],
            ["summaries.id"],
            name=op.f("fk_findings_summary_id_summaries"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["watch_id"],
            ["watches.id"],
            name=op.f("fk_findings_watch_id_watches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_findings_public_id")),
    )

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_findings_decided_by_id"), ["decided_by_id"], unique=False
        )
        batch_op.create_index("ix_findings_desk", ["state", "first_seen_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_like_id"), ["like_id"], unique=False)
        batch_op.create_index("ix_findings_owner", ["owner_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_summary_id"), ["summary_id"], unique=False)
        batch_op.create_index(
            "ix_findings_watch", ["watch_id", "state", "first_seen_at"], unique=False
        )

    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "feed",
                "pubmed",
                "page",
                "mail",
                "references",
                name="sourcekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("url_key", sa.String(), nullable=True),
        sa.Column("site_url", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("category", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "paused", "gone", name="sourcestate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("last_modified", sa.String(), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("next_check_at", db.Instant(timezone=True), nullable=True),
        sa.Column("lease_until", db.Instant(timezone=True), nullable=True),
        sa.Column("interval_minutes", sa.Integer(), nullable=False),
        sa.Column("last_check_at", db.Instant(timezone=True), nullable=True),
        sa.Column("last_success_at", db.Instant(timezone=True), nullable=True),
        sa.Column("last_new_at", db.Instant(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", db.Instant(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("moved_to", sa.String(), nullable=False),
        sa.Column("moved_seen", sa.Integer(), nullable=False),
        sa.Column("told_at", db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["members.id"], name=op.f("fk_sources_added_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["watch_id"],
            ["watches.id"],
            name=op.f("fk_sources_watch_id_watches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sources_public_id")),
        sa.UniqueConstraint("watch_id", "url_key", name=op.f("uq_sources_watch_id_url_key")),
    )

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sources_added_by_id"), ["added_by_id"], unique=False)
        batch_op.create_index("ix_sources_due", ["state", "next_check_at"], unique=False)

    op.create_table(
        "summary_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("summary_id", sa.String(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", db.Instant(timezone=True), nullable=False),
        sa.Column(
            "opinion",
            sa.Enum("ready", "rework", name="opinion", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("comments", sa.String(), nullable=False),
        sa.Column("answered_at", db.Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["members.id"], name=op.f("fk_summary_reviews_asked_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["members.id"], name=op.f("fk_summary_reviews_reviewer_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"],
            ["summaries.id"],
            name=op.f("fk_summary_reviews_summary_id_summaries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_reviews")),
        sa.UniqueConstraint("public_id", name=op.f("uq_summary_reviews_public_id")),
    )

    with op.batch_alter_table("summary_reviews", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_summary_reviews_asked_by_id"), ["asked_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_summary_reviews_reviewer_id"), ["reviewer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_summary_reviews_summary_id"), ["summary_id"], unique=False
        )

    op.create_table(
        "summary_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.String(), nullable=False),
        sa.Column(
            "before",
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
            nullable=True,
        ),
        sa.Column(
            "after",
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
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_summary_steps_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"],
            ["summaries.id"],
            name=op.f("fk_summary_steps_summary_id_summaries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_steps")),
    )

    with op.batch_alter_table("summary_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_summary_steps_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_summary_steps_summary_id"), ["summary_id"], unique=False
        )

    op.create_table(
        "watch_members",
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_watch_members_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["watch_id"],
            ["watches.id"],
            name=op.f("fk_watch_members_watch_id_watches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("watch_id", "member_id", name=op.f("pk_watch_members")),
    )

    with op.batch_alter_table("watch_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_members_member_id"), ["member_id"], unique=False)

    op.create_table(
        "watch_themes",
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["watch_id"],
            ["watches.id"],
            name=op.f("fk_watch_themes_watch_id_watches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("watch_id", "theme", name=op.f("pk_watch_themes")),
    )

    with op.batch_alter_table("watch_themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watch_themes_theme"), ["theme"], unique=False)

    op.create_table(
        "finding_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gesture", sa.String(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column(
            "act",
            sa.Enum(
                "keep",
                "discard",
                "later",
                "reopen",
                "claim",
                "release",
                "assign",
                "theme",
                "label",
                "merge",
                "summarise",
                name="act",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("undone_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_finding_acts_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["findings.id"],
            name=op.f("fk_finding_acts_finding_id_findings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["finding_rules.id"],
            name=op.f("fk_finding_acts_rule_id_finding_rules"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_acts")),
    )

    with op.batch_alter_table("finding_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_acts_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_acts_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_finding_acts_finding_id"), ["finding_id"], unique=False
        )
        batch_op.create_index("ix_finding_acts_gesture", ["gesture"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_acts_rule_id"), ["rule_id"], unique=False)

    op.create_table(
        "finding_keys",
        sa.Column(
            "kind",
            sa.Enum(
                "doi",
                "pmid",
                "url",
                "guid",
                "likeness",
                name="keykind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("buried_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["findings.id"],
            name=op.f("fk_finding_keys_finding_id_findings"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_finding_keys")),
    )

    with op.batch_alter_table("finding_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_keys_buried_at"), ["buried_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_finding_keys_finding_id"), ["finding_id"], unique=False
        )

    op.create_table(
        "finding_labels",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["findings.id"],
            name=op.f("fk_finding_labels_finding_id_findings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("finding_id", "label", name=op.f("pk_finding_labels")),
    )

    with op.batch_alter_table("finding_labels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_labels_label"), ["label"], unique=False)

    op.create_table(
        "finding_themes",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["findings.id"],
            name=op.f("fk_finding_themes_finding_id_findings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("finding_id", "theme", name=op.f("pk_finding_themes")),
    )

    with op.batch_alter_table("finding_themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_themes_theme"), ["theme"], unique=False)

    op.create_table(
        "finding_verdicts",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("keep", "discard", "later", name="verdict", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "off-theme",
                "off-context",
                "duplicate",
                "quality",
                "predatory",
                "too-old",
                "no-access",
                "other",
                name="discardreason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("is_third", sa.Boolean(), nullable=False),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["findings.id"],
            name=op.f("fk_finding_verdicts_finding_id_findings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_finding_verdicts_member_id_members")
        ),
        sa.PrimaryKeyConstraint("finding_id", "member_id", name=op.f("pk_finding_verdicts")),
    )

    with op.batch_alter_table("finding_verdicts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_verdicts_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("guid", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("seen_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["findings.id"],
            name=op.f("fk_sightings_finding_id_findings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
            name=op.f("fk_sightings_source_id_sources"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
        sa.UniqueConstraint(
            "source_id", "finding_id", name=op.f("uq_sightings_source_id_finding_id")
        ),
    )

    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sightings_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "source_themes",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
            name=op.f("fk_source_themes_source_id_sources"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "theme", name=op.f("pk_source_themes")),
    )

    with op.batch_alter_table("source_themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_themes_theme"), ["theme"], unique=False)

    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("writer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reviewer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reviewed_at", db.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("publisher_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_summaries_publisher_id"), ["publisher_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_summaries_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_summaries_writer_id"), ["writer_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_summaries_writer_id_members"), "members", ["writer_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_summaries_reviewer_id_members"), "members", ["reviewer_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_summaries_publisher_id_members"), "members", ["publisher_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("summaries", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_summaries_publisher_id_members"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_summaries_reviewer_id_members"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_summaries_writer_id_members"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_summaries_writer_id"))
        batch_op.drop_index(batch_op.f("ix_summaries_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_summaries_publisher_id"))
        batch_op.drop_column("publisher_id")
        batch_op.drop_column("reviewed_at")
        batch_op.drop_column("reviewer_id")
        batch_op.drop_column("writer_id")

    with op.batch_alter_table("source_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_themes_theme"))

    op.drop_table("source_themes")

    with op.batch_alter_table("sightings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sightings_finding_id"))

    op.drop_table("sightings")

    with op.batch_alter_table("finding_verdicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_verdicts_member_id"))

    op.drop_table("finding_verdicts")

    with op.batch_alter_table("finding_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_themes_theme"))

    op.drop_table("finding_themes")

    with op.batch_alter_table("finding_labels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_labels_label"))

    op.drop_table("finding_labels")

    with op.batch_alter_table("finding_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_keys_finding_id"))
        batch_op.drop_index(batch_op.f("ix_finding_keys_buried_at"))

    op.drop_table("finding_keys")

    with op.batch_alter_table("finding_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_acts_rule_id"))
        batch_op.drop_index("ix_finding_acts_gesture")
        batch_op.drop_index(batch_op.f("ix_finding_acts_finding_id"))
        batch_op.drop_index(batch_op.f("ix_finding_acts_by_id"))
        batch_op.drop_index(batch_op.f("ix_finding_acts_at"))

    op.drop_table("finding_acts")

    with op.batch_alter_table("watch_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watch_themes_theme"))

    op.drop_table("watch_themes")

    with op.batch_alter_table("watch_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watch_members_member_id"))

    op.drop_table("watch_members")

    with op.batch_alter_table("summary_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_summary_steps_summary_id"))
        batch_op.drop_index(batch_op.f("ix_summary_steps_by_id"))

    op.drop_table("summary_steps")

    with op.batch_alter_table("summary_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_summary_reviews_summary_id"))
        batch_op.drop_index(batch_op.f("ix_summary_reviews_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_summary_reviews_asked_by_id"))

    op.drop_table("summary_reviews")

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_index("ix_sources_due")
        batch_op.drop_index(batch_op.f("ix_sources_added_by_id"))

    op.drop_table("sources")

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index("ix_findings_watch")
        batch_op.drop_index(batch_op.f("ix_findings_summary_id"))
        batch_op.drop_index("ix_findings_owner")
        batch_op.drop_index(batch_op.f("ix_findings_like_id"))
        batch_op.drop_index("ix_findings_desk")
        batch_op.drop_index(batch_op.f("ix_findings_decided_by_id"))

    op.drop_table("findings")

    with op.batch_alter_table("finding_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_rules_watch_id"))
        batch_op.drop_index(batch_op.f("ix_finding_rules_made_by_id"))

    op.drop_table("finding_rules")

    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watches_created_by_id"))

    op.drop_table("watches")
