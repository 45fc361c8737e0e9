"""HTML kept beside its source: shown as it is while the renderer of that day is still ours."""

from collections.abc import Callable

from markupsafe import Markup

from inters4.core.richtext.cleaning import clean
from inters4.core.richtext.profiles import Profile
from inters4.core.richtext.rendering import RENDERER_VERSION, Rendered


def stored(html: str, *, renderer: int, profile: Profile, again: Callable[[], Rendered]) -> Markup:
    """What a page shows of a stored text.

    The allow-list has the last word here too, so that a row changed by other means shows nothing
    it should not. `again` renders the source when an older renderer made `html`.
    """
    if renderer != RENDERER_VERSION:
        return again().html
    return clean(html, profile=profile)
