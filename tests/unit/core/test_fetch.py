"""Outgoing requests without a network: addresses, policy, decompression."""

import gzip
import zlib
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inters4.core.fetch import FetchFailed, FetchPolicy, FetchRefused, FetchTooLarge
from inters4.core.fetch.addresses import is_public
from inters4.core.fetch.decoding import read_body
from inters4.settings import Settings

POLICY = FetchPolicy()


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
        *("172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.8", "192.0.2.1", "198.18.0.1"),
        *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("168.63.129.16", "192.88.99.1"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "64:ff9b::127.0.0.1"),
        *("64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:a00:1::1"),
        "2002:a00:808:808::1",  # 10.0.8.8, then a subnet that spells 8.8.8.8
        *("100.127.255.255", "198.19.255.255", "10.255.255.255", "192.168.255.255"),
        *(
            "2606:4700::1%eth0",
            "2001::1",
            "2001:0:53aa:64c:0:0:80ff:fffe",
            "2001:db8::1",
            "3fff::1",
            "100::1",
        ),
    ],
)
def test_an_address_of_a_private_network_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2607:f8b0::1", "64:ff9b::8.8.8.8", "2002:808:808::1"],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_what_the_standard_library_calls_private_is_never_public(address: object) -> None:
    parsed = ip_address(str(address))
    if parsed.is_private or parsed.is_multicast or parsed.is_reserved or parsed.is_loopback:
        assert not is_public(parsed)


@pytest.mark.parametrize(
    "url",
    [
        *("http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://127.1/"),
        *("http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.0.0.01/", "http://127.0.0.1.1/"),
        *("http://0/", "http://1.2.3/", "http://a.0x1/", "http://[::1%25lo]/", "http://[::g]/"),
        *("http://user@a.ca/", "http://user:pass@a.ca/", "http://a.ca@127.0.0.1/", "http://@a.ca/"),
        *("http://a.ca\\@127.0.0.1/", "http://a.ca\\.b.ca/", "http://a.ca /", "http://a\t.ca/"),
        *("http://a.ca/\r\nHost: b", "http:///x", "http://", "http:a.ca", "//a.ca/", "a.ca", ""),
        *("ftp://a.ca/", "file:///etc/passwd", "gopher://a.ca/", "javascript:alert(1)", "data:,x"),
        *("http://a.ca:22/", "http://a.ca:8080/", "https://a.ca:0/", "http://a.ca:99999/"),
        *("http://-a.ca/", "http://a..ca/", "http://a_.ca:81/", "http://a.ca%00.b.ca/"),
        *("http://①②⑦.⓪.⓪.①/", "http://127。0。0。1:81/", "http://a.ca/" + "x" * 2_000),
    ],
)
def test_an_address_that_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused) as caught:
        POLICY.check_url(url)
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://A.ca/x#y", "http://a.ca/x"),
        ("https://a.ca.:443/", "https://a.ca/"),
        ("https://québec.ca/é?q=à", "https://xn--qubec-csa.ca/%C3%A9?q=%C3%A0"),
        ("http://a_b.c-d.ca", "http://a_b.c-d.ca"),
        ("https://[2607:f8b0::1]/", "https://[2607:f8b0::1]/"),
    ],
)
def test_a_web_address_is_read_once_for_all(url: str, read: str) -> None:
    assert str(POLICY.check_url(url)) == read


def test_an_exact_pair_is_allowed_and_nothing_near_it() -> None:
    policy = FetchPolicy(allowed=frozenset({"127.0.0.1:8001", "[::1]:8002", "veille.local:8003"}))

    policy.check_url("http://127.0.0.1:8001/")
    policy.check_url("http://[::1]:8002/")
    policy.check_url("http://Veille.local.:8003/")
    for url in ["http://127.0.0.1:8002/", "http://127.1:8001/", "http://a.veille.local:8003/"]:
        with pytest.raises(FetchRefused):
            policy.check_url(url)


def test_the_policy_follows_the_settings() -> None:
    settings = Settings.from_env(
        {
            "INTERS4_FETCH_PORTS": "443",
            "INTERS4_FETCH_ALLOW": "Flux.local:9000",
            "INTERS4_SECRET_KEY": "x" * 40,
            "INTERS4_URL": "https://savoirs.exemple.ca",
        }
    )

    policy = FetchPolicy.from_settings(settings)

    assert policy.ports == {443}
    assert policy.admits_privately("flux.local", 9000)
    assert policy.user_agent.endswith("(+https://savoirs.exemple.ca)")


def _raw_deflate(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return machine.compress(data) + machine.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "GZip ": lambda data: gzip.compress(data[:5]) + gzip.compress(data[5:]) + b"\0\0",
    "deflate": zlib.compress,
    " deflate": _raw_deflate,
    "br": partial(brotli.compress, quality=9),  # above, a bomb takes seconds to make
}


def _sliced(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_body_is_decompressed_whatever_the_slices(encoding: str, size: int) -> None:
    data = bytes(range(256)) * 20

    packed = PACKERS[encoding](data)

    assert read_body(_sliced(packed, size), encoding=encoding, max_bytes=len(data)) == data


@pytest.mark.parametrize("encoding", ["gzip", "deflate", " deflate", "br"])
def test_a_bomb_is_stopped_while_it_swells(encoding: str) -> None:
    packed = PACKERS[encoding](b"\0" * 30_000_000)
    read: list[int] = []

    def chunks() -> object:
        for piece in _sliced(packed, 512):
            read.append(len(piece))
            yield piece

    with pytest.raises(FetchTooLarge):
        read_body(chunks(), encoding=encoding, max_bytes=1_000_000)  # type: ignore[arg-type]
    assert sum(read) < max(1_024, len(packed) // 10)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_damaged_or_cut_body_is_refused(encoding: str) -> None:
    packed = PACKERS[encoding](bytes(range(256)) * 50)

    for damaged in (packed[:-9], b"\xff" * 40):
        with pytest.raises(FetchFailed):
            read_body([damaged], encoding=encoding, max_bytes=100_000)


def test_a_compression_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(FetchFailed):
        read_body([b"x"], encoding="gzip, gzip", max_bytes=100)


@pytest.mark.parametrize("encoding", PACKERS)
def test_an_empty_body_is_empty_whatever_its_encoding(encoding: str) -> None:
    if encoding.strip().lower() == "gzip":
        return
    assert read_body([], encoding=encoding, max_bytes=100) == b""
