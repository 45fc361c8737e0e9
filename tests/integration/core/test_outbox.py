"""Whatever changes a document leaves a row in the outbox, or is refused."""

import pytest
from sqlalchemy import ForeignKey, MetaData, create_engine, delete, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, configure_mappers, mapped_column

from inters4.core.db import PrimaryKey
from inters4.core.outbox import (
    AltersDocuments,
    BulkChangeRefused,
    DocumentRef,
    OutboxRow,
    Searchable,
    queue,
)


class Base(DeclarativeBase):
    metadata = MetaData()


class Leaflet(Searchable, Base):
    __tablename__ = "leaflets"
    document_kind = "fiche"

    id: Mapped[PrimaryKey]
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")

    @property
    def document_id(self) -> str:
        return self.name


class Note(AltersDocuments, Base):
    __tablename__ = "notes"

    id: Mapped[PrimaryKey]
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflets.id"))
    text: Mapped[str]

    def search_dependents(self, session: Session) -> list[DocumentRef]:
        name = session.scalar(select(Leaflet.name).where(Leaflet.id == self.leaflet_id))
        return [DocumentRef("fiche", name)] if name else []


@pytest.fixture
def shelf() -> Session:
    """A session on a database in memory, with these two tables and the outbox."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    OutboxRow.metadata.tables["outbox"].create(engine)
    opened = Session(engine)
    opened.add(Leaflet(name="gap"))
    opened.commit()
    opened.query(OutboxRow).delete()
    opened.commit()
    return opened


def queued(session: Session) -> list[str]:
    session.flush()
    rows = session.scalars(select(OutboxRow).order_by(OutboxRow.id))
    return [f"{row.kind}:{row.document_id}" for row in rows]


def test_a_new_document_is_queued(shelf: Session) -> None:
    shelf.add(Leaflet(name="vesta"))

    assert queued(shelf) == ["fiche:vesta"]


def test_a_changed_document_is_queued_once_a_flush(shelf: Session) -> None:
    found = shelf.scalars(select(Leaflet)).one()
    found.title = "a"
    found.title = "b"

    assert queued(shelf) == ["fiche:gap"]


def test_a_document_read_and_left_alone_is_not_queued(shelf: Session) -> None:
    found = shelf.scalars(select(Leaflet)).one()
    found.title = str(found.title)

    assert queued(shelf) == []


def test_a_removed_document_is_queued(shelf: Session) -> None:
    shelf.delete(shelf.scalars(select(Leaflet)).one())

    assert queued(shelf) == ["fiche:gap"]


def test_a_row_that_alters_a_document_queues_that_document(shelf: Session) -> None:
    leaflet = shelf.scalars(select(Leaflet)).one()
    shelf.add(Note(leaflet_id=leaflet.id, text="a"))

    assert queued(shelf) == ["fiche:gap"]


def test_a_rollback_takes_the_rows_with_it(shelf: Session) -> None:
    shelf.add(Leaflet(name="vesta"))
    shelf.flush()
    shelf.rollback()

    assert queued(shelf) == []


@pytest.mark.parametrize(
    "statement",
    [
        update(Leaflet).values(title="x"),
        delete(Leaflet),
        delete(Note),
        insert(Leaflet),
        update(Leaflet.__table__).values(title="x"),  # type: ignore[arg-type]
        delete(Note.__table__),  # type: ignore[arg-type]
    ],
)
def test_bulk_statements_on_searchable_tables_are_refused(
    shelf: Session, statement: object
) -> None:
    with pytest.raises(BulkChangeRefused):
        shelf.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize("cascade", ["CASCADE", "set null", "SET DEFAULT"])
def test_a_silent_cascade_on_a_searchable_table_is_refused(cascade: str) -> None:
    class Other(DeclarativeBase):
        metadata = MetaData()

    class Shelf(Other):
        __tablename__ = "shelves"
        id: Mapped[PrimaryKey]

    class Book(Searchable, Other):
        __tablename__ = "books"
        document_kind = "fiche"
        id: Mapped[PrimaryKey]
        shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id", ondelete=cascade))

    try:
        with pytest.raises(BulkChangeRefused, match=cascade):
            configure_mappers()
    finally:
        Other.registry.dispose()
        configure_mappers()


def test_queueing_by_hand_says_each_document_once(shelf: Session) -> None:
    queue(shelf, [DocumentRef("fiche", "b"), DocumentRef("fiche", "a"), DocumentRef("fiche", "b")])

    assert queued(shelf) == ["fiche:a", "fiche:b"]


def test_a_reference_and_its_key_say_the_same() -> None:
    assert DocumentRef.parse(DocumentRef("fiche", "a:b").key) == DocumentRef("fiche", "a:b")
