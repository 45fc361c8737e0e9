"""What « Mes données » holds of the watch: teams, decisions, rules, and summaries."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.veille.models import (
    Finding,
    FindingAct,
    FindingRule,
    FindingVerdict,
    Source,
    Summary,
    SummaryCorrection,
    SummaryReview,
    SummaryStep,
    Watch,
    WatchMember,
)


def watching_of(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The watches that a person made or is on the team of, the sources and rules they added."""
    for name, joined_at in session.execute(
        select(Watch.name, WatchMember.joined_at)
        .join(Watch, Watch.id == WatchMember.watch_id)
        .where(WatchMember.member_id == member_id)
        .order_by(WatchMember.joined_at)
    ):
        yield {"watch": name, "joined_at": joined_at.isoformat()}
    for watch in session.scalars(select(Watch).where(Watch.created_by_id == member_id)):
        yield {"watch": watch.name, "made_at": watch.created_at.isoformat()}
    for source in session.scalars(select(Source).where(Source.added_by_id == member_id)):
        yield {
            "source": source.name,
            "url": source.url,
            "added_at": source.created_at.isoformat(),
        }
    for rule in session.scalars(select(FindingRule).where(FindingRule.made_by_id == member_id)):
        yield {
            "rule": rule.name,
            "pattern": rule.pattern,
            "made_at": rule.created_at.isoformat(),
        }


def sorting_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """What a person did with findings, what they said of them, and what they hold."""
    for title, claimed_at in session.execute(
        select(Finding.title, Finding.claimed_at).where(Finding.owner_id == member_id)
    ):
        yield {"holds": title, "since": claimed_at.isoformat() if claimed_at else None}
    for title, decided_at, state, note in session.execute(
        select(Finding.title, Finding.decided_at, Finding.state, Finding.note).where(
            Finding.decided_by_id == member_id
        )
    ):
        yield {
            "decided": title,
            "state": state.value,
            "note": note,
            "at": decided_at.isoformat() if decided_at else None,
        }
    for title, act in session.execute(
        select(Finding.title, FindingAct)
        .join(Finding, Finding.id == FindingAct.finding_id)
        .where(FindingAct.by_id == member_id)
        .order_by(FindingAct.at)
    ):
        yield {"finding": title, "act": act.act.value, "at": act.at.isoformat()}
    for title, verdict in session.execute(
        select(Finding.title, FindingVerdict)
        .join(Finding, Finding.id == FindingVerdict.finding_id)
        .where(FindingVerdict.member_id == member_id)
        .order_by(FindingVerdict.at)
    ):
        yield {
            "finding": title,
            "verdict": verdict.verdict.value,
            "reason": verdict.reason.value if verdict.reason else None,
            "note": verdict.note,
            "at": verdict.at.isoformat(),
        }


def summaries_by(session: Session, member_id: int) -> Iterable[Mapping[str, Any]]:
    """The summaries that a person wrote, reviewed, published or moved."""
    for summary in session.scalars(
        select(Summary).where(
            (Summary.writer_id == member_id)
            | (Summary.reviewer_id == member_id)
            | (Summary.publisher_id == member_id)
        )
    ):
        yield {
            "summary": summary.id,
            "wrote": summary.writer_id == member_id,
            "reviewed": summary.reviewer_id == member_id,
            "reviewed_at": summary.reviewed_at.isoformat() if summary.reviewed_at else None,
            "published": summary.publisher_id == member_id,
        }
    for review in session.scalars(
        select(SummaryReview).where(
            (SummaryReview.reviewer_id == member_id) | (SummaryReview.asked_by_id == member_id)
        )
    ):
        yield {
            "summary": review.summary_id,
            "asked_at": review.asked_at.isoformat(),
            "opinion": review.opinion.value if review.opinion else None,
            "comments": review.comments if review.reviewer_id == member_id else "",
            "answered_at": review.answered_at.isoformat() if review.answered_at else None,
        }
    for step in session.scalars(select(SummaryStep).where(SummaryStep.by_id == member_id)):
        yield {
            "summary": step.summary_id,
            "state": step.after.value,
            "reason": step.reason,
            "at": step.at.isoformat(),
        }
    for correction in session.scalars(
        select(SummaryCorrection).where(SummaryCorrection.by_id == member_id)
    ):
        yield {
            "summary": correction.summary_id,
            "correction": correction.typed,
            "reason": correction.reason,
            "at": correction.at.isoformat(),
        }
