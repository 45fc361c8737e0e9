"""What people say of themselves, each thing seen by those they choose."""

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.clock import now
from inters4.core.db import Model, Moment


class Visibility(StrEnum):
    """Who sees a field, the most private first."""

    NOBODY = "nobody"
    ORGANISATION = "organisation"
    MEMBERS = "members"
    EVERYONE = "everyone"


class ProfileKey(StrEnum):
    """What a profile may say.

    Organisations are those that confirmed the person: their row says who sees them, and no more.
    """

    FUNCTION = "function"
    ORGANISATIONS = "organisations"
    PROFESSION = "profession"
    REGION = "region"
    SKILLS = "skills"
    INTERESTS = "interests"
    PRESENTATION = "presentation"


class ProfileField(Model):
    """One thing a person says; `value` is a vocabulary id for profession and region, else text.

    It is empty for organisations.
    """

    __tablename__ = "profile_fields"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    key: Mapped[ProfileKey] = mapped_column(primary_key=True)
    value: Mapped[str]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.NOBODY)


class DirectoryListing(Model):
    """A person chose to appear in the directory; without a row they do not."""

    __tablename__ = "directory_listings"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    since: Mapped[Moment] = mapped_column(default=now)
