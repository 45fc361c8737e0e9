"""`/pratiques/SLUG/historique`: each version that readers saw, citable, and what changed in it."""

from dataclasses import replace
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.db import reading
from inters4.core.values import dataclass
from inters4.core.web.downloads import references_file
from inters4.core.web.requests import public, site, viewer
from inters4.practices.exports.citing import citation_of_version
from inters4.practices.forms.controls import Choices
from inters4.practices.forms.pages import PAGES, FormPage
from inters4.practices.forms.shown import shown
from inters4.practices.forms.versions import fields_of_version, read_version
from inters4.practices.forms.words import label_of
from inters4.practices.models import Practice, PracticeState, PracticeVersion
from inters4.practices.queries import find_head, find_renamed
from inters4.practices.queries.known import citable
from inters4.practices.queries.revisions import find_version, versions_of
from inters4.practices.services.comparing import Run, compare
from inters4.practices.services.sheets import sheet_to_show
from inters4.practices.services.versions import last_number
from inters4.practices.views.blocks import choices_of
from inters4.practices.views.blueprint import bp
from inters4.practices.views.parts import drawn_parts
from inters4.vocabulary.queries import vocabulary

_MOST_VERSIONS = 1_000_000
"""A larger number is no version, and too large for a database."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs between two versions."""

    label: str
    runs: list[Run]


@bp.get("/<slug>/historique")
@public
def history(slug: str) -> ResponseReturnValue:
    """The versions of a sheet, the newest first."""
    with reading() as session:
        g.session = session
        practice = find_head(session, slug, viewer=viewer())
        if practice is None:
            moved = find_renamed(session, slug, viewer=viewer()) or abort(404)
            return redirect(url_for(".history", slug=moved), code=301)
        _check_there(practice)
        return render_template(
            "practices/history/list.html",
            practice=practice,
            versions=versions_of(session, practice.id),
        )


@bp.get("/<slug>/versions/<int:number>")
@public
def show_version(slug: str, number: int) -> ResponseReturnValue:
    """One version as readers saw it."""
    with reading() as session:
        g.session = session
        practice, version = _find(session, slug, number)
        old = _as_it_was(session, practice, version)
        return render_template(
            "practices/history/version.html",
            practice=old,
            version=version,
            is_last=number == last_number(session, practice.id),
            parts=drawn_parts(
                session,
                old,
                words=vocabulary(session),
                citation=citation_of_version(old, version, site=site()),
                references=f"/pratiques/{practice.slug}/versions/{number}",
            ),
        )


@bp.get("/<slug>/versions/<int:number>.<any(ris, bib):ending>")
@public
def version_reference(slug: str, number: int, ending: str) -> ResponseReturnValue:
    """The reference of one version, as a file."""
    with reading() as session:
        practice, version = _find(session, slug, number)
        old = _as_it_was(session, practice, version)
        citation = citation_of_version(old, version, site=site())
    return references_file([citation], ending, name=f"{slug}-{number}")


@bp.get("/<slug>/versions/<int:number>/differences")
@public
def compare_versions(slug: str, number: int) -> ResponseReturnValue:
    """What changed from another version (`avec`), the one before unless said, block by block."""
    other = request.args.get("avec", max(number - 1, 1), type=int)
    with reading() as session:
        g.session = session
        practice, version = _find(session, slug, number)
        _same, before = _find(session, slug, other)
        return render_template(
            "practices/history/differences.html",
            practice=practice,
            before=before,
            version=version,
            changes=_changes(before, version, choices_of(session)),
        )


def _find(session: Session, slug: str, number: int) -> tuple[Practice, PracticeVersion]:
    """The version; of a sheet that is gone, its page that says why."""
    if not 0 < number <= _MOST_VERSIONS:
        abort(404)
    found = find_version(session, slug, number, viewer=viewer())
    if found is None:
        _check_there(find_head(session, slug, viewer=viewer()) or abort(404))
        abort(404)
    return found


def _check_there(practice: Practice) -> None:
    """Lead from what was cited of a sheet that is gone to the page that says why."""
    if practice.is_tombstone:
        abort(redirect(url_for(".show", slug=practice.slug)))
    if not practice.is_readable:
        abort(404)


def _as_it_was(session: Session, practice: Practice, version: PracticeVersion) -> Practice:
    kept = read_version(version.text, slug=practice.slug, known=citable(session))
    values = {**kept.values, "id": practice.id, "state": PracticeState.PUBLISHED}
    return sheet_to_show(session, replace(kept, values=values))


def _changes(
    before: PracticeVersion, after: PracticeVersion, choices: Choices
) -> list[tuple[FormPage, list[Change]]]:
    """By block, the fields that differ, as people read them."""
    old, new = fields_of_version(before.text), fields_of_version(after.text)
    found = []
    for page in PAGES:
        changes = [_change(name, old, new, choices) for name in page.fields]
        kept = [one for one in changes if one is not None]
        if kept:
            found.append((page, kept))
    return found


def _change(name: str, old: dict[str, Any], new: dict[str, Any], choices: Choices) -> Change | None:
    before = shown(name, old.get(name), choices=choices)
    after = shown(name, new.get(name), choices=choices)
    if before == after:
        return None
    return Change(label_of(name), compare(before, after))
