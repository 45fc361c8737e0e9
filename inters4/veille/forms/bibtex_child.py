"""The child process that reads BibTeX, one file after the other, under limits.

Run as a script, alone: it imports nothing of ours. A request is one frame, the text; the answer is
one frame of JSON: the entries, each with its `line` and its `fields`, None for one that is broken.
"""

import json
import resource
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    Entry,
    MiddlewareErrorBlock,
    ParsingFailedBlock,
)


def main() -> None:
    """Answer requests until standard input closes."""
    memory, seconds = (int(argument) for argument in sys.argv[1:3])
    for limit, value in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows no limit on address space
            resource.setrlimit(getattr(resource, limit), (value, value))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(4)) == struct.calcsize(">I"):
        text = source.read(struct.unpack(">I", head)[0]).decode()
        answer = json.dumps(list(_entries(text))).encode()
        sink.write(struct.pack(">I", len(answer)) + answer)
        sink.flush()


def _entries(text: str) -> Iterator[dict[str, Any]]:
    library = parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    for read in library.blocks:
        block = read
        if isinstance(block, DuplicateBlockKeyBlock | MiddlewareErrorBlock):
            block = block.ignore_error_block or block
        line = (block.start_line or 0) + 1
        if isinstance(block, Entry):
            fields = {field.key.lower(): str(field.value) for field in block.fields}
            yield {"line": line, "fields": fields | {"entrytype": block.entry_type}}
        elif isinstance(block, ParsingFailedBlock):
            yield {"line": line, "fields": None}


if __name__ == "__main__":
    main()
