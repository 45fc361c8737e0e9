"""The refusal that every check of this room raises."""

from inters4.core.errors import DomainError


class FileRefused(DomainError):
    """The file is not kept; the message says why and what would be."""

    status = 415
