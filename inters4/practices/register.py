"""What practices add elsewhere: the kind « fiche », a menu entry, files in `content/`."""

from collections.abc import Container, Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.content.citing import known_ids
from inters4.core.files import StoredFile
from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import (
    ContentItem,
    ContentKind,
    DocumentKind,
    Earlier,
    Fragment,
    Hooks,
    MenuEntry,
    RetentionRule,
)
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.members.services.organisations import ORGANISATION_RENAMED
from inters4.practices.documents import confirm, every_id, load_document, named
from inters4.practices.exports import (
    adoption_data,
    adoption_notices,
    files,
    organisations,
    quarter_notices,
    sheets,
)
from inters4.practices.exports.citing import cite
from inters4.practices.exports.figures import FIGURES
from inters4.practices.exports.notices import KINDS
from inters4.practices.exports.own_data import files_by, moves_of, reviews_by, sheets_of
from inters4.practices.exports.step_words import WAIT_WORDS, WHO_WORDS, state_word
from inters4.practices.forms.organisations import read_organisations
from inters4.practices.forms.sheets import read_sheet
from inters4.practices.jobs import (
    ADOPTION_JOB,
    DAILY_SECONDS,
    EVERY_SECONDS,
    LIFE_JOB,
    PAPERS_JOB,
    QUARTERS_JOB,
    READINGS_JOB,
    READINGS_SECONDS,
    follow_adoptions,
    follow_quarters,
    follow_sheets,
    make_papers,
    sum_readings,
)
from inters4.practices.models import KIND, Practice
from inters4.practices.models.readership import DAYS_KEPT
from inters4.practices.queries import (
    SLUGS,
    ids_named_by,
    lock_organisations,
    lock_practices,
)
from inters4.practices.queries.adoptions import held_by
from inters4.practices.queries.awaiting import awaiting
from inters4.practices.queries.carrying import own_sheets
from inters4.practices.queries.files import opening_of, sheets_that_showed
from inters4.practices.queries.known import citable
from inters4.practices.queries.papers import opening_of_paper
from inters4.practices.queries.queue import HANDS, Wait
from inters4.practices.queries.revisions import author_ids
from inters4.practices.queries.sheets import sees_all
from inters4.practices.services import (
    index_again,
    index_renamed,
    save_organisation,
)
from inters4.practices.services.adoption_life import forget_holder
from inters4.practices.services.bearing import every_bearer
from inters4.practices.services.erasing import forget_author
from inters4.practices.services.following import import_sheet
from inters4.practices.services.pieces import UNNAMED_DAYS, forget_unnamed
from inters4.practices.services.readership import purge_readings
from inters4.vocabulary.services import TERM_CHANGED, bearers

_ADDRESSES = "practice addresses"
_STATE_OF: Mapping[Wait, str] = {
    Wait.EXAMINATION: "proposees",
    Wait.TAKING: "admises",
    Wait.RESUMING: "en-redaction",
    Wait.REVIEWERS: "en-relecture",
    Wait.SETTLING: "en-relecture",
    Wait.SILENCE: "en-approbation",
    Wait.NOTING: "en-approbation",
    Wait.PUBLISHING: "en-approbation",
}
"""What awaits the team -> the state of the queue, by its name in the address."""


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
            confirm=confirm,
            url=lambda _id, fields: f"/pratiques/{fields['slug']}",
            cite=cite,
            under_theme=lambda session, theme: ids_named_by(session, scheme="themes", term=theme),
            named=named,
        )
    )
    for told in (*KINDS, *adoption_notices.KINDS, *quarter_notices.KINDS):
        hooks.add_notice_kind(told)
    hooks.add_figures(FIGURES)
    jobs.periodic(LIFE_JOB, every=EVERY_SECONDS)(follow_sheets)
    jobs.periodic(ADOPTION_JOB, every=DAILY_SECONDS)(follow_adoptions)
    jobs.periodic(READINGS_JOB, every=READINGS_SECONDS)(sum_readings)
    jobs.periodic(QUARTERS_JOB, every=DAILY_SECONDS)(follow_quarters)
    jobs.periodic(PAPERS_JOB, every=EVERY_SECONDS)(make_papers)
    hooks.add_retention(
        RetentionRule(
            name="practice_readings",
            reason=lambda: _(
                "Lectures de chaque fiche par jour, sans rien de qui lit; les nombres de chaque "
                "trimestre restent."
            ),
            days=DAYS_KEPT,
            purge=purge_readings,
        )
    )
    hooks.add_fragment("account-menu", Fragment("practices/_dossiers_link.html", _of_the_team))
    hooks.add_fragment("account.board", Fragment("practices/_board.html", _on_board, order=30))
    hooks.add_fragment(
        "account.board", Fragment("practices/dossier/_board.html", _own_on_board, order=40)
    )
    hooks.add_fragment(
        "practice.actions", Fragment("practices/dossier/_revise.html", _may_revise, order=94)
    )
    hooks.add_fragment(
        "practice.actions", Fragment("practices/_files_link.html", _may_take_back, order=94)
    )
    hooks.add_fragment(
        "practice.actions", Fragment("practices/_withdrawal_link.html", _may_withdraw, order=95)
    )
    hooks.add_fragment(
        "practice.actions",
        Fragment("practices/_translation_link.html", _may_follow_translation, order=93),
    )
    hooks.add_fragment(
        "account.board", Fragment("practices/adoption/_board.html", _adoptions_on_board, order=31)
    )
    hooks.on_member_erased(forget_author)
    hooks.on_member_erased(forget_holder)
    for name, export in adoption_data.OWN_DATA.items():
        hooks.add_member_export(name, export)
    hooks.add_member_export("practices", sheets_of)
    hooks.add_member_export("practice_moves", moves_of)
    hooks.add_member_export("practice_reviews", reviews_by)
    hooks.on(TERM_CHANGED, index_again)
    for bearer in every_bearer():
        bearers.add(bearer)
    hooks.on(ORGANISATION_RENAMED, index_renamed)
    hooks.add_feed(MenuEntry(lambda: _("Pratiques"), "practices.feed", "", 10))
    hooks.add_file_owner(opening_of)
    hooks.add_fragment("file.gone", Fragment("practices/_file_gone.html", _showed_file))
    hooks.add_file_owner(opening_of_paper)
    hooks.add_member_export("practice_files", files_by)
    hooks.add_retention(
        RetentionRule(
            name="practice_files",
            reason=lambda: _(
                "Fichiers déposés dans une fiche qui n’a pas paru, et qu’elle ne nomme plus."
            ),
            days=UNNAMED_DAYS,
            purge=forget_unnamed,
        )
    )
    hooks.add_menu(MenuEntry(lambda: _("Pratiques"), "practices.index", "/pratiques", 10))
    hooks.add_content_kind(
        ContentKind(
            name="organisation",
            place=organisations.FILE,
            order=20,
            read=_read_organisations,
            lock=lock_organisations,
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
            lock=lock_practices,
            current=sheets.practice_texts,
            export=sheets.export_practices,
        )
    )
    hooks.add_content_kind(files.content_kind())


def _of_the_team(_session: Session | None, viewer: Viewer) -> Mapping[str, object] | None:
    return {} if sees_all(viewer) else None


def _may_revise(
    session: Session, viewer: Viewer, *, practice: Practice
) -> Mapping[str, object] | None:
    if not viewer.is_signed_in or practice.is_tombstone:
        return None
    may = sees_all(viewer) or viewer.member_id in author_ids(session, practice.id)
    return {"practice": practice} if may else None


def _may_withdraw(
    _session: Session, viewer: Viewer, *, practice: Practice
) -> Mapping[str, object] | None:
    may = viewer.has(Role.COORDINATION) and practice.is_readable
    return {"practice": practice} if may else None


def _showed_file(
    session: Session, _viewer: Viewer, *, stored: StoredFile
) -> Mapping[str, object] | None:
    found = sheets_that_showed(session, stored.id)
    return {"sheets": found} if found else None


def _may_take_back(
    _session: Session, viewer: Viewer, *, practice: Practice
) -> Mapping[str, object] | None:
    may = sees_all(viewer) and practice.is_readable
    return {"practice": practice} if may else None


def _may_follow_translation(
    _session: Session, viewer: Viewer, *, practice: Practice
) -> Mapping[str, object] | None:
    may = sees_all(viewer) and practice.is_readable and not practice.translation_of
    return {"practice": practice} if may else None


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, object] | None:
    """Nothing for whoever nothing awaits."""
    if not viewer.is_signed_in:
        return None
    found = awaiting(session, viewer=viewer)
    if not found:
        return None
    shared = [
        (WAIT_WORDS[wait], number, HANDS[wait].value, _STATE_OF[wait])
        for wait, number in found.counts.items()
    ]
    return {"awaiting": found, "shared": shared}


def _own_on_board(session: Session, viewer: Viewer) -> Mapping[str, object] | None:
    """« Mes pratiques »: the sheets that the person carries."""
    found = own_sheets(session, viewer=viewer)
    return {"sheets": found, "state_word": state_word, "who_words": WHO_WORDS} if found else None


def _adoptions_on_board(session: Session, viewer: Viewer) -> Mapping[str, object] | None:
    """The practices that the person's teams try, those that wait for news first."""
    adoptions = held_by(session, viewer)
    return {"adoptions": adoptions} if adoptions else None


def _known(session: Session, earlier: Earlier) -> Mapping[str, Container[str]]:
    return known_ids(citable(session), earlier)


def _read_organisations(
    session: Session, document: FrontMatter, earlier: Earlier
) -> Sequence[ContentItem]:
    return [
        ContentItem(
            id=values["id"],
            line=line,
            text=organisations.write_organisation(values),
            apply=partial(save_organisation, session, values),
            gives=(("organisations", values["id"]),),
        )
        for line, values in read_organisations(document, known=_known(session, earlier))
    ]


def _read_sheet(session: Session, document: FrontMatter, earlier: Earlier) -> Sequence[ContentItem]:
    addresses = earlier.get(_ADDRESSES, {})
    sheet = read_sheet(
        document,
        known=_known(session, earlier),
        owner_of_slug=lambda slug: addresses.get(slug) or SLUGS.owner_of(session, slug),
    )
    return [
        ContentItem(
            id=sheet.values["id"],
            line=document.lines["id"],
            text=sheets.write_sheet(sheet),
            apply=partial(import_sheet, session, sheet),
            gives=(("practices", sheet.values["id"]), (_ADDRESSES, sheet.values["slug"])),
        )
    ]
