"""For maintainers: `python -m inters4.core.catalogue` brings the message catalogues up to date.

It extracts every message from the code and the templates, keeps the translations that stand,
drops those that nothing says any more, and compiles. With `--check` it writes nothing and says
what differs: the suite and `make check` run that. French needs a catalogue too, for its plurals,
which count 0 with 1. What click says has a French catalogue of its own, written by hand.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from inters4.core.i18n import LANGUAGES
from inters4.core.paths import PACKAGE, templates_dir, translations_dir

_KEYWORDS = {"_": None, "gettext": None, "lazy": None, "mark": None, "ngettext": (1, 2)}
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "en": "nplurals=2; plural=(n != 1);"}


def extract() -> Catalog:
    """Every message that the portal can say, with the file that says it."""
    found = Catalog(charset="utf-8")
    sources: tuple[tuple[Path, str, str, str], ...] = (
        (PACKAGE, "**.py", "inters4.core.messages:in_code", "inters4"),
        (templates_dir(), "**", "inters4.core.messages:in_template", "templates"),
    )
    for folder, pattern, method, label in sources:
        for name, _line, message, _comments, _context in extract_from_dir(
            folder,
            method_map=[(pattern, method)],
            keywords=_KEYWORDS,
        ):
            found.add(message, locations=[(f"{label}/{Path(name).as_posix()}", 0)])
    return found


def update(code: str, extracted: Catalog) -> Catalog:
    """The catalogue of `code`, holding exactly what was extracted."""
    old = _read(code)
    fresh = Catalog(locale=code, charset="utf-8", fuzzy=False)
    for message in sorted(extracted, key=_order):
        if not message.id:
            continue
        known = old.get(message.id)
        if known is not None and isinstance(known.id, str) != isinstance(message.id, str):
            known = None  # it has taken, or lost, its plural since
        strings = known.string if known is not None else _untranslated(message, code)
        if code == "fr":
            strings = _untranslated(message, code)
        locations = [(name, 0) for name in sorted({place for place, _line in message.locations})]
        fresh.add(message.id, strings, locations=locations)
    return fresh


def as_po(catalogue: Catalog) -> bytes:
    """The editable file, without dates or line numbers, so that it only changes for a reason."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, omit_header=True, include_lineno=False)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {_PLURALS[str(catalogue.locale)]}\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def as_mo(po: bytes) -> bytes:
    """The compiled file that the portal reads, dated by nothing: it changes with its messages."""
    catalogue = read_po(io.BytesIO(po))
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def files(code: str, domain: str = "messages") -> tuple[Path, Path]:
    """(editable, compiled) catalogue of `code`."""
    folder = translations_dir() / code / "LC_MESSAGES"
    return folder / f"{domain}.po", folder / f"{domain}.mo"


def problems(extracted: Catalog) -> Iterator[str]:
    """What is missing, superfluous, untranslated or not compiled, one sentence each."""
    for code in LANGUAGES:
        catalogue = update(code, extracted)
        po, mo = files(code)
        wanted = as_po(catalogue)
        if not po.exists() or po.read_bytes() != wanted:
            yield f"{code}: messages.po is not up to date (make messages)"
        if not mo.exists() or mo.read_bytes() != as_mo(wanted):
            yield f"{code}: messages.mo is not compiled from messages.po (make messages)"
        for message in catalogue:
            if message.id and not _is_translated(message):
                yield f"{code}: not translated: {message.id!r}"
    po, mo = files("fr", "click")
    if not mo.exists() or mo.read_bytes() != as_mo(po.read_bytes()):
        yield "fr: click.mo is not compiled from click.po (make messages)"


def main(arguments: list[str]) -> int:
    """Exit status: 1 when `--check` finds a difference, or a message lacks its English."""
    extracted = extract()
    if "--check" not in arguments:
        for code in LANGUAGES:
            po, mo = files(code)
            po.parent.mkdir(parents=True, exist_ok=True)
            po.write_bytes(as_po(update(code, extracted)))
            mo.write_bytes(as_mo(po.read_bytes()))
        po, mo = files("fr", "click")
        mo.write_bytes(as_mo(po.read_bytes()))
    found = list(problems(extracted))
    for problem in found:
        sys.stdout.write(problem + "\n")
    return 1 if found else 0


def _read(code: str) -> Catalog:
    po, _mo = files(code)
    if not po.exists():
        return Catalog(locale=code)
    return read_po(io.BytesIO(po.read_bytes()), locale=code)


def _order(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def _untranslated(message: Message, code: str) -> str | tuple[str, ...]:
    if code == "fr":
        return message.id if isinstance(message.id, tuple) else str(message.id)
    return ("", "") if isinstance(message.id, tuple) else ""


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and not message.fuzzy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
