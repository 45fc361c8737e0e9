"""Documents that can be found, without any domain that writes them.

A shelf is a table of its own in the test's database, registered as document kinds: processes that
die and others that follow see the same rows.
"""

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, Text, delete, insert, select
from sqlalchemy.orm import Session

from indexer import Document
from inters4.core import db
from inters4.core.access import Viewer
from inters4.core.citations import Citation, CitationKind
from inters4.core.hooks import DocumentKind, Present
from inters4.core.outbox import DocumentRef, queue
from inters4.search.jobs import bring_up_to_date
from inters4.search.models import IndexTask
from inters4.search.services.requests import request_index
from inters4.settings import Settings

_TABLE = Table(
    "test_documents",
    MetaData(),
    Column("kind", String(40), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("audience", String(40), nullable=False),
    Column("content", Text, nullable=False),
)
KINDS = {"fiche": "Fiche d’essai", "resume": "Résumé d’essai"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where tests put documents; each change leaves its row in the outbox."""

    settings: Settings

    def put(self, *documents: Document) -> None:
        """Add or replace, in one transaction."""
        with db.writing() as session:
            for document in documents:
                reference = DocumentRef.parse(document.key)
                session.execute(_of(reference))
                session.execute(
                    insert(_TABLE).values(
                        kind=reference.kind,
                        id=reference.id,
                        audience=document.audience,
                        content=_write(document),
                    )
                )
                queue(session, [reference])

    def remove(self, key: str) -> None:
        """Take a document away."""
        with db.writing() as session:
            session.execute(_of(DocumentRef.parse(key)))
            queue(session, [DocumentRef.parse(key)])

    def index(self) -> None:
        """Bring the index up to date with the shelf."""
        assert bring_up_to_date(self.settings)

    def rebuild(self) -> None:
        """So that there is an older generation to fall back on."""
        with db.writing() as session:
            request_index(session, IndexTask.REBUILD)
        self.index()

    def garble(self) -> None:
        """Make the generation in force unreadable."""
        newest_generation = max((self.settings.index_dir / "generations").iterdir())
        for path in newest_generation.iterdir():
            if path.is_file():
                path.write_bytes(b"\0" * 30)


def make_document(name: str, *, kind: str = "fiche", title: str = "", **content: Any) -> Document:
    """A public document of 2024, titled after its name."""
    content = {
        "audience": "public",
        "date": datetime.date(2024, 3, 1),
        "body": "",
        **content,
    }
    return Document(f"{kind}:{name}", kind=kind, title=title or name.replace("-", " "), **content)


def make_shelf_table() -> None:
    """Create the table in the bound database."""
    _TABLE.create(db.engine(), checkfirst=True)


def make_kinds() -> dict[str, DocumentKind]:
    """The kinds whose documents are on the shelf."""
    return {kind: _kind(kind, label) for kind, label in KINDS.items()}


def _kind(kind: str, label: str) -> DocumentKind:
    def load(session: Session, identifier: str) -> Document | None:
        reference = DocumentRef(kind, identifier)
        content = session.scalar(
            select(_TABLE.c.content).where(_TABLE.c.kind == kind, _TABLE.c.id == identifier)
        )
        return _read(reference.key, kind, content) if content is not None else None

    def every_id(session: Session) -> Iterator[str]:
        yield from session.scalars(select(_TABLE.c.id).where(_TABLE.c.kind == kind))

    def confirm(
        session: Session, identifiers: Sequence[str], viewer: Viewer
    ) -> Mapping[str, Present]:
        rows = session.execute(
            select(_TABLE.c.id, _TABLE.c.content).where(
                _TABLE.c.kind == kind,
                _TABLE.c.id.in_(identifiers),
                _TABLE.c.audience.in_(viewer.audiences),
            )
        )
        found = {row.id: _read(f"{kind}:{row.id}", kind, row.content) for row in rows}
        return {
            identifier: Present(
                title=document.title,
                abstract=document.abstract,
                day=document.date,
                fields=document.fields,
            )
            for identifier, document in found.items()
        }

    def cite(
        session: Session, identifiers: Sequence[str], viewer: Viewer
    ) -> Mapping[str, Citation]:
        return {
            identifier: Citation(
                key=f"{kind}/{identifier}",
                kind=CitationKind.REPORT,
                title=present.title,
                day=present.day,
                url=f"https://exemple.ca/essais/{identifier}",
            )
            for identifier, present in confirm(session, identifiers, viewer).items()
        }

    def under_theme(session: Session, theme: str) -> Sequence[str]:
        rows = session.execute(select(_TABLE.c.id, _TABLE.c.content).where(_TABLE.c.kind == kind))
        return [
            row.id
            for row in rows
            if any(
                f"{own}.".startswith(f"{theme}.")
                for own in _read(f"{kind}:{row.id}", kind, row.content).facets.get("theme", ())
            )
        ]

    return DocumentKind(
        kind=kind,
        label=lambda: label,
        plural=lambda: label,
        icon="file-text",
        load=load,
        every_id=every_id,
        confirm=confirm,
        url=lambda identifier, _fields: f"/essais/{identifier}",
        cite=cite,
        under_theme=under_theme,
    )


def _of(reference: DocumentRef) -> Any:
    return delete(_TABLE).where(_TABLE.c.kind == reference.kind, _TABLE.c.id == reference.id)


def _write(document: Document) -> str:
    return json.dumps(
        {
            "title": document.title,
            "audience": document.audience,
            "language": document.language,
            "abstract": document.abstract,
            "body": document.body,
            "keywords": document.keywords,
            "year": document.year,
            "date": document.date.isoformat() if document.date else None,
            "facets": {name: list(values) for name, values in document.facets.items()},
            "fields": dict(document.fields),
        }
    )


def _read(key: str, kind: str, content: str) -> Document:
    values = json.loads(content)
    if values["title"] == "BROKEN":
        raise ValueError("this document cannot be built")
    written = values.pop("date")
    keywords = tuple(values.pop("keywords"))
    facets = {name: tuple(found) for name, found in values.pop("facets").items()}
    return Document(
        key,
        kind=kind,
        date=datetime.date.fromisoformat(written) if written else None,
        facets=facets,
        keywords=keywords,
        **values,
    )
