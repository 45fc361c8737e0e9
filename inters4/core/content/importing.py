"""Files into rows. Each file is one transaction, so that an import cut short loses nothing.

A row is changed only while it still equals what was last imported; otherwise people changed it
here, it is left alone and said. Running an import again completes it and changes nothing else. Two
imports at once take turns, a file each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from inters4.core.clock import now
from inters4.core.console import Progress
from inters4.core.content.folder import SourceFile, in_order, list_files
from inters4.core.content.models import ContentImport, digest
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError
from inters4.core.frontmatter import ContentError, ContentErrors, FrontMatter
from inters4.core.hooks import ContentItem, ContentKind
from inters4.core.i18n import _
from inters4.core.turns import Turn, wait_for_turn
from inters4.core.values import dataclass


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
    return _run(files, root, progress, _import_file)


def check_files(
    files: Sequence[SourceFile], root: Path, *, progress: Progress | None = None
) -> Report:
    """Say what an import would do. Nothing is written, so that nobody waits for it."""
    return _run(files, root, progress, _check_file)


@dataclass(slots=True)
class _Run:
    """What the files read so far brought: ids by kind, and what later files may cite."""

    files: dict[tuple[str, str], str] = field(default_factory=dict)
    given: dict[str, dict[str, str]] = field(default_factory=dict)

    def note(self, kind: ContentKind, item: ContentItem, source: SourceFile) -> None:
        self.files[kind.name, item.id] = source.path.as_posix()

    def give(self, item: ContentItem) -> None:
        for name, identifier in item.gives:
            self.given.setdefault(name, {})[identifier] = item.id


@dataclass(frozen=True, slots=True)
class _Done:
    """One object, what became of it, and why it was left."""

    item: ContentItem
    outcome: Outcome
    why: str = ""


def _run(
    files: Sequence[SourceFile],
    root: Path,
    progress: Progress | None,
    take: Callable[[SourceFile, FrontMatter, _Run], list[_Done]],
) -> Report:
    report, run = Report(), _Run()
    for source, document in in_order(files, root):
        if isinstance(document, ContentErrors):
            report.errors.extend(document.errors)
        else:
            _take(source, document, run, report, take)
        if progress is not None:
            progress.advance()
    return report


def _take(
    source: SourceFile,
    document: FrontMatter,
    run: _Run,
    report: Report,
    take: Callable[[SourceFile, FrontMatter, _Run], list[_Done]],
) -> None:
    try:
        done = take(source, document, run)
    except ContentErrors as refusal:
        report.errors.extend(refusal.errors)
    except DomainError as refusal:
        report.errors.append(ContentError(source.path.as_posix(), 1, refusal.message))
    else:
        for one in done:
            run.note(source.kind, one.item, source)
            if one.outcome is not Outcome.LEFT:
                run.give(one.item)
            key = (source.kind.name, one.outcome)
            report.counts[key] = report.counts.get(key, 0) + 1
            if one.why:
                report.left.append(f"{source.path.as_posix()}:{one.item.line}: {one.why}")


def _check_file(source: SourceFile, document: FrontMatter, run: _Run) -> list[_Done]:
    with reading() as session:
        items = _read_items(session, source, document, run)
        ids = [item.id for item in items]
        records = {record.item_id: record for record in session.scalars(_records(source, ids))}
        return _decisions(items, source.kind.current(session, ids), records)


def _import_file(source: SourceFile, document: FrontMatter, run: _Run) -> list[_Done]:
    """Apply each object if that overwrites nothing; tell why when it does not.

    Raises:
        ContentErrors: the file is refused, by its kind or by a constraint that no kind checks.
    """
    items: Sequence[ContentItem] = ()
    try:
        with writing() as session:
            wait_for_turn(session, Turn.IMPORT)
            items = _read_items(session, source, document, run)
            return _apply(session, items, source)
    except StaleDataError:
        return [_Done(item, Outcome.LEFT, _changed_here(item)) for item in items]
    except IntegrityError as refusal:
        raise ContentErrors([_against_the_rows(items, source, refusal)]) from refusal


def _read_items(
    session: Session, source: SourceFile, document: FrontMatter, run: _Run
) -> Sequence[ContentItem]:
    items = source.kind.read(session, document, run.given)
    _refuse_repeated(items, source, run.files)
    return items


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


def _apply(session: Session, items: Sequence[ContentItem], source: SourceFile) -> list[_Done]:
    kind = source.kind
    ids = [item.id for item in items]
    statement = _records(source, ids).with_for_update()
    records = {record.item_id: record for record in session.scalars(statement)}
    kind.lock(session, ids)
    present = kind.current(session, ids)
    done = _decisions(items, present, records)
    changed = [one.item for one in done if one.outcome in {Outcome.CREATED, Outcome.UPDATED}]
    with session.no_autoflush:
        for item in changed:
            item.apply()
    session.flush()
    present = {**present, **kind.current(session, [item.id for item in changed])}
    for one in done:
        if one.outcome is not Outcome.LEFT:
            row = digest(present[one.item.id])
            _remember(session, records.get(one.item.id), one.item, source, row=row)
    return done


def _against_the_rows(
    items: Sequence[ContentItem], source: SourceFile, refusal: IntegrityError
) -> ContentError:
    reason = (str(refusal.orig).splitlines() or [""])[0]
    return ContentError(
        source.path.as_posix(),
        items[0].line if len(items) == 1 else 1,
        _(
            "Ce fichier donne une valeur déjà prise ailleurs, ou cite ce qui n’existe pas "
            "(%(reason)s).",
            reason=reason,
        ),
    )


def _records(source: SourceFile, ids: Sequence[str]) -> Select[ContentImport]:
    return select(ContentImport).where(
        ContentImport.kind == source.kind.name, ContentImport.item_id.in_(ids)
    )


def _decisions(
    items: Sequence[ContentItem],
    present: Mapping[str, str],
    records: Mapping[str, ContentImport],
) -> list[_Done]:
    return [_decide(item, present.get(item.id), records.get(item.id)) for item in items]


def _decide(item: ContentItem, present: str | None, record: ContentImport | None) -> _Done:
    if present is None and record is not None:
        why = _("« %(id)s » a été retiré du portail; il y reste absent.", id=item.id)
        return _Done(item, Outcome.LEFT, why)
    if present is None:
        return _Done(item, Outcome.CREATED)
    if present == item.text:
        return _Done(item, Outcome.UNCHANGED)
    if record is None or record.row_digest != digest(present):
        return _Done(item, Outcome.LEFT, _changed_here(item))
    return _Done(item, Outcome.UPDATED)


def _changed_here(item: ContentItem) -> str:
    return _("« %(id)s » a été modifié dans le portail; sa version est gardée.", id=item.id)


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
