"""How our enumerations are stored: by value, in plain text.

A native enumeration of PostgreSQL would need a migration for each new state.
"""

from enum import StrEnum

from sqlalchemy import Enum


def text_of(kind: type[StrEnum]) -> Enum:
    """A column type that keeps the value of `kind`, and refuses any other when read."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
