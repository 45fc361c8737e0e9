"""Every page that a link leads to, as each person sees it: whole, valid, in good French."""

import fcntl
import pickle
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from inters4.core.access import Role
from inters4.members.services.demo import DEMO_PEOPLE, DemoPerson
from tests.builders.demonstration import prepared
from tests.builders.reading import ReadPage, read_page
from tests.integration.portal.conftest import Demonstration

START = ("/", "/sitemap.xml", "/recherche?q=domicile", "/nulle-part")
MOST = {"search": 40, "balance": 40}
"""Searches lead to searches without end, a period to the one before: enough of them are read to
see each kind of link."""
MOST_OF_A_ROLE = {**MOST, "term": 60}
"""What a role adds to the pages of a term is the same for every term: only a word differs."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that a link led to."""

    address: str
    found_on: str
    status: int
    page: ReadPage | None


def walk(
    client: FlaskClient,
    *,
    language: str = "",
    but: Collection[str] = (),
    most: Mapping[str, int] = MOST,
) -> Iterator[Seen]:
    """Follow every link of the portal from the home page; files and feeds are asked for too.

    `but`: addresses that need not be read again; `most`: how many of a kind are enough.
    """
    waiting = [(address, "") for address in START]
    known = {*START, *but}
    met = Counter[str]()
    while waiting:
        address, found_on = waiting.pop(0)
        sep = "&" if "?" in address else "?"
        answer = client.get(f"{address}{sep}lang={language}" if language else address)
        page = None
        if answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303}:
            page = read_page(answer.get_data(as_text=True), address=address)
        yield Seen(address, found_on, answer.status_code, page)
        links = page.links if page else []
        if answer.status_code in {301, 302, 303}:
            links = [answer.headers["Location"]]
        for link in links:
            path, _, query = link.partition("?")
            if link in known or not link.startswith("/") or "lang=" in query:
                continue  # another language is asked for by the test alone
            if path == "/connexion" and "/connexion" in known:
                continue  # each page that asks to sign in leads there: it is read once
            known.add(link)
            kind = _kind(path, query)
            met[kind] += 1
            if met[kind] <= most.get(kind, met[kind]):
                waiting.append((link, address))
        answer.close()


def _kind(path: str, query: str) -> str:
    """The kind of which there are too many pages alike, if any."""
    if path.startswith("/bilan"):
        return "balance"
    if query:
        return "search"
    return "term" if path.startswith(("/admin/vocabulaire/", "/themes/")) else ""


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory, demonstration: Demonstration) -> list[Seen]:
    """Every page, as a visitor sees it; read once in a run of tests, whoever asks first."""
    folder = prepared(tmp_path_factory).folder.parent
    kept = folder / "public.pickle"
    with (folder / "public.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(list(walk(demonstration.visitor()))))
    found: list[Seen] = pickle.loads(kept.read_bytes())  # noqa: S301  (we wrote it)
    return found


def test_every_link_leads_somewhere_and_every_page_is_whole(public: list[Seen]) -> None:
    assert len(public) > 300
    assert complaints(public) == []


@pytest.mark.parametrize("person", DEMO_PEOPLE, ids=[person.key for person in DEMO_PEOPLE])
def test_what_each_role_adds_is_whole_and_in_good_french(
    demonstration: Demonstration, public: list[Seen], person: DemoPerson
) -> None:
    known = {one.address for one in public}
    files = {one.address for one in public if one.status == 200 and one.page is None}
    broker = next(person for person in DEMO_PEOPLE if person.role is Role.BROKER)
    but = files if person is broker else known  # one broker sees every state
    seen = list(walk(demonstration.person(person.key), but=but, most=MOST_OF_A_ROLE))

    assert "/compte" in {one.address for one in seen} - known
    assert [*complaints(seen), *faults(seen)] == []


def complaints(seen: list[Seen]) -> list[str]:
    """What is wrong with the pages, one line each."""
    wrong = [f"{one.status} {one.address} (from {one.found_on})" for one in seen if _is_wrong(one)]
    return wrong + [
        f"{one.address}: {complaint}"
        for one in seen
        if one.page is not None
        for complaint in (
            *one.page.errors,
            *(f"id given twice: {name}" for name in one.page.duplicate_ids),
            *([] if one.page.titles == 1 else [f"{one.page.titles} h1"]),
        )
    ]


def faults(seen: list[Seen]) -> list[str]:
    """What is not written as Québec writes, one line each."""
    return sorted(
        {f"{one.address}: {fault}" for one in seen if one.page for fault in one.page.faults}
    )


def test_every_page_follows_the_typography_of_quebec(public: list[Seen]) -> None:
    assert faults(public) == []


def test_every_page_is_whole_in_english(demonstration: Demonstration) -> None:
    seen = [one for one in walk(demonstration.visitor(), language="en") if one.page is not None]

    assert {one.page.language for one in seen if one.page} == {"en"}
    assert [(one.address, one.page.errors) for one in seen if one.page and one.page.errors] == []


def _is_wrong(one: Seen) -> bool:
    if one.address == "/nulle-part":
        return one.status != 404
    return one.status not in {200, 301, 302, 303}
