"""Any sheet that a file may hold is exported as it was imported, and imported again the same."""

from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from inters4.practices.exports.sheets import Sheet, sheet_of, write_sheet
from inters4.practices.queries import load_practice
from inters4.practices.services import save_sheet
from tests.builders.members import make_organisation
from tests.builders.vocabulary import make_vocabulary
from tests.unit.practices.test_practice_sheets import SHEETS


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SHEETS)
def test_any_sheet_kept_is_exported_as_its_file_said(session: Session, given_sheet: Sheet) -> None:
    with session.begin_nested() as attempt:
        make_vocabulary(session)
        for slug in ("cisss-bsl", "uqar"):
            make_organisation(session, slug=slug)
        for _time in ("imported", "imported again"):
            save_sheet(session, given_sheet)
            session.flush()
            session.expire_all()
            kept = load_practice(session, given_sheet.values["id"])
            assert kept is not None
            assert write_sheet(sheet_of(kept)) == write_sheet(given_sheet)
        attempt.rollback()
    session.expunge_all()
