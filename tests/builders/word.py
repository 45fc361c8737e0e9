"""Word documents for tests, with nothing but what the case is about."""

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_STYLES = (
    f"<w:styles {_W}>"
    '<w:style w:styleId="Titre1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Titre"><w:name w:val="Title"/></w:style>'
    "</w:styles>"
)


def heading(text: str) -> str:
    """A heading, as the Word of someone who works in French names its style."""
    return f'<w:p><w:pPr><w:pStyle w:val="Titre1"/></w:pPr>{_run(text)}</w:p>'


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<w:p>{_run(text)}</w:p>"


def item(text: str) -> str:
    """An item of a list."""
    return f"<w:p><w:pPr><w:numPr/></w:pPr>{_run(text)}</w:p>"


def table(*rows: Iterable[str]) -> str:
    """A table, its head first."""
    drawn = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl>{drawn}</w:tbl>"


def word(*body: str, document: str = "", extra: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """The bytes of a .docx whose body holds these."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types><Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        )
        archive.writestr("word/styles.xml", _STYLES)
        archive.writestr(
            "word/document.xml",
            document or f"<w:document {_W}><w:body>{''.join(body)}</w:body></w:document>",
        )
        for name, data in extra:
            archive.writestr(name, data)
    return made.getvalue()


def _run(text: str) -> str:
    return f"<w:r><w:t>{escape(text)}</w:t></w:r>"
