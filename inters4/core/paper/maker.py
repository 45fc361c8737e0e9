"""The child process that makes one PDF, under limits.

Run as a script, alone: it imports nothing of ours. HTML comes on standard input, the PDF goes to
standard output. The folder of static files is its only argument: nothing else is read or fetched.
"""

import ctypes.util
import resource
import sys
from contextlib import suppress
from pathlib import Path
from xml.etree.ElementTree import Element  # the tree that what makes PDF gives

MEMORY = 1_500_000_000
SECONDS = 60
LARGEST_FILE = 50_000_000  # fontconfig keeps a list of the fonts of the machine


def main() -> None:
    """Make one PDF."""
    with suppress(ValueError, OSError):  # macOS knows no limit on address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    html = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(make(html, Path(sys.argv[1])))


def make(html: str, static: Path) -> bytes:
    """The PDF; `police:NAME` is a font of ours, `style:NAME` one of our style sheets."""
    if sys.platform == "linux":
        ctypes.util.find_library = _not_asked
    from weasyprint import HTML  # noqa: PLC0415  (slow to import, and after the limits)
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    folders = {"police": static / "vendor" / "fonts", "style": static / "css"}

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """Gives the fonts and styles of the portal, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
            kind, _colon, name = url.partition(":")
            if kind not in folders or Path(name).name != name:
                raise ValueError(f"nothing is fetched: {url[:80]}")
            media = {"Content-Type": "text/css"} if kind == "style" else {}
            return URLFetcherResponse(url, (folders[kind] / name).read_bytes(), headers=media)

    page = HTML(string=html, url_fetcher=OwnFiles())
    for link in list(page.etree_element.iter("a")):
        _make_plain(link)
    return bytes(page.write_pdf(pdf_variant="pdf/ua-1"))


def _not_asked(name: str) -> str | None:  # noqa: ARG001
    """No other name for a library: the loader knows the one it has on Linux, which is tried too.

    The names of other systems come first, and for each a compiler would be started: that is a third
    of the time a page takes.
    """
    return None


def _make_plain(link: Element) -> None:
    """Leave nothing but text in a link: each element there would be one more, which no tag names.

    What stands alone in it goes around it, with its language; the rest loses its emphasis.
    """
    inside = list(link)
    if not inside:
        return
    (first, *others) = inside
    is_alone = not (others or len(first) or link.text or first.tail)
    if is_alone:
        outer, inner = dict(link.attrib), dict(first.attrib)
        link.tag, first.tag = first.tag, link.tag
        for element, attributes in ((link, inner), (first, outer)):
            element.attrib.clear()
            element.attrib.update(attributes)
        return
    text = "".join(link.itertext())
    for element in inside:
        link.remove(element)
    link.text = text


if __name__ == "__main__":
    main()
