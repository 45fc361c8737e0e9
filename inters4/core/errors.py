"""The refusals a service may raise. Each says, in French, what the person can do."""


class DomainError(Exception):
    """A rule of the domain refuses the change; nothing was kept.

    Attributes:
        status: the HTTP status that views answer with.
        message: a sentence for the person, already in their language.
        about: what it is about, by the name that the service gives it; a form leads there.
    """

    status = 400

    def __init__(self, message: str, *, about: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.about = about


class NotAllowed(DomainError):
    """The viewer may see this, but not do that."""

    status = 403


class NotFound(DomainError):
    """It does not exist, or the viewer may not know that it does."""

    status = 404


class Conflict(DomainError):
    """Someone else changed it meanwhile.

    Attributes:
        theirs: the text that is stored now.
        mine: the text that the person submitted, kept so that nothing is lost.
    """

    status = 409

    def __init__(self, message: str, *, about: str = "", theirs: str = "", mine: str = "") -> None:
        super().__init__(message, about=about)
        self.theirs = theirs
        self.mine = mine


class TooLarge(DomainError):
    """What was sent passes a size limit; the message names it."""

    status = 413


class TooMany(DomainError):
    """Too many attempts; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something the portal leans on does not answer now; `retry_after` is in seconds."""

    status = 503

    def __init__(self, message: str, *, retry_after: int = 10) -> None:
        super().__init__(message)
        self.retry_after = retry_after
