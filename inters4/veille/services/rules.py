"""Rules: what the team asked to be done by itself with what comes in.

A rule is tried before it is kept, and counted each time it finds something. One that takes too
long is stopped, says so, and holds nothing up.
"""

from collections.abc import Callable, Iterator, Sequence

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.i18n import _
from inters4.core.patterns import PatternRefused, TooSlow
from inters4.core.values import dataclass
from inters4.veille.models import (
    Act,
    DiscardReason,
    Finding,
    FindingRule,
    RuleAct,
    RuleField,
    Scheme,
    Verdict,
)
from inters4.veille.queries.doubles import twice_sorted
from inters4.veille.services.classing import clean_label
from inters4.veille.services.doubles import Decided
from inters4.veille.services.gestures import Gesture, check_team
from inters4.veille.services.seeking import Sought, found_in, terms_of
from inters4.veille.services.sorting import settle
from inters4.veille.services.standing import load_findings, set_labels, set_themes, standing
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services.editing import Misfilled

TRIED_ON = 500
LONGEST_NAME = 80
LONGEST_TERMS = 300
SLOW, UNREADABLE = "slow", "unreadable"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as it is typed.

    Attributes:
        theme: id of the vocabulary given to what it finds, empty for none.
        label: for a rule that labels; `reason` for one that discards.
    """

    name: str
    pattern: str
    act: RuleAct
    field: RuleField = RuleField.ANYWHERE
    is_regex: bool = False
    theme: str = ""
    label: str = ""
    reason: DiscardReason | None = None

    @property
    def sought(self) -> Sought:
        """What it looks for."""
        return Sought(self.pattern, self.field, self.is_regex)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have found among the last findings of its watch."""

    tried: int
    hits: Sequence[Finding]


def apply_rules(session: Session, findings: Sequence[Finding], *, watch_id: int) -> int:
    """Do what the rules of a watch say with what has just come in; say how many they decided.

    Rules are tried in their order; the first that keeps or discards a finding ends it. Where two
    people sort, no rule keeps nor discards: those made before the watch said so are left aside.
    """
    if not findings:
        return 0
    rules = session.scalars(
        select(FindingRule)
        .where(
            FindingRule.watch_id == watch_id,
            FindingRule.is_active,
            FindingRule.stopped_at.is_(None),
        )
        .order_by(FindingRule.position, FindingRule.id)
    ).all()
    if rules and twice_sorted(session, {watch_id}):
        rules = [rule for rule in rules if not rule.decides]
    if not rules:
        return 0
    open_ones = load_findings(session, {one.id for one in findings}, is_locked=False)
    decided = 0
    for rule in rules:
        try:
            hits = found_in(Sought(rule.pattern, rule.field, rule.is_regex), open_ones)
        except (TooSlow, PatternRefused) as trouble:
            log.warning("rule_stopped", rule=rule.public_id)
            rule.stopped_at = now()
            rule.stopped_why = SLOW if isinstance(trouble, TooSlow) else UNREADABLE
            continue
        if not hits:
            continue
        gesture = Gesture(None, rule.id)
        for finding in hits:
            _obey(session, finding, rule, gesture)
        _count(session, rule, len(hits))
        if rule.decides:
            decided += len(hits)
            done = {finding.id for finding in hits}
            open_ones = [finding for finding in open_ones if finding.id not in done]
    session.flush()
    return decided


def try_rule(session: Session, draft: RuleDraft, *, watch_id: int, by: Viewer) -> Trial:
    """What a rule would have found among the last 500 findings of a watch; nothing changes.

    What it is called and what it does are not asked yet.

    Raises:
        DomainError: what it looks for cannot be read; `about` names the field.
    """
    check_team(by)
    _check_sought(draft)
    rows = session.scalars(
        select(Finding)
        .where(Finding.watch_id == watch_id)
        .order_by(Finding.first_seen_at.desc(), Finding.id.desc())
        .limit(TRIED_ON)
    ).all()
    return Trial(len(rows), _found_or_told(draft, rows))


def save_rule(
    session: Session, rule: FindingRule, draft: RuleDraft, *, by: Viewer, version: int | None = None
) -> None:
    """Make a rule be what was typed; a rule that had been stopped is tried again.

    Raises:
        Misfilled: it cannot be kept as it is; says all that is wrong, by name of field.
        Conflict: somebody changed it meanwhile.
    """
    check_team(by)
    if version is not None and version != rule.version:
        raise Conflict(_("Quelqu’un a modifié cette règle pendant que vous l’écriviez."))
    if mistakes := dict(_mistakes(session, draft, watch_id=rule.watch_id)):
        raise Misfilled(mistakes)
    if not rule.version:
        rule.made_by_id = by.member_id
        rule.position = _next_position(session, rule.watch_id)
        session.add(rule)
    rule.name, rule.pattern = draft.name.strip(), draft.pattern.strip()
    rule.field, rule.is_regex, rule.act = draft.field, draft.is_regex, draft.act
    rule.theme = draft.theme
    rule.label = clean_label(draft.label) if draft.act is RuleAct.LABEL and draft.label else ""
    rule.reason = draft.reason if draft.act is RuleAct.DISCARD else None
    rule.stopped_at, rule.stopped_why = None, ""
    session.flush()


def set_active(session: Session, rule: FindingRule, *, is_active: bool, by: Viewer) -> None:
    """Put a rule to sleep, or wake it; one that had been stopped gets another chance."""
    check_team(by)
    rule.is_active = is_active
    rule.stopped_at, rule.stopped_why = None, ""
    session.flush()


def move_up(session: Session, rule: FindingRule, *, by: Viewer) -> None:
    """Try a rule before the one that stood before it."""
    check_team(by)
    rules = list(
        session.scalars(
            select(FindingRule)
            .where(FindingRule.watch_id == rule.watch_id)
            .order_by(FindingRule.position, FindingRule.id)
            .with_for_update()
        )
    )
    place = rules.index(rule)
    if place:
        rules[place - 1], rules[place] = rules[place], rules[place - 1]
    for position, one in enumerate(rules):
        one.position = position
    session.flush()


def delete_rule(session: Session, rule: FindingRule, *, by: Viewer) -> None:
    """Drop a rule; what it did stays done."""
    check_team(by)
    session.delete(rule)
    session.flush()


def _obey(session: Session, finding: Finding, rule: FindingRule, gesture: Gesture) -> None:
    before = standing(finding)
    if rule.theme:
        set_themes(finding, [*before["themes"], rule.theme])
    if rule.label:
        set_labels(finding, [*before["labels"], rule.label])
    gesture.note(session, finding, Act.LABEL, before, standing(finding))
    if rule.act is RuleAct.KEEP:
        settle(session, finding, gesture, Decided(Verdict.KEEP, None, ""))
    elif rule.act is RuleAct.DISCARD:
        settle(session, finding, gesture, Decided(Verdict.DISCARD, rule.reason, ""))


def _count(session: Session, rule: FindingRule, hits: int) -> None:
    """Without a new version: whoever edits the rule meanwhile is not disturbed."""
    session.execute(
        update(FindingRule)
        .where(FindingRule.id == rule.id)
        .values(hits=FindingRule.hits + hits, last_hit_at=now(), updated_at=FindingRule.updated_at)
        .execution_options(synchronize_session=False)
    )


def _found_or_told(draft: RuleDraft, rows: Sequence[Finding]) -> list[Finding]:
    try:
        return found_in(draft.sought, rows)
    except PatternRefused as refusal:
        raise DomainError(_unreadable(refusal.place), about="motif") from None
    except TooSlow:
        raise DomainError(
            _("Cette expression prend trop de temps : simplifiez-la, ou cherchez des termes."),
            about="motif",
        ) from None


def _unreadable(place: int | None) -> str:
    if place is None:
        return _("Cette expression ne se lit pas.")
    return _("Cette expression ne se lit pas à partir du caractère %(place)s.", place=place)


def _mistakes(session: Session, draft: RuleDraft, *, watch_id: int) -> Iterator[tuple[str, str]]:
    """All that keeps a rule from being kept: the name of a field, and what is wrong in it."""
    if not 1 <= len(draft.name.strip()) <= LONGEST_NAME:
        yield "nom", _("Donnez à la règle un nom de 80 caractères au plus.")
    yield from _refused(lambda: _check_sought(draft))
    if draft.act is not RuleAct.LABEL and twice_sorted(session, {watch_id}):
        told = _(
            "Deux personnes trient ce dispositif : une règle y étiquette, elle n’y décide pas."
        )
        yield "acte", told
    if draft.act is RuleAct.DISCARD and draft.reason is None:
        yield "raison", _("Choisissez un motif.")
    if draft.act is RuleAct.LABEL and draft.label.strip():
        yield from _refused(lambda: clean_label(draft.label))
    elif draft.act is RuleAct.LABEL and not draft.theme:
        yield "etiquette", _("Donnez une étiquette, ou un thème.")
    if draft.theme and (Scheme.THEMES, draft.theme) not in vocabulary(session):
        yield "theme", _("Choisissez un thème de la liste.")


def _refused(check: Callable[[], object]) -> Iterator[tuple[str, str]]:
    try:
        check()
    except DomainError as refusal:
        yield refusal.about, refusal.message


def _check_sought(draft: RuleDraft) -> None:
    if not draft.pattern.strip() or not (draft.is_regex or terms_of(draft.pattern)):
        raise DomainError(_("Dites ce que la règle cherche."), about="motif")
    if len(draft.pattern) > LONGEST_TERMS:
        raise DomainError(_("Raccourcissez : 300 caractères au plus."), about="motif")
    _found_or_told(draft, ())


def _next_position(session: Session, watch_id: int) -> int:
    last = session.scalar(
        select(func.max(FindingRule.position)).where(FindingRule.watch_id == watch_id)
    )
    return 0 if last is None else last + 1
