"""A whole demonstration in one process: what ships, indexed, and its people."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inters4.app import load_domains
from inters4.core import db
from inters4.core.jobs import jobs
from inters4.search.queries import engine
from inters4.settings import Settings
from tests.builders.application import Lender
from tests.builders.compiled import CompiledTemplates
from tests.builders.demonstration import prepared
from tests.builders.web import csrf


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The application on a demonstration."""

    app: Flask

    def visitor(self) -> FlaskClient:
        """A browser without cookies."""
        return self.app.test_client()

    def person(self, key: str) -> FlaskClient:
        """A browser in which a person of the demonstration is signed in."""
        client = self.app.test_client()
        token = csrf(client, "/connexion")
        told = client.post("/connexion/demonstration", data={"personne": key, "csrf_token": token})
        assert told.status_code == 303, key
        return client


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """A copy of what `inters4 demo` prepared; the tests of a module share it and only read."""
    data = prepared(tmp_path_factory).copy(tmp_path_factory.mktemp("portal") / "var")
    settings = Settings.from_env(
        {
            "INTERS4_DATA_DIR": str(data),
            "INTERS4_MAIL": "memory",
            "INTERS4_SECRET_KEY": "a key made for tests, long enough to pass",
        }
    )
    db.dispose()
    load_domains()
    db.bind(settings.database_url)
    yield Demonstration(Lender(CompiledTemplates()).make(settings))
    jobs.close()
    jobs._settings = None
    engine.close()
    db.dispose()
