"""Does an answer tell who has an account? `python -m bench.joining`.

The forms of registration and of sign-in are sent through the WSGI application, to addresses that
have an account and to others in turn, each from a network of its own so that no throttle answers.
Both kinds compute one password hash and send the same statements (a test compares them); here is
the clock. The limit is wide, because a hash of tens of milliseconds varies more than a query: what
is looked for is a hash that one of the two kinds would not compute.
"""

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from flask import Flask

from bench.demo import prepared_demo
from inters4.app import create_app
from inters4.members.services import DEMO_PEOPLE
from inters4.settings import Settings

RATIO_LIMIT = 1.5
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_PASSWORD = "sept bouleaux sous la neige"  # noqa: S105  (of nobody)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 1 when one kind of address is told from the other by the clock."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.joining")
    parser.add_argument("--rounds", type=int, default=2, help="times each address is tried")
    rounds = parser.parse_args(arguments).rounds
    with prepared_demo() as (_folder, environment):
        app = create_app(Settings.from_env(environment))
        good = [
            _compare(app, "registration", "/inscription", _registration, rounds),
            _compare(app, "sign-in", "/connexion", _sign_in, rounds),
        ]
    return 0 if all(good) else 1


def _compare(
    app: Flask, name: str, path: str, form: Callable[[str], dict[str, str]], rounds: int
) -> bool:
    known = [person.email for person in DEMO_PEOPLE]
    unknown = [f"bench-{number}@exemple.ca" for number in range(len(known))]
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    network = 0
    for _round in range(rounds):
        for pair in zip(known, unknown, strict=True):
            for kind, email in zip(spent, pair, strict=True):
                network += 1
                spent[kind].append(_send(app, path, form(email), network=network))
    medians = {kind: statistics.median(times) * 1000 for kind, times in spent.items()}
    ratio = max(medians.values()) / min(medians.values())
    sys.stdout.write(
        f"{name:<14} known {medians['known']:6.1f} ms   unknown {medians['unknown']:6.1f} ms   "
        f"ratio {ratio:.2f} (limit {RATIO_LIMIT})\n"
    )
    return ratio <= RATIO_LIMIT


def _send(app: Flask, path: str, form: dict[str, str], *, network: int) -> float:
    client = app.test_client()
    found = _TOKEN.search(client.get(path).get_data(as_text=True))
    token = found[1] if found else ""
    address = f"10.{network // 65_536}.{network // 256 % 256}.{network % 256}"
    start = time.perf_counter()
    answer = client.post(
        path, data={**form, "csrf_token": token}, environ_base={"REMOTE_ADDR": address}
    )
    spent = time.perf_counter() - start
    if answer.status_code not in {303, 422}:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return spent


def _registration(email: str) -> dict[str, str]:
    return {
        "nom": "Ariane Essai",
        "courriel": email,
        "organisation": "cisss-bsl",
        "mot_de_passe": _PASSWORD,
    }


def _sign_in(email: str) -> dict[str, str]:
    return {"courriel": email, "mot_de_passe": _PASSWORD}


if __name__ == "__main__":
    sys.exit(main())
