"""Infolettres that are composed, approved and sent: subscribers, deliveries, what came back."""

import secrets

import sqlalchemy as sa
from alembic import op

from inters4.core import db

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum("each", "monthly", "quarterly", name="frequency", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "to-confirm",
                "active",
                "paused",
                "unsubscribed",
                "bounced",
                "complained",
                "erased",
                name="subscriberstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("paused_until", db.Instant(timezone=True), nullable=True),
        sa.Column("confirmed_at", db.Instant(timezone=True), nullable=True),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_subscribers_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address", name=op.f("uq_subscribers_address")),
        sa.UniqueConstraint("member_id", name=op.f("uq_subscribers_member_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscribers_public_id")),
    )
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscribers_paused_until"), ["paused_until"], unique=False
        )
        batch_op.create_index("ix_subscribers_state", ["state", "language"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.String(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("since", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "deferred",
                "sent",
                "bounced",
                "failed",
                "suppressed",
                name="deliverystate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("not_before", db.Instant(timezone=True), nullable=False),
        sa.Column("lease_until", db.Instant(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("sent_at", db.Instant(timezone=True), nullable=True),
        sa.Column("settled_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_deliveries_issue_id_issues")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_deliveries_subscriber_id_subscribers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("issue_id", "address", name=op.f("uq_deliveries_issue_id_address")),
        sa.UniqueConstraint(
            "issue_id", "subscriber_id", name=op.f("uq_deliveries_issue_id_subscriber_id")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deliveries_due", ["issue_id", "state", "not_before", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_subscriber_id"), ["subscriber_id"], unique=False
        )

    op.create_table(
        "frozen_issues",
        sa.Column("issue_id", sa.String(), nullable=False),
        sa.Column("frozen_at", db.Instant(timezone=True), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("paused_for", sa.String(), nullable=False),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_frozen_issues_issue_id_issues")
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_frozen_issues")),
    )
    op.create_table(
        "issue_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.String(), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", db.Instant(timezone=True), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("send_at", db.Instant(timezone=True), nullable=True),
        sa.Column("remind_at", db.Instant(timezone=True), nullable=True),
        sa.Column("escalate_at", db.Instant(timezone=True), nullable=True),
        sa.Column("reminded_at", db.Instant(timezone=True), nullable=True),
        sa.Column("escalated_at", db.Instant(timezone=True), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "approved",
                "returned",
                "released",
                "overtaken",
                name="approvaldecision",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["members.id"], name=op.f("fk_issue_approvals_approver_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["members.id"], name=op.f("fk_issue_approvals_asked_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["members.id"], name=op.f("fk_issue_approvals_decided_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["members.id"], name=op.f("fk_issue_approvals_deputy_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_approvals_issue_id_issues")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_approvals")),
    )
    with op.batch_alter_table("issue_approvals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_issue_approvals_approver_id"), ["approver_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_issue_approvals_asked_by_id"), ["asked_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_issue_approvals_decided_by_id"), ["decided_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_issue_approvals_deputy_id"), ["deputy_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_issue_approvals_escalate_at"), ["escalate_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_issue_approvals_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_issue_approvals_remind_at"), ["remind_at"], unique=False
        )

    op.create_table(
        "issue_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.String(), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "draft",
                "in-review",
                "approved",
                "scheduled",
                "sending",
                "paused",
                "sent",
                "cancelled",
                "archived",
                name="issuestate",
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
                "approved",
                "scheduled",
                "sending",
                "paused",
                "sent",
                "cancelled",
                "archived",
                name="issuestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_issue_steps_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_steps_issue_id_issues")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_steps")),
    )
    with op.batch_alter_table("issue_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_steps_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issue_steps_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "subscriber_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "to-confirm",
                "active",
                "paused",
                "unsubscribed",
                "bounced",
                "complained",
                "erased",
                name="subscriberstate",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "to-confirm",
                "active",
                "paused",
                "unsubscribed",
                "bounced",
                "complained",
                "erased",
                name="subscriberstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.id"], name=op.f("fk_subscriber_steps_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_subscriber_steps_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber_steps")),
    )
    with op.batch_alter_table("subscriber_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriber_steps_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_subscriber_steps_subscriber_id"), ["subscriber_id"], unique=False
        )

    op.create_table(
        "subscriber_themes",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_subscriber_themes_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "theme", name=op.f("pk_subscriber_themes")),
    )
    with op.batch_alter_table("subscriber_themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriber_themes_theme"), ["theme"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("newsletter_id", sa.String(), nullable=False),
        sa.Column("since", db.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["newsletter_id"],
            ["newsletters.id"],
            name=op.f("fk_subscriptions_newsletter_id_newsletters"),
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_subscriptions_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "newsletter_id", name=op.f("pk_subscriptions")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscriptions_newsletter_id"), ["newsletter_id"], unique=False
        )

    op.create_table(
        "subscription_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum("each", "monthly", "quarterly", name="frequency", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("newsletters", sa.JSON(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("created_at", db.Instant(timezone=True), nullable=False),
        sa.Column("used_at", db.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscription_requests_public_id")),
    )
    with op.batch_alter_table("subscription_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscription_requests_address"), ["address"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_subscription_requests_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index("ix_subscription_requests_mark", ["mark", "created_at"], unique=False)

    op.create_table(
        "bounces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("hard", "soft", "complaint", name="bouncekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("at", db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_bounces_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_bounces_subscriber_id_subscribers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounces")),
    )
    with op.batch_alter_table("bounces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bounces_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_bounces_subscriber_id"), ["subscriber_id"], unique=False
        )

    op.create_table(
        "issue_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_links_issue_id_issues")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["issue_items.id"],
            name=op.f("fk_issue_links_item_id_issue_items"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_links")),
        sa.UniqueConstraint("issue_id", "position", name=op.f("uq_issue_links_issue_id_position")),
    )
    with op.batch_alter_table("issue_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_links_item_id"), ["item_id"], unique=False)

    op.create_table(
        "link_days",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["issue_links.id"],
            name=op.f("fk_link_days_link_id_issue_links"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("link_id", "day", name=op.f("pk_link_days")),
    )
    with op.batch_alter_table("issue_items", schema=None) as batch_op:
        batch_op.alter_column("text", new_column_name="source")
        batch_op.add_column(sa.Column("public_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("themes", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("html", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("renderer", sa.Integer(), nullable=False, server_default="0"))

    items = sa.table("issue_items", sa.column("id"), sa.column("public_id"))
    door = op.get_bind()
    for (number,) in door.execute(sa.select(items.c.id)).all():
        named = items.update().where(items.c.id == number)
        door.execute(named.values(public_id=secrets.token_hex(6)))
    with op.batch_alter_table("issue_items", schema=None) as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_issue_items_public_id"), ["public_id"])

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("send_at", db.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("audience", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("erratum_of_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("instance", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("sent_elsewhere", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("held_for", sa.String(), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_issues_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_issues_erratum_of_id"), ["erratum_of_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_issues_send_at"), ["send_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_issues_author_id_members"), "members", ["author_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_issues_erratum_of_id_issues"), "issues", ["erratum_of_id"], ["id"]
        )

    with op.batch_alter_table("newsletters", schema=None) as batch_op:
        for name in ("sender", "reply_to", "postal_address"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("newsletters", schema=None) as batch_op:
        batch_op.drop_column("postal_address")
        batch_op.drop_column("reply_to")
        batch_op.drop_column("sender")

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issues_erratum_of_id_issues"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_issues_author_id_members"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_issues_send_at"))
        batch_op.drop_index(batch_op.f("ix_issues_erratum_of_id"))
        batch_op.drop_index(batch_op.f("ix_issues_author_id"))
        batch_op.drop_column("held_for")
        batch_op.drop_column("sent_elsewhere")
        batch_op.drop_column("instance")
        batch_op.drop_column("erratum_of_id")
        batch_op.drop_column("audience")
        batch_op.drop_column("send_at")
        batch_op.drop_column("author_id")
        batch_op.drop_column("subject")

    with op.batch_alter_table("issue_items", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_issue_items_public_id"), type_="unique")
        for name in ("renderer", "html", "themes", "public_id"):
            batch_op.drop_column(name)
        batch_op.alter_column("source", new_column_name="text")

    op.drop_table("link_days")
    with op.batch_alter_table("issue_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_links_item_id"))

    op.drop_table("issue_links")
    with op.batch_alter_table("bounces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bounces_subscriber_id"))
        batch_op.drop_index(batch_op.f("ix_bounces_delivery_id"))

    op.drop_table("bounces")
    with op.batch_alter_table("subscription_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_requests_mark")
        batch_op.drop_index(batch_op.f("ix_subscription_requests_created_at"))
        batch_op.drop_index(batch_op.f("ix_subscription_requests_address"))

    op.drop_table("subscription_requests")
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriptions_newsletter_id"))

    op.drop_table("subscriptions")
    with op.batch_alter_table("subscriber_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriber_themes_theme"))

    op.drop_table("subscriber_themes")
    with op.batch_alter_table("subscriber_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriber_steps_subscriber_id"))
        batch_op.drop_index(batch_op.f("ix_subscriber_steps_by_id"))

    op.drop_table("subscriber_steps")
    with op.batch_alter_table("issue_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_steps_issue_id"))
        batch_op.drop_index(batch_op.f("ix_issue_steps_by_id"))

    op.drop_table("issue_steps")
    with op.batch_alter_table("issue_approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_approvals_remind_at"))
        batch_op.drop_index(batch_op.f("ix_issue_approvals_issue_id"))
        batch_op.drop_index(batch_op.f("ix_issue_approvals_escalate_at"))
        batch_op.drop_index(batch_op.f("ix_issue_approvals_deputy_id"))
        batch_op.drop_index(batch_op.f("ix_issue_approvals_decided_by_id"))
        batch_op.drop_index(batch_op.f("ix_issue_approvals_asked_by_id"))
        batch_op.drop_index(batch_op.f("ix_issue_approvals_approver_id"))

    op.drop_table("issue_approvals")
    op.drop_table("frozen_issues")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_subscriber_id"))
        batch_op.drop_index("ix_deliveries_due")

    op.drop_table("deliveries")
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.drop_index("ix_subscribers_state")
        batch_op.drop_index(batch_op.f("ix_subscribers_paused_until"))

    op.drop_table("subscribers")
