"""Organisations, the names they bore, and the regions they serve."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.db import Model, PrimaryKey, Timestamps


class OrganisationKind(StrEnum):
    """What sort of organisation it is."""

    ESTABLISHMENT = "establishment"
    UNIVERSITY = "university"
    OTHER = "other"


class Organisation(Timestamps, Model):
    """A health establishment, a university, or another partner.

    Attributes:
        slug: permanent text id, `cisss-bsl` for instance; addresses and files cite it.
        name: the French name in force.
        is_consortium_member: shown as a member of the Consortium.
    """

    __tablename__ = "organisations"

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str | None]
    kind: Mapped[OrganisationKind]
    website: Mapped[str] = mapped_column(default="")
    is_consortium_member: Mapped[bool] = mapped_column(default=False)

    names: Mapped[list["OrganisationName"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OrganisationName.valid_from"
    )
    regions: Mapped[list["OrganisationRegion"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OrganisationRegion.region"
    )

    @property
    def label(self) -> str:
        """The short name where there is one, for lists and filters."""
        return self.short_name or self.name

    @property
    def region_ids(self) -> list[str]:
        """Vocabulary ids of the regions served; needs `regions` loaded."""
        return [row.region for row in self.regions]


class OrganisationName(Model):
    """A name that an organisation bore: networks are reorganised, documents keep the old name.

    Attributes:
        valid_from: first day of the name; None when nobody knows.
        valid_to: last day of the name; None while it is in force.
    """

    __tablename__ = "organisation_names"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="days_in_order"),
        UniqueConstraint("organisation_id", "name", "valid_from"),
    )

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class OrganisationRegion(Model):
    """An organisation serves a region; `region` is a vocabulary id, `rss01` for instance."""

    __tablename__ = "organisation_regions"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True, index=True)
