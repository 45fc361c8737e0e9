"""What can go wrong outside, each said in one French sentence that a person may read."""

from inters4.core.errors import DomainError


class FetchError(DomainError):
    """Nothing usable came back."""

    status = 502


class FetchRefused(FetchError):
    """The portal does not go there: scheme, port, or an address inside a private network."""

    status = 400


class FetchFailed(FetchError):
    """The other side, or the network between, did not answer as it should."""


class FetchTimedOut(FetchFailed):
    """No whole answer came in time."""


class FetchTooLarge(FetchError):
    """The answer passes a size limit, once decompressed."""


class FeedUnreadable(FetchError):
    """What was fetched is not a feed that can be read within limits."""

    status = 422
