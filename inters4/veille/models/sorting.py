"""How findings are sorted: what each person said, what was done and can be undone, the rules."""

import secrets
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment, PrimaryKey, Timestamps, Versioned
from inters4.veille.models.findings import DiscardReason

UNDO_KEPT_DAYS = 90
"""How long what was done to a finding is kept, to be undone and explained."""


class Verdict(StrEnum):
    """What someone says of a finding."""

    KEEP = "keep"
    DISCARD = "discard"
    LATER = "later"


class FindingVerdict(Model):
    """What one person said of a finding that two sort apart; hidden from the other until both did.

    Attributes:
        is_third: settles a disagreement.
    """

    __tablename__ = "finding_verdicts"

    finding_id: Mapped[int] = mapped_column(
        ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    verdict: Mapped[Verdict]
    reason: Mapped[DiscardReason | None]
    note: Mapped[str] = mapped_column(default="")
    is_third: Mapped[bool] = mapped_column(default=False)
    at: Mapped[Moment] = mapped_column(default=now)


class Act(StrEnum):
    """What was done to a finding."""

    KEEP = "keep"
    DISCARD = "discard"
    LATER = "later"
    REOPEN = "reopen"
    CLAIM = "claim"
    RELEASE = "release"
    ASSIGN = "assign"
    THEME = "theme"
    LABEL = "label"
    MERGE = "merge"
    SEPARATE = "separate"
    VERDICT = "verdict"
    SUMMARISE = "summarise"


class FindingAct(Model):
    """One thing done to a finding, with what it was before: enough to undo it.

    Attributes:
        public_id: of the gesture: everything done at once by one person shares it.
        by_id: nobody when a rule did.
        before: the columns and lists that changed, as they were; `after` as they became.
        undone_at: when it was undone, once.
    """

    __tablename__ = "finding_acts"
    __table_args__ = (Index("ix_finding_acts_gesture", "gesture"),)

    id: Mapped[PrimaryKey]
    gesture: Mapped[str]
    finding_id: Mapped[int] = mapped_column(
        ForeignKey("findings.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    rule_id: Mapped[int | None] = mapped_column(
        ForeignKey("finding_rules.id", ondelete="SET NULL"), index=True
    )
    act: Mapped[Act]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[Moment] = mapped_column(default=now, index=True)
    undone_at: Mapped[Moment | None]


class RuleField(StrEnum):
    """Where a rule looks."""

    ANYWHERE = "anywhere"
    TITLE = "title"
    ABSTRACT = "abstract"
    JOURNAL = "journal"
    AUTHORS = "authors"


class RuleAct(StrEnum):
    """What a rule does with what it finds."""

    LABEL = "label"
    KEEP = "keep"
    DISCARD = "discard"


class FindingRule(Versioned, Timestamps, Model):
    """What the team asked to be done by itself with what comes in.

    Attributes:
        pattern: words, or a regular expression when `is_regex`; the latter has a time limit.
        theme: id of the vocabulary given to what it finds, empty for none.
        label: the word put on it, for a rule that labels.
        reason: of a rule that discards.
        position: rules are tried in this order; the first that keeps or discards ends it.
        stopped_at: it took too long and was stopped; `stopped_why` says on what.
    """

    __tablename__ = "finding_rules"

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(6))
    watch_id: Mapped[int] = mapped_column(ForeignKey("watches.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    field: Mapped[RuleField] = mapped_column(default=RuleField.ANYWHERE)
    pattern: Mapped[str]
    is_regex: Mapped[bool] = mapped_column(default=False)
    act: Mapped[RuleAct]
    label: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(default="")
    reason: Mapped[DiscardReason | None]
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    hits: Mapped[int] = mapped_column(default=0)
    last_hit_at: Mapped[Moment | None]
    stopped_at: Mapped[Moment | None]
    stopped_why: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)

    @property
    def decides(self) -> bool:
        """True when it keeps or discards, instead of labelling only."""
        return self.act is not RuleAct.LABEL
