"""Outgoing requests against a scripted site on loopback, and feeds parsed in a real child."""

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from inters4.core.fetch import (
    FeedParser,
    FeedUnreadable,
    Fetcher,
    FetchError,
    FetchFailed,
    FetchPolicy,
    FetchRefused,
    FetchTimedOut,
    FetchTooLarge,
    ParserLimits,
)
from tests.builders.certificates import Authority
from tests.builders.sites import HOST, Site, page, redirect

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsoin"


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


def _policy(site: Site, **limits: float) -> FetchPolicy:
    return FetchPolicy(allowed=frozenset({f"{HOST}:{site.port}"}), **limits)  # type: ignore[arg-type]


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_page_comes_back_with_what_the_next_visit_needs(site: Site) -> None:
    site.pages["/flux"] = page(b"soin", 'ETag: "a1"', "Last-Modified: hier", "Content-Type: x/y")

    fetched = Fetcher(_policy(site)).fetch(f"{site.url}/flux#ancre")

    assert (fetched.status, fetched.body, fetched.etag) == (200, b"soin", '"a1"')
    assert (fetched.last_modified, fetched.content_type) == ("hier", "x/y")
    assert fetched.final_url == f"{site.url}/flux"
    assert fetched.permanent_redirects == ()


def test_conditions_are_sent_and_an_unchanged_page_is_an_answer(site: Site) -> None:
    site.pages["/"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"

    fetched = Fetcher(_policy(site)).fetch(site.url, etag='"a1"', last_modified="hier")

    assert (fetched.status, fetched.body) == (304, b"")
    assert 'If-None-Match: "a1"' in site.requests[0]
    assert "If-Modified-Since: hier" in site.requests[0]


def test_a_stored_condition_cannot_add_headers(site: Site) -> None:
    site.pages["/"] = OK

    Fetcher(_policy(site)).fetch(site.url, etag="a\r\nX-Evil: 1", last_modified="é")

    assert "Evil" not in site.requests[0]
    assert "If-" not in site.requests[0]


@pytest.mark.parametrize("status", [404, 410, 429, 503])
def test_a_refusal_of_the_site_is_an_answer(site: Site, status: int) -> None:
    site.pages["/"] = page(b"x" * 500, "Retry-After: 120", status=f"{status} No")

    fetched = Fetcher(_policy(site, max_bytes=100)).fetch(site.url)

    assert (fetched.status, fetched.body) == (status, b"")
    assert fetched.headers["retry-after"] == "120"


def test_nothing_of_the_environment_or_of_a_former_visit_is_sent(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.pages["/"] = page(b"", "Set-Cookie: a=b", "Location: /suite", status="302 Found")
    site.pages["/suite"] = OK
    fetcher = Fetcher(_policy(site))

    fetcher.fetch(site.url)
    fetcher.fetch(site.url)

    assert len(site.requests) == 4
    assert not any("cookie" in request.lower() for request in site.requests)


def test_permanent_redirects_are_told_until_a_temporary_one(site: Site) -> None:
    site.pages["/a"] = redirect("/b", 301)
    site.pages["/b"] = redirect(f"{site.url}/c", 308)
    site.pages["/c"] = redirect("d", 302)
    site.pages["/d"] = redirect("/e", 301)
    site.pages["/e"] = OK

    fetched = Fetcher(_policy(site)).fetch(f"{site.url}/a")

    assert fetched.final_url == f"{site.url}/e"
    assert fetched.permanent_redirects == (f"{site.url}/b", f"{site.url}/c")


def test_the_sixth_redirect_is_not_followed(site: Site) -> None:
    for number in range(7):
        site.pages[f"/{number}"] = redirect(f"/{number + 1}")

    with pytest.raises(FetchFailed, match="sans fin"):
        Fetcher(_policy(site)).fetch(f"{site.url}/0")
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "target",
    [
        *("http://127.0.0.1/", "http://localhost:80/", "http://127.1/", "http://2130706433/"),
        *("http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "//0x7f.1/"),
        *("http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "https://192.168.0.1/"),
        *("http://localhost./", "http://x@127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/"),
        *("http://0/", "http://[::]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/"),
        *("http://interne.exemple/", "http://mixte.exemple/"),
    ],
)
def test_a_redirect_into_a_private_network_is_refused(site: Site, target: str) -> None:
    names = {
        "localhost": ["127.0.0.1"],
        "interne.exemple": ["10.0.0.7"],
        "mixte.exemple": ["8.8.8.8", "127.0.0.1"],
    }
    site.pages["/"] = redirect(target)
    fetcher = Fetcher(_policy(site), resolve=lambda host, _port: names.get(host, [host]))

    with pytest.raises(FetchRefused):
        fetcher.fetch(site.url)


def test_an_allowed_pair_opens_no_other_port(site: Site) -> None:
    other = Site()
    try:
        site.pages["/"] = redirect(f"{other.url}/")
        with pytest.raises(FetchRefused):
            Fetcher(_policy(site)).fetch(site.url)
        assert other.requests == []
    finally:
        other.close()


def test_a_name_is_resolved_once_and_that_very_address_is_connected(site: Site) -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [HOST] if len(asked) == 1 else ["10.0.0.1"]

    policy = FetchPolicy(allowed=frozenset({f"veille.exemple:{site.port}"}))
    site.pages["/"] = OK

    fetched = Fetcher(policy, resolve=rebinding).fetch(f"http://Veille.exemple.:{site.port}/")

    assert fetched.body == b"soin"
    assert asked == ["veille.exemple"]
    assert f"Host: veille.exemple:{site.port}" in site.requests[0]


def test_the_next_address_is_tried_when_the_first_does_not_answer(site: Site) -> None:
    policy = FetchPolicy(allowed=frozenset({f"veille.exemple:{site.port}"}))
    site.pages["/"] = OK
    fetcher = Fetcher(policy, resolve=lambda _host, _port: ["127.0.0.2", HOST])

    assert fetcher.fetch(f"http://veille.exemple:{site.port}/").status == 200


def test_an_unknown_name_and_a_closed_port_are_said_apart(site: Site) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError

    site.close()
    with pytest.raises(FetchFailed, match="introuvable"):
        Fetcher(FetchPolicy(), resolve=unknown).fetch("http://absent.exemple/")
    with pytest.raises(FetchFailed, match="n’accepte pas"):
        Fetcher(_policy(site)).fetch(site.url)


def test_a_resolver_that_hangs_is_left_behind(site: Site) -> None:
    def slow(_host: str, _port: int) -> list[str]:
        site.wait()
        return []

    with pytest.raises(FetchTimedOut, match="résolu"):
        Fetcher(FetchPolicy(connect_seconds=0.1), resolve=slow).fetch("http://lent.exemple/")


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_a_site_that_drips_is_cut(site: Site, start: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        site.drip(connection)

    site.pages["/"] = answer

    with pytest.raises(FetchError) as caught:
        Fetcher(_policy(site, total_seconds=0.4)).fetch(site.url)
    assert isinstance(caught.value, FetchTimedOut) or not start


def test_a_silent_site_is_cut(site: Site) -> None:
    site.pages["/"] = lambda _connection: site.wait()

    with pytest.raises(FetchTimedOut):
        Fetcher(_policy(site, total_seconds=0.3)).fetch(site.url)


def test_redirects_share_one_clock(site: Site) -> None:
    def answer(connection: socket.socket) -> None:
        threading.Event().wait(0.2)
        connection.sendall(redirect("/"))

    site.pages["/"] = answer

    with pytest.raises(FetchTimedOut):
        Fetcher(_policy(site, total_seconds=0.5)).fetch(site.url)


@pytest.mark.parametrize(
    "answer",
    [
        page(b"x" * 2_000),
        page(gzip.compress(b"x" * 2_000), "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2_000,
        page(b"x", *(f"H{number}: x" for number in range(300))),
        page(b"x", "H: " + "x" * 70_000),
    ],
)
def test_an_answer_past_its_limit_is_refused(site: Site, answer: bytes) -> None:
    site.pages["/"] = answer

    with pytest.raises(FetchTooLarge):
        Fetcher(_policy(site, max_bytes=1_000)).fetch(site.url)


@pytest.mark.parametrize(
    "answer",
    [
        CHUNKED + b"1\r\nx\r\n" * 20_000 + b"0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000 + page(b"x"),
    ],
)
def test_an_answer_in_crumbs_is_refused_before_it_costs_much(site: Site, answer: bytes) -> None:
    site.pages["/"] = answer

    with pytest.raises(FetchTooLarge):
        Fetcher(_policy(site, max_bytes=1_000_000)).fetch(site.url)


def test_an_answer_in_small_pieces_is_whole(site: Site) -> None:
    site.pages["/"] = (
        CHUNKED + b"32\r\n" + (b"x" * 50 + b"\r\n32\r\n") * 4_000 + (b"x" * 50 + b"\r\n0\r\n\r\n")
    )

    assert len(Fetcher(_policy(site)).fetch(site.url).body) == 200_050


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nH: " + b"x" * 200_000,
        page(b"not gzip at all, no", "Content-Encoding: gzip"),
        page(b"x", "Content-Encoding: zstd"),
        redirect("http://[/"),
        b"HTTP/1.1 302 F\r\nLocation: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_what_is_not_http_is_said_in_french(site: Site, answer: bytes) -> None:
    site.pages["/"] = answer
    if b"302" in answer:
        site.pages["/%C3%BF%C3%BE"] = b""

    with pytest.raises(FetchError) as caught:
        Fetcher(_policy(site)).fetch(site.url)
    assert caught.value.message.endswith(".")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificate of `veille.exemple`."""
    return Authority.made(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secure_site(authority: Authority) -> Iterator[Site]:
    context = authority.context("veille.exemple")
    running = Site(tls=context)

    def note(_socket: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        running.names.append(name)

    context.sni_callback = note
    yield running
    running.close()


def _secure_fetcher(site: Site, authority: Authority, name: str, *, trusts: bool) -> Fetcher:
    trusted = ssl.create_default_context()
    if trusts:
        trusted.load_verify_locations(authority.file)
    policy = FetchPolicy(allowed=frozenset({f"{name}:{site.port}"}))
    return Fetcher(policy, resolve=lambda _host, _port: [HOST], ssl_context=trusted)


def test_tls_keeps_the_name_while_the_socket_goes_to_the_address(
    secure_site: Site, authority: Authority
) -> None:
    secure_site.pages["/"] = OK
    fetcher = _secure_fetcher(secure_site, authority, "veille.exemple", trusts=True)

    fetched = fetcher.fetch(f"https://veille.exemple:{secure_site.port}/")

    assert fetched.body == b"soin"
    assert secure_site.names == ["veille.exemple"]


@pytest.mark.parametrize(("name", "trusts"), [("veille.exemple", False), ("autre.exemple", True)])
def test_a_certificate_that_proves_nothing_is_refused(
    secure_site: Site, authority: Authority, name: str, trusts: bool
) -> None:
    fetcher = _secure_fetcher(secure_site, authority, name, trusts=trusts)

    with pytest.raises(FetchFailed, match="certificat"):
        fetcher.fetch(f"https://{name}:{secure_site.port}/")


# --- Feeds -------------------------------------------------------------------------------------

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Santé &amp; territoire</title><link>https://a.ca/</link><ttl>90</ttl><language>fr</language>
<item><title>É</title><link>/x</link><guid isPermaLink="false">g1</guid>
<dc:identifier>doi:10.1/x</dc:identifier><dc:creator>A. Tremblay</dc:creator>
<pubDate>Mon, 02 Feb 2026 03:04:05 -0500</pubDate><category>rural</category>
<description>&lt;p onclick="x"&gt;Soin&lt;script&gt;x&lt;/script&gt;&lt;/p&gt;</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>urn:1</id>
<title>T</title><updated>2026-01-01T00:00:00Z</updated><link href="y"/>
<content type="html">&lt;b&gt;c&lt;/b&gt;</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/"><channel rdf:about="a"><title>F</title></channel>
<item rdf:about="urn:1"><title>T</title><link>https://a.ca/y</link></item></rdf:RDF>"""
PRISM = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns="http://purl.org/rss/1.0/">
<item rdf:about="urn:1"><title>T</title><prism:publicationName>Revue</prism:publicationName>
<prism:doi>10.1/x</prism:doi><prism:volume>4</prism:volume><prism:number>2</prism:number>
<prism:startingPage>10</prism:startingPage><prism:endingPage>19</prism:endingPage></item>
<item rdf:about="urn:2"><title>U</title><prism:startingPage>e7</prism:startingPage></item>
</rdf:RDF>"""
NETSCAPE = (
    '<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE rss PUBLIC '
    '"-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:{port}/rss-0.91.dtd">\n'
    '<rss version="0.91"><channel><title>Caf\xe9 &eacute;</title></channel></rss>'
)
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss version="2.0">&b;</rss>'


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    with FeedParser() as running:
        yield running


def test_an_rss_feed_becomes_plain_values(parser: FeedParser) -> None:
    feed = parser.parse(RSS.encode(), content_type="text/xml", url="https://a.ca/flux")
    (entry,) = feed.entries

    assert (feed.version, feed.title, feed.ttl_minutes) == ("rss20", "Santé & territoire", 90)
    assert (entry.id, entry.title, entry.link) == ("g1", "É", "https://a.ca/x")
    assert entry.published == datetime(2026, 2, 2, 8, 4, 5, tzinfo=UTC)
    assert (entry.authors, entry.tags) == (("A. Tremblay",), ("rural",))
    assert entry.identifiers == ("doi:10.1/x",)
    assert entry.summary == "<p>Soin</p>"
    assert not feed.is_malformed


def test_a_journal_says_where_in_it_an_article_stands(parser: FeedParser) -> None:
    first, second = parser.parse(PRISM.encode()).entries

    assert (first.source, first.identifiers) == ("Revue", ("10.1/x",))
    assert (first.volume, first.number, first.pages) == ("4", "2", "10-19")
    assert (second.volume, second.pages) == ("", "e7")


@pytest.mark.parametrize(("source", "version"), [(ATOM, "atom10"), (RDF, "rss10")])
def test_atom_and_rdf_are_read(parser: FeedParser, source: str, version: str) -> None:
    feed = parser.parse(source.encode(), url="https://a.ca/flux")

    assert feed.version == version
    assert [(entry.title, entry.link) for entry in feed.entries] == [("T", "https://a.ca/y")]


def test_a_json_feed_is_read_and_cleaned(parser: FeedParser) -> None:
    source = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "items": [
            {
                "id": 7,
                "url": "https://a.ca/1",
                "title": "a < b",
                "content_html": "<b onclick=x>a</b><script>x</script>",
                "date_published": "2026-01-02T03:04:05-05:00",
                "authors": [{"name": "N"}, "faux"],
                "tags": ["t", 3, None],
            },
            "pas un objet",
        ],
    }

    feed = parser.parse(b"\xef\xbb\xbf" + json.dumps(source).encode())
    (entry,) = feed.entries

    assert (entry.id, entry.title, entry.summary) == ("7", "a &lt; b", "<b>a</b>")
    assert (entry.authors, entry.tags) == (("N",), ("t", "3"))
    assert entry.published == datetime(2026, 1, 2, 8, 4, 5, tzinfo=UTC)
    assert feed.is_malformed


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (RSS.replace("utf-8", "utf-16").encode("utf-16"), ""),
        (RSS.replace("utf-8", "iso-8859-1").encode("latin-1"), ""),
        (RSS.encode("latin-1"), "text/xml; charset=ISO-8859-1"),
        (RSS.encode("latin-1"), ""),
        (RSS.encode(), "text/xml; charset=utf-7"),
        (RSS.encode(), 'text/xml; charset="inconnu"'),
        (RSS.replace("territoire", "terri\0toire").encode(), ""),
        (RSS.encode(), "text/xml; charset=iso-8859-1"),
        (RSS.encode(), "text/xml; charset=windows-1252"),
        (RSS.replace("utf-8", "us-ascii").encode(), ""),
    ],
)
def test_a_wrong_charset_still_gives_the_words(
    parser: FeedParser, body: bytes, content_type: str
) -> None:
    feed = parser.parse(body, content_type=content_type)

    assert feed.title == "Santé & territoire"
    assert feed.entries[0].title == "É"


@pytest.mark.parametrize("said", ["utf-8", "iso-8859-1"])
def test_a_sign_cut_in_its_middle_leaves_the_others_as_they_are(
    parser: FeedParser, said: str
) -> None:
    items = "".join(f"<item><title>Santé à l’été {one}</title></item>" for one in range(2))
    whole = f'<?xml version="1.0" encoding="{said}"?><rss version="2.0"><channel>{items}'
    cut = whole.encode() + "<item><title>Hôpit…</title></item>".encode()
    body = cut.replace("…".encode(), "…".encode()[:2]) + b"</channel></rss>"

    feed = parser.parse(body)

    titles = [entry.title for entry in feed.entries]
    assert titles == ["Santé à l’été 0", "Santé à l’été 1", "Hôpit\ufffd"]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("a &#55357;&#56832; b", "a \U0001f600 b"),
        ("a &#xD83D;&#xDE00; b", "a \U0001f600 b"),
        ("a &#x110000; b", "a \ufffd b"),
        ("a &#99999999999; b", "a \ufffd b"),
        ("a &#55357; b", "a \ufffd b"),
        ("a &#0;&#x1F; b", "a \ufffd\ufffd b"),
        ("a &#x0000000041; &#0233; &#38; b", "a A é & b"),
    ],
)
def test_a_reference_to_a_sign_that_is_none_spoils_nothing_else(
    parser: FeedParser, written: str, title: str
) -> None:
    items = f"<item><title>{written}</title></item><item><title>Deux</title></item>"

    feed = parser.parse(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())

    assert [entry.title for entry in feed.entries] == [title, "Deux"]


def test_an_external_document_type_is_ignored_and_never_fetched(
    parser: FeedParser, site: Site
) -> None:
    feed = parser.parse(NETSCAPE.replace("{port}", str(site.port)).encode("latin-1"))

    assert feed.title == "Café é"
    assert site.requests == []


@pytest.mark.parametrize(
    "source",
    [
        LAUGHS,
        "\ufeff<!-- x --><?a b?> " + LAUGHS,
        LAUGHS.replace("DOCTYPE", "doctype"),
        '<!DOCTYPE r SYSTEM "file:///etc/passwd" [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss/>',
        '<!DOCTYPE r "]>" [<!ENTITY a "b">]><rss/>',
        '<!DOCTYPE r><!ENTITY a "b"><rss/>',
        "<!DOCTYPE r><!DOCTYPE r><rss/>",
        "<!DOCTYPE r",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_that_declares_is_refused(
    parser: FeedParser, source: str, encoding: str
) -> None:
    with pytest.raises(FeedUnreadable, match="DOCTYPE"):
        parser.parse(source.encode(encoding))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"soin",
        b"<html><body>x</body></html>",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b'{"version": "https://jsonfeed.org/version/1", "items": 3}',
        b'{"a": ' + b"[" * 200_000,
        b"<rss>" + b"<a>" * 100_000,
        b"\0" * 10_000,
    ],
)
def test_what_is_no_feed_is_said_in_french(parser: FeedParser, body: bytes) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        parser.parse(body)
    assert caught.value.message.endswith(".")


def test_a_feed_of_very_many_entries_is_cut_to_a_thousand(parser: FeedParser) -> None:
    items = "<item><title>t</title></item>" * 1_500

    feed = parser.parse(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())

    assert len(feed.entries) == 1_000
    assert feed.is_truncated


def test_a_feed_says_what_sort_of_writing_it_is_and_its_licence(parser: FeedParser) -> None:
    names = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
    )
    item = "<title>t</title><dc:type>Review</dc:type><prism:section>Soins</prism:section>"
    item += "<dc:rights>CC BY</dc:rights>"
    source = f'<rss version="2.0" {names}><channel><item>{item}</item></channel></rss>'

    [entry] = parser.parse(source.encode()).entries

    assert (entry.types, entry.rights) == (("Review", "Soins"), "CC BY")


def test_an_impossible_date_is_no_date(parser: FeedParser) -> None:
    source = RSS.replace("Mon, 02 Feb 2026 03:04:05 -0500", "99 Foo 99999 99:99")

    assert parser.parse(source.encode()).entries[0].published is None


def test_a_child_killed_by_its_limits_is_replaced() -> None:
    hungry = b"<rss version='2.0'><channel " + b" ".join(b"a%d='x'" % n for n in range(600_000))
    with FeedParser(ParserLimits(memory_bytes=120_000_000)) as parser:
        parser.parse(RSS.encode())
        with pytest.raises(FeedUnreadable, match="mémoire"):
            parser.parse(hungry + b"/></rss>")
        assert parser.parse(RSS.encode()).title == "Santé & territoire"


def test_a_hostile_feed_costs_two_hundred_megabytes_at_most() -> None:
    """The resident memory of a child is part of its address space, which is what is bounded."""
    assert ParserLimits().memory_bytes <= 200_000_000


def test_a_feed_that_takes_too_long_is_given_up() -> None:
    endless = b"<rss>" + b"<a b='" * 1_000_000
    with FeedParser(ParserLimits(wall_seconds=0.5)) as parser:
        with pytest.raises(FeedUnreadable, match="temps"):
            parser.parse(endless)
        parser._limits = ParserLimits()
        assert parser.parse(RSS.encode()).entries


def test_a_child_is_replaced_after_its_share_of_feeds() -> None:
    with FeedParser(ParserLimits(uses=2)) as parser:
        children = set()
        for _turn in range(4):
            parser._servant._ready_child()
            children.add(parser._servant._child)
            parser.parse(RSS.encode())
    assert len(children) == 2


def test_a_body_past_the_limit_never_reaches_the_child() -> None:
    with FeedParser(ParserLimits(max_bytes=10)) as parser:
        with pytest.raises(FeedUnreadable, match="trop long"):
            parser.parse(RSS.encode())
        assert parser._servant._child is None


def test_threads_take_turns(parser: FeedParser) -> None:
    titles: list[str] = []

    def read(number: int) -> None:
        source = RSS.replace("Santé", f"Santé {number}")
        titles.append(f"{number} {parser.parse(source.encode()).title}")

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(titles) == [f"{number} Santé {number} & territoire" for number in range(6)]
