"""Markdown to trusted HTML. The result is stored beside its source with `RENDERER_VERSION`.

What is stored is shown as it is: whoever renders nothing imports no parser.
"""

import re
import threading
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from inters4.core.i18n import _
from inters4.core.richtext.cleaning import clean
from inters4.core.richtext.limits import TooIntricate, admit
from inters4.core.richtext.profiles import Profile
from inters4.core.values import dataclass

if TYPE_CHECKING:
    from bleach.linkifier import Linker
    from markdown import Markdown

    from inters4.core.richtext.syntax import Dialect

# Raise it when the same source gives other HTML: what is stored is then rendered again.
RENDERER_VERSION = 1

_BARE_LINK = re.compile(
    r"(?<![\w@/.])(?:https?://|www\.)[^\s<>\"«»“”\x00-\x1f]{1,2000}", re.IGNORECASE
)
_NAMESPACE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COMMON = ("fenced_code", "sane_lists", "pymdownx.tilde")
_EXTENSIONS = {
    Profile.DOCUMENT: (*_COMMON, "footnotes", "def_list"),
    Profile.POST: (*_COMMON, "nl2br"),
}
_CONFIGS = {
    "pymdownx.tilde": {"subscript": False},
    "footnotes": {"BACKLINK_TITLE": "Revenir à l’appel de la note {}", "SUPERSCRIPT_TEXT": "{}"},
}
_instances = threading.local()


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML that a template may show as it is, and the version of the renderer that made it."""

    html: Markup
    version: int = RENDERER_VERSION


def render(
    source: str, *, profile: Profile, top_heading: int | None = None, namespace: str = ""
) -> Rendered:
    """Render Markdown.

    The highest heading of the text takes level `top_heading` (by default 2 in documents, 4 in
    posts) and the others follow. `namespace` (lower case, digits, hyphens) keeps the anchors of
    several texts of one page apart.

    Raises:
        TooLarge: the text is too long for its profile.
        TooIntricate: it nests or repeats signs beyond reason.
    """
    if namespace and not _NAMESPACE.fullmatch(namespace):
        raise ValueError(f"not a namespace for anchors: {namespace!r}")
    text = admit(source, profile=profile)
    machine, dialect = _machine(profile)
    assert dialect.page is not None  # noqa: S101  (set by the extension at start)
    dialect.page.top_heading = top_heading or profile.top_heading
    dialect.page.namespace = namespace
    try:
        html = machine.reset().convert(text)
    except RecursionError:
        raise TooIntricate(_("Ce texte est trop imbriqué : simplifiez-le.")) from None
    if profile is Profile.POST and _BARE_LINK.search(html):
        html = _linker().linkify(html)
    return Rendered(clean(html, profile=profile))


def _machine(profile: Profile) -> "tuple[Markdown, Dialect]":
    """One parser for each thread and profile: it keeps state while it works."""
    held: dict[Profile, tuple[Markdown, Dialect]] = _instances.__dict__.setdefault("machines", {})
    if profile not in held:
        held[profile] = _new_machine(profile)
    return held[profile]


def _new_machine(profile: Profile) -> "tuple[Markdown, Dialect]":
    from markdown import Markdown  # noqa: PLC0415  (slow to import: see above)
    from markdown.extensions.tables import TableExtension  # noqa: PLC0415

    from inters4.core.richtext.syntax import Dialect  # noqa: PLC0415

    dialect = Dialect(profile)
    extensions: list[Any] = [
        *_EXTENSIONS[profile],
        TableExtension(use_align_attribute=True),
        dialect,
    ]
    configs: dict[str, Any] = {
        name: _CONFIGS[name] for name in _EXTENSIONS[profile] if name in _CONFIGS
    }
    return Markdown(extensions=extensions, extension_configs=configs), dialect


def _linker() -> "Linker":
    linker: Linker | None = _instances.__dict__.get("linker")
    if linker is None:
        linker = _instances.linker = _new_linker()
    return linker


def _new_linker() -> "Linker":
    from bleach.linkifier import Linker  # noqa: PLC0415  (slow to import: see above)

    return Linker(callbacks=[_mark], url_re=_BARE_LINK, skip_tags={"pre", "code"})


_Attributes = MutableMapping[tuple[str | None, str], str]


def _mark(attributes: _Attributes, new: bool = False) -> _Attributes:
    """Give recognised links their `rel`, and `https` to those written without a scheme."""
    if new:
        written = attributes["_text"]  # type: ignore[index]
        if not written.lower().startswith("http"):
            attributes[None, "href"] = f"https://{written}"
        attributes[None, "rel"] = Profile.POST.link_rel
    return attributes
