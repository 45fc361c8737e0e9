"""What templates may call: one list of globals, all safe without a database."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from jinja2 import StrictUndefined
from markupsafe import Markup
from sqlalchemy.orm import Session

from inters4 import __version__
from inters4.core.citations import apa, coins, highwire, json_ld, page_coins
from inters4.core.hooks import MenuEntry, hooks
from inters4.core.i18n import (
    LANGUAGES,
    current_locale,
    format_date,
    format_moment,
    format_number,
)
from inters4.core.paths import templates_dir
from inters4.core.values import dataclass
from inters4.core.web.assets import static_url
from inters4.core.web.cards import ListedCard, plain
from inters4.core.web.compiled import KeptTemplates
from inters4.core.web.drawing import translated, translated_number
from inters4.core.web.read_in import named_item
from inters4.core.web.remembered import drawn_as, drawn_once
from inters4.settings import Settings

_KEPT_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame; `current` marks the section in which the reader is."""

    label: str
    url: str
    current: bool = False
    code: str = ""


def install(app: Flask, settings: Settings) -> None:
    """Give templates their globals and filters."""
    environment = app.jinja_env
    environment.bytecode_cache = KeptTemplates(templates_dir())
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.globals.update(_=translated, gettext=translated, ngettext=translated_number)
    environment.filters.update(date=format_date, moment=format_moment, number=format_number)
    environment.filters.update(apa=apa, coins=coins, highwire=highwire, json_ld=json_ld)
    environment.globals.update(
        app_version=__version__,
        contact=settings.contact,
        current_locale=current_locale,
        drawn_as=drawn_as,
        drawn_once=drawn_once,
        footer_links=footer_links,
        fragments=fragments,
        kinds=hooks.document_kinds,
        listed=ListedCard,
        language_links=lambda: language_links(settings),
        menu_entries=menu_entries,
        named_item=named_item,
        page_coins=page_coins,
        plain=plain,
        permalink=lambda: settings.url + request.path,
        site_feeds=site_feeds,
        site_url=settings.url,
        static_url=static_url,
        url_for=address_of,
    )

    @app.context_processor
    def _viewer() -> dict[str, Any]:
        return {"viewer": current_user.viewer}


def address_of(endpoint: str, **values: Any) -> str:
    """`url_for` in templates, for the pages of this portal.

    A page writes thirty addresses, most of them those of the page before: each is built once.
    """
    name = f"{request.blueprint}{endpoint}" if endpoint[0] == "." else endpoint
    try:
        return _address(request.script_root, name, tuple(values.items()))
    except TypeError:  # a list among the values: `theme=a&theme=b`
        return url_for(name, **values)


def menu_entries() -> list[Link]:
    """The main menu, as the domains registered it."""
    return [_link(entry) for entry in hooks.menu]


def footer_links() -> list[Link]:
    """The foot of the page, as the domains registered it."""
    return [_link(entry) for entry in hooks.footer]


def site_feeds() -> list[Link]:
    """The feeds, as the domains registered them."""
    return [_link(entry) for entry in hooks.feeds]


def language_links(settings: Settings) -> list[Link]:
    """The same page in each language offered; empty when there is only one."""
    if len(settings.languages) < 2:
        return []
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    found = []
    for code in settings.languages:
        arguments: dict[str, Any] = {}
        for name, value in kept:
            arguments.setdefault(name, []).append(value)
        query = _query({**arguments, "lang": [code]})
        found.append(
            Link(LANGUAGES[code], f"{request.path}?{query}", code == current_locale(), code)
        )
    return found


def fragments(slot: str, **facts: Any) -> Markup:
    """What upper domains put in `slot`, drawn inside the view's own reading session."""
    session: Session | None = g.get("session")
    viewer = current_user.viewer
    drawn = []
    for fragment in hooks.fragments.get(slot, ()):
        context: Mapping[str, Any] | None = fragment.context(session, viewer, **facts)
        if context is not None:
            template = current_app.jinja_env.get_template(fragment.template)
            drawn.append(Markup(template.render(context, viewer=viewer)))  # noqa: S704
    return Markup("").join(drawn)


def _link(entry: MenuEntry) -> Link:
    current = bool(entry.section) and request.path.startswith(entry.section)
    return Link(entry.label(), address_of(entry.endpoint), current)


@lru_cache(maxsize=_KEPT_ADDRESSES)
def _address(_script_root: str, name: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(name, **dict(values))


def _query(arguments: Mapping[str, list[str]]) -> str:
    return urlencode(arguments, doseq=True)
