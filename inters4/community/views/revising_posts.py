"""An author mends a post: nothing that was typed or deposited is lost when it is refused."""

from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from inters4.community.exports.paths import post_path
from inters4.community.forms.writing import (
    Refused,
    RevisionForm,
    Sent,
    put_error,
    read_sent,
    refused,
)
from inters4.community.models import Post, PostDraft, Thread
from inters4.community.queries.drafts import files_of_draft, find_draft, place_of_post
from inters4.community.queries.posts import files_of, find_post, versions_of
from inters4.community.services.drafting import Overtaken, mark_of_draft
from inters4.community.services.editing import may_revise, revise, signs_added
from inters4.community.views.blueprint import bp
from inters4.community.views.composing import (
    NO_FILE,
    do_gesture,
    keep_given_back,
    nowhere,
    received_file,
    to_attach,
)
from inters4.community.views.post_places import around, find
from inters4.community.views.thread_page import NOTHING
from inters4.core.clock import now
from inters4.core.db import reading, writing
from inters4.core.errors import DomainError, NotAllowed
from inters4.core.files import StoredFile
from inters4.core.i18n import _
from inters4.core.web.errors import page as error_page
from inters4.core.web.requests import signed_in, viewer

_MOST_DROPPED = 20


@bp.get("/<slug>/<int:thread_id>/<int:number>/modifier")
@signed_in
def revision_form(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """The text of one's own post, to be mended, or what its author was making of it."""
    with reading() as session:
        g.session = session
        found, thread = find(session, slug, thread_id, number)
        draft = find_draft(session, place_of_post(found), viewer=viewer())
        if not may_revise(found, thread, thread.space, by=viewer(), at=now()):
            if draft is not None:
                return error_page(403, explanation=_over(), mine=draft.source)
            raise NotAllowed(_over())
        text = draft.source if draft is not None and draft.source.strip() else found.source
        form = RevisionForm(formdata=None, texte=text, version=found.version)
        return _revision_page(session, found, thread, form, _meanwhile(session, found, draft))


@bp.post("/<slug>/<int:thread_id>/<int:number>/modifier")
@signed_in
def change(slug: str, thread_id: int, number: int) -> ResponseReturnValue:
    """Keep the mended text, or do what the other buttons say; a former text stays in history."""
    sent, deposited = read_sent(), NO_FILE
    try:
        deposited = received_file()
        with writing() as session:
            known = find_post(session, slug, thread_id, number, viewer=viewer())
            if known is None:
                return nowhere(sent)
            found, thread = known
            place = place_of_post(found)
            if sent.gesture and may_revise(found, thread, thread.space, by=viewer(), at=now()):
                do_gesture(session, place, sent, deposited)
                return redirect(_back(slug, thread_id, number), 303)
            revise(
                session,
                found,
                sent.text,
                version=sent.version,
                by=viewer(),
                thread=thread,
                space=thread.space,
                chosen=sent.chosen,
                is_meant=sent.means(signs_added(found, sent.text)),
                dropped=_dropped(),
                files=to_attach(session, place, sent, deposited),
            )
            address = post_path(slug, thread.id, thread.title, number)
    except DomainError as refusal:
        return _revision_again((slug, thread_id, number), sent, refusal, deposited)
    flash(_("Votre message est modifié."), "success")
    return redirect(request.script_root + address, 303)


def _revision_again(
    where: tuple[str, int, int], sent: Sent, refusal: DomainError, deposited: Sequence[StoredFile]
) -> ResponseReturnValue:
    """The page with what was typed; what was deposited stays in the draft."""

    def place_in(session: Session) -> str:
        known = find_post(session, *where, viewer=viewer())
        return place_of_post(known[0]) if known is not None and _is_own(known[0]) else ""

    refusal = keep_given_back(refusal, sent, deposited, place_in)
    with reading() as session:
        g.session = session
        known = find_post(session, *where, viewer=viewer())
        if known is None:
            return nowhere(sent)
        found, thread = known
        if not _is_own(found):
            raise refusal
        if isinstance(refusal, NotAllowed):
            return error_page(403, explanation=refusal.message, mine=sent.text)
        told = refused(refusal)
        is_drawn_anew = told.theirs and not isinstance(refusal, Overtaken)
        version = found.version if is_drawn_anew else sent.version
        form = RevisionForm(formdata=None, texte=sent.text, version=version)
        if not told.seen:
            put_error(form, refusal)
        return _revision_page(session, found, thread, form, told, chosen=sent.chosen), told.status


def _revision_page(
    session: Session,
    found: Post,
    thread: Thread,
    form: RevisionForm,
    told: Refused,
    *,
    chosen: tuple[str, ...] = (),
) -> str:
    place = place_of_post(found)
    draft = find_draft(session, place, viewer=viewer())
    return render_template(
        "community/post_revision.html",
        **around(session, found, thread),
        form=form,
        refused=told,
        chosen=chosen,
        files=files_of(session, [found.id]).get(found.id, []),
        dropped=_dropped(),
        draft=draft,
        draft_mark=mark_of_draft(draft),
        attached=files_of_draft(session, draft),
        writing_place=place,
    )


def _meanwhile(session: Session, found: Post, draft: PostDraft | None) -> Refused:
    """Both texts, when the post changed after what its author was making of it was kept."""
    if draft is None or not draft.source.strip():
        return NOTHING
    versions = versions_of(session, found)
    if not versions or versions[0][0].replaced_at <= draft.updated_at:
        return NOTHING
    return Refused(
        message=_("Ce message a changé pendant que vous le modifiiez."), theirs=found.source
    )


def _is_own(found: Post) -> bool:
    return found.author_id == viewer().member_id


def _dropped() -> list[str]:
    return request.values.getlist("retirer")[:_MOST_DROPPED]


def _back(slug: str, thread_id: int, number: int) -> str:
    return url_for(
        ".revision_form",
        slug=slug,
        thread_id=thread_id,
        number=number,
        retirer=_dropped(),
        _anchor="fichiers",
    )


def _over() -> str:
    return _("Ce message ne se modifie plus : répondez dans le fil.")
