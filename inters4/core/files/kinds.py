"""The kinds of files accepted: the list is closed, whatever a file claims to be."""

from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file.

    Attributes:
        extension: without its dot; the name of the file ends with it whatever it was.
        media_type: sent when the file is read.
        main_part: of an Office document: the media type of its main part.
    """

    extension: str
    media_type: str
    main_part: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileKind("pdf", "application/pdf")
PNG = FileKind("png", "image/png")
JPEG = FileKind("jpg", "image/jpeg")
WEBP = FileKind("webp", "image/webp")
CSV = FileKind("csv", "text/csv; charset=utf-8")
TXT = FileKind("txt", "text/plain; charset=utf-8")
ODT = FileKind("odt", "application/vnd.oasis.opendocument.text")
OFFICE = tuple(
    FileKind(extension, f"{_OFFICE}{name}", f"{_OFFICE}{name}.main+xml")
    for extension, name in (
        ("docx", "wordprocessingml.document"),
        ("xlsx", "spreadsheetml.sheet"),
        ("pptx", "presentationml.presentation"),
    )
)
KINDS = (PDF, *OFFICE, ODT, PNG, JPEG, WEBP, CSV, TXT)
