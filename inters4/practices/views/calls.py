"""The way back from a source to the text: the first citation of each source can be reached.

Citations come from fields and from long texts alike; both are the same link once drawn, so they
are found there.
"""

import re

from markupsafe import Markup

_CALL = re.compile(r'<a href="#texte-source-(\d+)"')


def reachable_calls(drawn: Markup) -> Markup:
    """`drawn` where the first citation of each source has an id: `appel-3`."""
    seen: set[str] = set()

    def named(found: re.Match[str]) -> str:
        number = found[1]
        if number in seen:
            return found[0]
        seen.add(number)
        return f'{found[0]} id="appel-{number}"'

    return Markup(_CALL.sub(named, str(drawn)))  # noqa: S704
