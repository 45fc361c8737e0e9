"""The child process that reads one PDF document, under limits.

Run as a script, alone: it imports nothing of ours. The document comes on standard input, its text
goes to standard output, in UTF-8. The parent kills it when it is late. A document that a password
closes, or that holds pictures alone, has no text.
"""

import resource
import sys
from contextlib import closing, suppress

import pypdfium2

MEMORY = 1_000_000_000
SECONDS = 8
MOST_PAGES = 500
MOST_CHARACTERS = 300_000


def main() -> None:
    """Read one document."""
    with suppress(ValueError, OSError):  # macOS knows no limit on address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.buffer.write(read(sys.stdin.buffer.read()).encode("utf-8", "replace"))


def read(data: bytes) -> str:
    """The text of the first pages, one after the other."""
    found: list[str] = []
    size = 0
    with closing(pypdfium2.PdfDocument(data)) as document:
        for number in range(min(len(document), MOST_PAGES)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                words = text.get_text_bounded()
            found.append(words)
            size += len(words)
            if size > MOST_CHARACTERS:
                break
    return "\n".join(found)[:MOST_CHARACTERS]


if __name__ == "__main__":
    main()
