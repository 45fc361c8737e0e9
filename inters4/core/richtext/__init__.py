"""The one room where Markdown becomes trusted HTML, and HTML becomes plain text.

Markdown -> HTML -> bare links recognised -> allow-list as the last word. Size and nesting are
capped before parsing. Nothing else imports `markdown`, `bleach` or `nh3`.
"""

from inters4.core.richtext.cleaning import sanitize
from inters4.core.richtext.columns import RichColumns
from inters4.core.richtext.elements import element, joined, json_script, with_ids
from inters4.core.richtext.limits import TooIntricate
from inters4.core.richtext.naming import with_people
from inters4.core.richtext.profiles import Profile
from inters4.core.richtext.rendering import RENDERER_VERSION, Rendered, render
from inters4.core.richtext.stored import stored
from inters4.core.richtext.text import between_lines, excerpt, plain_text

__all__ = [
    "RENDERER_VERSION",
    "Profile",
    "Rendered",
    "RichColumns",
    "TooIntricate",
    "between_lines",
    "element",
    "excerpt",
    "joined",
    "json_script",
    "plain_text",
    "render",
    "sanitize",
    "stored",
    "with_ids",
    "with_people",
]
