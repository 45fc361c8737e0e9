"""The way back from a source to the text: the first citation of each source can be reached.

Citations come from fields and from long texts alike; both are the same link once drawn, so they
are found there.
"""

from collections.abc import Iterable

from markupsafe import Markup

from inters4.core.richtext import with_ids


def reachable_calls(drawn: Iterable[Markup]) -> list[Markup]:
    """Pieces of one text, where the first citation of each source has an id: `appel-3`."""
    return with_ids(drawn, target="texte-source", name="appel")
