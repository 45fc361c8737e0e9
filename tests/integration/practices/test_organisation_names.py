"""Organisations change name; files say since when, and sheets may cite the old one."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from inters4.core.frontmatter import ContentErrors, parse
from inters4.members.models import OrganisationName
from inters4.members.queries import find_organisation
from inters4.practices.exports.organisations import export_organisations, organisation_texts
from inters4.practices.forms.organisations import read_organisations
from inters4.practices.services import save_organisation

_FILE = """\
---
organisations:
  - id: cisss-bsl
    name: CISSS du Bas-Saint-Laurent
    kind: establishment
    names:
      - name: Agence du Bas-Saint-Laurent
        to: 2015-03-31
      - name: CISSS du Bas-Saint-Laurent
        from: 2015-04-01
"""


def read(text: str) -> list[dict[str, object]]:
    document = parse(f"{text}---\n".encode(), path="organisations.yaml")
    return [values for _line, values in read_organisations(document, known={})]


def test_dated_names_are_read_kept_and_written_back(session: Session) -> None:
    for values in read(_FILE):
        save_organisation(session, values)

    found = find_organisation(session, "cisss-bsl")

    assert found is not None
    assert {(row.name, row.valid_from, row.valid_to) for row in found.names} == {
        ("Agence du Bas-Saint-Laurent", None, date(2015, 3, 31)),
        ("CISSS du Bas-Saint-Laurent", date(2015, 4, 1), None),
    }
    assert list(export_organisations(session)) == [("organisations.yaml", _FILE)]


def test_saving_again_changes_nothing(session: Session) -> None:
    for _again in range(2):
        for values in read(_FILE):
            save_organisation(session, values)
    before = [row.id for row in _names(session)]

    for values in read(_FILE):
        save_organisation(session, values)

    assert [row.id for row in _names(session)] == before


def test_a_name_that_leaves_the_file_leaves_the_organisation(session: Session) -> None:
    for values in read(_FILE):
        save_organisation(session, values)
    kept = _FILE.replace("      - name: Agence du Bas-Saint-Laurent\n        to: 2015-03-31\n", "")

    for values in read(kept):
        save_organisation(session, values)

    assert [row.name for row in _names(session)] == ["CISSS du Bas-Saint-Laurent"]
    assert "Agence" not in organisation_texts(session, ["cisss-bsl"])["cisss-bsl"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("to: 2015-03-31", "from: 2016-01-01\n        to: 2015-03-31"), "précède le premier"),
        (
            ("from: 2015-04-01", "from: 2015-04-01\n      - name: Agence du Bas-Saint-Laurent"),
            "est donné deux fois",
        ),
        (("        to: 2015-03-31", "        until: 2015-03-31"), "n’est pas un champ connu"),
        (("2015-03-31", "2015-02-30"), "n’est pas une date du calendrier"),
    ],
)
def test_a_mistake_in_a_name_is_told_with_its_line(change: tuple[str, str], message: str) -> None:
    assert change[0] in _FILE

    with pytest.raises(ContentErrors) as caught:
        read(_FILE.replace(*change, 1))

    assert any(message in str(error) for error in caught.value.errors)
    assert all(error.line > 5 for error in caught.value.errors)


def _names(session: Session) -> list[OrganisationName]:
    found = find_organisation(session, "cisss-bsl")
    assert found is not None
    return list(found.names)
