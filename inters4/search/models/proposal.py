"""What is offered under the search box while one types."""

from indexer import Segment
from inters4.core.values import dataclass
from inters4.search.models.criteria import Criteria


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A document to open, or words to search.

    Attributes:
        title: what is proposed, the letters already typed being marked.
        kind: the kind of the document, empty for words.
        url: the path of the document, empty for words.
        criteria: the search that the words make, None for a document.
        language: that of the title when it is not the reader's.
    """

    title: tuple[Segment, ...]
    kind: str = ""
    url: str = ""
    criteria: Criteria | None = None
    language: str = ""

    @property
    def text(self) -> str:
        """The title without its marks."""
        return "".join(part.text for part in self.title)
