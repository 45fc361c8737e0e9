"""What the vocabulary adds elsewhere: its file in `content/`, its link in the administration."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import ContentItem, ContentKind, Earlier, Fragment, Hooks
from inters4.vocabulary.exports import FILE, export_vocabulary, synonyms_text, term_text
from inters4.vocabulary.forms import Given, read_vocabulary
from inters4.vocabulary.queries import list_synonym_groups, list_terms, lock_vocabulary
from inters4.vocabulary.services import save_synonym_group, save_term

_SYNONYMS = "synonyms"


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_fragment("admin.links", Fragment("vocabulary/_admin_link.html", _link, order=10))
    hooks.add_content_kind(
        ContentKind(
            name="vocabulary",
            place=FILE,
            order=10,
            read=_read,
            lock=lock_vocabulary,
            current=_current,
            export=export_vocabulary,
        )
    )


def _link(_session: Session, _viewer: Viewer, **_shown: Any) -> Mapping[str, Any]:
    return {}


def _read(
    session: Session,
    document: FrontMatter,
    earlier: Earlier,  # noqa: ARG001 - cites no other file
) -> Sequence[ContentItem]:
    return [_item(session, given) for given in read_vocabulary(document)]


def _item(session: Session, given: Given) -> ContentItem:
    identifier = given.values["id"]
    columns = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.values.items()
        if name != "id"
    }
    apply: Callable[[], object]
    if given.scheme:
        apply = partial(
            save_term,
            session,
            given.scheme,
            identifier,
            position=given.position,
            values=columns,
        )
        text = term_text(given.values, given.position)
    else:
        apply = partial(
            save_synonym_group, session, identifier, position=given.position, values=columns
        )
        text = synonyms_text(given.values, given.position)
    return ContentItem(
        id=f"{given.scheme or _SYNONYMS}/{identifier}",
        line=given.line,
        text=text,
        apply=apply,
        gives=((given.scheme, identifier),) if given.scheme else (),
    )


def _current(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    wanted = set(ids)
    found = {
        f"{term.scheme}/{term.id}": term_text(term, term.position) for term in list_terms(session)
    }
    for group in list_synonym_groups(session):
        found[f"{_SYNONYMS}/{group.id}"] = synonyms_text(group, group.position)
    return {identifier: text for identifier, text in found.items() if identifier in wanted}
