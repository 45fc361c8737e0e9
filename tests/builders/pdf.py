"""What a PDF holds, as text: its objects, those that are packed too."""

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def objects_of(pdf: bytes) -> str:
    """Everything that can be read in it, in one text."""
    found = [pdf]
    for packed in _STREAM.findall(pdf):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(found).decode("latin-1")


def tags_of(pdf: bytes) -> list[str]:
    """Kinds of the elements of its structure, in the order of the file."""
    return re.findall(r"/S ?/(\w+)", objects_of(pdf))
