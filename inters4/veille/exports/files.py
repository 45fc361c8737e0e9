"""`content/summaries/*.md`: what the fields of a summary are, and a summary written that way.

The fields are the front matter, the paragraph is the body. The same summary always gives the same
bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.quantities import Instant, Whole
from inters4.core.content.scalars import Address, Choice, Identifier, Known, Language, Text
from inters4.core.content.schema import Many, Schema
from inters4.core.frontmatter import dump
from inters4.core.values import dataclass
from inters4.practices.queries import readable_ids as readable_sheets
from inters4.veille.models import (
    MAX_HOOK,
    AppraisalTool,
    LimitSource,
    OpenAccess,
    Origin,
    Scheme,
    Summary,
    SummaryState,
)
from inters4.veille.queries.summaries import load_summary, public_ids

FOLDER = "summaries"
SENTENCE = 400
SUMMARY = Schema(
    (
        Identifier("id", required=True),
        Identifier("slug"),
        Language("language"),
        Known("translation_of", among="summaries"),
        Text("title", required=True, limit=160),
        Text("hook", limit=MAX_HOOK),
        Choice("origin", Origin, required=True),
        Choice("state", SummaryState, required=True),
        Text("state_reason", limit=600),
        Instant("published_at"),
        Identifier("replaced_by"),
        Text("limit", limit=SENTENCE),
        Choice("limit_source", LimitSource, default=LimitSource.SOURCE),
        Text("context", limit=SENTENCE),
        Many(Known("themes", among="themes")),
        Many(Known("settings", among="settings")),
        Many(Known("populations", among="populations")),
        Many(Known("professions", among="professions")),
        Many(Known("regions", among="regions")),
        Known("design", among="evidence_types"),
        Known("evidence_strength", among="evidence_strength"),
        Choice("appraisal_tool", AppraisalTool),
        Text("appraisal_result", limit=200),
        Text("country", limit=200),
        Text("population_studied", limit=300),
        Choice("open_access", OpenAccess, default=OpenAccess.UNKNOWN),
        Text("article_title", required=True, limit=500),
        Text("article_language", limit=40),
        Many(Text("authors", limit=200)),
        Text("journal", limit=300),
        Whole("year", 1800, 2200),
        Text("volume", limit=40),
        Text("number", limit=40),
        Text("pages", limit=60),
        Text("doi", limit=200),
        Text("pmid", limit=20),
        Text("pmcid", limit=20),
        Address("url"),
        Address("url_french"),
        Many(Text("inferred", limit=40)),
        Many(Text("missing", limit=300)),
        Many(Known("practices", among="practices")),
    )
)
LISTS = ("authors", "inferred", "missing")
COLUMNS = tuple(
    name
    for name in SUMMARY.keys
    if name not in {*Scheme, *LISTS, "practices", "translation_of", "slug", "id"}
)
"""The fields that are columns as they are."""


@dataclass(frozen=True, slots=True)
class SummaryFile:
    """A summary as its file gives it: `values` by field of `SUMMARY`, and its paragraph."""

    values: Mapping[str, Any]
    paragraph: str


def file_of(summary: Summary) -> SummaryFile:
    """The file of a summary; needs its terms and practices loaded."""
    values: dict[str, Any] = {name: getattr(summary, name) for name in COLUMNS}
    values |= {"id": summary.id, "slug": summary.slug}
    values["translation_of"] = summary.translation_of or ""
    for scheme in Scheme:
        values[scheme.value] = tuple(summary.terms_of(scheme))
    for name in LISTS:
        values[name] = tuple(getattr(summary, name))
    values["practices"] = tuple(row.practice_id for row in summary.practices)
    return SummaryFile({name: values[name] for name in SUMMARY.keys}, summary.source)


def write_file(file: SummaryFile) -> str:
    """The text of a file. A slug equal to the id goes without saying and is left out."""
    values = dict(file.values)
    if values["slug"] == values["id"]:
        values["slug"] = ""
    return dump(SUMMARY.write(values), file.paragraph, key_order=SUMMARY.keys)


def summary_texts(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The file of each summary as the database holds it now; those it does not hold are absent."""
    found = ((summary_id, load_summary(session, summary_id)) for summary_id in ids)
    return {
        summary_id: write_file(file_of(summary))
        for summary_id, summary in found
        if summary is not None
    }


def export_summaries(session: Session) -> Iterator[tuple[str, str]]:
    """Every summary of which everyone may know, those that were retracted included.

    It does not name the summaries and sheets that are not exported.
    """
    exported, sheets = frozenset(public_ids(session)), frozenset(readable_sheets(session))
    for summary_id in sorted(exported):
        summary = load_summary(session, summary_id)
        if summary is not None:
            file = file_of(summary)
            values = dict(file.values)
            for name in ("translation_of", "replaced_by"):
                values[name] = values[name] if values[name] in exported else ""
            values["practices"] = tuple(one for one in values["practices"] if one in sheets)
            yield file_name(summary), write_file(replace(file, values=values))


def file_name(summary: Summary) -> str:
    """`ID.md`; the language comes before the ending when it is not French."""
    language = "" if summary.language == "fr" else f".{summary.language}"
    return f"{summary.id}{language}.md"
