"""What the engine may raise. Bad files never surface as anything else."""

__all__ = ["IndexBusy", "IndexDamaged", "IndexFault", "IndexUnavailable"]


class IndexFault(Exception):
    """Common ancestor, so that a caller can catch everything the index may do to it."""


class IndexUnavailable(IndexFault):
    """No generation can be opened for reading: answer 503 and try again later."""


class IndexBusy(IndexFault):
    """Another writer holds the lock of this index."""


class IndexDamaged(IndexFault):
    """The files to be written to are missing, incomplete or altered: rebuild the index.

    An index written by an earlier format of the engine counts as damaged too: the remedy is the
    same.
    """
