"""Which addresses speak for which organisations."""

from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inters4.core.db import Model, PrimaryKey, Timestamps, Versioned
from inters4.members.models.organisations import Organisation


class DomainPolicy(StrEnum):
    """What an address of the domain is worth. A shared domain is never `auto`."""

    AUTO = "auto"
    QUEUE = "queue"
    REFUSE = "refuse"


class EmailDomain(Versioned, Timestamps, Model):
    """A domain of addresses, compared whole: `ssss.gouv.qc.ca` and nothing around it."""

    __tablename__ = "email_domains"

    id: Mapped[PrimaryKey]
    domain: Mapped[str] = mapped_column(unique=True)
    policy: Mapped[DomainPolicy] = mapped_column(default=DomainPolicy.QUEUE)

    organisations: Mapped[list["EmailDomainOrganisation"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="EmailDomainOrganisation.organisation_id",
    )
    rules: Mapped[list["PresortRule"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PresortRule.pattern"
    )

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations that use it; needs `organisations` loaded."""
        return frozenset(row.organisation_id for row in self.organisations)


class EmailDomainOrganisation(Model):
    """An organisation uses a domain, alone or with others."""

    __tablename__ = "email_domain_organisations"

    domain_id: Mapped[int] = mapped_column(ForeignKey("email_domains.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id"), primary_key=True, index=True
    )

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class PresortRule(Model):
    """In a shared domain, what stands before the `@` hints at the organisation; it proves nothing.

    `pattern` knows `*` alone: `*.cisssbsl` or `08_cisssat*`.
    """

    __tablename__ = "email_presort_rules"
    __table_args__ = (UniqueConstraint("domain_id", "pattern"),)

    id: Mapped[PrimaryKey]
    domain_id: Mapped[int] = mapped_column(ForeignKey("email_domains.id"))
    pattern: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)

    organisation: Mapped[Organisation] = relationship(lazy="raise")
