"""Networks are told apart, and their addresses are kept nowhere."""

import pytest

from inters4.core.networks import network_mark, network_of, without_port


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.77"),
        ("::ffff:192.0.2.77", "192.0.2.77"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_one_person_commands_an_address_or_a_whole_ipv6_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("192.0.2.77:5123", "192.0.2.77"),
        ("192.0.2.77", "192.0.2.77"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
    ],
)
def test_the_port_that_a_proxy_writes_is_left_out(written: str, address: str) -> None:
    assert without_port(written) == address


def test_a_mark_is_the_same_for_one_network_and_says_nothing_of_it() -> None:
    mark = network_mark("2001:db8:1:2:aaaa::1", key="a key")

    assert mark == network_mark("2001:db8:1:2:bbbb::9", key="a key")
    assert mark != network_mark("2001:db8:1:3::1", key="a key")
    assert mark != network_mark("2001:db8:1:2:aaaa::1", key="another key")
    assert len(mark) == 32
    assert "2001" not in mark
