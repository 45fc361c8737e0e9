"""`content/newsletters/*.md`: what the fields of a newsletter are, and one written that way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.content.scalars import Identifier, Known, Language, Text
from inters4.core.content.schema import Many, Schema
from inters4.core.frontmatter import dump
from inters4.core.values import dataclass
from inters4.newsletters.models import Newsletter
from inters4.newsletters.queries import list_newsletters, newsletters_of

FOLDER = "newsletters"
NEWSLETTER = Schema(
    (
        Identifier("id", required=True),
        Text("title", required=True, limit=120),
        Language("language"),
        Text("description", required=True, limit=300),
        Text("rhythm", limit=120),
        Many(Known("themes", among="themes")),
    )
)


@dataclass(frozen=True, slots=True)
class NewsletterFile:
    """A newsletter as its file gives it: `values` by field of `NEWSLETTER`, and its text."""

    values: Mapping[str, Any]
    presentation: str


def file_of(newsletter: Newsletter) -> NewsletterFile:
    """The file of a newsletter."""
    values = {name: getattr(newsletter, name) for name in NEWSLETTER.keys}
    return NewsletterFile({**values, "themes": tuple(newsletter.themes)}, newsletter.source)


def write_file(file: NewsletterFile) -> str:
    """The text of a file."""
    return dump(NEWSLETTER.write(file.values), file.presentation, key_order=NEWSLETTER.keys)


def newsletter_texts(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The file of each newsletter as the database holds it now."""
    return {found.id: write_file(file_of(found)) for found in newsletters_of(session, ids)}


def export_newsletters(session: Session) -> Iterator[tuple[str, str]]:
    """Every newsletter, in a file named after its id."""
    for newsletter in list_newsletters(session):
        yield f"{newsletter.id}.md", write_file(file_of(newsletter))
