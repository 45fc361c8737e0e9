"""The site of `bench.veille`, run alone: any number of feeds that look like those of PubMed.

`PUT /EDITION/MANNER` says what is served from then on: « first » or « next », where a tenth of the
entries is new; « etag » answers 304 to whoever sends one, « all » and « plain » answer in full.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_SENTENCE = (
    "This study followed people at home and compared two ways of supporting their relatives. "
)


class Feeds(BaseHTTPRequestHandler):
    """Answers as the last PUT said."""

    protocol_version = "HTTP/1.1"
    edition, manner = "first", "all"
    entries = 30

    def do_PUT(self) -> None:
        """Change what is served."""
        _empty, type(self).edition, type(self).manner = self.path.split("/")
        self._answer(200, b"")

    def do_GET(self) -> None:
        """A feed, or nothing when it has not changed."""
        if self.manner == "etag" and self.headers.get("If-None-Match"):
            self._answer(304, b"")
        else:
            self._answer(200, self._feed(int(self.path.strip("/"))))

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("ETag", '"e"')
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _feed(self, feed: int) -> bytes:
        start = self.entries // 10 if self.edition == "next" else 0
        items = "".join(
            _item(feed * 100_000 + number) for number in range(start, start + self.entries)
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>Journal {feed}</title><language>en</language>{items}</channel></rss>"
        ).encode()


def _item(number: int) -> str:
    return (
        f"<item><title>Support at home for relatives: study {number}</title>"
        f"<link>https://journal.example/articles/{number}?utm_source=rss</link>"
        f'<guid isPermaLink="false">pubmed:{number + 1}</guid>'
        "<dc:creator>Ariane Essai</dc:creator><dc:creator>Camille Exemple</dc:creator>"
        "<pubDate>Fri, 20 Nov 2026 06:00:00 -0500</pubDate>"
        f"<dc:identifier>doi:10.1234/study.{number}</dc:identifier>"
        f"<description>&lt;p&gt;{_SENTENCE * 8}&lt;/p&gt;</description></item>"
    )


if __name__ == "__main__":
    Feeds.entries = int(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
