"""What robots and browsers ask for by habit."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta

from flask import Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.web.assets import static_url
from inters4.core.web.requests import public
from inters4.home.exports.sitemap import sitemap, sitemap_index
from inters4.home.queries.addresses import (
    Address,
    count_files,
    documents_of,
    page_days,
    themes,
)
from inters4.home.views.blueprint import bp
from inters4.home.views.pages import OWN_ADDRESS
from inters4.members.queries import list_organisations
from inters4.settings import Settings

_PRIVATE = ("/deconnexion", "/compte", "/admin", "/equipe/", "/question/merci", "/veille/bureau")
_LISTS = (
    "search.themes",
    "members.organisations",
    "indicators.innovation",
    "practices.adoption_index",
    "practices.open_data",
)
_UNLISTED = frozenset({"search.kept"})
"""Pages of the menu that are about the reader: they ask robots not to list them."""
_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
_TRUSTED_FOR = timedelta(days=180)


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What robots need not read: searches are endless, and private pages answer nothing."""
    refused = (url_for("members.sign_in"), url_for("search.results"), *_PRIVATE)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused)]
    lines += ["", f"Sitemap: {_settings().url}{url_for('.sitemap_files')}", ""]
    return "\n".join(lines), 200, _PLAIN


@bp.get("/sitemap.xml")
@public
def sitemap_files() -> ResponseReturnValue:
    """The files that hold every public address."""
    with reading() as session:
        counts = count_files(session, hooks.document_kinds)
    files = [url_for(".sitemap_file", name="pages", number=1)]
    files += [
        url_for(".sitemap_file", name=name, number=number)
        for name, count in counts.items()
        for number in range(1, count + 1)
    ]
    return _xml(sitemap_index(files, site=_settings().url))


@bp.get("/sitemaps/<name>-<int:number>.xml")
@public
def sitemap_file(name: str, number: int) -> ResponseReturnValue:
    """A thousand addresses at most."""
    kind = hooks.document_kinds.get(name)
    if number < 1 or number > 1_000_000:
        abort(404)
    with reading() as session:
        if name == "pages" and number == 1:
            found = _pages(session)
        elif kind is not None:
            found = list(documents_of(session, kind, number=number))
        else:
            abort(404)
    if not found:
        abort(404)
    is_kept = kind is None or kind.public_ids is None
    return _xml(sitemap(found, site=_settings().url), is_kept=is_kept)


@bp.get("/.well-known/security.txt")
@public
def security_contact() -> ResponseReturnValue:
    """Where to report a weakness (RFC 9116), when the settings give a real address."""
    settings = _settings()
    if settings.contact.endswith((".invalid", ".example")):
        abort(404)
    expires = (now() + _TRUSTED_FOR).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: mailto:{settings.contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(settings.languages)}",
        f"Canonical: {settings.url}/.well-known/security.txt",
        "",
    )
    return "\n".join(lines), 200, _PLAIN


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """The icon, for browsers that ask without reading the page."""
    return redirect(static_url("favicon.svg"), code=302)


def _pages(session: Session) -> list[Address]:
    """The front door, the lists and the pages about the portal."""
    days = page_days(session)
    entries = [entry.endpoint for entry in (*hooks.menu, *hooks.footer)]
    endpoints = dict.fromkeys(("home.index", *entries, *_LISTS))
    day_of = {OWN_ADDRESS[one]: day for one, (_slug, day) in days.items() if one in OWN_ADDRESS}
    known = [
        Address(url_for(endpoint), day_of.get(endpoint))
        for endpoint in endpoints
        if endpoint in current_app.view_functions and endpoint not in _UNLISTED
    ]
    known += [Address(url_for("search.theme", identifier=term)) for term in themes(session)]
    known += [
        Address(url_for("members.organisation", slug=found.slug))
        for found in list_organisations(session)
    ]
    others = [
        Address(url_for("home.page", slug=slug), day)
        for one, (slug, day) in days.items()
        if one not in OWN_ADDRESS
    ]
    return known + others


def _xml(lines: Iterable[str], *, is_kept: bool = True) -> Response:
    """Stream the lines to whoever does not hold them already.

    What is for everyone today and may not be tomorrow is asked again each time.
    """
    kept = tuple(lines)
    state = hashlib.sha256("".join(kept).encode())
    response = Response(_sent(kept), content_type="application/xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600" if is_kept else "no-cache"
    response.set_etag(state.hexdigest()[:20], weak=True)
    return response.make_conditional(request)  # type: ignore[return-value]


def _sent(lines: tuple[str, ...]) -> Iterator[str]:
    for start in range(0, len(lines), 100):
        yield "".join(lines[start : start + 100])


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
