import io
import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog

from inters4.core import logs
from inters4.settings import Settings

Journal = Callable[..., io.StringIO]


@pytest.fixture
def journal() -> Iterator[Journal]:
    """Configure the journal on a stream, then put back what the process had."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()

    def configured(**environ: str) -> io.StringIO:
        settings = Settings.from_env({"INTERS4_SECRET_KEY": "k" * 40} | environ)
        logs.configure(settings, stream=stream)
        return stream

    yield configured
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def _fail(message: str) -> None:
    raise ValueError(message)


def test_an_event_is_one_line_with_its_values(journal: Journal) -> None:
    stream = journal()
    structlog.get_logger().info("mail_sent", kind="réponse à la question", attempt=2)

    line = stream.getvalue()
    assert line.count("\n") == 1
    assert " info " in line
    assert line.endswith(' mail_sent kind="réponse à la question" attempt=2\n')


def test_a_value_cannot_forge_a_line(journal: Journal) -> None:
    stream = journal()
    forged = "x\n2026-01-01 info login member=admin\r\x1b[2J\u2028\u202e\x85"
    structlog.get_logger().warning("refused", name=forged)

    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()
    assert r"x\n2026" in stream.getvalue()


def test_a_value_cannot_forge_another_value(journal: Journal) -> None:
    stream = journal()
    structlog.get_logger().warning("refused", name='\\" member="admin')

    assert stream.getvalue().endswith('refused name="\\\\\\" member=\\"admin"\n')


def test_the_message_of_an_exception_cannot_forge_a_line(journal: Journal) -> None:
    stream = journal()
    try:
        _fail("bad\n2026-01-01T00:00:00 info login member=admin")
    except ValueError:
        structlog.get_logger().exception("broken")

    first, *others = stream.getvalue().splitlines()
    assert "broken" in first
    assert all(line.startswith("    | ") for line in others)


def test_json_lines_can_be_read_back(journal: Journal) -> None:
    stream = journal(INTERS4_LOG_FORMAT="json")
    structlog.get_logger().info("saved", title="a\nb\u2028c\x85 « é »", count=3)

    (line,) = stream.getvalue().splitlines()
    event = json.loads(line)
    assert list(event)[:3] == ["at", "level", "event"]
    assert event["title"] == "a\nb\u2028c\x85 « é »"
    assert event["count"] == 3


@pytest.mark.parametrize("name", ["password", "smtp_password", "jeton", "Authorization", "api_key"])
def test_a_secret_is_hidden_by_its_name(journal: Journal, name: str) -> None:
    stream = journal()
    structlog.get_logger().info("seen", **{name: "s3cr3t"}, inside={name: "s3cr3t"})

    assert "s3cr3t" not in stream.getvalue()


def test_the_password_of_an_address_is_hidden(journal: Journal) -> None:
    stream = journal()
    logging.getLogger("sqlalchemy").warning("lost postgresql+psycopg://portal:hunter2@base/portal")

    assert "hunter2" not in stream.getvalue()
    assert "portal:***@base" in stream.getvalue()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("550 5.1.1 <marie.roy+a@exemple.org>: unknown", "550 5.1.1 <***@exemple.org>: unknown"),
        ("zoé@santé.exemple.ca, o'neil@exemple.ca.", "***@santé.exemple.ca, ***@exemple.ca."),
        ("https://portail@exemple.org/x?a=1@2", "https://***@exemple.org/x?a=1@2"),
    ],
)
def test_of_an_email_address_its_domain_alone_is_written(
    journal: Journal, said: str, written: str
) -> None:
    stream = journal(INTERS4_LOG_FORMAT="json")
    structlog.get_logger().warning("mail_failed", reason=said, others=[said])
    try:
        _fail(said)
    except ValueError:
        structlog.get_logger().exception("failed")

    assert stream.getvalue().count(written) == 3
    assert said not in stream.getvalue()


def test_the_parameters_of_a_statement_are_hidden(journal: Journal) -> None:
    stream = journal()
    try:
        _fail("UPDATE members\n[parameters: ('$argon2id$...',\n 'x')]\n(see docs)")
    except ValueError:
        structlog.get_logger().exception("broken")

    assert "argon2id" not in stream.getvalue()
    assert "(see docs)" in stream.getvalue()


def test_libraries_and_warnings_write_the_same_way(journal: Journal) -> None:
    stream = journal(INTERS4_LOG_FORMAT="json")
    logging.getLogger("gunicorn.error").warning("worker %s is late", 12)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old habits", DeprecationWarning, stacklevel=1)

    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["logger"]) == ("worker 12 is late", "gunicorn.error")
    assert "old habits" in second["event"]
    assert second["logger"] == "py.warnings"


def test_chatty_libraries_only_warn(journal: Journal) -> None:
    stream = journal()
    logging.getLogger("huey.consumer").info("hello")
    logging.getLogger("inters4").info("kept")

    assert "hello" not in stream.getvalue()
    assert "kept" in stream.getvalue()


def test_an_id_bound_once_appears_in_all_that_follows(journal: Journal) -> None:
    stream = journal()
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.get_logger().info("one")
        logging.getLogger("library").warning("two")
    structlog.get_logger().info("three")

    one, two, three = stream.getvalue().splitlines()
    assert "request_id=abc" in one
    assert "request_id=abc" in two
    assert "request_id" not in three


def test_the_level_is_a_setting(journal: Journal) -> None:
    stream = journal(INTERS4_LOG_LEVEL="error")
    structlog.get_logger().warning("quiet")

    assert stream.getvalue() == ""
    assert logging.getLogger().handlers[0].stream is not sys.stdout  # type: ignore[attr-defined]
