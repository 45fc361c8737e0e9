"""What nobody sorted for a year is forgotten, and never comes back."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.veille.models import UNSORTED_KEPT_DAYS, Finding, FindingKey, FindingState
from inters4.veille.services.collecting import Collected, take_in
from inters4.veille.services.forgetting import purge_findings
from tests.builders.watches import make_entry, make_source, make_watch

AT = datetime(2026, 11, 22, 15, tzinfo=UTC)
OLD = AT - timedelta(days=UNSORTED_KEPT_DAYS + 1)


def test_what_awaits_for_a_year_is_buried_and_its_keys_watch_over_it(session: Session) -> None:
    source = make_source(session, make_watch(session))
    waiting, decided = make_entry(doi="10.1234/a"), make_entry("Retenue", doi="10.1234/b")
    take_in(session, [waiting, decided], source=source, at=OLD)
    take_in(session, [make_entry("Récente", doi="10.1234/c")], source=source, at=AT)
    kept = session.scalars(select(Finding).where(Finding.doi == decided.doi)).one()
    kept.state = FindingState.KEPT
    session.flush()

    assert purge_findings(session, AT - timedelta(days=UNSORTED_KEPT_DAYS)) == 1

    assert set(session.scalars(select(Finding.doi))) == {"10.1234/b", "10.1234/c"}
    buried = session.scalars(select(FindingKey).where(FindingKey.finding_id.is_(None))).all()
    assert buried
    assert all(key.buried_at for key in buried)
    assert take_in(session, [waiting], source=source, at=AT) == Collected(seen=1)
