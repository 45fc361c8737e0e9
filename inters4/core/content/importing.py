"""Files into rows. Each file is one transaction, so that an import cut short loses nothing.

A row is changed only while it still equals what was last imported; otherwise people changed it
here, it is left alone and said. Running an import again completes it and changes nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.console import Progress
from inters4.core.content.folder import SourceFile, list_files, read_file
from inters4.core.content.models import ContentImport, digest
from inters4.core.db import writing
from inters4.core.frontmatter import ContentError, ContentErrors
from inters4.core.hooks import ContentItem, ContentKind
from inters4.core.i18n import _


class Outcome(StrEnum):
    """What became of one object."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    LEFT = "left"


@dataclass(slots=True)
class Report:
    """What an import did.

    Attributes:
        counts: number of objects, by (kind, outcome).
        left: one French sentence for each row that was left alone.
        errors: every mistake of the files refused.
    """

    counts: dict[tuple[str, Outcome], int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    errors: list[ContentError] = field(default_factory=list)

    @property
    def refused(self) -> list[str]:
        """The files refused, in the order met."""
        return list(dict.fromkeys(error.path for error in self.errors))

    def count(self, outcome: Outcome) -> int:
        """How many objects had this outcome, whatever their kind."""
        return sum(number for (_kind, had), number in self.counts.items() if had is outcome)


def files_of(root: Path, kinds: Sequence[ContentKind]) -> list[SourceFile]:
    """What `import_files` would go through: callers size their progress on it.

    Raises:
        ContentErrors: there is no such folder.
    """
    if not root.is_dir():
        raise ContentErrors([ContentError(str(root), 1, _("Ce dossier n’existe pas."))])
    return list_files(root, kinds)


def import_files(
    files: Sequence[SourceFile], root: Path, *, progress: Progress | None = None
) -> Report:
    """Bring the files into the database, each in its own transaction."""
    return _run(files, root, progress, writing)


def check_files(
    files: Sequence[SourceFile], root: Path, *, progress: Progress | None = None
) -> Report:
    """The same, in one transaction that is rolled back: says what an import would do."""
    with writing() as session:
        rehearsal = session.begin_nested()

        @contextmanager
        def savepoint() -> Iterator[Session]:
            with session.begin_nested():
                yield session

        report = _run(files, root, progress, savepoint)
        rehearsal.rollback()
    return report


def _run(
    files: Sequence[SourceFile],
    root: Path,
    progress: Progress | None,
    transaction: Callable[[], AbstractContextManager[Session]],
) -> Report:
    report = Report()
    seen: dict[tuple[str, str], str] = {}
    for source in files:
        try:
            document = read_file(source, root)
            with transaction() as session:
                items = source.kind.read(session, document)
                _refuse_repeated(items, source, seen)
                outcomes = _import_items(session, items, source)
        except ContentErrors as refusal:
            report.errors.extend(refusal.errors)
        else:
            for item, (outcome, why) in zip(items, outcomes, strict=True):
                seen[source.kind.name, item.id] = source.path.as_posix()
                key = (source.kind.name, outcome)
                report.counts[key] = report.counts.get(key, 0) + 1
                if why:
                    report.left.append(f"{source.path.as_posix()}:{item.line}: {why}")
        if progress is not None:
            progress.advance()
    return report


def _refuse_repeated(
    items: Sequence[ContentItem], source: SourceFile, seen: dict[tuple[str, str], str]
) -> None:
    errors = [
        ContentError(
            source.path.as_posix(),
            item.line,
            _(
                "L’identifiant « %(id)s » est déjà donné par %(file)s.",
                id=item.id,
                file=seen[source.kind.name, item.id],
            ),
        )
        for item in items
        if (source.kind.name, item.id) in seen
    ]
    if errors:
        raise ContentErrors(errors)


def _import_items(
    session: Session, items: Sequence[ContentItem], source: SourceFile
) -> list[tuple[Outcome, str]]:
    """Apply each object if that overwrites nothing; tell why when it does not."""
    kind = source.kind
    ids = [item.id for item in items]
    records = {
        record.item_id: record
        for record in session.scalars(
            select(ContentImport).where(
                ContentImport.kind == kind.name, ContentImport.item_id.in_(ids)
            )
        )
    }
    present = kind.current(session, ids)
    outcomes = [_decide(item, present.get(item.id), records.get(item.id)) for item in items]
    changed = [
        item
        for item, (outcome, _why) in zip(items, outcomes, strict=True)
        if outcome in {Outcome.CREATED, Outcome.UPDATED}
    ]
    with session.no_autoflush:
        for item in changed:
            item.apply()
    session.flush()
    present = {**present, **kind.current(session, [item.id for item in changed])}
    for item, (outcome, _why) in zip(items, outcomes, strict=True):
        if outcome is not Outcome.LEFT:
            _remember(session, records.get(item.id), item, source, row=digest(present[item.id]))
    return outcomes


def _decide(
    item: ContentItem, present: str | None, record: ContentImport | None
) -> tuple[Outcome, str]:
    if present is None and record is not None:
        return Outcome.LEFT, _("« %(id)s » a été retiré du portail; il y reste absent.", id=item.id)
    if present is None:
        return Outcome.CREATED, ""
    if present == item.text:
        return Outcome.UNCHANGED, ""
    if record is None or record.row_digest != digest(present):
        return Outcome.LEFT, _(
            "« %(id)s » a été modifié dans le portail; sa version est gardée.", id=item.id
        )
    return Outcome.UPDATED, ""


def _remember(
    session: Session,
    record: ContentImport | None,
    item: ContentItem,
    source: SourceFile,
    *,
    row: str,
) -> None:
    given, path = digest(item.text), source.path.as_posix()
    if record is None:
        session.add(
            ContentImport(
                kind=source.kind.name,
                item_id=item.id,
                file=path,
                file_digest=given,
                row_digest=row,
            )
        )
    elif (record.file, record.file_digest, record.row_digest) != (path, given, row):
        record.file, record.file_digest, record.row_digest = path, given, row
        record.imported_at = now()
