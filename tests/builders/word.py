"""Word documents for tests, with nothing but what the case is about."""

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
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


def runs(*inside: str) -> str:
    """A paragraph of runs, links and pictures."""
    return f"<w:p>{''.join(inside)}</w:p>"


def run(text: str, look: str = "") -> str:
    """Some text; `look` is made of letters, « b » and « i »."""
    marks = "".join(f"<w:{letter}/>" for letter in look)
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def link(text: str, name: str) -> str:
    """A link, by its name among the relations of the document."""
    return f'<w:hyperlink r:id="{name}">{run(text)}</w:hyperlink>'


def picture() -> str:
    """A picture, as Word puts it in a run."""
    return '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>'


def relations(**links: str) -> tuple[str, bytes]:
    """The part of the archive that says where links lead."""
    inside = "".join(f'<Relationship Id="{name}" Target="{to}"/>' for name, to in links.items())
    return "word/_rels/document.xml.rels", f"<Relationships>{inside}</Relationships>".encode()


def item(text: str, *, depth: int = 0, kind: str = "") -> str:
    """An item of a list, by the number of the list; at `depth` below the first."""
    told = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{kind}"/>' if kind else ""
    return f"<w:p><w:pPr><w:numPr>{told}</w:numPr></w:pPr>{_run(text)}</w:p>"


def numbering() -> tuple[str, bytes]:
    """List 1 has bullets, list 2 numbers."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0">'
        f'<w:numFmt w:val="{form}"/></w:lvl></w:abstractNum>'
        for number, form in ((7, "bullet"), (8, "decimal"))
    )
    lists = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/></w:num>'
        for number, kind in ((1, 7), (2, 8))
    )
    return "word/numbering.xml", f"<w:numbering {_W}>{kinds}{lists}</w:numbering>".encode()


def notes(*texts: str) -> tuple[str, bytes]:
    """Notes at the foot of pages."""
    inside = "".join(f"<w:footnote>{paragraph(text)}</w:footnote>" for text in texts)
    separator = f'<w:footnote w:type="separator">{paragraph("x")}</w:footnote>'
    return "word/footnotes.xml", f"<w:footnotes {_W}>{separator}{inside}</w:footnotes>".encode()


def table(*rows: Iterable[str]) -> str:
    """A table, its head first."""
    drawn = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl>{drawn}</w:tbl>"


def word(*body: str, document: str | bytes = "", extra: Iterable[tuple[str, bytes]] = ()) -> bytes:
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
