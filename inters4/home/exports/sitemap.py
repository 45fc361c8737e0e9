"""The sitemap protocol, written line by line."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote
from xml.sax.saxutils import escape

from inters4.home.queries.addresses import Address

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_AS_WRITTEN = "/:?&=#%~+,;@!$'()*"


def sitemap_index(files: Iterable[str], *, site: str) -> Iterator[str]:
    """The file that names the others."""
    yield f"{_HEAD}<sitemapindex {_SPACE}>\n"
    for path in files:
        yield f"<sitemap><loc>{_absolute(path, site)}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def sitemap(addresses: Iterable[Address], *, site: str) -> Iterator[str]:
    """A file of addresses."""
    yield f"{_HEAD}<urlset {_SPACE}>\n"
    for address in addresses:
        day = f"<lastmod>{address.day.isoformat()}</lastmod>" if address.day else ""
        yield f"<url><loc>{_absolute(address.path, site)}</loc>{day}</url>\n"
    yield "</urlset>\n"


def _absolute(path: str, site: str) -> str:
    return escape(site + quote(path, safe=_AS_WRITTEN))
