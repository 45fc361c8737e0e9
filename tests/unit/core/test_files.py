"""Files judged by their content: kinds, archives, images, names."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from inters4.core.files import KINDS, FileKind, FileRefused
from inters4.core.files.checks import clean_name, kind_of
from inters4.core.files.images import repaint

PDF_BYTES = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
BY_EXTENSION = {kind.extension: kind for kind in KINDS}
MAIN_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}


def _archive(parts: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


def _office(extension: str, more: dict[str, bytes] | None = None, *, types: str = "") -> bytes:
    main = types or BY_EXTENSION[extension].main_part
    listing = f'<Types><Override PartName="/x" ContentType="{main}"/></Types>'
    parts = {"[Content_Types].xml": listing.encode(), MAIN_PARTS[extension]: b"<x/>"}
    return _archive(parts | (more or {}))


def _odt(more: dict[str, bytes] | None = None, *, mimetype: bytes = b"") -> bytes:
    kind = mimetype or BY_EXTENSION["odt"].media_type.encode()
    return _archive({"mimetype": kind, "content.xml": b"<x/>"} | (more or {}))


def _picture(form: str, *, mode: str = "RGB", size: tuple[int, int] = (8, 4)) -> bytes:
    sink = io.BytesIO()
    Image.new(mode, size, 0).save(sink, format=form)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "extension"),
    [
        (PDF_BYTES, "a.exe", "pdf"),
        (_office("docx"), "a.docx", "docx"),
        (_office("xlsx"), "a.zip", "xlsx"),
        (_office("pptx"), "", "pptx"),
        (_odt(), "a.odt", "odt"),
        (_picture("PNG"), "a.jpg", "png"),
        (_picture("JPEG"), "a.png", "jpg"),
        (_picture("WEBP"), "a", "webp"),
        ("é;b\n1;2\n".encode(), "A.CSV", "csv"),
        (b"\xef\xbb\xbfun texte\r\n", "a.txt", "txt"),
    ],
)
def test_a_kind_is_told_by_the_content(data: bytes, name: str, extension: str) -> None:
    assert kind_of(data, name).extension == extension


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.txt"),
        (b"MZ\x90\0" + b"\0" * 100, "a.pdf"),
        (b"\x7fELF" + b"\0" * 100, "a.txt"),
        (b"<html><script>alert(1)</script></html>", "a.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
        (b"GIF89a" + b"\0" * 20, "a.gif"),
        ("é;b".encode("latin-1"), "a.csv"),
        (b"a\0b", "a.txt"),
        (b"a\x1bb", "a.csv"),
        (b"bonjour", "a.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc"),
        (b"Rar!\x1a\x07\x00" + b"\0" * 40, "a.docx"),
        (b"PK\x03\x04 pas une archive", "a.docx"),
        (_archive({"a.txt": b"x"}), "a.docx"),
        (_archive({}), "a.docx"),
        (_odt(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "a.odt"),
        (_office("docx", types="application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx"),
        (_office("docx", {"word/vbaProject.bin": b"x"}), "a.docx"),
        (_office("xlsx", {"xl/activeX/activeX1.bin": b"x"}), "a.xlsx"),
        (_odt({"Basic/Standard/Module1.xml": b"x"}), "a.odt"),
        (_office("docx", {"word/media/a.zip": b"x"}), "a.docx"),
        (_office("docx", {"word/embeddings/a.exe": b"x"}), "a.docx"),
        (_office("docx", {"../../etc/passwd": b"x"}), "a.docx"),
        (_office("docx", {"WORD/document.xml": b"x"}), "a.docx"),
        (_office("docx", {f"p{number}": b"" for number in range(2_001)}), "a.docx"),
        (_office("docx", {"word/a.xml": b"\0" * 20_000_000}), "a.docx"),
        (_office("docx")[:-30], "a.docx"),
    ],
)
def test_what_is_not_accepted_or_hides_something_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(FileRefused) as caught:
        kind_of(data, name)
    assert caught.value.message.endswith((".", ")."))


def test_a_password_is_named_as_the_reason() -> None:
    data = bytearray(_office("docx"))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)

    with pytest.raises(FileRefused, match="mot de passe"):
        kind_of(bytes(data), "a.docx")


def test_sizes_that_an_archive_declares_prove_nothing() -> None:
    data = bytearray(_office("docx", {"word/a.xml": b"\0" * 5_000_000}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)

    with pytest.raises(FileRefused):
        kind_of(bytes(data), "a.docx")


def test_a_workbook_inside_a_document_is_accepted() -> None:
    inside = {"word/embeddings/Tableau.xlsx": _office("xlsx")}

    assert kind_of(_office("docx", inside), "a.docx").extension == "docx"


@pytest.mark.parametrize(
    ("written", "extension", "kept"),
    [
        ("Rapport.pdf", "pdf", "Rapport.pdf"),
        ("C:\\Mes docs\\Rapport.PDF.exe", "pdf", "Rapport.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("photo\u202egnp.exe", "png", "photo gnp.png"),
        ("a\r\nSet-Cookie: b.pdf", "pdf", "a Set-Cookie- b.pdf"),
        ("e\u0301té.pdf", "pdf", "été.pdf"),
        (".pdf", "pdf", "pdf.pdf"),
        ("...", "pdf", "fichier.pdf"),
        ("", "pdf", "fichier.pdf"),
        ("v1.2 du plan.pdf", "pdf", "v1.2 du plan.pdf"),
        ("x" * 300 + ".pdf", "pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_is_cleaned_and_ends_with_the_true_extension(
    written: str, extension: str, kept: str
) -> None:
    assert clean_name(written, BY_EXTENSION[extension]) == kept


def test_an_image_loses_its_metadata_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010E] = "chez moi"
    exif.get_ifd(0x8825)[1] = "N"
    sink = io.BytesIO()
    Image.new("RGB", (8, 4), (200, 0, 0)).save(sink, format="JPEG", exif=exif, comment=b"secret")
    data = sink.getvalue() + b"<script>hidden</script>"

    picture = repaint(data, BY_EXTENSION["jpg"])

    assert (picture.width, picture.height) == (4, 8)
    assert b"chez moi" not in picture.data
    assert b"secret" not in picture.data
    assert b"script" not in picture.data
    with Image.open(io.BytesIO(picture.data)) as kept:
        assert not kept.getexif()
        assert "comment" not in kept.info


@pytest.mark.parametrize(
    ("extension", "form", "mode"),
    [
        ("png", "PNG", "RGBA"),
        ("png", "PNG", "P"),
        ("png", "PNG", "1"),
        ("png", "PNG", "I;16"),
        ("png", "PNG", "LA"),
        ("jpg", "JPEG", "L"),
        ("jpg", "JPEG", "CMYK"),
        ("webp", "WEBP", "RGBA"),
    ],
)
def test_an_image_keeps_its_format_and_its_pixels(extension: str, form: str, mode: str) -> None:
    picture = repaint(_picture(form, mode=mode, size=(9, 5)), BY_EXTENSION[extension])

    with Image.open(io.BytesIO(picture.data)) as kept:
        assert (kept.format, kept.size) == (form, (9, 5))


def test_transparency_and_colours_survive() -> None:
    source = Image.new("RGBA", (6, 6), (0, 0, 0, 0))
    ImageDraw.Draw(source).rectangle((0, 0, 2, 5), fill=(10, 200, 30, 255))
    sink, paletted = io.BytesIO(), io.BytesIO()
    source.save(sink, format="PNG")
    flat = source.convert("RGB").quantize(4)
    flat.save(paletted, format="PNG", transparency=0)

    with Image.open(io.BytesIO(repaint(sink.getvalue(), BY_EXTENSION["png"]).data)) as kept:
        assert kept.convert("RGBA").tobytes() == source.tobytes()
    with Image.open(io.BytesIO(repaint(paletted.getvalue(), BY_EXTENSION["png"]).data)) as kept:
        assert kept.convert("RGB").tobytes() == flat.convert("RGB").tobytes()
        assert kept.info["transparency"] == 0


def _png_chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _png_that_claims(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", header)
        + _png_chunk(b"IDAT", pixels)
        + _png_chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(7_000, 7_000), (12_000, 12_000), (60_000, 60_000)])
def test_an_image_of_too_many_pixels_is_refused_unopened(size: tuple[int, int]) -> None:
    with pytest.raises(FileRefused, match="pixels"):
        repaint(_png_that_claims(*size), BY_EXTENSION["png"])


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:20] + b"\xff" * 40,
        lambda data: b"\x89PNG\r\n\x1a\n" + data[8:30],
        lambda _data: _png_that_claims(500, 500),
    ],
)
def test_a_damaged_image_is_refused(damage: Callable[[bytes], bytes]) -> None:
    kind: FileKind = BY_EXTENSION["png"]
    with pytest.raises(FileRefused, match="endommagée"):
        repaint(damage(_picture("PNG", size=(300, 300))), kind)
