"""Rules: tried before they are kept, counted when they find, stopped when they take too long."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core import patterns
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError, NotFound
from inters4.veille.models import (
    DiscardReason,
    Finding,
    FindingAct,
    FindingRule,
    FindingState,
    RuleAct,
    RuleField,
    Watch,
)
from inters4.veille.services.collecting import take_in
from inters4.veille.services.rules import (
    RuleDraft,
    apply_rules,
    delete_rule,
    move_up,
    save_rule,
    set_active,
    try_rule,
)
from inters4.veille.services.seeking import Sought, found_in
from inters4.vocabulary.services.editing import Misfilled
from tests.builders.findings import make_finding
from tests.builders.members import make_viewer
from tests.builders.vocabulary import make_vocabulary
from tests.builders.watches import make_entry, make_source, make_watch

CATASTROPHE = r"^(a+)+$"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    patterns.close()


@pytest.fixture
def watch(session: Session) -> Watch:
    make_vocabulary(session)
    return make_watch(session)


@pytest.fixture
def broker(session: Session) -> Viewer:
    return make_viewer(session, role=Role.BROKER)


def draft(pattern: str, act: RuleAct = RuleAct.DISCARD, **values: Any) -> RuleDraft:
    given: dict[str, Any] = {"name": "Une règle", "reason": DiscardReason.OFF_THEME, **values}
    return RuleDraft(pattern=pattern, act=act, **given)


def add(session: Session, watch: Watch, by: Viewer, pattern: str, **values: Any) -> FindingRule:
    rule = FindingRule(watch_id=watch.id)
    save_rule(session, rule, draft(pattern, **values), by=by)
    return rule


@pytest.mark.parametrize(
    ("pattern", "field", "is_found"),
    [
        ("telesante", RuleField.ANYWHERE, True),
        ("Télé*", RuleField.TITLE, True),
        ("télé", RuleField.TITLE, False),
        ("chirurgie, suivi à distance", RuleField.ANYWHERE, True),
        ("distance suivi", RuleField.ANYWHERE, False),
        ("suivi", RuleField.TITLE, False),
        ("suivi", RuleField.ABSTRACT, True),
        ("Nordiques", RuleField.JOURNAL, True),
        ("tremblay", RuleField.AUTHORS, True),
    ],
)
def test_terms_are_found_whatever_their_accents_where_they_are_sought(
    session: Session, watch: Watch, pattern: str, field: RuleField, is_found: bool
) -> None:
    finding = make_finding(
        session,
        watch,
        "La télésanté en région",
        abstract="Un suivi à distance.",
        journal="Soins nordiques",
        authors=["Tremblay, A."],
    )

    assert (found_in(Sought(pattern, field), [finding]) == [finding]) is is_found


def test_a_rule_discards_with_its_reason_and_says_so(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    rule = add(session, watch, broker, "poissons", theme="telesante")
    about, other = make_finding(session, watch, "Des poissons"), make_finding(session, watch)

    assert apply_rules(session, [about, other], watch_id=watch.id) == 1

    assert (about.state, about.reason) == (FindingState.DISCARDED, DiscardReason.OFF_THEME)
    assert [row.theme for row in about.themes] == ["telesante"]
    assert (about.decided_by_id, other.state) == (None, FindingState.NEW)
    session.refresh(rule)
    assert (rule.hits, rule.version) == (1, 1)
    assert rule.last_hit_at is not None
    acts = session.scalars(select(FindingAct)).all()
    assert {(act.by_id, act.rule_id) for act in acts} == {(None, rule.id)}


def test_the_first_rule_that_decides_ends_it_and_labels_add_up(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    add(session, watch, broker, "essai", act=RuleAct.LABEL, label="Essai")
    add(session, watch, broker, "aînés", act=RuleAct.KEEP)
    add(session, watch, broker, "essai")
    finding = make_finding(session, watch, "Un essai chez des aînés")

    apply_rules(session, [finding], watch_id=watch.id)

    assert finding.state is FindingState.KEPT
    assert [row.label for row in finding.labels] == ["Essai"]


def test_order_is_changed_and_a_sleeping_rule_does_nothing(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    kept = add(session, watch, broker, "essai", act=RuleAct.KEEP)
    dropped = add(session, watch, broker, "essai")
    move_up(session, dropped, by=broker)
    first = make_finding(session, watch, "Un essai")
    apply_rules(session, [first], watch_id=watch.id)
    assert first.state is FindingState.DISCARDED

    set_active(session, dropped, is_active=False, by=broker)
    second = make_finding(session, watch, "Un essai encore")
    apply_rules(session, [second], watch_id=watch.id)
    assert second.state is FindingState.KEPT

    delete_rule(session, kept, by=broker)
    third = make_finding(session, watch, "Un essai toujours")
    assert apply_rules(session, [third], watch_id=watch.id) == 0
    assert third.state is FindingState.NEW


def test_what_a_source_brings_is_sorted_by_the_rules_of_its_watch(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    add(session, watch, broker, "poissons")
    source = make_source(session, watch)

    taken = take_in(
        session, [make_entry("Des poissons"), make_entry("Un suivi")], source=source, at=now()
    )

    states = session.scalars(select(Finding.state).where(Finding.id.in_(taken.new))).all()
    assert sorted(states) == [FindingState.DISCARDED, FindingState.NEW]


def test_rules_of_another_watch_do_nothing(session: Session, watch: Watch, broker: Viewer) -> None:
    other = make_watch(session, "Un autre")
    add(session, other, broker, "essai")
    finding = make_finding(session, watch, "Un essai")

    assert apply_rules(session, [finding], watch_id=watch.id) == 0


def test_a_dry_run_changes_nothing_and_tells_what_would_be_found(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    hit = make_finding(session, watch, "Un essai contrôlé")
    make_finding(session, watch, "Une revue")

    trial = try_rule(session, draft(r"essais?\b", is_regex=True), watch_id=watch.id, by=broker)

    assert (trial.tried, list(trial.hits)) == (2, [hit])
    assert hit.state is FindingState.NEW
    with pytest.raises(NotFound):
        try_rule(session, draft("essai"), watch_id=watch.id, by=make_viewer(session))


def test_an_expression_that_takes_too_long_is_refused_before_it_is_kept(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    make_finding(session, watch, "a" * 60 + "!")

    with pytest.raises(DomainError, match="prend trop de temps"):
        trap = draft(CATASTROPHE, is_regex=True, field=RuleField.TITLE)
        try_rule(session, trap, watch_id=watch.id, by=broker)


def test_a_rule_that_takes_too_long_is_stopped_and_the_others_go_on(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    trap = add(session, watch, broker, CATASTROPHE, is_regex=True, field=RuleField.TITLE)
    add(session, watch, broker, "essai", act=RuleAct.KEEP)
    findings = [make_finding(session, watch, "a" * 60 + "!"), make_finding(session, watch, "Essai")]

    assert apply_rules(session, findings, watch_id=watch.id) == 1

    assert trap.stopped_at is not None
    assert trap.stopped_why == "slow"
    save_rule(session, trap, draft("autre chose"), by=broker, version=trap.version)
    assert trap.stopped_at is None


@pytest.mark.parametrize(
    ("values", "about"),
    [
        ({"name": ""}, "nom"),
        ({"pattern": " , "}, "motif"),
        ({"pattern": "x" * 301}, "motif"),
        ({"pattern": "(", "is_regex": True}, "motif"),
        ({"theme": "inconnu"}, "theme"),
        ({"act": RuleAct.LABEL}, "etiquette"),
        ({"act": RuleAct.DISCARD, "reason": None}, "raison"),
    ],
)
def test_a_rule_that_cannot_be_kept_says_where(
    session: Session, watch: Watch, broker: Viewer, values: dict[str, Any], about: str
) -> None:
    given = {"pattern": "essai", **values}

    with pytest.raises(Misfilled) as told:
        add(session, watch, broker, **given)

    assert list(told.value.errors) == [about]


def test_a_rule_wrong_in_several_fields_tells_all_of_them(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    with pytest.raises(Misfilled) as told:
        add(session, watch, broker, "(", name="", is_regex=True, reason=None, theme="inconnu")

    assert list(told.value.errors) == ["nom", "motif", "raison", "theme"]


def test_two_who_edit_a_rule_do_not_overwrite_each_other(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    rule = add(session, watch, broker, "essai")
    version = rule.version
    save_rule(session, rule, draft("revue"), by=broker, version=version)

    with pytest.raises(Conflict, match="a modifié cette règle"):
        save_rule(session, rule, draft("autre"), by=broker, version=version)


def test_where_two_people_sort_a_rule_labels_and_decides_nothing(
    session: Session, watch: Watch, broker: Viewer
) -> None:
    before = add(session, watch, broker, "poissons")
    label = add(session, watch, broker, "poissons", act=RuleAct.LABEL, label="Fleuve", reason=None)
    watch.is_sorted_twice = True
    finding = make_finding(session, watch, "Des poissons du fleuve")

    assert apply_rules(session, [finding], watch_id=watch.id) == 0

    assert finding.state is FindingState.NEW
    assert [one.label for one in finding.labels] == ["Fleuve"]
    session.refresh(before)
    session.refresh(label)
    assert (before.hits, label.hits) == (0, 1)
    for act in (RuleAct.KEEP, RuleAct.DISCARD):
        with pytest.raises(Misfilled) as refusal:
            add(session, watch, broker, "poissons", act=act)
        assert list(refusal.value.errors) == ["acte"]
