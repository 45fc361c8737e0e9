"""The child process that tries regular expressions.

Run as a script, alone: it imports nothing of ours. A request is one frame of JSON, `pattern` and
`texts`; the answer is one frame of JSON: `found`, the places of the texts that match, or
`refusal`, what is wrong with the expression.
"""

import json
import re
import resource
import struct
import sys
import warnings
from contextlib import suppress
from typing import Any


def main() -> None:
    """Answer requests until standard input closes."""
    memory = int(sys.argv[1])
    warnings.simplefilter("ignore")
    for limit, value in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows no limit on address space
            resource.setrlimit(getattr(resource, limit), (value, value))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(4)) == struct.calcsize(">I"):
        answer = json.dumps(_answer(**json.loads(source.read(struct.unpack(">I", head)[0]))))
        sink.write(struct.pack(">I", len(answer)) + answer.encode())
        sink.flush()


def _answer(*, pattern: str, texts: list[str]) -> dict[str, Any]:
    try:
        search = re.compile(pattern, re.IGNORECASE).search
        return {"found": [place for place, text in enumerate(texts) if search(text)]}
    except re.error as error:
        return {"refusal": error.msg, "place": error.pos}
    except (RecursionError, OverflowError, MemoryError):
        return {"refusal": "too large", "place": None}


if __name__ == "__main__":
    main()
