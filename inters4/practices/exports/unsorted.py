"""What a document held that found no block, drawn: whoever copies it pastes it with its form."""

from markupsafe import Markup

from inters4.core.errors import DomainError
from inters4.core.richtext import Profile, render


def drawn_rest(text: str) -> Markup | None:
    """The text as readers of a sheet would see it; None when it cannot be drawn."""
    try:
        return render(text, profile=Profile.DOCUMENT, top_heading=3, namespace="a-ranger").html
    except DomainError:  # too intricate: its source is shown
        return None
