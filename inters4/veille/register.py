"""What veille adds elsewhere: files in `content/`."""

from collections.abc import Container, Iterable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import ContentItem, ContentKind, Earlier, Hooks
from inters4.practices.queries import practice_ids
from inters4.veille.exports import files
from inters4.veille.forms import read_summary
from inters4.veille.queries import lock_summaries, owner_of_slug, summary_ids
from inters4.veille.services import index_again, save_summary
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services import TERM_CHANGED

_ADDRESSES = "summary addresses"


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.on(TERM_CHANGED, index_again)
    hooks.add_content_kind(
        ContentKind(
            name="summary",
            place=files.FOLDER,
            order=40,
            read=_read_summary,
            lock=lock_summaries,
            current=files.summary_texts,
            export=files.export_summaries,
        )
    )


def _known(session: Session, earlier: Earlier) -> dict[str, Container[str]]:
    words = vocabulary(session)
    known: dict[str, Iterable[str]] = {name: words.ids(name) for name in words.schemes}
    known["practices"] = practice_ids(session)
    known["summaries"] = summary_ids(session)
    return {name: {*known.get(name, ()), *earlier.get(name, ())} for name in {*known, *earlier}}


def _read_summary(
    session: Session, document: FrontMatter, earlier: Earlier
) -> Sequence[ContentItem]:
    addresses = earlier.get(_ADDRESSES, {})
    file = read_summary(
        document,
        known=_known(session, earlier),
        owner_of_slug=lambda slug: addresses.get(slug) or owner_of_slug(session, slug),
    )
    return [
        ContentItem(
            id=file.values["id"],
            line=document.lines["id"],
            text=files.write_file(file),
            apply=partial(save_summary, session, file),
            gives=(("summaries", file.values["id"]), (_ADDRESSES, file.values["slug"])),
        )
    ]
