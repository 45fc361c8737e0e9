"""The allow-list: the last word on any HTML that a page shows."""

import re

import nh3
from markupsafe import Markup

from inters4.core.richtext.profiles import ID_PREFIX, LOCAL_IMAGES, Profile

URL_SCHEMES = {"http", "https", "mailto", "tel"}
TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "kbd"),
    *("em", "strong", "del", "sub", "sup", "u", "b", "i"),
    *("ul", "ol", "li", "dl", "dt", "dd"),
    *("h2", "h3", "h4", "h5", "h6", "a", "img", "div"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
# Their text is not for readers: it goes with them.
SILENT_TAGS = {"script", "style", "template", "noscript", "textarea", "title", "svg", "math"}
_CLASSES = {
    "th": {"text-start", "text-center", "text-end"},
    "td": {"text-start", "text-center", "text-end"},
    "div": {"footnote"},
    "a": {"footnote-ref", "footnote-backref"},
}
_ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading", "width", "height"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_WITH_ID = {"h2", "h3", "h4", "h5", "h6", "li", "sup"}
_NUMBER = re.compile(r"[0-9]{1,5}")
_VALUES = {
    **dict.fromkeys(("start", "colspan", "rowspan", "width", "height"), _NUMBER),
    "id": re.compile(rf"{ID_PREFIX}[\w:.-]{{1,150}}"),
    "rel": re.compile("|".join(profile.link_rel for profile in Profile)),
    "scope": re.compile(r"(?:col|row)(?:group)?"),
    "loading": re.compile("lazy"),
}
_LOCAL_IMAGE = re.compile(rf"{LOCAL_IMAGES}[\w/-]+(?:\.\w+)?")
_LOCAL_URL = re.compile(r"/(?![/\\])[^\\\x00-\x20]*|[#?][^\\\x00-\x20]*")


def clean(html: str, *, profile: Profile) -> Markup:
    """Keep what a rendered text may hold, drop the rest."""
    attributes = dict(_ATTRIBUTES)
    if profile is Profile.DOCUMENT:
        attributes |= {tag: attributes.get(tag, set()) | {"id"} for tag in _WITH_ID}
    return Markup(  # noqa: S704  (this is the one place that may say so)
        nh3.clean(
            html,
            tags=TAGS,
            clean_content_tags=SILENT_TAGS,
            attributes=attributes,
            attribute_filter=_attribute,
            allowed_classes=_CLASSES,
            url_schemes=URL_SCHEMES,
            url_relative=_local,
            link_rel=None,
        )
    )


def sanitize(html: str) -> Markup:
    """Make HTML that came from elsewhere, a feed for instance, fit to show.

    Headings, images and ids go; every link is marked as coming from outside.
    """
    tags = TAGS - {"h2", "h3", "h4", "h5", "h6", "img", "div"}
    attributes = {tag: names - {"rel"} for tag, names in _ATTRIBUTES.items() if tag in tags}
    return Markup(  # noqa: S704
        nh3.clean(
            html.replace("\0", ""),
            tags=tags,
            clean_content_tags=SILENT_TAGS,
            attributes=attributes,
            attribute_filter=_attribute,
            url_schemes=URL_SCHEMES,
            url_relative="deny",
            link_rel=Profile.POST.link_rel,
        )
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Refuse a value that the attribute does not need."""
    if tag == "img" and name == "src":
        return value if _LOCAL_IMAGE.fullmatch(value) else None
    allowed = _VALUES.get(name)
    return value if allowed is None or allowed.fullmatch(value) else None


def _local(url: str) -> str | None:
    """Relative addresses stay on the portal: `//elsewhere` is not one of ours."""
    return url if _LOCAL_URL.fullmatch(url) else None
