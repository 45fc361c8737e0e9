"""What the fields of a file may name: what is in the database, and what earlier files bring."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from inters4.core.content.reading import Renamed
from inters4.core.frontmatter import FrontMatter, Reading
from inters4.core.hooks import Earlier
from inters4.core.i18n import _


def known_ids(held: Mapping[str, Iterable[str]], earlier: Earlier) -> Mapping[str, Container[str]]:
    """By set, the ids that may be cited: those `held` and those of earlier files of the run."""
    return {name: _citable(held.get(name, ()), earlier.get(name, ())) for name in {*held, *earlier}}


def _citable(held: Iterable[str], earlier: Iterable[str]) -> Container[str]:
    if isinstance(held, Renamed):
        return Renamed({**held, **{one: one for one in earlier}})
    return {*held, *earlier}


def check_address(
    values: Mapping[str, Any], document: FrontMatter, reading: Reading, *, owner: str | None
) -> None:
    """Note the slug of `values` as a mistake when another document, `owner`, has or had it."""
    if owner not in {None, values["id"]}:
        reading.note(
            document.lines.get("slug") or document.lines["id"],
            _(
                "L’adresse « %(slug)s » est déjà celle de « %(id)s ».",
                slug=values["slug"],
                id=owner,
            ),
        )
