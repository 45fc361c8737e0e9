from datetime import timedelta

import pytest

from inters4.core.processes.access_log import (
    access_event,
    client_address,
    shown_address,
    shown_path,
    shown_query,
)


def test_what_people_search_is_not_written() -> None:
    assert shown_query("q=t%C3%A9l%C3%A9soins&region=rss01&page=2") == "q=***&region=rss01&page=2"


def test_what_is_typed_where_a_name_should_be_is_not_written() -> None:
    assert shown_query("marie%40exemple.org&Marie+Roy=1&annee_min=2019&x=1") == (
        "***=***&***=***&annee_min=2019&x=***"
    )


def test_a_signed_link_is_not_written() -> None:
    assert shown_query("signature=abc&jeton=def&email=ada%40exemple.ca") == (
        "signature=***&jeton=***&email=***"
    )


@pytest.mark.parametrize(
    "token",
    [
        "Zm9vYmFyYmF6cXV4Y29ycmVjdGhvcnNl",
        "eyJpZCI6NDJ9.aGVsbG8.c2lnbmF0dXJl",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "9f86d081884c7d659a2feaa0c55ad015",
    ],
)
def test_a_token_in_a_path_is_not_written(token: str) -> None:
    assert shown_path(f"/fichiers/{token}") == "/fichiers/***"


@pytest.mark.parametrize(
    "path",
    [
        "/pratiques/repit-a-domicile-pour-les-proches-aidants-2",
        "/veille/resumes/telesoins-en-region-eloignee",
        "/infolettres/infolettre-interregionale/12",
        "/recherche",
    ],
)
def test_the_path_of_a_page_is_written(path: str) -> None:
    assert shown_path(path) == path


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3::4", "2001:db8:1::"),
        ("127.0.0.1", "127.0.0.1"),
        ("not an address\n", "?"),
        ("", "?"),
    ],
)
def test_an_address_is_cut_to_its_network(address: str, shown: str) -> None:
    assert shown_address(address) == shown


def test_a_forwarded_address_counts_only_behind_a_proxy() -> None:
    environ = {
        "REMOTE_ADDR": "10.0.0.1",
        "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.7",
    }

    assert client_address(environ, proxies=0) == "10.0.0.1"
    assert client_address(environ, proxies=1) == "203.0.113.7"
    assert client_address(environ, proxies=2) == "6.6.6.6"
    assert client_address(environ, proxies=3) == "10.0.0.1"


def test_the_port_that_a_proxy_writes_hides_no_address_from_the_journal() -> None:
    environ = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7:4431"}

    assert client_address(environ, proxies=1) == "203.0.113.7"


def test_a_line_says_what_an_operator_needs() -> None:
    event = access_event(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/recherche", "REMOTE_ADDR": "203.0.113.7"},
        status=200,
        size=5120,
        duration=timedelta(milliseconds=12),
        proxies=0,
    )

    assert event == {
        "method": "GET",
        "path": "/recherche",
        "status": 200,
        "size": 5120,
        "ms": 12,
        "from": "203.0.113.0",
    }
