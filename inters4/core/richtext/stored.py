"""HTML kept beside its source: shown as it is while the renderer of that day is still ours."""

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from inters4.core.richtext.cleaning import clean
from inters4.core.richtext.profiles import Profile
from inters4.core.richtext.rendering import RENDERER_VERSION, Rendered

_SHORT = 20_000


def stored(html: str, *, renderer: int, profile: Profile, again: Callable[[], Rendered]) -> Markup:
    """What a page shows of a stored text.

    The allow-list has the last word here too, so that a row changed by other means shows nothing
    it should not. `again` renders the source when an older renderer made `html`.
    """
    if renderer != RENDERER_VERSION:
        return again().html
    return _again(html, profile) if len(html) < _SHORT else clean(html, profile=profile)


@lru_cache(maxsize=512)
def _again(html: str, profile: Profile) -> Markup:
    """The same HTML cleans to the same: a sheet of fourteen texts is read far more than written.

    At most 20 MB a process, because only short texts come here.
    """
    return clean(html, profile=profile)
