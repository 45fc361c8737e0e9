"""Files of references that write one field a line after its tag: RIS, and NBIB of PubMed.

Both put the tag in four columns before a dash. A record opens with TY or PMID; what stands before
the first is left out, as exports often begin with a heading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_FIRST = re.compile(r"^([ \t]*+)(?:TY  |PMID)-", re.MULTILINE)
_FIELD = re.compile(r"([A-Z][A-Z0-9][A-Z0-9 ]{2})-(?: (.*))?")
_OPENING = frozenset({"TY", "PMID"})
_END = "ER"
_LONGEST_FIELD = 20_000


@dataclass(slots=True)
class Record:
    """A reference: the line where it opens, and its fields in order, by tag."""

    line: int
    fields: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *tags: str) -> str:
        """The first value of the first of these tags that has one."""
        return next((self.fields[tag][0] for tag in tags if tag in self.fields), "")

    def every(self, *tags: str) -> tuple[str, ...]:
        """The values of the first of these tags that has any."""
        return next((tuple(self.fields[tag]) for tag in tags if tag in self.fields), ())

    @property
    def is_nbib(self) -> bool:
        """True for what PubMed writes."""
        return "PMID" in self.fields


def read_tagged(text: str) -> Iterator[Record]:
    """Each record of `text`; one that is not closed is a record all the same.

    One may be set back as a whole, as mail programs do with what they quote.
    """
    record: Record | None = None
    tag = ""
    first = _FIRST.search(text)
    indent = first[1] if first else ""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _FIELD.fullmatch(line.removeprefix(indent).rstrip())
        if found is None:
            if record is not None and tag and line.strip():
                values = record.fields[tag]
                if len(values[-1]) < _LONGEST_FIELD:
                    values[-1] = f"{values[-1]} {line.strip()}"[:_LONGEST_FIELD]
            continue
        tag = found[1].strip()
        if tag in _OPENING and (record is None or tag in record.fields):
            if record is not None:
                yield record
            record = Record(number)
        if record is None:
            continue
        if tag == _END:
            yield record
            record, tag = None, ""
            continue
        record.fields.setdefault(tag, []).append((found[2] or "").strip()[:_LONGEST_FIELD])
    if record is not None:
        yield record
