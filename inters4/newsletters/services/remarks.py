"""What is found in an issue, before it is shown for approval."""

from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found.

    Attributes:
        about: the field that it is about, empty when it is about the whole.
        stops: whether the issue cannot be shown for approval as it is.
    """

    sentence: str
    about: str = ""
    stops: bool = False
