"""What can go wrong outside, each said in one French sentence that a person may read."""

from inters4.core.errors import DomainError


class FetchError(DomainError):
    """Nothing usable came back.

    Attributes:
        code: one word for what went wrong, for a row to keep and to be worded later, in the
            language of whoever reads it; `host` names the site when it is about one.
    """

    status = 502
    code = "failed"

    def __init__(self, message: str, *, code: str = "", host: str = "") -> None:
        super().__init__(message)
        self.code = code or self.code
        self.host = host


class FetchRefused(FetchError):
    """The portal does not go there: scheme, port, or an address inside a private network."""

    status = 400
    code = "address"


class FetchFailed(FetchError):
    """The other side, or the network between, did not answer as it should."""


class FetchTimedOut(FetchFailed):
    """No whole answer came in time."""

    code = "late"


class FetchTooLarge(FetchError):
    """The answer passes a size limit, once decompressed."""

    code = "large"


class FeedUnreadable(FetchError):
    """What was fetched is not a feed that can be read within limits."""

    status = 422
    code = "unreadable"
