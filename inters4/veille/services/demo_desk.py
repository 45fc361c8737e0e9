"""The desk of the demonstration: one finding and one rule that addresses can name."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.veille.models import DiscardReason, Finding, FindingRule, FindingState, RuleAct, Watch
from inters4.veille.services.rules import RuleDraft, save_rule


def stage_desk(session: Session, watch: Watch, *, name: str, by: Viewer) -> None:
    """Call the first finding that nobody holds, and a rule, by `name`."""
    finding = session.scalars(
        select(Finding)
        .where(
            Finding.watch_id == watch.id,
            Finding.state == FindingState.NEW,
            Finding.owner_id.is_(None),
        )
        .order_by(Finding.id)
        .limit(1)
    ).first()
    if finding is not None:
        finding.public_id = name
    rule = FindingRule(public_id=name, watch_id=watch.id)
    draft = RuleDraft(
        name="Écarter les éditoriaux et les lettres",
        pattern="éditorial, lettre à la rédaction, editorial, letter to the editor",
        act=RuleAct.DISCARD,
        reason=DiscardReason.QUALITY,
    )
    save_rule(session, rule, draft, by=by)
