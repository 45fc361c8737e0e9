"""The two kinds of rich text, and what each may hold."""

from enum import Enum

ID_PREFIX = "texte-"
LOCAL_IMAGES = "/fichiers/"


class Profile(Enum):
    """How a text is rendered.

    `DOCUMENT` is for sheets, summaries and pages: notes, definition lists, headings with anchors.
    `POST` is for messages: line ends are kept, bare addresses become links, nothing has an id.
    """

    DOCUMENT = "document"
    POST = "post"

    @property
    def max_chars(self) -> int:
        """Longest source, in characters."""
        return 200_000 if self is Profile.DOCUMENT else 32_000

    @property
    def max_brackets(self) -> int:
        """Most `[` in one text: each may cost a scan of the text that follows it."""
        return 2_000 if self is Profile.DOCUMENT else 500

    @property
    def max_lines(self) -> int:
        """Most lines that are not blank: paragraphs, items of lists, rows."""
        return 3_000 if self is Profile.DOCUMENT else 2_000

    @property
    def max_signs(self) -> int:
        """Most signs of formatting, and of HTML, in one text."""
        return 8_000 if self is Profile.DOCUMENT else 4_000

    @property
    def max_cells(self) -> int:
        """Most cells of tables in one text."""
        return 8_000 if self is Profile.DOCUMENT else 3_000

    @property
    def top_heading(self) -> int:
        """Level that the highest heading of the text takes on the page."""
        return 2 if self is Profile.DOCUMENT else 4

    @property
    def link_rel(self) -> str:
        """`rel` of links that leave the portal."""
        return "noopener" if self is Profile.DOCUMENT else "noopener nofollow ugc"
