"""One way to write the journal, for our code and for every library, to standard error.

An event is a name in English and values: `log.info("mail_sent", kind=kind)`. A value never breaks
its line, so that nobody can forge an event; passwords, tokens and the parameters of SQL statements
are taken out before anything is written, and of an e-mail address its domain alone stays: relays
quote whoever they refuse. The id of a request or of a job is bound once and appears in all that
follows.
"""

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

from inters4.core.absent import absent
from inters4.settings import LogFormat, Settings

with absent("rich"):  # it would paint tracebacks, which the journal writes as they are
    import structlog

EventDict = MutableMapping[str, Any]

HIDDEN = "***"
_SECRET_NAME = re.compile(
    r"pass(word|e)?$|passphrase|mot_?de_?passe|secret|token|jeton|authorization|cookie|api_?key"
    r"|credential|signature",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")
_EMAIL = re.compile(r"[\w.+'-]{1,64}@((?:[\w-]{1,63}\.){1,9}[^\W\d_]{2,})")
_SQL_PARAMETERS = re.compile(r"\[parameters: .*?\]$", re.MULTILINE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PLAIN = re.compile(r"[^\s\"'=\\]+")
_QUIET = ("gunicorn.error", "huey", "alembic", "httpx", "httpcore", "asyncio", "PIL")


def configure(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Set up the journal of this process; call it once, first thing.

    `stream` is standard error unless a test gives another.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Callable[..., Any]] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _name_the_library],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide_secrets,
                as_json if settings.log_format is LogFormat.JSON else as_text,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in _QUIET:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(level if level <= logging.DEBUG else max(level, logging.WARNING))


def hide_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Take out what must not be kept: by the name of the value, then by its looks."""
    for name, value in event.items():
        event[name] = HIDDEN if _SECRET_NAME.search(name) else _clean(value)
    return event


def as_json(_logger: object, _method: str, event: EventDict) -> str:
    """One line of JSON, the instant and the event first."""
    head = {name: event.pop(name) for name in ("at", "level", "event") if name in event}
    return escape(json.dumps(head | dict(event), ensure_ascii=False, default=str))


def as_text(_logger: object, _method: str, event: EventDict) -> str:
    """One line for people; a traceback follows, each of its lines behind a bar."""
    exception = str(event.pop("exception", ""))
    moment, level = str(event.pop("at", "")), str(event.pop("level", ""))
    words = [moment[:23] + "Z", f"{level:<7}", escape(str(event.pop("event", "")))]
    words += [f"{name}={_written(value)}" for name, value in event.items()]
    line = " ".join(words)
    if exception:
        line += "".join(f"\n    | {escape(row)}" for row in exception.splitlines())
    return line


def escape(text: str) -> str:
    r"""`text` without characters that break or reorder a line: a line feed becomes `\n`."""
    return _CONTROL.sub(lambda found: _SHORT.get(found[0], f"\\u{ord(found[0]):04x}"), text)


def _written(value: object) -> str:
    text = value if isinstance(value, str) else str(value)
    if _PLAIN.fullmatch(text) and not _CONTROL.search(text):
        return text
    return escape(json.dumps(text, ensure_ascii=False))


def _clean(value: object) -> object:
    if isinstance(value, str):
        text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", value)
        text = _EMAIL.sub(rf"{HIDDEN}@\1", text) if "@" in text else text
        return _SQL_PARAMETERS.sub("[parameters: …]", text)
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if _SECRET_NAME.search(str(name)) else _clean(item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return _clean(str(value))


def _name_the_library(_logger: object, _method: str, event: EventDict) -> EventDict:
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["logger"] = record.name
    return event
