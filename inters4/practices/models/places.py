"""Who carries the practice, who adopted it, and what another place should weigh."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.db import Model
from inters4.members.models import Organisation
from inters4.practices.models.parts import Line


class PracticeOrganisation(Line, Model):
    """An organisation that carries the practice: one of ours, or a name."""

    __tablename__ = "practice_organisations"

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @property
    def label(self) -> str:
        """The name as the sheet writes it, else the organisation's."""
        return _name(self)


class PracticeAdopter(Line, Model):
    """Someone who adopted the practice, *as a source reports*; `region` is a vocabulary id.

    `everywhere` is true of a row that stands for every health region of Québec.
    """

    __tablename__ = "practice_adopters"

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    everywhere: Mapped[bool] = mapped_column(default=False)
    since: Mapped[str] = mapped_column(default="")
    source: Mapped[int | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @property
    def label(self) -> str:
        """The name as the source writes it, else the organisation's."""
        return _name(self)


class PracticeCondition(Line, Model):
    """A condition of success that the sources show to matter here; a vocabulary id."""

    __tablename__ = "practice_conditions"

    condition: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class PracticeTransferability(Line, Model):
    """What to weigh before doing it elsewhere, on one dimension; a vocabulary id."""

    __tablename__ = "practice_transferability"

    dimension: Mapped[str]
    note: Mapped[str]


def _name(row: PracticeAdopter | PracticeOrganisation) -> str:
    return row.name or (row.organisation.name if row.organisation else "")
