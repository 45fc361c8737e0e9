"""Changes to practices."""

from inters4.practices.services.sheets import (
    index_again,
    index_renamed,
    save_organisation,
    save_sheet,
)

__all__ = ["index_again", "index_renamed", "save_organisation", "save_sheet"]
