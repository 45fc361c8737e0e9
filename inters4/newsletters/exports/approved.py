"""What is approved of an issue: the very message, and to whom it goes."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from inters4.newsletters.exports.message import MessageParts, digest


def content_of(parts: MessageParts, audience: Mapping[str, Sequence[str]]) -> str:
    """Changes with anything that readers would read, or with the rule that says who they are."""
    narrowed = {name: sorted(chosen) for name, chosen in audience.items() if chosen}
    said = digest(parts)
    if not narrowed:
        return said
    written = f"{said} {json.dumps(narrowed, sort_keys=True)}".encode()
    return hashlib.blake2b(written, digest_size=16).hexdigest()
