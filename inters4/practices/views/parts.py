"""What a sheet says to everyone, drawn once a version.

A sheet is read a thousand times for each time it changes, and most of what a page costs is to
read its twelve kinds of parts and to draw them. They are remembered under the version of the row,
which any change of a part raises, with all else that is read: the names of the organisations, the
revision of the vocabulary, the language, the address of the portal.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from inters4.core.clock import local, now
from inters4.core.i18n import LANGUAGES
from inters4.core.web.remembered import frame, remembered
from inters4.core.web.requests import site
from inters4.practices import queries
from inters4.practices.exports.adoption_words import STATES, result_line
from inters4.practices.exports.citing import citation_of, statuses_of
from inters4.practices.exports.piece_words import Piece, piece_of
from inters4.practices.exports.translation_words import TRANSLATION_STATES
from inters4.practices.models import Adoption, Block, Practice, without_citations
from inters4.practices.queries.adoptions import by_state, public_adoptions_of, results_of
from inters4.practices.queries.files import files_named
from inters4.practices.views.lacks import lacks_of
from inters4.vocabulary.queries import Vocabulary

EVERYWHERE = "*"
"""Mark of the tile map that stands for every region."""
_PARTS = (
    *("metadata", "trail", "intro", "body", "origins", "adopters", "summary", "pieces"),
    *("cite", "classes"),
)
"""The parts that `practices/_parts.html` writes."""


def parts_of(
    session: Session, practice: Practice, *, words: Vocabulary, others: Sequence[Practice] = ()
) -> Mapping[str, str]:
    """The parts of the page, by name; those of `practice` itself are read only to be drawn.

    `others` are the same sheet in other languages.
    """
    is_overdue = practice.is_overdue(on=local(now()).date())
    name = (
        practice.id,
        practice.version,
        practice.updated_at,
        queries.organisation_names(session, [practice.id])[practice.id],
        words.revision,
        is_overdue,
        *((one.slug, one.language, one.title, one.translation_state) for one in others),
        *frame(),
    )
    draw = partial(
        _draw, session, practice, words=words, is_overdue=is_overdue, translations=others
    )
    return dict(zip(_PARTS, remembered().parts(("sheet", *name), draw), strict=True))


def drawn_parts(
    session: Session, practice: Practice, *, words: Vocabulary, **cited: Any
) -> Mapping[str, str]:
    """The same of a sheet that nobody else reads so: a version, a preview. Not remembered.

    `citation`, and `references`, the address of its files, are those of a version.
    """
    drawn = _draw(session, practice, words=words, is_overdue=False, **cited)
    return dict(zip(_PARTS, drawn, strict=True))


def marks_of(practice: Practice, adoptions: Sequence[Adoption] = ()) -> list[tuple[str, str, str]]:
    """Where the practice was born and adopted: (region, state, detail) for the tile map.

    What a source reports and what a team declares are told apart.
    """
    carried = "; ".join(practice.organisation_labels)
    own = [(region, "origin", carried) for region in practice.regions]
    adopted = [
        (
            EVERYWHERE if row.everywhere else row.region,
            "source",
            f"{row.label} ({without_citations(row.since)})" if row.since else row.label,
        )
        for row in practice.adopters
        if row.region or row.everywhere
    ]
    declared = [
        (row.region, "declared", f"{row.label} ({str(STATES[row.state]).lower()})")
        for row in adoptions
        if row.region
    ]
    return own + declared + adopted


def _draw(session: Session, practice: Practice, **context: Any) -> tuple[str, ...]:
    queries.load_parts(session, practice)
    adoptions = public_adoptions_of(session, practice.id)
    template = current_app.jinja_env.get_template("practices/_parts.html")
    drawn = template.make_module(
        {
            "citation": citation_of(practice, site=site()),
            "references": f"/pratiques/{practice.slug}",
            "translations": (),
            **context,
            "practice": practice,
            "blocks": _blocks(practice),
            "adoptions": adoptions,
            "adoption_counts": by_state(adoptions),
            "adoption_results": results_of(session, adoptions),
            "states": STATES,
            "languages": LANGUAGES,
            "translation_states": TRANSLATION_STATES,
            "result_line": result_line,
            "marks": marks_of(practice, adoptions),
            "lacks": lacks_of(practice) if practice.is_starter else [],
            "listed_pieces": _pieces(session, practice),
            "statuses": statuses_of(practice, words=context["words"]),
        }
    )
    return tuple(getattr(drawn, name) for name in _PARTS)


def _pieces(session: Session, practice: Practice) -> list[Piece]:
    stored = files_named(session, {row.file for row in practice.attachments if row.file})
    return [piece_of(row, stored.get(row.file)) for row in practice.attachments]


def _blocks(practice: Practice) -> dict[str, str]:
    """Every long text as it is shown, by name: `patient_role`; empty when there is none."""
    found = {row.block: row.markup for row in practice.blocks}
    return {block.name.lower(): found.get(block, "") for block in Block}
