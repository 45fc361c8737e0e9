"""A sheet as one HTML page for paper: the words of its page on the portal, nothing to press.

Drawn by the worker, far from any request, with the macros of the page: they look at nothing but
what they are given.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from inters4.core.citations import apa
from inters4.core.clock import local, now
from inters4.core.hooks import hooks
from inters4.core.i18n import (
    current_locale,
    format_date,
    format_number,
    gettext_raw,
    ngettext_raw,
)
from inters4.core.paths import templates_dir
from inters4.practices.exports.adoption_words import STATES, result_line
from inters4.practices.exports.citing import citation_of
from inters4.practices.exports.drawn import drawn
from inters4.practices.exports.translation_words import TRANSLATION_STATES
from inters4.practices.models import (
    Adoption,
    AdoptionResult,
    Block,
    Practice,
    pieces,
    with_unit,
    without_citations,
)
from inters4.vocabulary.queries import Vocabulary


def draw_paper(
    practice: Practice,
    *,
    words: Vocabulary,
    adoptions: Sequence[Adoption],
    results: Mapping[int, Sequence[AdoptionResult]],
    site: str,
) -> str:
    """The page in the language in force; `practice` with all its parts, `adoptions` public ones."""
    found = {row.block: row.markup for row in practice.blocks}
    today = local(now()).date()
    return (
        _environment(site)
        .get_template("practices/paper.html")
        .render(
            practice=practice,
            blocks={block.name.lower(): found.get(block, "") for block in Block},
            words=words,
            adoptions=adoptions,
            results=results,
            result_line=result_line,
            states=STATES,
            translation_states=TRANSLATION_STATES,
            citation=citation_of(practice, site=site),
            permalink=f"{site}/pratiques/{practice.slug}",
            is_overdue=practice.is_overdue(on=today),
            today=today,
        )
    )


@cache
def _environment(site: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_dir()),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext_raw, ngettext_raw, newstyle=True
    )
    addresses = {"practices.history": "{site}/pratiques/{slug}/historique"}
    environment.globals.update(
        current_locale=current_locale,
        kinds=hooks.document_kinds,
        static_url=lambda path: path,
        url_for=lambda endpoint, **values: addresses[endpoint].format(site=site, **values),
    )
    environment.filters.update(
        apa=apa,
        before_after=drawn,
        citations=pieces,
        date=format_date,
        number=format_number,
        with_unit=with_unit,
        without_citations=without_citations,
    )
    return environment
