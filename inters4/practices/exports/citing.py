"""A sheet as others cite it, and as feeds tell of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.citations import Author, Citation, CitationKind
from inters4.core.clock import day_of
from inters4.core.feeds import Feed, FeedEntry
from inters4.core.i18n import _
from inters4.practices.models import KIND, Practice, PracticeVersion, without_citations
from inters4.practices.queries import readable_practices
from inters4.vocabulary.queries import Vocabulary

_PUBLISHER = "InterS4"


def address_of(practice: Practice, *, site: str) -> str:
    """The absolute address of a sheet; none without `site`."""
    return f"{site}/pratiques/{practice.slug}" if site else ""


def mark_of(practice: Practice) -> str:
    """What goes with a starter sheet wherever it goes; nothing for the others."""
    return _("Fiche de départ, non relue par l’équipe porteuse") if practice.is_starter else ""


def statuses_of(practice: Practice, *, words: Vocabulary) -> list[str]:
    """The mark of a starter sheet, then each rating that no reviewer stands behind, in words."""
    ratings = (("maturity", practice.maturity), ("evidence_strength", practice.evidence_strength))
    names = {"maturity": _("Maturité"), "evidence_strength": _("Force de la preuve")}
    told = [
        _("%(name)s : %(value)s", name=names[scheme], value=words.label(scheme, term))
        for scheme, term in ratings
        if term
    ]
    if practice.has_proposed_ratings:
        told = [f"{one} ({_('cote proposée, non révisée')})" for one in told]
    return [one for one in (mark_of(practice), *told) if one]


def citation_of(practice: Practice, *, site: str) -> Citation:
    """How to cite a sheet: the portal signs it, because starter sheets have no other author."""
    return Citation(
        key=f"{KIND}/{practice.id}",
        kind=CitationKind.WEB_PAGE,
        title=practice.title,
        authors=(Author(literal=_PUBLISHER),),
        publisher=_PUBLISHER,
        day=day_of(practice.published_at),
        url=address_of(practice, site=site),
        language=practice.language,
        abstract=without_citations(practice.solution),
        note=mark_of(practice),
    )


def citation_of_version(practice: Practice, version: PracticeVersion, *, site: str) -> Citation:
    """How to cite a sheet as it was: `practice` holds what that version says."""
    now_cited = citation_of(practice, site=site)
    told = _("%(title)s (version %(number)s)", title=practice.title, number=version.number)
    return replace(
        now_cited,
        key=f"{now_cited.key}/{version.number}",
        title=told,
        day=day_of(version.published_at),
        url=f"{now_cited.url}/versions/{version.number}" if site else "",
    )


def cite(session: Session, ids: Sequence[str], viewer: Viewer) -> Mapping[str, Citation]:
    """Citations of those of the sheets that `viewer` may read now."""
    found = readable_practices(session, ids, viewer=viewer)
    return {practice.id: citation_of(practice, site="") for practice in found}


def feed_of(*, page: str, itself: str) -> Feed:
    """The feed of the list at the address `page`."""
    return Feed(
        title=_("InterS4 : pratiques prometteuses"),
        url=page,
        self_url=itself,
        description=_("Les nouvelles fiches de pratiques prometteuses."),
    )


def feed_entries(practices: Sequence[Practice], *, words: Vocabulary, site: str) -> list[FeedEntry]:
    """One entry a sheet; one with a new edition is said to have changed."""
    return [
        FeedEntry(
            id=f"{KIND}/{practice.id}",
            title=practice.title,
            url=address_of(practice, site=site),
            published=practice.published_at,
            updated=practice.updated_at if practice.edition > 1 else None,
            summary_text=_told(practice),
            author="; ".join(practice.organisation_labels),
            categories=tuple(words.label("themes", one) for one in practice.terms_of("themes")),
        )
        for practice in practices
        if practice.published_at
    ]


def _told(practice: Practice) -> str:
    parts = [without_citations(practice.problem), without_citations(practice.solution)]
    if practice.is_starter:
        parts.append(_("Fiche de départ, non relue par l’équipe porteuse."))
    return " ".join(part for part in parts if part)
