"""Writes a message from a template: subject, text and HTML, in the locale in force.

Mail has a Jinja environment of its own: a name that is missing is an error rather than a hole in
somebody's letter, only HTML is escaped, and styles are inlined because mail clients drop sheets.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from html import unescape
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from inters4.core.i18n import (
    current_locale,
    format_date,
    format_moment,
    format_number,
    gettext_raw,
    ngettext_raw,
)
from inters4.core.paths import templates_dir
from inters4.core.values import dataclass
from inters4.settings import Settings

_SPACES = re.compile(r"[\t\n\v\f\r \x1c-\x1f\x85\u2028\u2029]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the words that follow: a name that holds one would turn the letter around it."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be addressed: the text and the HTML say the same."""

    subject: str
    text: str
    html: str


def render(template: str, parameters: Mapping[str, Any], *, settings: Settings) -> Rendered:
    """Fill `mail/TEMPLATE.subject.txt`, `.txt` and `.html`.

    Templates see the parameters, `portal` (name, contact), `link(path)`, which makes a path of the
    portal absolute, and `stop_path`: where the next message is refused, empty when it cannot be.

    Raises:
        jinja2.TemplateError: a file or a parameter is missing, or a template is wrong.
    """
    known = {
        "stop_path": "",
        **parameters,
        "portal": {"name": settings.mail_sender, "contact": settings.contact},
        "link": _Links(settings.url),
        "locale": current_locale(),
    }
    subject, text, html = (
        _environment().get_template(f"mail/{template}.{ending}").render(known)
        for ending in ("subject.txt", "txt", "html")
    )
    return Rendered(
        subject=one_line(subject),
        text=_BLANK_LINES.sub("\n\n", _TURNED.sub("", text)).strip() + "\n",
        html=_inliner().inline(_TURNED.sub("", html)),
    )


def draw(template: str, parameters: Mapping[str, Any]) -> str:
    """Fill `mail/TEMPLATE.html` in the locale in force, its styles inlined.

    For whoever puts a message together from pieces that this one page holds.
    """
    html = _environment().get_template(f"mail/{template}.html").render(parameters)
    return _inliner().inline(_TURNED.sub("", html))


def one_line(text: str) -> str:
    """`text` on one line; its no-break spaces stay."""
    return _SPACES.sub(" ", _TURNED.sub("", text)).strip(" ")


def quoted(text: str) -> str:
    """`text` as words of somebody else in a text part: a mark before each line."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def macro_words(template: str, macro: str, *values: object) -> str:
    """What a macro of `mail/TEMPLATE.html` says: words of a letter that are shown elsewhere too."""
    said = getattr(_environment().get_template(f"mail/{template}.html").module, macro)(*values)
    return one_line(unescape(str(said)))


class _Links:
    """`link("/compte")`: the portal's own addresses, and no other."""

    def __init__(self, root: str) -> None:
        self._root = root

    def __call__(self, path: str) -> str:
        if not path.startswith("/") or path.startswith("//"):
            raise ValueError(f"not a path of the portal: {path!r}")
        return self._root + path


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_dir()),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext_raw, ngettext_raw, newstyle=True
    )
    environment.filters.update(
        date=lambda value: format_date(_instant(value)),
        moment=lambda value: format_moment(_instant(value)),
        number=format_number,
        quoted=quoted,
    )
    return environment


def _instant(value: datetime | str) -> datetime:
    """A parameter of a queued message is JSON: its instants are written in ISO 8601."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)
