"""What practices add elsewhere: the kind « fiche », a menu entry, files in `content/`."""

from collections.abc import Container, Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import ContentItem, ContentKind, DocumentKind, Hooks, MenuEntry
from inters4.core.i18n import _
from inters4.practices.documents import every_id, load_document
from inters4.practices.exports import organisations, sheets
from inters4.practices.forms.organisations import read_organisations
from inters4.practices.forms.sheets import read_sheet
from inters4.practices.models import KIND
from inters4.practices.queries import organisation_slugs, owner_of_slug, practice_ids
from inters4.practices.services import save_organisation, save_sheet
from inters4.vocabulary.queries import vocabulary


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_document_kind(
        DocumentKind(
            kind=KIND,
            label=lambda: _("Fiche de pratique prometteuse"),
            plural=lambda: _("Fiches de pratiques prometteuses"),
            icon="sprout",
            load=load_document,
            every_id=every_id,
            url=lambda _id, fields: f"/pratiques/{fields['slug']}",
        )
    )
    hooks.add_menu(MenuEntry(lambda: _("Pratiques"), "practices.index", "/pratiques", 10))
    hooks.add_content_kind(
        ContentKind(
            name="organisation",
            place=organisations.FILE,
            order=20,
            read=_read_organisations,
            current=organisations.organisation_texts,
            export=organisations.export_organisations,
        )
    )
    hooks.add_content_kind(
        ContentKind(
            name="practice",
            place=sheets.FOLDER,
            order=30,
            read=_read_sheet,
            current=sheets.practice_texts,
            export=sheets.export_practices,
        )
    )


def _known(session: Session) -> dict[str, Container[str]]:
    words = vocabulary(session)
    known: Mapping[str, Container[str]] = {name: words.ids(name) for name in words.schemes}
    return {
        **known,
        "organisations": organisation_slugs(session),
        "practices": practice_ids(session),
    }


def _read_organisations(session: Session, document: FrontMatter) -> Sequence[ContentItem]:
    return [
        ContentItem(
            id=values["id"],
            line=line,
            text=organisations.write_organisation(values),
            apply=partial(save_organisation, session, values),
        )
        for line, values in read_organisations(document, known=_known(session))
    ]


def _read_sheet(session: Session, document: FrontMatter) -> Sequence[ContentItem]:
    sheet = read_sheet(
        document, known=_known(session), owner_of_slug=partial(owner_of_slug, session)
    )
    return [
        ContentItem(
            id=sheet.values["id"],
            line=document.lines["id"],
            text=sheets.write_sheet(sheet),
            apply=partial(save_sheet, session, sheet),
        )
    ]
